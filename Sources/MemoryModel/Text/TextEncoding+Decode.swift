extension TextEncoding {
  /// The text as UTF-8. Every unit counts, also zeros: cut at the terminator first where there is
  /// one.
  ///
  /// Units that make no scalar (lone surrogates, numbers above 0x10FFFF, a unit cut short at the
  /// end) become U+FFFD. UTF-8 and plain bytes are passed through unchanged.
  public func decode(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .utf8, .bytes: return bytes
    case .latin1: return Self.decodeLatin1(bytes)
    case .utf16le, .utf16be: return decodeUTF16(bytes)
    case .utf32le, .utf32be: return decodeUTF32(bytes)
    }
  }

  private var isBig: Bool { self == .utf16be || self == .utf32be }

  private static func decodeLatin1(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for byte in bytes { UTF8Scanner.append(UInt32(byte), to: &text) }
    return text
  }

  private func decodeUTF16(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var index = 0
    while index &+ 2 <= bytes.count {
      let first = unit16(bytes, index)
      index &+= 2
      let isLead = first & 0xFC00 == 0xD800
      if isLead, index &+ 2 <= bytes.count {
        let second = unit16(bytes, index)
        if second & 0xFC00 == 0xDC00 {
          index &+= 2
          UTF8Scanner.append(0x10000 &+ (first & 0x3FF) << 10 &+ (second & 0x3FF), to: &text)
          continue
        }
      }
      UTF8Scanner.append(first, to: &text)
    }
    if index < bytes.count { UTF8Scanner.append(0xFFFD, to: &text) }
    return text
  }

  private func decodeUTF32(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var index = 0
    while index &+ 4 <= bytes.count {
      let first = unit16(bytes, index)
      let second = unit16(bytes, index &+ 2)
      UTF8Scanner.append(isBig ? first << 16 | second : second << 16 | first, to: &text)
      index &+= 4
    }
    if index < bytes.count { UTF8Scanner.append(0xFFFD, to: &text) }
    return text
  }

  private func unit16(_ bytes: [UInt8], _ index: Int) -> UInt32 {
    let first = UInt32(bytes[index])
    let second = UInt32(bytes[index &+ 1])
    return isBig ? first << 8 | second : second << 8 | first
  }
}
