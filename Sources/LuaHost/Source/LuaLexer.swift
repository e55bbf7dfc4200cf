/// Takes Lua source apart, complete or not: for colours, and to see what is being typed.
///
/// Every byte that is no blank lies in exactly one token, whatever the text is.
public struct LuaLexer {
  private let bytes: [UInt8]
  private var index = 0

  /// The tokens of a text.
  public static func tokens(of bytes: [UInt8]) -> [LuaToken] {
    var lexer = LuaLexer(bytes: bytes)
    var tokens: [LuaToken] = []
    while let token = lexer.next() { tokens.append(token) }
    return tokens
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    // A file may begin with a line for the shell.
    if bytes.first == UInt8(ascii: "#") { firstLine = true }
  }

  private var firstLine = false

  private func byte(_ offset: Int = 0) -> UInt8? {
    index + offset < bytes.count ? bytes[index + offset] : nil
  }

  private mutating func next() -> LuaToken? {
    while let byte = byte(), Self.isBlank(byte) { index += 1 }
    guard let first = byte() else { return nil }
    let start = index
    if firstLine, start == 0 {
      skipLine()
      return LuaToken(.comment, start..<index)
    }
    if Self.isNameStart(first) { return word() }
    if Self.isDigit(first) || first == UInt8(ascii: "."), byte(1).map(Self.isDigit) ?? false
      || Self.isDigit(first)
    {
      return number()
    }
    switch first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return quoted(first)
    case UInt8(ascii: "-") where byte(1) == first: return comment()
    case UInt8(ascii: "[") where longLevel() != nil: return long(.string, from: start)
    default: return symbol()
    }
  }

  // MARK: Words and numbers

  private mutating func word() -> LuaToken {
    let start = index
    while let byte = byte(), Self.isNameByte(byte) { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    return LuaToken(LuaToken.keywords.contains(text) ? .keyword : .name, start..<index)
  }

  /// All that may belong to a number, as Lua itself reads it.
  private mutating func number() -> LuaToken {
    let start = index
    let isHexadecimal =
      byte() == UInt8(ascii: "0") && (byte(1).map { $0 | 0x20 } == UInt8(ascii: "x"))
    let exponent = UInt8(ascii: isHexadecimal ? "p" : "e")
    if isHexadecimal { index += 2 }
    while let byte = byte() {
      if byte | 0x20 == exponent, let sign = self.byte(1),
        sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
      {
        index += 2
      } else if Self.isNameByte(byte) || byte == UInt8(ascii: ".") {
        // Two points are the operator `..`, which a person at work types right behind a number.
        if byte == UInt8(ascii: "."), self.byte(1) == byte { break }
        index += 1
      } else {
        break
      }
    }
    let isNumber = Self.isNumber(bytes[start..<index], isHexadecimal: isHexadecimal, exponent)
    return LuaToken(isNumber ? .number : .invalid, start..<index)
  }

  private static func isNumber(
    _ text: ArraySlice<UInt8>, isHexadecimal: Bool, _ exponent: UInt8
  ) -> Bool {
    let digits = isHexadecimal ? text.dropFirst(2) : text
    let parts = digits.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 | 0x20 == exponent })
    let points = parts[0].count { $0 == UInt8(ascii: ".") }
    let isMantissa =
      points <= 1 && parts[0].count > points
      && parts[0].allSatisfy {
        $0 == UInt8(ascii: ".") || (isHexadecimal ? isHexDigit($0) : isDigit($0))
      }
    guard isMantissa, parts.count == 2 else { return isMantissa }
    let power = parts[1].first.map { $0 == 0x2B || $0 == 0x2D } == true ? parts[1].dropFirst() : parts[1]
    return !power.isEmpty && power.allSatisfy(isDigit)
  }

  // MARK: Strings and comments

  private mutating func quoted(_ quote: UInt8) -> LuaToken {
    let start = index
    index += 1
    while let byte = byte() {
      if byte == quote {
        index += 1
        return LuaToken(.string, start..<index)
      }
      if byte == UInt8(ascii: "\n") { break }
      if byte == UInt8(ascii: "\\") { skipEscape() } else { index += 1 }
    }
    return LuaToken(.string, start..<min(index, bytes.count), isComplete: false)
  }

  /// Behind a backslash: `\z` takes all blanks, line breaks too.
  private mutating func skipEscape() {
    index += 1
    guard let byte = byte() else { return }
    index += 1
    guard byte == UInt8(ascii: "z") else { return }
    while let byte = self.byte(), Self.isBlank(byte) { index += 1 }
  }

  private mutating func comment() -> LuaToken {
    let start = index
    index += 2
    if byte() == UInt8(ascii: "["), longLevel() != nil { return long(.comment, from: start) }
    skipLine()
    return LuaToken(.comment, start..<index)
  }

  private mutating func skipLine() {
    while let byte = byte(), byte != UInt8(ascii: "\n") { index += 1 }
  }

  /// How many `=` stand between the two brackets here; nil where it is no long bracket.
  private func longLevel() -> Int? {
    var level = 0
    while byte(1 + level) == UInt8(ascii: "=") { level += 1 }
    return byte(1 + level) == UInt8(ascii: "[") ? level : nil
  }

  private mutating func long(_ kind: LuaToken.Kind, from start: Int) -> LuaToken {
    let level = longLevel() ?? 0
    index += level + 2
    while index < bytes.count {
      if byte() == UInt8(ascii: "]"), closes(level) {
        index += level + 2
        return LuaToken(kind, start..<index)
      }
      index += 1
    }
    return LuaToken(kind, start..<index, isComplete: false)
  }

  private func closes(_ level: Int) -> Bool {
    for offset in 0..<level where byte(1 + offset) != UInt8(ascii: "=") { return false }
    return byte(1 + level) == UInt8(ascii: "]")
  }

  // MARK: Symbols

  private static let symbols = [
    "...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>",
  ].map { Array($0.utf8) }

  private static let singles = Set("+-*/%^#&~|<>=(){}[];:,.".utf8)

  private mutating func symbol() -> LuaToken {
    let start = index
    for symbol in Self.symbols where bytes[index...].starts(with: symbol) {
      index += symbol.count
      return LuaToken(.symbol, start..<index)
    }
    let isKnown = Self.singles.contains(bytes[index])
    index += 1
    // What is no Lua at all stays one token, so that characters of several bytes are not torn apart.
    while !isKnown, let byte = byte(), byte >= 0x80 { index += 1 }
    return LuaToken(isKnown ? .symbol : .invalid, start..<index)
  }

  // MARK: Characters

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (97...102).contains(byte | 0x20)
  }
  static func isNameStart(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) && byte != 0x60 || byte == 0x5F
  }
  static func isNameByte(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
}
