/// Why a condition cannot be asked of a type, or of any.
public enum ConditionError: Error, Hashable, Sendable {
  /// The type cannot hold the value, after it was multiplied by the scale where one is given.
  case value(ScalarRangeError, scale: Double?)
  /// The value is too great for the real type.
  case beyondReal(ScalarValue, ScalarFormat, scale: Double?)
  /// NaN, which is equal to nothing and has no order.
  case notANumber
  /// The first bound is above the second.
  case swappedBounds(ScalarValue, ScalarValue)
  /// `oneOf` without a value.
  case noValues
  /// Digits to round to outside -400 to 400.
  case digits(Int)
  /// A tolerance that is negative, infinite or NaN.
  case tolerance(Double)
  /// A scale that is 0, infinite or NaN.
  case scale(Double)
  /// An `xor` key with more bits than the type.
  case keyTooWide(UInt64, ScalarFormat)
  /// A bit mask with more bits than the type.
  case maskTooWide(UInt64, ScalarFormat)
  /// A bit mask of 0.
  case emptyMask
  /// A bit mask for a real type.
  case maskOnReal(ScalarFormat)
  /// A bit mask together with `add` or `scale`.
  case maskOnArithmetic
  /// A value with bits outside the mask.
  case outsideMask(ScalarValue, UInt64)
  /// Less, more or between for truth values.
  case unorderedBoolean
  /// `add` or `scale` for truth values.
  case encodedBoolean
  /// More or less for reals stored with `xor` or `rotate`.
  case encodedRealOrder(ScalarFormat)
  /// More or less for integers stored with `add`, which wraps.
  case shiftedOrder(ScalarFormat)
  /// A percentage of values stored with `add`.
  case shiftedPercent
  /// No type of the group can hold what is asked for.
  case noType(TypeGroup, asked: String)

  /// Whether another type may do; such types are left out when a group is asked for.
  public var isAboutType: Bool {
    switch self {
    case .value, .beyondReal, .keyTooWide, .maskTooWide, .maskOnReal,
      .unorderedBoolean, .encodedBoolean, .encodedRealOrder, .shiftedOrder:
      true
    default: false
    }
  }
}

extension ConditionError: CustomStringConvertible {
  /// One line: what is wrong, and what to do instead.
  public var description: String {
    switch self {
    case .value(let error, let scale): "\(error)\(Self.once(scale))"
    case .beyondReal(let value, let format, let scale):
      "\(value) does not fit \(format) (\(Self.limits(of: format)))\(Self.once(scale))"
    case .notANumber:
      "NaN is equal to nothing and has no order; to find one, scan for its bit pattern as u32 or"
        + " u64"
    case .swappedBounds(let low, let high):
      "the first bound \(low) is above the second \(high); write \(high), \(low)"
    case .noValues: "a list of values needs at least one"
    case .digits(let digits): "digits go from -400 to 400, got \(digits)"
    case .tolerance(let distance): "a tolerance is finite and at least 0, got \(distance)"
    case .scale(let scale): "a scale is finite and not 0, got \(scale)"
    default: disguiseDescription
    }
  }

  /// The messages about masks and encodings.
  private var disguiseDescription: String {
    switch self {
    case .keyTooWide(let key, let format):
      "the xor key \(Self.hex(key)) has more bits than \(format)"
    case .maskTooWide(let mask, let format):
      "the bit mask \(Self.hex(mask)) has more bits than \(format)"
    case .emptyMask: "a bit mask of 0 keeps nothing; set the bits to compare"
    case .maskOnReal(let format):
      "a bit mask needs an integer type; scan \(format) as \(format.type == .f32 ? "u32" : "u64")"
    case .maskOnArithmetic:
      "a bit mask cannot be combined with add or scale; it is applied to the stored bits"
    case .outsideMask(let value, let mask):
      "\(value) has bits outside the mask \(Self.hex(mask)), so it could never match; clear them"
    case .unorderedBoolean: "true and false have no order; scan u8 instead of bool"
    case .encodedBoolean: "bool takes no add and no scale; scan u8 instead"
    case .encodedRealOrder(let format):
      "\(format) stored with xor or rotate can be compared with earlier values by changed and"
        + " unchanged only"
    case .shiftedOrder(let format):
      "\(format) stored with add may wrap, so that more and less cannot be told; ask by how much"
    case .shiftedPercent: "a percentage of values stored with add cannot be told"
    case .noType(let group, let asked): "no type of \"\(group.rawValue)\" can hold \(asked)"
    default: ""
    }
  }

  private static func once(_ scale: Double?) -> String {
    scale.map { " once multiplied by the scale \($0)" } ?? ""
  }

  private static func limits(of format: ScalarFormat) -> String {
    ScalarShape(format: format, pointerWidth: .eight).limitsText
  }

  private static func hex(_ bits: UInt64) -> String { "0x\(String(bits, radix: 16))" }
}
