extension ValueIntervals {
  /// Sorts ranges of bits, joins those that touch, and takes everything else instead when
  /// `isComplement`.
  static func wholes(
    _ ranges: [ClosedRange<UInt64>], _ shape: ScalarShape, isComplement: Bool
  ) -> Ranges {
    var joined = join(ranges)
    if isComplement { joined = complement(joined, shape.wordMask) }
    if joined.count == 2, joined[0].lowerBound == 0, joined[1].upperBound == shape.wordMask {
      let low = joined[1].lowerBound
      let span = (joined[0].upperBound &- low) & shape.wordMask
      return .whole([Whole(low: low, span: span)])
    }
    return .whole(joined.map { Whole(low: $0.lowerBound, span: $0.upperBound &- $0.lowerBound) })
  }

  private static func join(_ ranges: [ClosedRange<UInt64>]) -> [ClosedRange<UInt64>] {
    var joined: [ClosedRange<UInt64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard let last = joined.last,
        last.upperBound == .max || range.lowerBound <= last.upperBound &+ 1
      else {
        joined.append(range)
        continue
      }
      joined[joined.count &- 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }
    return joined
  }

  private static func complement(
    _ ranges: [ClosedRange<UInt64>], _ greatest: UInt64
  ) -> [ClosedRange<UInt64>] {
    var gaps: [ClosedRange<UInt64>] = []
    var next: UInt64 = 0
    for range in ranges {
      if range.lowerBound > next { gaps.append(next...(range.lowerBound &- 1)) }
      guard range.upperBound < greatest else { return gaps }
      next = range.upperBound &+ 1
    }
    gaps.append(next...greatest)
    return gaps
  }

  /// The bits of a range of whole numbers once `add` is added, in one or, where they wrap, two
  /// ranges.
  static func words(
    _ range: ClosedRange<Int128>, adding add: Int64, _ shape: ScalarShape
  ) -> [ClosedRange<UInt64>] {
    guard range.upperBound &- range.lowerBound < Int128(shape.wordMask) else {
      return [0...shape.wordMask]
    }
    let low = shape.word(range.lowerBound &+ Int128(add))
    let high = shape.word(range.upperBound &+ Int128(add))
    return low <= high ? [low...high] : [0...high, low...shape.wordMask]
  }

  /// Sorts ranges of reals and joins those that touch.
  static func reals(_ ranges: [ClosedRange<Double>], _ grid: RealGrid) -> Ranges {
    var joined: [Real] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard let last = joined.last, range.lowerBound <= grid.above(last.high) else {
        joined.append(Real(low: range.lowerBound, high: range.upperBound))
        continue
      }
      joined[joined.count &- 1] = Real(low: last.low, high: max(last.high, range.upperBound))
    }
    return .real(joined)
  }

  /// The bits of a range of reals: those of the positive ones rise, those of the negative ones
  /// fall; zero has two.
  static func words(
    _ range: ClosedRange<Double>, _ grid: RealGrid
  ) -> [ClosedRange<UInt64>] {
    let (low, high) = (range.lowerBound, range.upperBound)
    let minusZero = grid.bits(-0.0)
    var words: [ClosedRange<UInt64>] = []
    if high >= 0 {
      words.append((low > 0 ? grid.bits(low) : 0)...(high == 0 ? 0 : grid.bits(high)))
    }
    if low <= 0 {
      let first = high < 0 ? grid.bits(high) : minusZero
      words.append(first...(low == 0 ? minusZero : grid.bits(low)))
    }
    return words
  }
}
