extension ScalarValue {
  /// Whether it is less than another value; false where either is no number of the kind NaN.
  ///
  /// Values of one kind are compared exactly, values of different kinds as reals; false is less
  /// than true.
  public func isLess(than other: ScalarValue) -> Bool {
    switch (self, other) {
    case (.integer(let one), .integer(let two)): one < two
    case (.unsigned(let one), .unsigned(let two)): one < two
    case (.boolean(let one), .boolean(let two)): !one && two
    default: real < other.real
    }
  }

  /// Whether it is the same for a person: 0.0 and -0.0 are, and one NaN and another.
  public func isSame(as other: ScalarValue) -> Bool {
    if case (.real(let one), .real(let two)) = (self, other), one.isNaN, two.isNaN { return true }
    return self == other
  }

  /// The nearest real number; true is 1.
  public var real: Double {
    switch self {
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value): value
    case .boolean(let value): value ? 1 : 0
    }
  }

  /// How far it is from an earlier value to this one, as a real number.
  ///
  /// Whole numbers are subtracted before they are rounded, so that near ones are told apart however
  /// large they are.
  public func distance(from earlier: ScalarValue) -> Double {
    switch (earlier, self) {
    case (.integer(let one), .integer(let two)):
      let (difference, overflow) = two.subtractingReportingOverflow(one)
      return overflow ? Double(two) - Double(one) : Double(difference)
    case (.unsigned(let one), .unsigned(let two)):
      return two >= one ? Double(two - one) : -Double(one - two)
    default: return real - earlier.real
    }
  }
}
