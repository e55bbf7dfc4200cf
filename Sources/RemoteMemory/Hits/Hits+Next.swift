import CScanKernels
public import MemoryModel

extension Hits {
  /// What is left when the values are compared with constants once more.
  /// - Parameters:
  ///   - condition: what the values are to be now. A type that cannot hold them keeps nothing; its
  ///     stored encoding is that of the first scan unless the condition has one.
  ///   - progress: as in `ScanOptions`.
  /// - Throws: `ERANGE` and `EINVAL` when no type can be asked, `ESRCH` and `EXEC` when the process
  ///   is gone, `ENOTSUP` for hits that are no values.
  public func next(
    _ condition: ValueCondition, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> Hits {
    var steps: [NextStep] = []
    var refusal: ConditionError?
    for lane in lanes {
      guard case .scalar(let format) = lane.element else { throw noValues("compared with a value") }
      do throws(ConditionError) {
        steps.append(try step(condition, format, lane))
      } catch {
        guard error.isAboutType else { throw RemoteMemoryError(error) }
        refusal = error
        steps.append(.drop)
      }
    }
    let isRefused = steps.allSatisfy { if case .drop = $0 { true } else { false } }
    if isRefused, let refusal { throw RemoteMemoryError(refusal) }
    return try NextScan.run(self, steps, title: condition.description, progress: progress)
  }

  private func step(_ condition: ValueCondition, _ format: ScalarFormat, _ lane: HitLane)
    throws(ConditionError) -> NextStep
  {
    var condition = condition
    if condition.encoding.isNone { condition.encoding = lane.encoding }
    let intervals = try condition.intervals(for: format, pointerWidth: source.pointerWidth)
    if intervals.matchesEverything { return .refresh }
    if intervals.matchesNothing { return .drop }
    let isSwapped = format.isSwapped(in: source)
    return .test(
      ValueMatcher(intervals, isSwapped: isSwapped),
      intervals.only(isSwapped: isSwapped).map { .constant($0) } ?? .values)
  }

  /// The same hits with the values they have now; what can no longer be read is left out.
  public func refreshed(progress: ((ScanProgress) -> Bool)? = nil) throws(RemoteMemoryError)
    -> Hits
  {
    try NextScan.run(
      self, lanes.map { _ in .refresh }, title: "refreshed", progress: progress)
  }

  /// What is left of patterns, texts and structs that are, or are no longer, where they were found.
  func stillThere(_ wanted: Bool, progress: ((ScanProgress) -> Bool)?) throws(RemoteMemoryError)
    -> Hits
  {
    var steps: [NextStep] = []
    for lane in lanes {
      guard let matcher = lane.matcher else { throw noValues("looked for again") }
      steps.append(
        .test(wanted ? matcher : OppositeMatcher(matcher), .nothing))
    }
    return try NextScan.run(
      self, steps, title: wanted ? "unchanged" : "changed", progress: progress)
  }

  func noValues(_ what: String) -> RemoteMemoryError {
    RemoteMemoryError(
      .scan, .unsupported, process: source.processID,
      detail: """
        these hits (\(lanes.map(\.label).joined(separator: ", "))) cannot be \(what); scan their \
        addresses as a type
        """)
  }
}

/// Accepts what another matcher does not.
private struct OppositeMatcher: CandidateMatcher {
  let matcher: any CandidateMatcher

  init(_ matcher: any CandidateMatcher) { self.matcher = matcher }

  var width: Int { matcher.width }

  var links: [PointerLink] { matcher.links }

  func accepts(_ candidate: UnsafeRawPointer, _ pointees: PointeeReader) -> Bool {
    unsafe !matcher.accepts(candidate, pointees)
  }

  func renewed(for source: any MemorySource) throws(RemoteMemoryError) -> any CandidateMatcher {
    OppositeMatcher(try matcher.renewed(for: source))
  }

  func mark(
    _ bytes: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    let found = unsafe matcher.mark(bytes, count: count, step: step, into: bits)
    let words = HitChunk.words(count)
    for word in 0..<words { unsafe bits[word] = ~bits[word] }
    if count % 64 != 0 { unsafe bits[words - 1] &= 1 << UInt64(count % 64) - 1 }
    return count - found
  }
}
