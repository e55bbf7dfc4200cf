import MemoryModel

/// Slots of a pointer map in a few ranges, such as those of all statics.
@safe final class SlotSet: @unchecked Sendable {
  /// How many slots share a bit of the rough answer, as a power of two.
  private static let roughShift: UInt64 = 9

  /// Rising, disjoint and not empty.
  let ranges: [Range<UInt64>]
  private let rough: Bitset

  /// The slots that lie in ranges of addresses, in any order.
  convenience init(_ ranges: [AddressRange], _ space: PointerSpace, _ layout: PointerLayout) {
    let step = UInt64(layout.step)
    var slots: [Range<UInt64>] = []
    for range in ranges {
      for places in space.places(of: range) {
        // A slot belongs to where its pointer begins.
        let first = (places.lowerBound + step - 1) / step
        let end = (places.upperBound + step - 1) / step
        slots.append(first..<end)
      }
    }
    self.init(slots, slots: 1 << UInt64(layout.slotBits))
  }

  /// - Parameter slots: all slots are below.
  init(_ list: [Range<UInt64>], slots: UInt64) {
    var joined: [Range<UInt64>] = []
    for range in list.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    ranges = joined
    rough = Bitset(count: Int(slots >> Self.roughShift) + 1)
    for range in joined {
      for bit in (range.lowerBound >> Self.roughShift)...((range.upperBound - 1) >> Self.roughShift)
      { rough.insert(Int(bit)) }
    }
  }

  /// Whether a slot is among them.
  @inline(__always) func contains(_ slot: UInt64) -> Bool {
    rough.contains(Int(slot >> Self.roughShift)) && isInRange(slot)
  }

  private func isInRange(_ slot: UInt64) -> Bool {
    let index = firstRange(endingAbove: slot)
    return index < ranges.count && ranges[index].contains(slot)
  }

  /// The first range that is not wholly below a slot.
  func firstRange(endingAbove slot: UInt64) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= slot { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A set of small numbers.
@safe private final class Bitset: @unchecked Sendable {
  private let words: UnsafeMutablePointer<UInt64>

  init(count: Int) {
    unsafe words = .allocate(capacity: count / 64 + 1)
    unsafe words.initialize(repeating: 0, count: count / 64 + 1)
  }

  deinit { unsafe words.deallocate() }

  func insert(_ number: Int) { unsafe words[number / 64] |= 1 << UInt64(number % 64) }

  @inline(__always) func contains(_ number: Int) -> Bool {
    unsafe words[number / 64] >> UInt64(number % 64) & 1 == 1
  }
}
