/// A format as conditions see it: how many bits, what kind, which limits.
struct ScalarShape: Hashable, Sendable {
  let format: ScalarFormat
  let pointerWidth: PointerWidth

  var byteCount: Int { format.byteCount(pointerWidth: pointerWidth) }
  var bits: Int { byteCount &* 8 }
  var isReal: Bool { format.type == .f32 || format.type == .f64 }
  var isBoolean: Bool { format.type == .bool }
  var grid: RealGrid { RealGrid(isSingle: format.type == .f32) }

  var isSigned: Bool {
    switch format.type {
    case .i8, .i16, .i32, .i64: true
    default: false
    }
  }

  /// All bits of the type, in the low end of a word.
  var wordMask: UInt64 { UInt64.max >> UInt64(64 &- bits) }

  /// The least and the greatest whole number of the type.
  var limits: ClosedRange<Int128> {
    isSigned
      ? -(1 << Int128(bits &- 1))...(1 << Int128(bits &- 1)) &- 1 : 0...Int128(wordMask)
  }

  /// The bits of a whole number, wrapping in the width of the type.
  func word(_ number: Int128) -> UInt64 { UInt64(truncatingIfNeeded: number) & wordMask }

  /// The whole number that these bits are.
  func number(_ word: UInt64) -> Int128 {
    let unsigned = Int128(word & wordMask)
    return isSigned && unsigned > limits.upperBound ? unsigned &- (1 << Int128(bits)) : unsigned
  }

  /// `word` rotated left within the width of the type.
  func rotated(_ word: UInt64, left count: Int) -> UInt64 {
    let turn = UInt64(turn(count))
    let word = word & wordMask
    guard turn > 0 else { return word }
    return (word << turn | word >> (UInt64(bits) &- turn)) & wordMask
  }

  /// A rotation as a number from 0 up to but not including the width.
  func turn(_ count: Int) -> Int { ((count % bits) &+ bits) % bits }

  /// Bits given for this type: those of the width, or a negative number's sign-extended ones. Nil
  /// when they are for something wider.
  func fitting(_ word: UInt64) -> UInt64? {
    if word & ~wordMask == 0 { return word }
    let signed = Int128(Int64(bitPattern: word))
    return signed < 0 && signed >= -(1 << Int128(bits &- 1)) ? word & wordMask : nil
  }

  /// The limits in words, for messages.
  var limitsText: String {
    isReal
      ? "up to \(format.type == .f32 ? "3.4028235e+38" : "1.7976931348623157e+308")"
      : "\(limits.lowerBound) to \(limits.upperBound)"
  }
}
