public import MemoryModel

extension Hits {
  /// The hits that have a hit of another scan, in any of its lanes, near them.
  /// - Parameters:
  ///   - other: the other scan.
  ///   - distance: how many bytes lie at most between the first byte of the one and that of the
  ///     other; 0 for the same address.
  /// - Throws: `EINVAL` when the two are of different memory.
  public func near(_ other: Hits, distance: UInt64) throws(RemoteMemoryError) -> Hits {
    try checkSameSource(other)
    var walk = NearWalk(other)
    var laneNumber = -1
    let title = "within \(distance) bytes of \(other.title)"
    return try subset(title) { hand in
      if hand.laneNumber != laneNumber {
        laneNumber = hand.laneNumber
        walk = NearWalk(other)
      }
      let grid = hand.grid
      guard walk.isNear(grid.base, through: grid.last, distance) else { return .none }
      unsafe hand.chunk.writeSlots(to: hand.slots)
      for rank in 0..<Int(hand.chunk.count) {
        let slot = unsafe Int(hand.slots[rank])
        let address = grid.base &+ UInt64(slot) &* UInt64(grid.step)
        if walk.isNear(address, through: address, distance) {
          unsafe Bitmap.set(slot, in: hand.mask)
        }
      }
      return .masked
    }
  }

  /// The hits near an address.
  /// - Parameters:
  ///   - address: the address.
  ///   - distance: how many bytes the first byte of a hit is at most away from it.
  public func near(_ address: Address, distance: UInt64) throws(RemoteMemoryError) -> Hits {
    let low = address.rawValue - min(distance, address.rawValue)
    let high = address.rawValue + min(distance, .max - address.rawValue)
    return try subset("within \(distance) bytes of \(address)") { hand in
      let slots = hand.grid.slots(from: low, to: high)
      if slots.isEmpty { return .none }
      unsafe Bitmap.set(slots, in: hand.mask)
      return .masked
    }
  }
}

/// A walk over the lanes of some hits side by side, for addresses that rise.
private final class NearWalk {
  private let cursors: [LaneWalker]

  init(_ hits: Hits) {
    cursors = hits.lanes.filter { $0.count > 0 }.map { LaneWalker(LaneCursor($0)) }
  }

  /// Whether a hit lies from `distance` bytes before `low` to `distance` bytes behind `high`.
  func isNear(_ low: UInt64, through high: UInt64, _ distance: UInt64) -> Bool {
    let first = low - min(low, distance)
    let last = high + min(.max - high, distance)
    for walker in cursors where walker.hasHit(from: first, to: last) { return true }
    return false
  }
}

/// A cursor that several may hold.
private final class LaneWalker {
  private var cursor: LaneCursor

  init(_ cursor: consuming LaneCursor) { self.cursor = cursor }

  /// Whether a hit lies between two addresses, both included; `low` never falls.
  func hasHit(from low: UInt64, to high: UInt64) -> Bool {
    cursor.seek(low)
    return !cursor.isAtEnd && cursor.address <= high
  }
}
