/// How a value is asked to have changed since it was last seen.
///
/// A number says how far; for integers differences are those the machine computes, which wrap in
/// the width of the type: a byte that went from 250 to 4 has increased by 10.
public enum ValueChange: Hashable, Sendable {
  /// Its bits are not the same.
  case changed
  /// Its bits are the same.
  case unchanged
  /// It is greater.
  case increased
  /// It is less.
  case decreased
  /// It is not greater; also when one of the two is a NaN.
  case notIncreased
  /// It is not less; also when one of the two is a NaN.
  case notDecreased
  /// It has grown by so much, give or take the tolerance.
  ///
  /// Without a tolerance integers have grown by exactly so much, and reals as far as their rounding
  /// lets one tell: within a 2^11th part of the number for singles and a 2^40th for doubles, which
  /// suffices for values up to 4000 times the number.
  case increasedBy(ScalarValue, tolerance: Double? = nil)
  /// It has shrunk by so much, give or take the tolerance; see `increasedBy`.
  case decreasedBy(ScalarValue, tolerance: Double? = nil)
  /// What it has grown by lies from the first to the second, both included; negative where it has
  /// shrunk. Infinities leave an end open; for integers that is half the range, beyond which a
  /// difference is one of the other sign.
  case byBetween(ScalarValue, ScalarValue)
  /// What it has grown by lies from the first to the second, both included, in percent of what it
  /// was without its sign; negative where it has shrunk. Infinities leave an end open.
  case percent(Double, Double)
}

extension ValueChange: CustomStringConvertible {
  /// `changed`, `increased by 5`, for histories.
  public var description: String {
    switch self {
    case .changed: "changed"
    case .unchanged: "unchanged"
    case .increased: "increased"
    case .decreased: "decreased"
    case .notIncreased: "not increased"
    case .notDecreased: "not decreased"
    case .increasedBy(let step, let tolerance): "increased by \(step)\(Self.giveOrTake(tolerance))"
    case .decreasedBy(let step, let tolerance): "decreased by \(step)\(Self.giveOrTake(tolerance))"
    case .byBetween(let low, let high): "changed by \(low) to \(high)"
    case .percent(let low, let high): "changed by \(low) to \(high) percent"
    }
  }

  private static func giveOrTake(_ tolerance: Double?) -> String {
    tolerance.map { " within \($0)" } ?? ""
  }
}
