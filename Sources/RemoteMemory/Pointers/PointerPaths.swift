public import MemoryModel

/// Pointer paths that lead to one address, the ones that are likely to last first: few pointers
/// before many, the program's own data before that of libraries, and the first path of each static
/// before its second, each with small offsets first.
///
/// They never change: every step gives new ones.
public final class PointerPaths: Sendable {
  /// How a path is kept.
  struct Record {
    var base: UInt32
    var hops: UInt8
    var offset: UInt64
    /// Its first offset among all.
    var first: Int
  }

  /// What became of the search or step they are from.
  public struct Outcome: Sendable {
    /// False when it was interrupted: there may be more.
    public var isComplete = true
    /// Whether there are more than were wanted, or than memory holds.
    public var isLimited = false
    /// What was read to make the map.
    public var map = ScanOutcome()
    /// How many pointers the map has.
    public var pointerCount = 0
    /// How long it took, the making of the map included.
    public var seconds: Double = 0
  }

  /// What they lead to.
  public let target: Address
  /// What memory they are of, in words.
  public let label: String
  public let pointerWidth: PointerWidth
  public let byteOrder: ByteOrder
  public let outcome: Outcome
  let bases: [PointerBase]
  let records: [Record]
  let offsets: [Int32]

  init(
    target: Address, label: String, pointerWidth: PointerWidth, byteOrder: ByteOrder,
    outcome: Outcome, bases: [PointerBase], records: [Record], offsets: [Int32]
  ) {
    self.target = target
    self.label = label
    self.pointerWidth = pointerWidth
    self.byteOrder = byteOrder
    self.outcome = outcome
    self.bases = bases
    self.records = records
    self.offsets = offsets
  }

  /// How many there are.
  public var count: Int { records.count }

  /// What they hold of memory, in bytes.
  public var memoryByteCount: Int {
    records.count * MemoryLayout<Record>.stride + offsets.count * MemoryLayout<Int32>.stride
  }

  /// A path by its number, from 0; nil where there is none.
  public func path(at index: Int) -> PointerPath? {
    guard records.indices.contains(index) else { return nil }
    let record = records[index]
    return PointerPath(
      base: bases[Int(record.base)], offset: record.offset,
      offsets: offsets(of: record).map { Int64($0) })
  }

  func offsets(of record: Record) -> ArraySlice<Int32> {
    offsets[record.first..<(record.first + Int(record.hops))]
  }

  /// Those whose numbers are given, in that order.
  func keeping(
    _ numbers: [Int], target: Address? = nil, label: String? = nil, bases: [PointerBase]? = nil,
    outcome: Outcome
  ) -> PointerPaths {
    var records: [Record] = []
    var offsets: [Int32] = []
    records.reserveCapacity(numbers.count)
    for number in numbers {
      var record = self.records[number]
      let part = self.offsets(of: record)
      record.first = offsets.count
      records.append(record)
      offsets += part
    }
    return PointerPaths(
      target: target ?? self.target, label: label ?? self.label, pointerWidth: pointerWidth,
      byteOrder: byteOrder, outcome: outcome, bases: bases ?? self.bases, records: records,
      offsets: offsets)
  }
}

extension MemorySource {
  /// Finds the pointer paths that lead to an address, by a map that is made for it.
  ///
  /// A path is a way from a static by at most so many pointers, with an offset of at most so many
  /// bytes added after each. All there are are found; but none that leads through the same place
  /// twice, since it is one without the loop too.
  /// - Throws: as `pointerMap(_:)` and `PointerMap.paths(to:_:)`.
  public func pointerPaths(
    to target: Address, alignment: Int? = nil, _ options: PointerScanOptions = PointerScanOptions()
  ) throws(RemoteMemoryError) -> PointerPaths {
    let map = try pointerMap(
      PointerMapOptions(
        reach: options.reach, alignment: alignment, targets: [target], scan: options.scan))
    return try map.paths(to: target, options)
  }
}

extension PointerMap {
  /// Finds the pointer paths that lead to an address.
  /// - Throws: `EINVAL` for options that make no sense, offsets beyond the map's reach, and an
  ///   address it knows nothing of; `ENOENT` and `EAMBIGUOUS` for the name of a base; `ENOMEM` and
  ///   `ENOSPC` when a level of the search fits neither memory nor disk.
  public func paths(to target: Address, _ options: PointerScanOptions = PointerScanOptions())
    throws(RemoteMemoryError) -> PointerPaths
  {
    let start = Clock.now
    let search = try PointerSearch(self, target, options)
    let (found, isComplete) = try search.run()
    var outcome = PointerPaths.Outcome()
    outcome.isComplete = isComplete && self.outcome.isComplete
    outcome.isLimited = found.isLimited
    outcome.map = self.outcome
    outcome.pointerCount = count
    let order = PathOrder(found, self)
    outcome.seconds = Clock.now - start + self.outcome.statistics.seconds
    return PointerPaths(
      target: target, label: label, pointerWidth: pointerWidth, byteOrder: byteOrder,
      outcome: outcome, bases: order.bases, records: order.records, offsets: found.offsets)
  }
}
