/// Which memory of one moment, or of one process, goes with which of another.
public struct RegionAlignment: Hashable, Sendable {
  /// Bytes that go together.
  public struct Pair: Hashable, Sendable {
    /// The first byte as it was before.
    public let before: Address
    /// The same byte as it is after.
    public let after: Address
    /// How many bytes, at least 1.
    public let count: UInt64

    /// `count` bytes that lay at `before` and lie at `after`.
    public init(before: Address, after: Address, count: UInt64) {
      self.before = before
      self.after = after
      self.count = min(
        count, AddressRange(start: before, count: count).count,
        AddressRange(start: after, count: count).count)
    }

    /// Where they lay.
    public var beforeRange: AddressRange { AddressRange(start: before, count: count) }
    /// Where they lie.
    public var afterRange: AddressRange { AddressRange(start: after, count: count) }
  }

  /// The pairs in the order of their addresses after; no byte is in two.
  public let pairs: [Pair]
  /// Their numbers in the order of their addresses before.
  private let byBefore: [Int]

  /// The alignment of these pairs. What overlaps an earlier one, before or after, is left out.
  public init(_ pairs: [Pair]) {
    let inOrder = pairs.filter { $0.count > 0 }.sorted { $0.after < $1.after }
    var kept: [Pair] = []
    for pair in inOrder {
      if let last = kept.last, pair.after < last.afterRange.end { continue }
      kept.append(pair)
    }
    var lowest: Address?
    var dropped: Set<Int> = []
    for number in kept.indices.sorted(by: { kept[$0].before < kept[$1].before }) {
      if let lowest, kept[number].before < lowest {
        dropped.insert(number)
      } else {
        lowest = kept[number].beforeRange.end
      }
    }
    let result = kept.indices.filter { !dropped.contains($0) }.map { kept[$0] }
    self.pairs = result
    byBefore = result.indices.sorted { result[$0].before < result[$1].before }
  }

  /// Every byte goes with the one at the same address.
  public static let identity = RegionAlignment([
    Pair(before: .zero, after: .zero, count: .max)
  ])

  /// Whether every byte goes with the one at the same address.
  public var isIdentity: Bool {
    pairs.count == 1 && pairs[0].before == pairs[0].after && pairs[0].count == .max
  }

  /// Where the byte that is at an address after was before; nil where it goes with none.
  public func before(_ address: Address) -> Address? {
    guard let index = Self.last(pairs.count, where: { pairs[$0].after <= address }) else {
      return nil
    }
    let pair = pairs[index]
    let distance = address.rawValue &- pair.after.rawValue
    return distance < pair.count ? Address(pair.before.rawValue &+ distance) : nil
  }

  /// Where the byte that was at an address before is after; nil where it goes with none.
  public func after(_ address: Address) -> Address? {
    let found = Self.last(byBefore.count) { pairs[byBefore[$0]].before <= address }
    guard let found else { return nil }
    let pair = pairs[byBefore[found]]
    let distance = address.rawValue &- pair.before.rawValue
    return distance < pair.count ? Address(pair.after.rawValue &+ distance) : nil
  }

  /// Where bytes of before are after, as far as they go with any.
  public func after(_ ranges: AddressRanges) -> AddressRanges {
    if isIdentity { return ranges }
    var found: [AddressRange] = []
    var first = 0
    for number in byBefore {
      let pair = pairs[number]
      let reach = pair.beforeRange
      while first < ranges.ranges.count, ranges.ranges[first].end <= reach.start { first &+= 1 }
      var index = first
      while index < ranges.ranges.count, ranges.ranges[index].start < reach.end {
        if let part = ranges.ranges[index].intersection(reach) {
          let distance = part.start.rawValue &- pair.before.rawValue
          found.append(
            AddressRange(start: Address(pair.after.rawValue &+ distance), count: part.count))
        }
        index &+= 1
      }
    }
    return AddressRanges(found)
  }

  /// The pairs cut to some bytes of after, in the order of their addresses after. Pairs that touch
  /// before as well as after are one.
  public func pairs(in ranges: AddressRanges) -> [Pair] {
    var found: [Pair] = []
    var number = 0
    for range in ranges.ranges {
      while number < pairs.count, pairs[number].afterRange.end <= range.start { number &+= 1 }
      var index = number
      while index < pairs.count, pairs[index].after < range.end {
        if let part = pairs[index].afterRange.intersection(range) {
          let distance = part.start.rawValue &- pairs[index].after.rawValue
          let before = Address(pairs[index].before.rawValue &+ distance)
          Self.append(Pair(before: before, after: part.start, count: part.count), to: &found)
        }
        index &+= 1
      }
    }
    return found
  }

  private static func append(_ pair: Pair, to list: inout [Pair]) {
    if let last = list.last, last.afterRange.end == pair.after,
      last.beforeRange.end == pair.before, pair.count <= UInt64.max - last.count
    {
      list[list.count &- 1] = Pair(
        before: last.before, after: last.after, count: last.count &+ pair.count)
    } else {
      list.append(pair)
    }
  }

  /// The last index below `count` for which a condition holds that holds for all before it.
  private static func last(_ count: Int, where holds: (Int) -> Bool) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low &+ high) / 2
      if holds(middle) { low = middle &+ 1 } else { high = middle }
    }
    return low > 0 ? low &- 1 : nil
  }
}
