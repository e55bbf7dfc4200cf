/// Some bytes of an address space, as ranges in rising order that neither overlap nor touch.
///
/// The last byte of the 64-bit range, which nothing can be mapped to, is never among them.
public struct AddressRanges: Hashable, Sendable {
  /// The ranges.
  public private(set) var ranges: [AddressRange] = []

  /// No bytes.
  public init() {}

  /// The bytes that any of some ranges hold, in any order.
  public init(_ ranges: some Sequence<AddressRange>) {
    for range in ranges.sorted(by: { $0.start < $1.start }) { append(range) }
  }

  /// How many bytes there are.
  public var byteCount: UInt64 { ranges.reduce(0) { $0 &+ $1.count } }

  /// Whether there are none.
  public var isEmpty: Bool { ranges.isEmpty }

  /// Adds a range that does not start below the last one; what touches or overlaps that joins it.
  public mutating func append(_ range: AddressRange) {
    append(range.start.rawValue, range.end.rawValue)
  }

  /// Adds the bytes from `start` to before `end`, which is not below the start of the last range.
  private mutating func append(_ start: UInt64, _ end: UInt64) {
    if end <= start { return }
    if let last = ranges.last, start <= last.end.rawValue {
      let reach = max(end, last.end.rawValue)
      ranges[ranges.count &- 1] = AddressRange(start: last.start, end: Address(reach))
    } else {
      ranges.append(AddressRange(start: Address(start), end: Address(end)))
    }
  }

  /// The bytes that either holds.
  public func union(_ other: AddressRanges) -> AddressRanges {
    var result = AddressRanges()
    var (one, two) = (0, 0)
    while one < ranges.count || two < other.ranges.count {
      let takesOne =
        two == other.ranges.count
        || one < ranges.count && ranges[one].start <= other.ranges[two].start
      if takesOne {
        result.append(ranges[one])
        one &+= 1
      } else {
        result.append(other.ranges[two])
        two &+= 1
      }
    }
    return result
  }

  /// The bytes that both hold.
  public func intersection(_ other: AddressRanges) -> AddressRanges {
    var result = AddressRanges()
    var (one, two) = (0, 0)
    while one < ranges.count, two < other.ranges.count {
      let (first, second) = (ranges[one], other.ranges[two])
      result.append(
        max(first.start.rawValue, second.start.rawValue),
        min(first.end.rawValue, second.end.rawValue))
      if first.end <= second.end { one &+= 1 } else { two &+= 1 }
    }
    return result
  }

  /// The bytes that the other does not hold.
  public func subtracting(_ other: AddressRanges) -> AddressRanges {
    var result = AddressRanges()
    var index = 0
    for range in ranges {
      var start = range.start
      while index < other.ranges.count, other.ranges[index].end <= start { index &+= 1 }
      var next = index
      while next < other.ranges.count, other.ranges[next].start < range.end {
        result.append(start.rawValue, other.ranges[next].start.rawValue)
        start = max(start, other.ranges[next].end)
        next &+= 1
      }
      result.append(start.rawValue, range.end.rawValue)
    }
    return result
  }

  /// Whether the byte at an address is among them.
  public func contains(_ address: Address) -> Bool {
    let index = firstIndex(endingAbove: address)
    return index < ranges.count && ranges[index].contains(address)
  }

  /// Those that lie in a window.
  public func clipped(to window: AddressRange) -> AddressRanges {
    var result = AddressRanges()
    var index = firstIndex(endingAbove: window.start)
    while index < ranges.count, let part = ranges[index].intersection(window) {
      result.append(part)
      index &+= 1
    }
    return result
  }

  private func firstIndex(endingAbove address: Address) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low &+ high) / 2
      if ranges[middle].end <= address { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
