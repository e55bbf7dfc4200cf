import CScanKernels
import MemoryModel

extension ScanLane {
  /// A lane for values of one type.
  init(
    _ format: ScalarFormat, _ intervals: ValueIntervals, _ condition: ValueCondition,
    alignment: Int?, in source: any MemorySource
  ) {
    let width = format.byteCount(pointerWidth: source.pointerWidth)
    let isSwapped = format.isSwapped(in: source)
    self.init(
      label: format.name, element: .scalar(format), step: alignment ?? width, width: width,
      matcher: intervals.matchesEverything ? nil : ValueMatcher(intervals, isSwapped: isSwapped),
      remembering: intervals.only(isSwapped: isSwapped).map { .constant($0) } ?? .values,
      encoding: condition.encoding)
  }
}

extension ValueMatcher {
  /// A matcher for a condition that was worked out for a type.
  convenience init(_ intervals: ValueIntervals, isSwapped: Bool) {
    let isSwapped = isSwapped != (ByteOrder.host == .big)
    switch intervals.ranges {
    case .whole(let ranges):
      unsafe self.init(
        intervals.test(isReal: false, isSwapped),
        ranges.map { pvk_interval(low: $0.low, span: $0.span, low_real: 0, high_real: 0) })
    case .real(let ranges):
      unsafe self.init(
        intervals.test(isReal: true, isSwapped),
        ranges.map { pvk_interval(low: 0, span: 0, low_real: $0.low, high_real: $0.high) })
    }
  }
}

extension ValueIntervals {
  fileprivate func test(isReal: Bool, _ isSwapped: Bool) -> pvk_test {
    unsafe pvk_test(
      width: UInt8(byteCount), real: isReal, swapped: isSwapped && byteCount > 1,
      inverted: isInverted, rotate: UInt8(rotation), key: key, mask: mask, intervals: nil,
      interval_count: 0)
  }

  /// The one value that matches, as it lies in memory, the first byte in the lowest 8 bits; nil
  /// when there is more than one.
  func only(isSwapped: Bool) -> UInt64? {
    let all = UInt64.max >> UInt64(64 - 8 * byteCount)
    guard count == 1, !isInverted else { return nil }
    let bits: UInt64
    switch ranges {
    case .whole(let intervals):
      guard intervals[0].span == 0, rotation == 0, mask & all == all else { return nil }
      bits = (intervals[0].low ^ key) & all
    case .real(let intervals):
      let (low, high) = (intervals[0].low, intervals[0].high)
      // A zero has two patterns.
      guard low == high, low != 0 else { return nil }
      bits = byteCount == 4 ? UInt64(Float(low).bitPattern) : low.bitPattern
    }
    return isSwapped ? bits.byteSwapped(width: byteCount) : bits
  }
}
