/// Cuts a text in C into tokens.
struct CLexer {
  /// How many bytes a text may have.
  static let byteLimit = 1 << 20

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0
  private var tokens: [CToken] = []
  /// The numbers that `#define NAME NUMBER` gave.
  private(set) var numbers: [(name: String, value: Int64)] = []

  init(_ text: String) { bytes = Array(text.utf8) }

  /// All tokens, the last one being the end.
  mutating func allTokens() throws(CSyntaxError) -> [CToken] {
    guard bytes.count <= Self.byteLimit else {
      throw CSyntaxError(
        line: 1, column: 1, problem: "the text has more than \(Self.byteLimit) bytes")
    }
    while true {
      try skipBlanks()
      guard index < bytes.count else { break }
      try token()
    }
    tokens.append(CToken(kind: .end, line: line, column: column))
    return tokens
  }

  private var column: Int { index &- lineStart &+ 1 }

  private func wrong(_ problem: String) -> CSyntaxError {
    CSyntaxError(line: line, column: column, problem: problem)
  }

  private func peek(_ distance: Int = 0) -> UInt8 {
    index &+ distance < bytes.count ? bytes[index &+ distance] : 0
  }

  /// Steps over one byte, and counts lines.
  private mutating func step() {
    if bytes[index] == Self.newline {
      line &+= 1
      lineStart = index &+ 1
    }
    index &+= 1
  }

  private mutating func skipBlanks() throws(CSyntaxError) {
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        step()
      } else if byte == Self.backslash, peek(1) == Self.newline {
        step()
        step()
      } else if byte == Self.slash, peek(1) == Self.slash {
        while index < bytes.count, bytes[index] != Self.newline { step() }
      } else if byte == Self.slash, peek(1) == Self.star {
        try skipComment()
      } else {
        return
      }
    }
  }

  private mutating func skipComment() throws(CSyntaxError) {
    let start = wrong("this comment is not closed")
    step()
    step()
    while index < bytes.count {
      if bytes[index] == Self.star, peek(1) == Self.slash {
        step()
        step()
        return
      }
      step()
    }
    throw start
  }

  private mutating func token() throws(CSyntaxError) {
    let byte = bytes[index]
    if byte == UInt8(ascii: "#") { return try directive() }
    let (line, column) = (line, column)
    let kind: CToken.Kind
    if Self.isDigit(byte) {
      kind = .number(try number())
    } else if Self.isWordByte(byte) {
      kind = .word(word())
    } else if byte == UInt8(ascii: "'") {
      kind = .number(try character())
    } else if byte == UInt8(ascii: "\"") {
      kind = .word(try text())
    } else {
      kind = .sign(try sign())
    }
    tokens.append(CToken(kind: kind, line: line, column: column))
  }

  private mutating func word() -> String {
    let start = index
    while index < bytes.count, Self.isWordByte(bytes[index]) { index &+= 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func number() throws(CSyntaxError) -> Int64 {
    let start = wrong("this is not a whole number")
    var digits = word()[...]
    while let last = digits.last, "uUlL".contains(last) { digits = digits.dropLast() }
    let value: UInt64?
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      value = UInt64(digits.dropFirst(2), radix: 16)
    } else if digits.hasPrefix("0b") || digits.hasPrefix("0B") {
      value = UInt64(digits.dropFirst(2), radix: 2)
    } else if digits.hasPrefix("0") {
      value = UInt64(digits, radix: 8)
    } else {
      value = UInt64(digits)
    }
    guard let value else { throw start }
    return Int64(bitPattern: value)
  }

  /// The code of a character in quotes: `'a'`, `'\n'`, `'\0'`.
  private mutating func character() throws(CSyntaxError) -> Int64 {
    let start = wrong("this is not a character")
    step()
    var value = Int64(peek())
    guard index < bytes.count, value != 0x0A, value != 0x27 else { throw start }
    step()
    if value == Int64(Self.backslash), index < bytes.count {
      let escapes: [Character: Int64] = [
        "n": 10, "t": 9, "r": 13, "0": 0, "a": 7, "b": 8, "f": 12, "v": 11, "\\": 92, "'": 39,
        "\"": 34,
      ]
      guard let code = escapes[Character(UnicodeScalar(peek()))] else { throw start }
      value = code
      step()
    }
    guard peek() == UInt8(ascii: "'") else { throw start }
    step()
    return value
  }

  /// A text in quotes, as in `extern "C"`, with its quotes.
  private mutating func text() throws(CSyntaxError) -> String {
    let problem = wrong("this quote is not closed")
    let start = index
    step()
    while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != Self.newline {
      step()
      if bytes[index &- 1] == Self.backslash, index < bytes.count { step() }
    }
    guard peek() == UInt8(ascii: "\"") else { throw problem }
    step()
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func sign() throws(CSyntaxError) -> String {
    for sign in Self.signs where bytes[index...].starts(with: sign.utf8) {
      index &+= sign.utf8.count
      return sign
    }
    let byte = bytes[index]
    guard byte > 0x20, byte < 0x7F else { throw wrong("a byte that C does not know") }
    index &+= 1
    return String(UnicodeScalar(byte))
  }

  private static let signs = ["...", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "->", "::"]
  private static let newline = UInt8(ascii: "\n")
  private static let backslash = UInt8(ascii: "\\")
  private static let slash = UInt8(ascii: "/")
  private static let star = UInt8(ascii: "*")

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == 0x24 || byte >= 0x80
  }
}

// MARK: Lines that begin with #

extension CLexer {
  /// `#pragma pack`, `#define NAME NUMBER`, and what can be passed over; nothing else is understood.
  private mutating func directive() throws(CSyntaxError) {
    let start = CToken(kind: .end, line: line, column: column)
    let words = try directiveTokens()
    guard case .word(let name)? = words.first?.kind else { return }
    let rest = Array(words.dropFirst().map(\.kind))
    switch name {
    case "include": return
    case "pragma":
      guard rest.first == .word("pack") else { return }
      guard let change = Self.packChange(Array(rest.dropFirst())) else {
        throw start.error("expected #pragma pack(push, N), pack(pop), pack(N) or pack()")
      }
      tokens.append(CToken(kind: .pack(change), line: start.line, column: start.column))
    case "define":
      guard case .word(let name)? = rest.first, let value = Self.definedNumber(rest) else {
        throw start.error("of #define only NAME NUMBER is understood")
      }
      numbers.append((name, value))
    default:
      throw start.error("lines with #\(name) are not understood; take out what does not apply")
    }
  }

  private static func definedNumber(_ tokens: [CToken.Kind]) -> Int64? {
    var tokens = tokens.dropFirst().filter { $0 != .sign("(") && $0 != .sign(")") }
    let isNegative = tokens.first == .sign("-")
    if isNegative { tokens.removeFirst() }
    guard tokens.count == 1, case .number(let value) = tokens[0] else { return nil }
    return isNegative ? 0 &- value : value
  }

  /// What stands in the parentheses of `#pragma pack`.
  private static func packChange(_ tokens: [CToken.Kind]) -> CPackChange? {
    guard tokens.first == .sign("("), tokens.last == .sign(")"), tokens.count >= 2 else {
      return nil
    }
    let words = tokens.dropFirst().dropLast().filter { $0 != .sign(",") }
    let sizes: Set<Int64> = [1, 2, 4, 8, 16]
    switch (words.first, words.last) {
    case (nil, _): return .set(nil)
    case (.number(let size)?, _) where words.count == 1 && sizes.contains(size):
      return .set(Int(size))
    case (.word("pop")?, _): return .pop
    case (.word("push")?, .word("push")?) where words.count == 1: return .push(nil)
    case (.word("push")?, .number(let size)?) where sizes.contains(size): return .push(Int(size))
    default: return nil
    }
  }

  /// The tokens of the rest of a line.
  private mutating func directiveTokens() throws(CSyntaxError) -> [CToken] {
    let start = index &+ 1
    while index < bytes.count, bytes[index] != Self.newline {
      if bytes[index] == Self.backslash, peek(1) == Self.newline { step() }
      step()
    }
    let text = String(decoding: bytes[min(start, index)..<index], as: UTF8.self)
    var words: [CToken] = []
    for piece in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }) {
      if piece.hasPrefix("//") || piece.hasPrefix("/*") { break }
      if piece.hasPrefix("\"") || piece.hasPrefix("<") { break }
      var lexer = CLexer(String(piece))
      words += try Self.tokens(of: &lexer, line)
    }
    return words
  }

  /// The tokens of a piece of a line, without a `#` in it.
  private static func tokens(
    of lexer: inout CLexer, _ line: Int
  ) throws(CSyntaxError) -> [CToken] {
    guard !lexer.bytes.contains(UInt8(ascii: "#")) else { return [] }
    do throws(CSyntaxError) {
      return Array(try lexer.allTokens().dropLast())
    } catch {
      throw CSyntaxError(line: line, column: error.column, problem: error.problem)
    }
  }
}
