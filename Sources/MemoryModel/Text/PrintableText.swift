/// Text for people, made from bytes that may be anything.
///
/// Valid UTF-8 stays as it is; control characters and bytes that are not UTF-8 become `\xNN`, a
/// newline becomes `\n`, so that the answer is always one line and cannot drive a terminal.
public func printable(_ bytes: [UInt8]) -> String {
  bytes.withUnsafeBufferPointer { buffer in
    var text = ""
    var index = 0
    while index < buffer.count {
      switch UTF8Scanner.step(buffer, at: index) {
      case .invalid(let byte):
        text += escaped(UInt32(byte))
        index &+= 1
      case .scalar(let value, let byteCount):
        appendPrintable(value, to: &text)
        index &+= byteCount
      }
    }
    return text
  }
}

/// Appends one scalar, escaped where it would break the line, drive the terminal or change the
/// direction of writing.
private func appendPrintable(_ value: UInt32, to text: inout String) {
  switch value {
  case 0x0A: text += "\\n"
  case 0..<0x20, 0x7F..<0xA0: text += escaped(value)
  case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
    text += "\\u{" + String(value, radix: 16) + "}"
  default:
    if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
  }
}

/// `\x` and two digits.
private func escaped(_ value: UInt32) -> String {
  "\\x" + (value < 16 ? "0" : "") + String(value, radix: 16)
}
