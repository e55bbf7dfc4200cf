/// When a number in memory counts as equal to the number asked for.
///
/// Matters for `equal`, `notEqual` and `oneOf` of a `ValueCondition`. It is meant for real types;
/// whole numbers obey it too, which changes nothing unless a tolerance or fewer than 0 digits let
/// neighbours in. The ends of what counts are decimal numbers, and are then read as the type reads
/// any number: 3.8 cut to 1 digit is 3.8, although the double 3.8 lies a little below it.
public enum RealMatch: Hashable, Sendable {
  /// The value of the type closest to the number; what writing the number would leave in memory.
  case exact
  /// Numbers that show as the number asked for does when both are rounded to so many digits after
  /// the point, halves going away from zero: 3.14 with 2 digits is 3.135 up to but not including
  /// 3.145. Negative digits round to tens, hundreds and so on. From -400 to 400.
  case rounded(digits: Int)
  /// Numbers that show as the number asked for does when both are cut after so many digits: 3 with
  /// 0 digits is 3 up to but not including 4, and -3 is -3 down to but not including -4.
  case truncated(digits: Int)
  /// Numbers at most so far away, both ends included; at least 0 and finite.
  case tolerance(Double)

  /// How many digits after the point the shortest decimal form of `number` has: 2 for 3.14, 0 for
  /// 100 and for infinities and NaN. What `rounded` takes when only the number is given.
  public static func fractionDigits(of number: Double) -> Int {
    ExactDecimal(number)?.fractionDigits ?? 0
  }

  /// Checks what does not depend on a type.
  func check() throws(ConditionError) {
    switch self {
    case .exact: return
    case .rounded(let digits), .truncated(let digits):
      guard (-400...400).contains(digits) else { throw .digits(digits) }
    case .tolerance(let distance):
      guard distance.isFinite, distance >= 0 else { throw .tolerance(distance) }
    }
  }

  /// The numbers that count as equal to `number`.
  func window(around number: ConditionNumber) -> Stretch {
    guard case .finite(let decimal) = number.kind else { return Stretch(only: number) }
    switch self {
    case .exact: return Stretch(only: number)
    case .rounded(let digits): return Self.rounding(decimal.rounded(digits: digits), digits)
    case .truncated(let digits): return Self.cutting(decimal.truncated(digits: digits), digits)
    case .tolerance(let distance):
      guard distance > 0, let reach = ExactDecimal(distance) else { return Stretch(only: number) }
      return Stretch(
        from: ConditionNumber(decimal - reach), isLowIncluded: true,
        to: ConditionNumber(decimal + reach), isHighIncluded: true)
    }
  }

  /// What rounds to `middle`: the end nearer to zero belongs to it, the other does not.
  private static func rounding(_ middle: ExactDecimal, _ digits: Int) -> Stretch {
    let half = ExactDecimal(UInt64(5), exponent: 0 &- digits &- 1)
    return Stretch(
      from: ConditionNumber(middle - half), isLowIncluded: middle > .zero,
      to: ConditionNumber(middle + half), isHighIncluded: middle.isNegative,
      middle: ConditionNumber(middle))
  }

  /// What is cut to `start`.
  private static func cutting(_ start: ExactDecimal, _ digits: Int) -> Stretch {
    let unit = ExactDecimal(UInt64(1), exponent: 0 &- digits)
    let isPositive = start > .zero
    return Stretch(
      from: ConditionNumber(isPositive ? start : start - unit), isLowIncluded: isPositive,
      to: ConditionNumber(start.isNegative ? start : start + unit),
      isHighIncluded: start.isNegative, middle: ConditionNumber(start))
  }
}

extension RealMatch: CustomStringConvertible {
  /// `exactly`, `rounded to 2 digits`, `cut to 0 digits` or `within 0.5`.
  public var description: String {
    switch self {
    case .exact: "exactly"
    case .rounded(let digits): "rounded to \(digits) digits"
    case .truncated(let digits): "cut to \(digits) digits"
    case .tolerance(let distance): "within \(distance)"
    }
  }
}
