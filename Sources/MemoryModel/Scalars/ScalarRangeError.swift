/// Why a value cannot be written in a format.
public struct ScalarRangeError: Error, Hashable, Sendable {
  /// What is wrong with the value.
  public enum Reason: Hashable, Sendable {
    /// A whole number beyond the limits of the type.
    case outOfRange
    /// A real number with a fraction, an infinity or not a number, for an integer type.
    case notWhole
    /// A truth value for a number, or a number for a truth value.
    case wrongKind
    /// The room for the encoded bytes is too small.
    case noRoom
  }

  /// The value that was to be written.
  public let value: ScalarValue
  /// The format it was to be written in.
  public let format: ScalarFormat
  /// The pointer width of the target, which sets the limits of `ptr`.
  public let pointerWidth: PointerWidth
  /// What is wrong.
  public let reason: Reason

  /// The error for `value`, which cannot be written in `format`.
  public init(
    value: ScalarValue, format: ScalarFormat, pointerWidth: PointerWidth, reason: Reason
  ) {
    self.value = value
    self.format = format
    self.pointerWidth = pointerWidth
    self.reason = reason
  }
}

extension ScalarRangeError: CustomStringConvertible {
  /// One line that names the value, the type and its limits: `300 does not fit u8 (0 to 255)`.
  public var description: String {
    switch reason {
    case .outOfRange: "\(value) does not fit \(format) (\(limits))"
    case .notWhole: "\(value) is not a whole number, and \(format) takes \(limits)"
    case .wrongKind:
      format.type == .bool
        ? "\(value) is not a boolean, and bool takes true or false"
        : "\(value) is not a number, and \(format) takes \(limits)"
    case .noRoom:
      "no room for the \(format.byteCount(pointerWidth: pointerWidth)) bytes of \(format)"
    }
  }

  /// The least and the greatest value of the type, in words.
  private var limits: String {
    switch format.type {
    case .bool: return "true or false"
    case .f32, .f64: return "any number"
    default: break
    }
    let bits = format.byteCount(pointerWidth: pointerWidth) &* 8
    switch format.type {
    case .i8, .i16, .i32, .i64:
      let high = Int64.max >> Int64(64 &- bits)
      return "\(~high) to \(high)"
    default:
      return "0 to \(UInt64.max >> UInt64(64 &- bits))"
    }
  }
}
