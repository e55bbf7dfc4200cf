public import MemoryModel

extension Hits {
  /// Some consecutive hits, counted over all lanes.
  /// - Parameters:
  ///   - count: how many at most.
  ///   - first: the number of the first, from 0; default 0.
  public func limited(to count: Int, from first: Int = 0) throws(RemoteMemoryError) -> Hits {
    let numbers = clamped(first, count)
    let title = "hits \(numbers.lowerBound + 1) to \(numbers.upperBound)"
    return try subset(title) { $0.mark(numbers: numbers) }
  }

  /// Hits chosen by chance, each with the same probability; always the same for a seed.
  /// - Parameters:
  ///   - count: how many; all when there are no more.
  ///   - seed: where the generator begins.
  public func sampled(_ count: Int, seed: UInt64) throws(RemoteMemoryError) -> Hits {
    var needed = min(max(count, 0), self.count)
    var left = self.count
    var random = SampleNumbers(seed)
    return try subset("sample of \(needed)") { hand in
      if needed == 0 { return .none }
      if needed == left { return .all }
      unsafe hand.chunk.writeSlots(to: hand.slots)
      for rank in 0..<Int(hand.chunk.count) {
        if random.next(below: UInt64(left)) < UInt64(needed) {
          unsafe Bitmap.set(Int(hand.slots[rank]), in: hand.mask)
          needed -= 1
        }
        left -= 1
      }
      return .masked
    }
  }

  /// The numbers of the hits nearest to an address, the nearest first; of two at the same distance
  /// the one with the smaller number.
  /// - Parameters:
  ///   - address: the address.
  ///   - count: how many at most.
  public func nearest(to address: Address, _ count: Int) -> [Int] {
    var found: [(distance: UInt64, number: Int)] = []
    var start = 0
    for lane in lanes {
      let middle = lane.index(from: address)
      let first = middle - min(max(count, 0), middle)
      let end = middle + min(max(count, 0), lane.count - middle)
      var cursor = LaneCursor(lane, at: first)
      for number in first..<end {
        let place = cursor.address
        let (low, high) = (min(place, address.rawValue), max(place, address.rawValue))
        found.append((high - low, start + number))
        cursor.advance()
      }
      start += lane.count
    }
    found.sort { ($0.distance, $0.number) < ($1.distance, $1.number) }
    return found.prefix(max(count, 0)).map(\.number)
  }

  /// A range of hit numbers, cut to those there are.
  func clamped(_ first: Int, _ count: Int) -> Range<Int> {
    let start = min(max(first, 0), self.count)
    return start..<(start + min(max(count, 0), self.count - start))
  }
}

/// Numbers as by chance, from a seed: SplitMix64.
private struct SampleNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// A number from 0 to before `limit`.
  mutating func next(below limit: UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return (word ^ (word >> 31)).multipliedFullWidth(by: limit).high
  }
}
