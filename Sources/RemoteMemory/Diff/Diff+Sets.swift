import MemoryModel

extension Diff {
  /// The cells that the other diff does not have: what changed then, but not in the other time too.
  ///
  /// Cells are the same by their addresses, in the later memory of each.
  /// - Throws: `EINVAL` when the two compare different types; `ENOMEM`.
  public func minus(_ other: Diff) throws(RemoteMemoryError) -> Diff {
    let others = try hits(of: other)
    return with(try hits.minus(others).retitled("\(hits.title) minus (\(other.hits.title))"))
  }

  /// The cells that both diffs have, with this one's old values.
  /// - Throws: as `minus`.
  public func intersection(_ other: Diff) throws(RemoteMemoryError) -> Diff {
    let others = try hits(of: other)
    return with(try hits.intersection(others).retitled("\(hits.title) and (\(other.hits.title))"))
  }

  /// The cells that either diff has; the old value is this one's where it has them.
  /// - Throws: as `minus`.
  public func union(_ other: Diff) throws(RemoteMemoryError) -> Diff {
    let others = try hits(of: other)
    return with(try hits.union(others).retitled("\(hits.title) or (\(other.hits.title))"))
  }

  /// The other diff's cells as places in this one's later memory.
  private func hits(of other: Diff) throws(RemoteMemoryError) -> Hits {
    guard format == other.format else {
      throw RemoteMemoryError(
        .compare, .invalid, process: after.processID,
        detail: "one diff is of \(format.name), the other of \(other.format.name)")
    }
    return other.hits.moved(to: after)
  }

  /// The cells as a search that goes on: places in another memory, such as the live process, whose
  /// remembered values are those of the later memory.
  /// - Throws: what reading the later memory throws; `ENOMEM`.
  public func search(in source: any MemorySource) throws(RemoteMemoryError) -> Hits {
    try hits.refreshed().retitled(hits.title).moved(to: source)
  }
}
