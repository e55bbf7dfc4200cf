public import MemoryModel

extension MemorySource {
  /// Finds values.
  /// - Parameters:
  ///   - types: the type, or types; each is kept apart from then on.
  ///   - condition: what the values are to be.
  ///   - alignment: bytes from one candidate address to the next, which are multiples of it; nil
  ///     for the size of each type.
  ///   - scope: where; default what the process can write and shares with nobody.
  ///   - options: how.
  /// - Throws: `ERANGE` and `EINVAL` for a condition that makes no sense, `E2BIG` when unknown
  ///   values take more than there is room for, `ESRCH` and `EXEC` when the process goes.
  public func scan(
    _ types: ScanTypes, _ condition: ValueCondition, alignment: Int? = nil,
    in scope: ScanScope = ScanScope(), options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> Hits {
    let lanes = try types.lanes(condition, alignment: alignment, in: self)
    return try FirstScan.run(
      self, lanes, in: scope, title: "\(types) \(condition)", options: options)
  }
}
