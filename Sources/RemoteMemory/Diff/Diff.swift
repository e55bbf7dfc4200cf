public import MemoryModel

/// What is not the same in two memories: cells with the value they had and the one they have.
///
/// It never changes; filters give new ones. The memories must not change while it is used: compare
/// snapshots or files, and take a snapshot of a live process first.
public final class Diff: Sendable {
  /// The earlier memory.
  public let before: any MemorySource
  /// The later memory.
  public let after: any MemorySource
  /// The cells: places in the later memory with the values of the earlier.
  public let hits: Hits
  /// Which memory was compared with which.
  public let alignment: RegionAlignment
  /// What was looked at.
  public let statistics: DiffStatistics
  /// The mappings that are not what they were.
  public let mapChanges: RegionChanges
  /// What is mapped in the later memory.
  public let map: RegionMap

  init(
    before: any MemorySource, after: any MemorySource, hits: Hits, alignment: RegionAlignment,
    statistics: DiffStatistics, mapChanges: RegionChanges, map: RegionMap
  ) {
    self.before = before
    self.after = after
    self.hits = hits
    self.alignment = alignment
    self.statistics = statistics
    self.mapChanges = mapChanges
    self.map = map
  }

  /// How many cells there are.
  public var count: Int { hits.count }

  /// The type of the cells.
  public var format: ScalarFormat { hits.lanes.first?.element.format ?? ScalarFormat(.u8) }

  /// How many bytes a cell covers.
  public var width: Int { hits.lanes.first?.width ?? 1 }

  /// Whether single bytes are compared.
  public var isOfBytes: Bool { format == ScalarFormat(.u8) }

  /// Where the byte at an address of the later memory lay in the earlier; nil where it goes with
  /// none.
  public func beforeAddress(of address: Address) -> Address? { alignment.before(address) }

  /// A diff with other cells of the same two memories.
  func with(_ hits: Hits) -> Diff {
    Diff(
      before: before, after: after, hits: hits, alignment: alignment, statistics: statistics,
      mapChanges: mapChanges, map: map)
  }
}
