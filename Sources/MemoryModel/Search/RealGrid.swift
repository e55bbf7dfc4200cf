/// The reals that a type can hold: singles or doubles, always spoken of as doubles.
struct RealGrid: Hashable, Sendable {
  let isSingle: Bool

  var greatest: Double {
    isSingle ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
  }

  /// The value of the type that is closest, ties to even; an infinity when it is beyond all.
  func nearest(_ real: Double) -> Double { isSingle ? Double(Float(real)) : real }

  /// The value of the type that is closest, rounded once.
  func nearest(_ number: ExactDecimal) -> Double {
    if number.exponent == 0, let word = number.magnitude.word {
      let real = isSingle ? Double(Float(word)) : Double(word)
      return number.isNegative ? -real : real
    }
    if isSingle { return Double(Float(number.text) ?? .infinity) }
    return Double(number.text) ?? .infinity
  }

  /// The next greater value of the type.
  func above(_ real: Double) -> Double { isSingle ? Double(Float(real).nextUp) : real.nextUp }

  /// The next smaller value of the type.
  func below(_ real: Double) -> Double { isSingle ? Double(Float(real).nextDown) : real.nextDown }

  /// The bits of a value of the type, in the low end of a word.
  func bits(_ real: Double) -> UInt64 {
    isSingle ? UInt64(Float(real).bitPattern) : real.bitPattern
  }

  /// The value with these bits.
  func real(_ bits: UInt64) -> Double {
    isSingle
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
  }
}
