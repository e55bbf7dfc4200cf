/// How a program disguises the numbers it stores.
///
/// A program that means value `v` stores `rotl(v * scale + add, rotate) ^ xor`, each step in the
/// width of the type:
/// 1. `v * scale` must be a number of the type; it does not wrap. Whole for integer types.
/// 2. `+ add` wraps in integer types, and is ordinary addition in real ones.
/// 3. The bits are rotated left by `rotate`.
/// 4. The bits are combined with `xor` by exclusive or.
///
/// Read backwards: exclusive or, rotate right, subtract, divide.
public struct StoredEncoding: Hashable, Sendable {
  /// What the bits are combined with last; nil for nothing. A key wider than the type is an error,
  /// except for the bits of a negative number that fits.
  public var xor: UInt64?
  /// What is added; nil for nothing. Taken modulo the width for integer types.
  public var add: Int64?
  /// By how many bits the sum is rotated left; negative for right, taken modulo the width.
  public var rotate: Int?
  /// What the value is multiplied by; nil for 1. Finite and not 0; taken as the decimal number it
  /// is written as.
  public var scale: Double?

  /// An encoding of these steps; without any, values are stored as they are.
  public init(
    xor: UInt64? = nil, add: Int64? = nil, rotate: Int? = nil, scale: Double? = nil
  ) {
    self.xor = xor
    self.add = add
    self.rotate = rotate
    self.scale = scale
  }

  /// Values stored as they are.
  public static let none = StoredEncoding()

  /// Whether values are stored as they are.
  public var isNone: Bool { self == .none }

  /// Whether the number itself differs from the one meant, not only its bits.
  var changesNumber: Bool { scale != nil || (add ?? 0) != 0 }

  /// The scale as an exact number; nil when there is none.
  func factor() throws(ConditionError) -> ExactDecimal? {
    guard let scale else { return nil }
    guard scale != 0, let factor = ExactDecimal(scale) else { throw .scale(scale) }
    return factor
  }

  /// The key in the width of a type; 0 when there is none.
  func key(for shape: ScalarShape) throws(ConditionError) -> UInt64 {
    guard let xor else { return 0 }
    guard let key = shape.fitting(xor) else { throw .keyTooWide(xor, shape.format) }
    return key
  }

  /// The bits a program leaves in memory for a value, read in its byte order, in the low end of a
  /// word.
  /// - Throws: `ConditionError` when the type cannot hold the value or the encoding does not suit
  ///   the type.
  public func encode(
    _ value: ScalarValue, as format: ScalarFormat, pointerWidth: PointerWidth
  ) throws(ConditionError) -> UInt64 {
    let shape = ScalarShape(format: format, pointerWidth: pointerWidth)
    let key = try key(for: shape)
    let plain = try plainWord(value, shape)
    return shape.rotated(plain, left: rotate ?? 0) ^ key
  }

  private func plainWord(
    _ value: ScalarValue, _ shape: ScalarShape
  ) throws(ConditionError) -> UInt64 {
    if shape.isBoolean {
      guard !changesNumber else { throw .encodedBoolean }
      return try shape.truth(value) ? 1 : 0
    }
    if case .real(let real) = value, real.isNaN, shape.isReal, !changesNumber {
      return shape.grid.bits(real)
    }
    let number = try shape.number(of: value, encoding: self)
    try shape.check(number, of: value, encoding: self, isOrdered: false)
    guard case .finite(let decimal) = number.kind, !shape.isReal else {
      return shape.grid.bits(number.moved(by: ExactDecimal(add ?? 0)).nearest(shape.grid))
    }
    guard decimal.isWhole else { throw .value(shape.error(value, .notWhole), scale: scale) }
    return shape.word(decimal.floor &+ Int128(add ?? 0))
  }

  /// The value a program means by the bits it left in memory, read in its byte order.
  ///
  /// With a scale the value is real, otherwise of the kind the format decodes to.
  public func decode(
    _ bits: UInt64, as format: ScalarFormat, pointerWidth: PointerWidth
  ) -> ScalarValue {
    let shape = ScalarShape(format: format, pointerWidth: pointerWidth)
    let turn = shape.turn(rotate ?? 0)
    let word = shape.rotated(bits ^ (xor ?? 0), left: shape.bits &- turn)
    if shape.isBoolean { return .boolean(word != 0) }
    if shape.isReal {
      let real = shape.grid.real(word)
      return .real(changesNumber ? (real - Double(add ?? 0)) / (scale ?? 1) : real)
    }
    let number = shape.number(shape.word(Int128(word) &- Int128(add ?? 0)))
    if let scale { return .real(Double(number) / scale) }
    if format.type == .u64 || format.type == .ptr { return .unsigned(shape.word(number)) }
    return .integer(Int64(truncatingIfNeeded: number))
  }
}

extension StoredEncoding: CustomStringConvertible {
  /// `xor 0x5a, add 3, rotate 2, scale 100.0`, without the steps there are none of.
  public var description: String {
    var parts: [String] = []
    if let xor { parts.append("xor 0x\(String(xor, radix: 16))") }
    if let add { parts.append("add \(add)") }
    if let rotate { parts.append("rotate \(rotate)") }
    if let scale { parts.append("scale \(scale)") }
    return parts.isEmpty ? "as it is" : parts.joined(separator: ", ")
  }
}
