/// How text lies in memory.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
  /// UTF-8; what is not valid is passed on as it is.
  case utf8
  /// UTF-16, the low byte first, as Windows programs hold it.
  case utf16le
  /// UTF-16, the high byte first.
  case utf16be
  /// UTF-32, the low byte first, as `wchar_t` on Linux.
  case utf32le
  /// UTF-32, the high byte first.
  case utf32be
  /// ISO 8859-1: each byte is the scalar with its number.
  case latin1
  /// No encoding at all: bytes up to a zero byte.
  case bytes

  /// The size of one unit, and of the terminator, in bytes: 1, 2 or 4.
  @inlinable public var unitBytes: Int {
    switch self {
    case .utf8, .latin1, .bytes: 1
    case .utf16le, .utf16be: 2
    case .utf32le, .utf32be: 4
    }
  }

  /// The zero unit that ends a text.
  public var terminator: [UInt8] { [UInt8](repeating: 0, count: unitBytes) }

  /// The index of the first byte of the first unit that is zero, counted in whole units from the
  /// start; nil when there is none.
  public func terminatorIndex(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var index = 0
    let last = bytes.count &- unitBytes
    while index <= last {
      switch unitBytes {
      case 1: if base.load(fromByteOffset: index, as: UInt8.self) == 0 { return index }
      case 2: if base.loadUnaligned(fromByteOffset: index, as: UInt16.self) == 0 { return index }
      default: if base.loadUnaligned(fromByteOffset: index, as: UInt32.self) == 0 { return index }
      }
      index &+= unitBytes
    }
    return nil
  }

  /// The index of the first byte of the first unit that is zero, as the other `terminatorIndex`
  /// gives it.
  public func terminatorIndex(in bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { terminatorIndex(in: $0) }
  }
}
