/// A condition worked out for one type: intervals that stored values are compared with.
///
/// A stored value `x`, read in its byte order, is first undone by `key`, `rotation` and `mask`, in
/// this order, and then matches when one of the intervals holds it, or, inverted, when none does.
public struct ValueIntervals: Hashable, Sendable {
  /// Whole numbers from `low` on, `span` + 1 of them, wrapping in the width: those with
  /// `(x - low) <= span`, unsigned.
  public struct Whole: Hashable, Sendable {
    /// The first number, as bits in the low end of a word.
    public let low: UInt64
    /// How many numbers follow the first.
    public let span: UInt64
  }

  /// Reals from `low` to `high`, both included; those of a single are doubles without rounding.
  public struct Real: Hashable, Sendable {
    /// The least real.
    public let low: Double
    /// The greatest real.
    public let high: Double
  }

  /// The intervals, in rising order and apart from each other; only one that stands alone may wrap.
  public enum Ranges: Hashable, Sendable {
    /// Intervals of unsigned bits; also those of reals whose bits are disguised.
    case whole([Whole])
    /// Intervals of reals, which a NaN is in none of.
    case real([Real])
  }

  /// The width of the type in bytes: 1, 2, 4 or 8.
  public let byteCount: Int
  /// Whether a value matches when no interval holds it.
  public let isInverted: Bool
  /// The intervals.
  public let ranges: Ranges
  /// What `x` is combined with by exclusive or, first. 0 for reals.
  public let key: UInt64
  /// By how many bits `x` is then rotated left, from 0 to below the width. 0 for reals.
  public let rotation: Int
  /// The bits of `x` that are then kept; all of the width when nothing is masked.
  public let mask: UInt64

  /// How many intervals there are.
  public var count: Int {
    switch ranges {
    case .whole(let intervals): intervals.count
    case .real(let intervals): intervals.count
    }
  }

  /// Whether no value matches.
  public var matchesNothing: Bool { count == 0 && !isInverted }

  /// Whether every value matches.
  public var matchesEverything: Bool {
    if count == 0 { return isInverted }
    guard case .whole(let intervals) = ranges, !isInverted else { return false }
    return intervals.contains { $0.span == UInt64.max >> UInt64(64 &- 8 &* byteCount) }
  }

  /// Whether the stored bits, in the low end of a word, match. Slow; one value at a time.
  public func matches(_ stored: UInt64) -> Bool { holds(stored) != isInverted }

  private func holds(_ stored: UInt64) -> Bool {
    let all = UInt64.max >> UInt64(64 &- 8 &* byteCount)
    switch ranges {
    case .real(let intervals):
      let real = RealGrid(isSingle: byteCount == 4).real(stored)
      return intervals.contains { $0.low <= real && real <= $0.high }
    case .whole(let intervals):
      var x = (stored ^ key) & all
      if rotation > 0 {
        x = (x << UInt64(rotation) | x >> UInt64(8 &* byteCount &- rotation)) & all
      }
      x &= mask
      return intervals.contains { (x &- $0.low) & all <= $0.span }
    }
  }
}
