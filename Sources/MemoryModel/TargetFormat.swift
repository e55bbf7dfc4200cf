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

/// Which byte of a number comes first in memory.
public enum ByteOrder: Hashable, Sendable, CaseIterable {
  /// The least significant byte first, as on x86.
  case little
  /// The most significant byte first.
  case big

  /// The order of the machine this runs on.
  public static let host: ByteOrder = UInt16(littleEndian: 1) == 1 ? .little : .big
}
