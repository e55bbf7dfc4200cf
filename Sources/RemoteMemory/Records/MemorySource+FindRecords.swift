public import MemoryModel

extension MemorySource {
  /// Finds structs whose fields meet conditions.
  ///
  /// The hits are one lane of `.record` elements. Refining them tests all conditions anew, with the
  /// regions that are mapped then. Conditions on what a field points at are looked up after all
  /// others, for the structs that are left, many in one call; a search that is ended before that
  /// has no hits.
  /// - Parameters:
  ///   - pattern: the size of the struct, its alignment and its fields.
  ///   - scope: where structs are looked for; pointers may lead anywhere that their own condition
  ///     allows. By default what the process can write and shares with nobody.
  ///   - options: how.
  /// - Throws: `EINVAL` and `ERANGE` for a pattern that makes no sense, with the field's offset;
  ///   `ENOENT` when nothing is mapped that a pointer could lead into; `ESRCH` and `EXEC` when the
  ///   process goes.
  public func findRecords(
    _ pattern: RecordPattern, in scope: ScanScope = ScanScope(),
    options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    var reader = RecordPatternReader(self, scope.survey)
    let matcher = try reader.matcher(for: pattern)
    let lane = ScanLane(
      label: "struct of \(pattern.byteCount) bytes",
      element: .record(byteCount: pattern.byteCount),
      step: pattern.alignment ?? pointerWidth.bytes, width: pattern.byteCount, matcher: matcher,
      remembering: .nothing)
    let first = try FirstScan.run(
      self, [lane], in: scope, title: "\(pattern)", options: options)
    if matcher.links.isEmpty || first.count == 0 { return first }
    let followed = try NextScan.run(
      first, [.test(matcher, .nothing)], title: first.title, progress: options.progress)
    return followed.replacing(first)
  }
}

extension Hits {
  /// These hits as the result of the step before them, which they complete.
  func replacing(_ first: Hits) -> Hits {
    var outcome = first.outcome
    outcome.statistics.bytesRead &+= self.outcome.statistics.bytesRead
    outcome.statistics.seconds += self.outcome.statistics.seconds
    outcome.statistics.lostHits += self.outcome.statistics.lostHits
    outcome.isComplete = outcome.isComplete && self.outcome.isComplete
    return Hits(
      source: source, lanes: lanes, parent: nil, title: first.title, store: store,
      outcome: outcome, options: options)
  }
}
