import CScanKernels
import MemoryModel

/// The addresses that a pointer may have: ranges in rising order, apart from each other.
struct AddressSet: Sendable {
  let ranges: [AddressRange]

  /// - Parameter ranges: in rising order; those that touch or overlap become one.
  init(_ ranges: [AddressRange]) {
    var list = RunList()
    for range in ranges { list.append(range) }
    self.ranges = list.runs
  }

  /// How many bytes can be had from an address on, at most `limit`; 0 when it is not in the set.
  func count(from address: UInt64, limit: Int) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].start.rawValue <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, ranges[low - 1].contains(Address(address)) else { return 0 }
    return Int(min(ranges[low - 1].end.rawValue - address, UInt64(limit)))
  }

  /// A test whether a pointer is in the set.
  func matcher(_ shape: PointerShape, isNullable: Bool) -> ValueMatcher {
    var wanted: [ClosedRange<UInt64>] = []
    if isNullable, ranges.first?.contains(.zero) != true { wanted.append(0...0) }
    wanted += ranges.map { $0.start.rawValue...($0.start.rawValue + ($0.count - 1)) }
    return shape.matcher(wanted)
  }
}

/// How pointers lie in some memory.
struct PointerShape: Sendable {
  let byteCount: Int
  /// Whether they are not in the byte order of this machine.
  let isSwapped: Bool

  init(_ width: PointerWidth, _ order: ByteOrder) {
    byteCount = width.bytes
    isSwapped = order != .host
  }

  init(of source: any MemorySource) { self.init(source.pointerWidth, source.byteOrder) }

  /// The greatest address.
  var greatest: UInt64 { byteCount == 4 ? UInt64(UInt32.max) : .max }

  /// The pointer at a place.
  func load(_ bytes: UnsafeRawPointer) -> UInt64 {
    if byteCount == 4 {
      let word = unsafe bytes.loadUnaligned(as: UInt32.self)
      return UInt64(isSwapped ? word.byteSwapped : word)
    }
    let word = unsafe bytes.loadUnaligned(as: UInt64.self)
    return isSwapped ? word.byteSwapped : word
  }

  /// A test whether a pointer is in one of some ranges, which rise.
  func matcher(_ wanted: [ClosedRange<UInt64>]) -> ValueMatcher {
    let intervals = wanted.filter { $0.lowerBound <= greatest }.map { range in
      pvk_interval(
        low: range.lowerBound, span: min(range.upperBound, greatest) - range.lowerBound,
        low_real: 0, high_real: 0)
    }
    let test = unsafe pvk_test(
      width: UInt8(byteCount), real: false, swapped: isSwapped, inverted: false, rotate: 0, key: 0,
      mask: .max, intervals: nil, interval_count: 0)
    return unsafe ValueMatcher(test, intervals)
  }
}
