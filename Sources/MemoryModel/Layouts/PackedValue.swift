/// One value of a packed format.
public enum PackedValue: Hashable, Sendable {
  /// A whole number; those of 8 bytes without a sign keep their bit pattern, as in Lua.
  case integer(Int64)
  /// A real number.
  case real(Double)
  /// A string.
  case bytes([UInt8])
}
