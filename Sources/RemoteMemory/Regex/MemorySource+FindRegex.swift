import MemoryModel

extension MemorySource {
  /// Finds regular expressions in one pass, each a lane of its own whose hits have lengths of their
  /// own.
  /// - Parameters:
  ///   - set: the expressions, compiled.
  ///   - scope: where; default what the process can write and shares with nobody.
  ///   - options: how.
  /// - Throws: as `scan`; `EINVAL` when the library fails.
  public func findRegex(
    _ set: RegexSet, in scope: ScanScope = ScanScope(), options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    try RegexScan.run(self, set, in: scope, options: options)
  }
}

extension RemoteMemoryError {
  /// An expression that cannot be searched for.
  public init(_ error: RegexError) {
    self.init(.scan, .invalid, detail: "\(error)")
  }
}
