extension TextEncoding {
  /// How many printable characters the bytes begin with, counted up to a limit; a character that is
  /// cut off at the end does not count.
  ///
  /// Letters, digits, marks, punctuation, symbols and spaces are printable, and so are tabs and line
  /// ends; controls, unassigned and private scalars are not. Of plain bytes those of ASCII are.
  public func printableCount(in bytes: UnsafeRawBufferPointer, limit: Int) -> Int {
    switch self {
    case .utf8, .bytes:
      return bytes.withMemoryRebound(to: UInt8.self) { bytes in
        var index = 0
        var count = 0
        while count < limit, index < bytes.count,
          case .scalar(let value, let length) = UTF8Scanner.step(bytes, at: index),
          Self.isPrintable(value), self == .utf8 || length == 1
        {
          index &+= length
          count &+= 1
        }
        return count
      }
    default:
      return decode(Array(bytes)).withUnsafeBytes {
        TextEncoding.utf8.printableCount(in: $0, limit: limit)
      }
    }
  }

  private static func isPrintable(_ value: UInt32) -> Bool {
    if value < 0x7F { return value >= 0x20 || value == 9 || value == 10 || value == 13 }
    guard value >= 0xA0, value != 0xFFFD, let scalar = Unicode.Scalar(value) else { return false }
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .privateUse, .unassigned: return false
    default: return true
    }
  }
}
