import MemoryModel

/// Memory that could not be read, put together in rising order.
struct HoleList {
  private(set) var ranges: [AddressRange] = []

  /// Adds the part of a hole that lies in a piece.
  mutating func add(_ hole: Hole, within piece: ScanPiece) {
    let owned = AddressRange(start: Address(piece.start), count: UInt64(piece.count))
    let range = AddressRange(start: hole.address, count: UInt64(hole.count))
    guard let part = range.intersection(owned) else { return }
    ranges.append(part)
  }

  /// Adds a range.
  mutating func add(_ range: AddressRange) { ranges.append(range) }

  /// All lists together, sorted, with touching ranges joined.
  static func joined(_ lists: [HoleList]) -> [AddressRange] {
    var list = RunList()
    for range in lists.flatMap(\.ranges).sorted(by: { $0.start < $1.start }) {
      list.append(range)
    }
    return list.runs
  }
}
