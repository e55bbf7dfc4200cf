extension CParser {
  /// An enum: a mention of it, or its values, which become constants.
  mutating func enumeration() throws(CSyntaxError) -> CType {
    let start = token
    advance()
    var ignored = CAttributes()
    try skipAttributes(&ignored)
    if isWord("class") || isWord("struct") { advance() }
    var tag: String?
    if case .word(let word) = token.kind {
      tag = word
      advance()
    }
    var base: CType?
    if isSign(":"), startsType(token(after: 1)) {
      advance()
      base = try specifiers().type
    }
    guard isSign("{") else {
      guard let tag else { throw start.error("expected a name or '{' after 'enum'") }
      return scope.enums[tag] ?? base ?? .number(ScalarFormat(.u32), abi)
    }
    let range = try enumerators()
    try skipAttributes(&ignored)
    let type = base ?? .number(ScalarFormat(Self.enumType(range, ignored.isPacked)), abi)
    if let tag { scope.enums[tag] = type }
    return type
  }

  /// The type gcc takes for an enum with values in a range.
  private static func enumType(_ range: (low: Int64, high: Int64), _ isPacked: Bool) -> ScalarType {
    if isPacked {
      if range.low >= 0, range.high <= 0xFF { return .u8 }
      if range.low >= -0x80, range.high <= 0x7F { return .i8 }
      if range.low >= 0, range.high <= 0xFFFF { return .u16 }
      if range.low >= -0x8000, range.high <= 0x7FFF { return .i16 }
    }
    if range.low < 0 {
      return range.low >= Int64(Int32.min) && range.high <= Int64(Int32.max) ? .i32 : .i64
    }
    return range.high <= Int64(UInt32.max) ? .u32 : .u64
  }

  private mutating func enumerators() throws(CSyntaxError) -> (low: Int64, high: Int64) {
    advance()
    var next: Int64 = 0
    var range = (low: Int64(0), high: Int64(0))
    while !isSign("}") {
      guard case .word(let name) = token.kind else {
        throw token.error("expected a name or '}', got \(token.text)")
      }
      advance()
      var ignored = CAttributes()
      try skipAttributes(&ignored)
      if take("=") { next = try constant() }
      scope.constants[name] = next
      counted.append(name)
      range = (min(range.low, next), max(range.high, next))
      next &+= 1
      if !take(",") { break }
    }
    try expect("}")
    return range
  }

  // MARK: Expressions

  /// The value of a constant expression.
  mutating func constant() throws(CSyntaxError) -> Int64 {
    try nested { (parser) throws(CSyntaxError) in
      let value = try parser.binary(0)
      guard parser.take("?") else { return value }
      let first = try parser.constant()
      try parser.expect(":")
      let second = try parser.constant()
      return value != 0 ? first : second
    }
  }

  private static let levels: [String: Int] = [
    "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
    "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10,
  ]

  /// Operators of a level above `least`, from left to right.
  private mutating func binary(_ least: Int) throws(CSyntaxError) -> Int64 {
    var left = try unary()
    while case .sign(let sign) = token.kind, let level = Self.levels[sign], level > least {
      let place = token
      advance()
      let right = try nested { (parser) throws(CSyntaxError) in try parser.binary(level) }
      left = try Self.apply(sign, left, right, place)
    }
    return left
  }

  private static func apply(
    _ sign: String, _ left: Int64, _ right: Int64, _ place: CToken
  ) throws(CSyntaxError) -> Int64 {
    switch sign {
    case "||": return left != 0 || right != 0 ? 1 : 0
    case "&&": return left != 0 && right != 0 ? 1 : 0
    case "|": return left | right
    case "^": return left ^ right
    case "&": return left & right
    case "==": return left == right ? 1 : 0
    case "!=": return left != right ? 1 : 0
    case "<": return left < right ? 1 : 0
    case ">": return left > right ? 1 : 0
    case "<=": return left <= right ? 1 : 0
    case ">=": return left >= right ? 1 : 0
    case "<<", ">>":
      guard (0...63).contains(right) else { throw place.error("a shift is 0 to 63, got \(right)") }
      return sign == "<<" ? left << right : left >> right
    case "+": return left &+ right
    case "-": return left &- right
    case "*": return left &* right
    default:
      guard right != 0 else { throw place.error("division by zero") }
      return sign == "/"
        ? left.dividedReportingOverflow(by: right).partialValue
        : left.remainderReportingOverflow(dividingBy: right).partialValue
    }
  }

  private mutating func unary() throws(CSyntaxError) -> Int64 {
    let place = token
    if case .number(let number) = place.kind {
      advance()
      return number
    }
    if case .word(let word) = place.kind { return try named(word, place) }
    for sign in ["-", "+", "~", "!"] where take(sign) {
      let value = try nested { (parser) throws(CSyntaxError) in try parser.unary() }
      switch sign {
      case "-": return 0 &- value
      case "~": return ~value
      case "!": return value == 0 ? 1 : 0
      default: return value
      }
    }
    guard take("(") else { throw place.error("expected a constant, got \(place.text)") }
    if startsType(token) {
      _ = try nested { (parser) throws(CSyntaxError) in try parser.typeName() }
      try expect(")")
      return try nested { (parser) throws(CSyntaxError) in try parser.unary() }
    }
    let value = try constant()
    try expect(")")
    return value
  }

  /// `sizeof`, or a constant by name.
  private mutating func named(_ word: String, _ place: CToken) throws(CSyntaxError) -> Int64 {
    advance()
    switch word {
    case "sizeof", "_Alignof", "alignof", "__alignof__":
      try expect("(")
      guard startsType(token) else { throw token.error("expected a type, got \(token.text)") }
      let type = try nested { (parser) throws(CSyntaxError) in try parser.typeName() }
      try expect(")")
      return Int64(word == "sizeof" ? type.byteCount : type.alignment)
    default:
      guard let value = scope.constants[word] else {
        throw place.error("no constant named \(place.text) is known here")
      }
      return value
    }
  }
}
