/// Which byte of a number comes first in memory.
public enum ByteOrder: Hashable, Sendable, CaseIterable {
  /// The least significant byte first, as on x86.
  case little
  /// The most significant byte first.
  case big

  /// The order of the machine this runs on.
  public static let host: ByteOrder = UInt16(littleEndian: 1) == 1 ? .little : .big
}
