/// Reads an `AddressExpression` from left to right.
struct AddressParser {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The expression that is the whole text.
  mutating func wholeText() throws(AddressSyntaxError) -> AddressExpression {
    guard bytes.count <= AddressExpression.lengthLimit else {
      throw AddressSyntaxError(
        column: AddressExpression.lengthLimit &+ 1, problem: "the expression is too long")
    }
    let expression = try sum()
    guard index == bytes.count else {
      let problem = bytes[index] == Self.close ? "']' without '['" : "expected '+', '-' or the end"
      throw wrong(problem)
    }
    return expression
  }

  /// Terms up to the end or a `]`.
  private mutating func sum() throws(AddressSyntaxError) -> AddressExpression {
    var terms = [try term(isNegative: takeSign())]
    skipSpaces()
    while index < bytes.count, bytes[index] == Self.plus || bytes[index] == Self.minus {
      let isSubtracted = bytes[index] == Self.minus
      index &+= 1
      terms.append(try term(isNegative: isSubtracted != takeSign()))
      skipSpaces()
    }
    return AddressExpression(terms: terms)
  }

  /// Whether a minus sign stands before the next term; steps over it.
  private mutating func takeSign() -> Bool {
    skipSpaces()
    guard index < bytes.count, bytes[index] == Self.minus else { return false }
    index &+= 1
    return true
  }

  /// A number, a name or brackets.
  private mutating func term(
    isNegative: Bool
  ) throws(AddressSyntaxError) -> AddressExpression.Term {
    skipSpaces()
    let column = index &+ 1
    let operand = try operand()
    return .init(isNegative: isNegative, operand: operand, column: column)
  }

  private mutating func operand() throws(AddressSyntaxError) -> AddressExpression.Operand {
    guard index < bytes.count else { throw wrong("expected a number, a name or '['") }
    switch bytes[index] {
    case Self.open:
      if let name = bracketName() { return name }
      return try pointer()
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .name(try quoted())
    case let byte where Self.isNameByte(byte): return try word()
    default: throw wrong("expected a number, a name or '['")
    }
  }

  /// A name that maps writes in brackets, such as `[heap]`.
  private mutating func bracketName() -> AddressExpression.Operand? {
    for name in Self.bracketNames where bytes[index...].starts(with: name.utf8) {
      index &+= name.utf8.count
      return .name(name)
    }
    return nil
  }

  /// An expression in brackets.
  private mutating func pointer() throws(AddressSyntaxError) -> AddressExpression.Operand {
    guard depth < AddressExpression.depthLimit else {
      throw wrong("brackets are nested deeper than \(AddressExpression.depthLimit)")
    }
    let open = index
    index &+= 1
    depth &+= 1
    let inner = try sum()
    depth &-= 1
    guard index < bytes.count else {
      throw AddressSyntaxError(column: open &+ 1, problem: "'[' without ']'")
    }
    guard bytes[index] == Self.close else { throw wrong("expected '+', '-' or ']'") }
    index &+= 1
    return .pointer(at: inner)
  }

  /// A name in quotes, which may hold everything but the quote.
  private mutating func quoted() throws(AddressSyntaxError) -> String {
    let quote = bytes[index]
    let first = index &+ 1
    guard let end = bytes[first...].firstIndex(of: quote) else {
      throw wrong("this quote is not closed")
    }
    guard end > first else { throw wrong("the name is empty") }
    index = end &+ 1
    return String(decoding: bytes[first..<end], as: UTF8.self)
  }

  /// A number or a name without quotes.
  private mutating func word() throws(AddressSyntaxError) -> AddressExpression.Operand {
    let piece = bytes[index...].prefix { Self.isNameByte($0) && $0 != Self.minus }
    if let digits = Self.digits(piece) {
      guard let number = UInt64(digits.text, radix: digits.radix) else {
        throw wrong("the number does not fit 64 bits")
      }
      index = piece.endIndex
      return .number(number)
    }
    if piece.starts(with: [0x30, 0x78]) || piece.starts(with: [0x30, 0x58]) {
      throw wrong("this is not a hexadecimal number")
    }
    let name = nameRun()
    index = name.endIndex
    return .name(String(decoding: name, as: UTF8.self))
  }

  /// The name that starts here, without what is subtracted from it.
  private func nameRun() -> ArraySlice<UInt8> {
    var end = index
    while end < bytes.count {
      if Self.isNameByte(bytes[end]) {
        end &+= 1
      } else if bytes[end...].starts(with: [Self.plus, Self.plus]) {
        end &+= 2
      } else {
        break
      }
    }
    var name = bytes[index..<end]
    while let dash = name.lastIndex(of: Self.minus), dash > index {
      let rest = name[(dash &+ 1)...]
      guard rest.isEmpty || Self.digits(rest) != nil else { break }
      name = name[..<dash]
    }
    return name
  }

  private mutating func skipSpaces() {
    while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index &+= 1 }
  }

  private func wrong(_ problem: String) -> AddressSyntaxError {
    AddressSyntaxError(column: index &+ 1, problem: problem)
  }
}

extension AddressParser {
  private static let plus = UInt8(ascii: "+")
  private static let minus = UInt8(ascii: "-")
  private static let open = UInt8(ascii: "[")
  private static let close = UInt8(ascii: "]")
  private static let bracketNames = ["[heap]", "[stack]", "[vdso]", "[vvar]", "[vsyscall]"]

  /// Whether a byte may stand in a name without quotes. Bytes of other alphabets may.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
    // What stands in `libc.so.6!environ`, in `$s4game` and in `game::hero` as well.
    default: "._-/~@%!$:".utf8.contains(byte)
    }
  }

  /// The digits of a number and their base; nil when the bytes are no number.
  private static func digits(_ piece: ArraySlice<UInt8>) -> (text: String, radix: Int)? {
    let isHexadecimal = piece.starts(with: [0x30, 0x78]) || piece.starts(with: [0x30, 0x58])
    let digits = isHexadecimal ? piece.dropFirst(2) : piece
    guard !digits.isEmpty else { return nil }
    let areDigits = digits.allSatisfy { byte in
      byte &- 0x30 < 10 || (isHexadecimal && (byte | 0x20) &- 0x61 < 6)
    }
    return areDigits ? (String(decoding: digits, as: UTF8.self), isHexadecimal ? 16 : 10) : nil
  }

  /// An expression in brackets, kept apart from the names that have brackets of their own.
  static func bracketed(_ inner: String) -> String {
    let text = "[\(inner)]"
    return bracketNames.contains(text) ? "[ \(inner) ]" : text
  }

  /// The name as it has to be written to be read back.
  static func quotedWhereNeeded(_ name: String) -> String {
    if bracketNames.contains(name) { return name }
    var parser = AddressParser(Array(name.utf8))
    if let parsed = try? parser.wholeText(), parsed.terms.count == 1,
      parsed.terms[0].operand == .name(name), !parsed.terms[0].isNegative
    {
      return name
    }
    return name.utf8.contains(UInt8(ascii: "\"")) ? "'\(name)'" : "\"\(name)\""
  }
}
