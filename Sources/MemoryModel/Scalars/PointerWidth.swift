/// How wide a pointer of the target is.
public enum PointerWidth: Int, Hashable, Sendable, CaseIterable {
  /// A 32-bit target.
  case four = 4
  /// A 64-bit target.
  case eight = 8

  /// The width in bytes, 4 or 8.
  @inlinable public var bytes: Int { rawValue }
  /// The width in bits, 32 or 64.
  @inlinable public var bits: Int { rawValue &* 8 }
}
