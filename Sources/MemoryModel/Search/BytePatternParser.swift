/// Reads a byte pattern written as text.
struct BytePatternParser {
  private let text: [UInt8]
  private var index = 0
  private var bytes: [UInt8] = []
  private var mask: [UInt8] = []

  init(_ text: String) { self.text = Array(text.utf8) }

  mutating func parse() throws(BytePatternError) -> BytePattern {
    while let byte = skipSpaces() {
      switch byte {
      case UInt8(ascii: ":"): try readMask()
      case UInt8(ascii: "'"), UInt8(ascii: "\""): try readQuoted(byte)
      default: try readByte()
      }
      guard bytes.count <= BytePattern.maximumByteCount else {
        throw error("a pattern has at most \(BytePattern.maximumByteCount) bytes")
      }
    }
    guard !bytes.isEmpty else { throw error("expected a byte, such as 4f or ??") }
    guard mask.contains(where: { $0 != 0 }) else {
      throw error("the pattern would match everywhere; give at least one known digit", at: 0)
    }
    return try BytePattern(bytes, mask: mask)
  }

  private func peek(_ distance: Int = 0) -> UInt8? {
    index &+ distance < text.count ? text[index &+ distance] : nil
  }

  private func error(_ problem: String, at place: Int? = nil) -> BytePatternError {
    BytePatternError(column: (place ?? index) &+ 1, problem: problem)
  }

  /// The next byte that is no space, not consumed.
  private mutating func skipSpaces() -> UInt8? {
    while let byte = peek(), byte == 0x20 || (0x09...0x0D).contains(byte) { index &+= 1 }
    return peek()
  }

  /// Two digits, each of which may be `?`, or one `?` standing alone.
  private mutating func readByte() throws(BytePatternError) {
    let high = try digit()
    index &+= 1
    if high == nil, isBreak(peek()), index < 2 || isBreak(text[index &- 2]) {
      append(0, 0)
      return
    }
    guard isDigit(peek()) else {
      guard peek() == nil || isBreak(peek()) else { throw unexpected() }
      throw error("a byte has two digits; the second is missing")
    }
    let low = try digit()
    index &+= 1
    append((high ?? 0) << 4 | (low ?? 0), (high == nil ? 0 : 0xF0) | (low == nil ? 0 : 0x0F))
  }

  private mutating func append(_ byte: UInt8, _ known: UInt8) {
    bytes.append(byte)
    mask.append(known)
  }

  /// The digit here, not consumed; nil for `?`.
  private func digit() throws(BytePatternError) -> UInt8? {
    guard let byte = peek(), isDigit(byte) else { throw unexpected() }
    return Self.value(byte)
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte == UInt8(ascii: "?") || byte.flatMap { Self.value($0) } != nil
  }

  private func isBreak(_ byte: UInt8?) -> Bool {
    guard let byte else { return true }
    return byte == 0x20 || (0x09...0x0D).contains(byte) || byte == UInt8(ascii: ":")
      || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }

  /// The error for a byte that is no digit, with what its writer may have meant.
  private func unexpected() -> BytePatternError {
    switch peek() {
    case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "\\"):
      return error("write bytes as two digits without 0x or \\x, such as 4f")
    case UInt8(ascii: "*"), UInt8(ascii: "."): return error("write ?? for any byte")
    case UInt8(ascii: ","), UInt8(ascii: ";"): return error("write spaces between bytes")
    case let byte?:
      let name =
        (0x21...0x7E).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "a byte that is no ASCII"
      return error("expected a hexadecimal digit or '?', got \(name)")
    case nil: return error("expected a byte, such as 4f or ??")
    }
  }

  /// Text in quotes, as it is.
  private mutating func readQuoted(_ quote: UInt8) throws(BytePatternError) {
    let start = index
    index &+= 1
    while let byte = peek(), byte != quote {
      guard byte < 0x80 else {
        throw error("quotes hold ASCII only; search other text with its encoding")
      }
      append(byte, 0xFF)
      index &+= 1
    }
    guard peek() == quote else {
      throw error("the quote opened here is not closed", at: start)
    }
    guard index > start &+ 1 else { throw error("expected text between the quotes") }
    index &+= 1
  }

  /// The mask, from its colon to the end.
  private mutating func readMask() throws(BytePatternError) {
    let colon = index
    guard !bytes.isEmpty else { throw error("expected a byte before the colon") }
    index &+= 1
    var given: [UInt8] = []
    while skipSpaces() != nil {
      let place = index
      let (high, low) = try maskDigits()
      guard given.count < bytes.count else {
        throw error("the mask is longer than the pattern of \(bytes.count) bytes", at: place)
      }
      given.append(high << 4 | low)
    }
    guard !given.isEmpty else { throw error("expected a mask after the colon, such as ff") }
    if given.count == 1 { given = [UInt8](repeating: given[0], count: bytes.count) }
    guard given.count == bytes.count else {
      throw error(
        "the mask has \(given.count) bytes and the pattern \(bytes.count); write one mask byte for"
          + " each, or one for all")
    }
    guard given.contains(where: { $0 != 0 }) else {
      throw error("a mask of zeros compares nothing; set the bits to compare", at: colon)
    }
    mask = zip(mask, given).map { $0 & $1 }
  }

  private mutating func maskDigits() throws(BytePatternError) -> (UInt8, UInt8) {
    var digits: [UInt8] = []
    for _ in 0..<2 {
      if peek() == UInt8(ascii: "?") || peek() == UInt8(ascii: ":") {
        throw error("expected a hexadecimal digit of the mask")
      }
      if digits.count == 1, isBreak(peek()) {
        throw error("a byte has two digits; the second is missing")
      }
      guard let digit = try digit() else { throw unexpected() }
      digits.append(digit)
      index &+= 1
    }
    return (digits[0], digits[1])
  }
}
