/// A decimal number kept exactly: `magnitude` times ten to the `exponent`, with a sign.
///
/// What people type is decimal, and so are the edges of "3.14, rounded to two digits"; binary
/// reals are made from it only at the end.
struct ExactDecimal: Hashable, Sendable {
  var isNegative: Bool
  var magnitude: Magnitude
  var exponent: Int

  static let zero = ExactDecimal(UInt64(0))

  init(_ number: Int64) { self.init(number.magnitude, isNegative: number < 0) }

  init(_ number: UInt64, isNegative: Bool = false, exponent: Int = 0) {
    self.isNegative = isNegative && number != 0
    magnitude = Magnitude(number)
    self.exponent = exponent
  }

  /// A finite real: itself when it is whole and below 2^64, otherwise the shortest decimal number
  /// that reads back as it, which is what its writer meant. Nil for infinities and NaN.
  init?(_ number: Double) {
    guard number.isFinite else { return nil }
    if let whole = number.wholeSigned {
      self.init(whole)
    } else if let whole = number.wholeUnsigned {
      self.init(whole)
    } else {
      self.init(shortest: number.description.utf8)
    }
  }

  /// Reads digits with an optional sign, point and exponent, as `Double.description` writes them.
  private init(shortest text: String.UTF8View) {
    self.init(UInt64(0))
    var isAfterPoint = false
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      text.formIndex(after: &index)
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isAfterPoint = true
      case UInt8(ascii: "e"):
        exponent &+= Int(String(decoding: text[index...], as: UTF8.self)) ?? 0
        index = text.endIndex
      default:
        multiplyAndAdd(UInt32(byte &- UInt8(ascii: "0")))
        if isAfterPoint { exponent &-= 1 }
      }
    }
    dropTrailingZeros()
  }

  private mutating func multiplyAndAdd(_ digit: UInt32) {
    guard !magnitude.isZero else {
      magnitude = Magnitude(UInt64(digit))
      return
    }
    magnitude.multiply(by: 10, adding: digit)
  }

  private mutating func dropTrailingZeros() {
    while exponent < 0, !magnitude.isZero {
      var shorter = magnitude
      guard !shorter.dropDigits(1) else { return }
      magnitude = shorter
      exponent &+= 1
    }
  }

  /// How many digits stand after the point.
  var fractionDigits: Int { magnitude.isZero ? 0 : max(0, 0 &- exponent) }

  /// The magnitude counted in units of ten to the `exponent`, which is not above its own.
  private func units(_ exponent: Int) -> Magnitude {
    var units = magnitude
    if !units.isZero { units.appendZeros(self.exponent &- exponent) }
    return units
  }

  static prefix func - (number: ExactDecimal) -> ExactDecimal {
    var negated = number
    negated.isNegative = !number.isNegative && !number.magnitude.isZero
    return negated
  }

  static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
    if left.magnitude.isZero { return right }
    if right.magnitude.isZero { return left }
    var sum = left
    sum.exponent = min(left.exponent, right.exponent)
    let (a, b) = (left.units(sum.exponent), right.units(sum.exponent))
    if left.isNegative == right.isNegative {
      sum.magnitude = a + b
    } else {
      sum.magnitude = a < b ? b - a : a - b
      sum.isNegative = (a < b ? right : left).isNegative && !sum.magnitude.isZero
    }
    return sum
  }

  static func - (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal { left + -right }

  static func * (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
    var product = left
    product.magnitude = left.magnitude * right.magnitude
    product.exponent &+= right.exponent
    product.isNegative = left.isNegative != right.isNegative && !product.magnitude.isZero
    return product
  }
}

extension ExactDecimal: Comparable {
  static func < (left: ExactDecimal, right: ExactDecimal) -> Bool { (left - right).isNegative }

  /// Whether the numbers are equal, however they are scaled.
  static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
    (left - right).magnitude.isZero
  }

  func hash(into hasher: inout Hasher) {
    var plain = self
    while !plain.magnitude.isZero {
      var shorter = plain.magnitude
      guard !shorter.dropDigits(1) else { break }
      plain.magnitude = shorter
      plain.exponent &+= 1
    }
    hasher.combine(plain.isNegative)
    hasher.combine(plain.magnitude)
    hasher.combine(plain.magnitude.isZero ? 0 : plain.exponent)
  }
}
