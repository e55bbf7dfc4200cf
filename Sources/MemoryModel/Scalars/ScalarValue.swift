/// One value read from memory or about to be written there.
public enum ScalarValue: Hashable, Sendable {
  /// A whole number that fits 64 bits with a sign.
  case integer(Int64)
  /// A whole number of 64 bits without a sign; what `u64` and `ptr` are read as.
  case unsigned(UInt64)
  /// A real number.
  case real(Double)
  /// A truth value.
  case boolean(Bool)
}

extension ScalarValue: CustomStringConvertible {
  /// The value as Lua would print it, except that unsigned numbers stay unsigned.
  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .unsigned(let value): String(value)
    case .real(let value): value.description
    case .boolean(let value): value ? "true" : "false"
    }
  }
}
