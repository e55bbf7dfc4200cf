extension TextEncoding {
  /// The bytes of a text given in UTF-8, without a terminator.
  ///
  /// UTF-8 and plain bytes are passed through unchanged, whatever they are.
  /// - Throws: `TextEncodingError` when the text is not UTF-8 or holds a scalar above 0xFF for
  ///   Latin-1.
  public func encode(_ text: [UInt8]) throws(TextEncodingError) -> [UInt8] {
    if self == .utf8 || self == .bytes { return text }
    let result: Result<[UInt8], TextEncodingError> = text.withUnsafeBufferPointer { buffer in
      Result { () throws(TextEncodingError) in try encode(buffer) }
    }
    return try result.get()
  }

  private func encode(_ text: UnsafeBufferPointer<UInt8>) throws(TextEncodingError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count &* unitBytes)
    var index = 0
    while index < text.count {
      guard case .scalar(let value, let byteCount) = UTF8Scanner.step(text, at: index) else {
        throw TextEncodingError(encoding: self, byteOffset: index, scalar: nil)
      }
      guard append(value, to: &bytes) else {
        throw TextEncodingError(encoding: self, byteOffset: index, scalar: value)
      }
      index &+= byteCount
    }
    return bytes
  }

  /// Appends one scalar; false when the encoding has none such.
  private func append(_ value: UInt32, to bytes: inout [UInt8]) -> Bool {
    switch self {
    case .latin1:
      guard value <= 0xFF else { return false }
      bytes.append(UInt8(value))
    case .utf16le, .utf16be:
      if value < 0x10000 {
        appendHalf(value, self == .utf16be, &bytes)
      } else {
        let rest = value &- 0x10000
        appendHalf(0xD800 | rest >> 10, self == .utf16be, &bytes)
        appendHalf(0xDC00 | rest & 0x3FF, self == .utf16be, &bytes)
      }
    case .utf32le:
      appendHalf(value & 0xFFFF, false, &bytes)
      appendHalf(value >> 16, false, &bytes)
    case .utf32be:
      appendHalf(value >> 16, true, &bytes)
      appendHalf(value & 0xFFFF, true, &bytes)
    case .utf8, .bytes: UTF8Scanner.append(value, to: &bytes)
    }
    return true
  }

  private func appendHalf(_ value: UInt32, _ isBig: Bool, _ bytes: inout [UInt8]) {
    let low = UInt8(truncatingIfNeeded: value)
    let high = UInt8(truncatingIfNeeded: value >> 8)
    bytes.append(isBig ? high : low)
    bytes.append(isBig ? low : high)
  }
}
