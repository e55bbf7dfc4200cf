extension ExactDecimal {
  /// The number with `digits` digits after the point; a half goes away from zero.
  func rounded(digits: Int) -> ExactDecimal { cut(digits, roundsHalfUp: true) }

  /// The number with `digits` digits after the point and the others dropped.
  func truncated(digits: Int) -> ExactDecimal { cut(digits, roundsHalfUp: false) }

  private func cut(_ digits: Int, roundsHalfUp: Bool) -> ExactDecimal {
    let surplus = 0 &- exponent &- digits
    guard surplus > 0 else { return self }
    var cut = self
    _ = cut.magnitude.dropDigits(surplus &- 1)
    let last = cut.magnitude.divide(by: 10)
    if roundsHalfUp && last >= 5 { cut.magnitude = cut.magnitude + Magnitude(1) }
    cut.exponent = 0 &- digits
    cut.isNegative = isNegative && !cut.magnitude.isZero
    return cut
  }

  /// The greatest whole number that is not above; far beyond 64 bits it saturates.
  var floor: Int128 { whole(awayFromZero: isNegative) }

  /// The least whole number that is not below; far beyond 64 bits it saturates.
  var ceiling: Int128 { whole(awayFromZero: !isNegative) }

  /// Whether there is no fraction.
  var isWhole: Bool { floor == ceiling }

  private func whole(awayFromZero: Bool) -> Int128 {
    let limit: Int128 = 1 << 96
    var units = magnitude
    var isInexact = false
    if exponent < 0 {
      isInexact = units.dropDigits(0 &- exponent)
    } else if !units.isZero {
      guard exponent <= 30 else { return isNegative ? -limit : limit }
      units.appendZeros(exponent)
    }
    guard var number = units.signed else { return isNegative ? -limit : limit }
    if isInexact && awayFromZero { number += 1 }
    return isNegative ? -number : number
  }

  /// The digits with an exponent, as a real number is read from.
  var text: String { "\(isNegative ? "-" : "")\(magnitude)e\(exponent)" }
}
