public import MemoryModel

extension MemorySource {
  /// Finds bytes; several patterns in one pass, each a lane of its own.
  /// - Parameters:
  ///   - patterns: what to look for, each with what to call it.
  ///   - alignment: bytes from one candidate address to the next; default every address.
  ///   - scope: where; default what the process can write and shares with nobody.
  ///   - options: how.
  /// - Throws: as `scan`.
  public func find(
    _ patterns: [(label: String, pattern: BytePattern)], alignment: Int? = nil,
    in scope: ScanScope = ScanScope(), options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    let lanes = patterns.map { label, pattern in
      ScanLane(
        label: label, element: .bytes(count: pattern.count), step: alignment ?? 1,
        width: pattern.count, matcher: PatternMatcher(pattern), remembering: .nothing)
    }
    let title =
      patterns.count == 1
      ? patterns[0].pattern.description : patterns.map(\.label).joined(separator: ", ")
    return try FirstScan.run(self, lanes, in: scope, title: title, options: options)
  }

  /// Finds text, each encoding a lane of its own.
  /// - Parameter search: the text, its encodings, and whether case counts.
  /// - Throws: `EINVAL` for a text that no encoding can hold; otherwise as `scan`.
  public func findText(
    _ search: TextSearch, alignment: Int? = nil, in scope: ScanScope = ScanScope(),
    options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    let patterns: [FoldedPattern]
    do throws(TextSearchError) {
      patterns = try search.patterns()
    } catch {
      throw RemoteMemoryError(.scan, .invalid, process: processID, detail: "\(error)")
    }
    let lanes = patterns.map { pattern in
      let end = search.isTerminated ? pattern.encoding.unitBytes : 0
      return ScanLane(
        label: pattern.encoding.rawValue,
        element: .text(pattern.encoding, byteCount: pattern.count - end), step: alignment ?? 1,
        width: pattern.count, matcher: PatternMatcher(pattern), remembering: .nothing)
    }
    let words = "\"\(printable(Array(search.text.prefix(60))))\""
    return try FirstScan.run(
      self, lanes, in: scope, title: search.ignoresCase ? words + " in any case" : words,
      options: options)
  }
}
