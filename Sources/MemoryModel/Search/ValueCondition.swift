/// What a value in memory is asked to be.
///
/// Numbers are read as the type asked would read them: a real type compares with its own value that
/// is closest to the number, so that `atMost` 0.1 finds the single 0.1 although it lies above the
/// double 0.1. Infinities bound nothing. A negative integer stands for its bit pattern in `u64` and
/// 8-byte `ptr`.
public struct ValueCondition: Hashable, Sendable {
  /// How the value is compared.
  public enum Comparison: Hashable, Sendable {
    /// The value itself, as loosely as `realMatch` says.
    case equal(ScalarValue)
    /// Anything else; a NaN is something else.
    case notEqual(ScalarValue)
    /// Below the value.
    case less(ScalarValue)
    /// The value or below.
    case atMost(ScalarValue)
    /// Above the value.
    case greater(ScalarValue)
    /// The value or above.
    case atLeast(ScalarValue)
    /// From the first to the second, both included; the first is not above the second.
    case between(ScalarValue, ScalarValue)
    /// One of these, each as loosely as `realMatch` says; any number of them.
    case oneOf([ScalarValue])
    /// Anything: the initial value is not known.
    case unknown
  }

  /// How the value is compared.
  public var comparison: Comparison
  /// When numbers count as equal.
  public var realMatch: RealMatch
  /// The bits that count, in integer types: `value & bitMask` is compared, as a number of the type.
  /// Nil for all.
  public var bitMask: UInt64?
  /// How the program stores the value.
  public var encoding: StoredEncoding

  /// A condition; by default exact, of all bits, on values stored as they are.
  public init(
    _ comparison: Comparison, realMatch: RealMatch = .exact, bitMask: UInt64? = nil,
    encoding: StoredEncoding = .none
  ) {
    self.comparison = comparison
    self.realMatch = realMatch
    self.bitMask = bitMask
    self.encoding = encoding
  }
}

extension ValueCondition: CustomStringConvertible {
  /// `= 3.14 rounded to 2 digits, stored xor 0x5a`, for histories.
  public var description: String {
    var text = comparison.description
    switch comparison {
    case .equal, .notEqual, .oneOf: if realMatch != .exact { text += " \(realMatch)" }
    default: break
    }
    if let bitMask { text += ", masked 0x\(String(bitMask, radix: 16))" }
    if !encoding.isNone { text += ", stored \(encoding)" }
    return text
  }
}

extension ValueCondition.Comparison: CustomStringConvertible {
  /// `= 5`, `between 1 and 9`; long lists are cut.
  public var description: String {
    switch self {
    case .equal(let value): "= \(value)"
    case .notEqual(let value): "not \(value)"
    case .less(let value): "< \(value)"
    case .atMost(let value): "<= \(value)"
    case .greater(let value): "> \(value)"
    case .atLeast(let value): ">= \(value)"
    case .between(let low, let high): "between \(low) and \(high)"
    case .oneOf(let values):
      "one of \(values.prefix(8).map(\.description).joined(separator: ", "))"
        + (values.count > 8 ? " and \(values.count &- 8) more" : "")
    case .unknown: "unknown"
    }
  }
}
