import CScanKernels

/// What a refining step asks of the hits of one lane.
enum NextStep: Sendable {
  /// Nothing stays.
  case drop
  /// All stay that can still be read; their values are taken anew.
  case refresh
  /// What a matcher accepts stays; a new constant value, or each its own, is remembered.
  case test(any CandidateMatcher, ScanLane.Remembering)
  /// What stands in a relation to its earlier value stays.
  case compare(ValueComparison)

  /// The same step for what is mapped now.
  func renewed(for source: any MemorySource) throws(RemoteMemoryError) -> NextStep {
    guard case .test(let matcher, let remembering) = self else { return self }
    return .test(try matcher.renewed(for: source), remembering)
  }

  /// The fields whose targets it looks at.
  var links: [PointerLink] {
    guard case .test(let matcher, _) = self else { return [] }
    return matcher.links
  }
}

/// A relation between the value a hit has and one it had.
struct ValueComparison: Sendable {
  /// The relation, as the loops know it.
  let change: pvk_change
  /// The scan whose values it is compared with; nil for those of the step before.
  let other: Hits?

  /// Whether what stays has the values it had.
  var keepsValues: Bool {
    Int(change.relation) == Int(PVK_EQUAL.rawValue) && !change.inverted && other == nil
  }
}
