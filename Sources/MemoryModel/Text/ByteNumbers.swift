extension FixedWidthInteger {
  /// The number these bytes write in decimal, with spaces around them allowed; nil for anything
  /// else.
  init?(decimal text: ArraySlice<UInt8>) { self.init(text, radix: 10) }

  /// The number these bytes write in hexadecimal without a prefix; nil for anything else.
  init?(hexadecimal text: ArraySlice<UInt8>) { self.init(text, radix: 16) }

  private init?(_ text: ArraySlice<UInt8>, radix: Int) {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A }
    let trimmed = text.drop(while: isBlank).prefix { !isBlank($0) }
    guard text[trimmed.endIndex...].allSatisfy(isBlank), trimmed.first != UInt8(ascii: "+"),
      let number = Self(String(decoding: trimmed, as: UTF8.self), radix: radix)
    else { return nil }
    self = number
  }
}
