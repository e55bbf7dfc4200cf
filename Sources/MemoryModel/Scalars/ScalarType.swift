/// What a few bytes of memory mean: an integer of some width, a real number, a truth value or a
/// pointer.
public enum ScalarType: String, Hashable, Sendable, CaseIterable {
  /// An unsigned byte.
  case u8
  /// A signed byte, two's complement.
  case i8
  /// One byte that is false when 0 and true otherwise; written as 0 or 1.
  case bool
  /// An unsigned 16-bit integer.
  case u16
  /// An unsigned 32-bit integer.
  case u32
  /// An unsigned 64-bit integer.
  case u64
  /// A signed 16-bit integer.
  case i16
  /// A signed 32-bit integer.
  case i32
  /// A signed 64-bit integer.
  case i64
  /// An IEEE 754 single.
  case f32
  /// An IEEE 754 double.
  case f64
  /// An address, as wide as the target's pointers.
  case ptr

  /// The size in bytes in a target with pointers of this width.
  @inlinable public func byteCount(pointerWidth: PointerWidth) -> Int {
    switch self {
    case .u8, .i8, .bool: 1
    case .u16, .i16: 2
    case .u32, .i32, .f32: 4
    case .u64, .i64, .f64: 8
    case .ptr: pointerWidth.bytes
    }
  }

  /// Whether the type holds whole numbers; a pointer counts as one, a truth value does not.
  @inlinable public var isInteger: Bool {
    switch self {
    case .bool, .f32, .f64: false
    default: true
    }
  }
}
