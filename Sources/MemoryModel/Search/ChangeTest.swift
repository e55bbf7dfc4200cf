/// A change worked out for one type: how a value now is compared with the value before.
///
/// Both are read in their byte order. Integers are then undone by `key` and `rotation`, in this
/// order.
public struct ChangeTest: Hashable, Sendable {
  /// What is compared.
  public enum Relation: Hashable, Sendable {
    /// The bits are the same; so a NaN is equal to itself, and 0.0 is not -0.0.
    case equal
    /// Now is above before; false of a NaN.
    case greater
    /// Now is below before; false of a NaN.
    case less
    /// Integers: now - before, wrapping in the width, is one of the `span` + 1 numbers from `low`
    /// on. Reals: now - before, in doubles, lies from `lowReal` to `highReal`, both included.
    case difference
    /// `lowReal` * |before| <= now - before <= `highReal` * |before|, all in doubles.
    case percent
  }

  /// The width of the type in bytes: 1, 2, 4 or 8.
  public let byteCount: Int
  /// Whether the type is an IEEE single or double.
  public let isReal: Bool
  /// Whether the type is an integer with a sign.
  public let isSigned: Bool
  /// What is compared.
  public let relation: Relation
  /// Whether a pair matches when the relation does not hold; it does not hold of a NaN.
  public let isInverted: Bool
  /// What integers are combined with by exclusive or, first. 0 for reals.
  public let key: UInt64
  /// By how many bits integers are then rotated left, from 0 to below the width. 0 for reals.
  public let rotation: Int
  /// The first difference of integers, as bits in the low end of a word.
  public let low: UInt64
  /// How many differences of integers follow the first.
  public let span: UInt64
  /// The least difference of reals, or the least change as a fraction of the value.
  public let lowReal: Double
  /// The greatest difference of reals, or the greatest change as a fraction of the value.
  public let highReal: Double

  /// Whether a value, now and before, matches; the bits in the low end of a word. Slow; one value
  /// at a time.
  public func matches(now: UInt64, before: UInt64) -> Bool {
    holds(now & all, before & all) != isInverted
  }

  private var all: UInt64 { UInt64.max >> UInt64(64 &- 8 &* byteCount) }

  private func holds(_ now: UInt64, _ before: UInt64) -> Bool {
    if relation == .equal { return now == before }
    guard isReal else { return holdsOfIntegers(plain(now), plain(before)) }
    let grid = RealGrid(isSingle: byteCount == 4)
    let (new, old) = (grid.real(now), grid.real(before))
    switch relation {
    case .greater: return new > old
    case .less: return new < old
    case .difference: return lowReal <= new - old && new - old <= highReal
    default: return isInPercent(new, old)
    }
  }

  private func holdsOfIntegers(_ now: UInt64, _ before: UInt64) -> Bool {
    let (new, old) = (number(now), number(before))
    switch relation {
    case .greater: return new > old
    case .less: return new < old
    case .difference: return (now &- before &- low) & all <= span
    default: return isInPercent(Double(new), Double(old))
    }
  }

  private func isInPercent(_ now: Double, _ before: Double) -> Bool {
    let size = before.magnitude
    return lowReal * size <= now - before && now - before <= highReal * size
  }

  private func plain(_ stored: UInt64) -> UInt64 {
    let x = (stored ^ key) & all
    guard rotation > 0 else { return x }
    return (x << UInt64(rotation) | x >> UInt64(8 &* byteCount &- rotation)) & all
  }

  private func number(_ word: UInt64) -> Int128 {
    let isNegative = isSigned && word > all >> 1
    return isNegative ? Int128(word) &- Int128(all) &- 1 : Int128(word)
  }
}
