/// A name with its type, as in `*names[8]`.
struct CDeclarator {
  var name: String?
  var type: CType
  /// Where the name stands.
  var token: CToken
  var isPacked = false
  var aligned: Int?
}

extension CParser {
  /// A name that is declared, or nothing where only a type is wanted, and the type it has.
  mutating func declarator(_ base: CType) throws(CSyntaxError) -> CDeclarator {
    try nested { (parser) throws(CSyntaxError) in try parser.innerDeclarator(base) }
  }

  private mutating func innerDeclarator(_ base: CType) throws(CSyntaxError) -> CDeclarator {
    var type = base
    while true {
      try skipQualifiers()
      guard take("*") || take("&") || take("^") else { break }
      if case .record(let key) = type.kind {
        type = .pointer(to: key, abi)
      } else {
        type = .pointer(to: nil, abi)
      }
    }
    if isSign("("), isNestedDeclarator { return try parenthesised(type) }
    var declarator = CDeclarator(type: type, token: token)
    if case .word(let word) = token.kind {
      declarator.name = word
      advance()
    }
    declarator.type = try suffixes(type, declarator.token)
    return declarator
  }

  private mutating func skipQualifiers() throws(CSyntaxError) {
    let words: Set<String> = [
      "const", "volatile", "restrict", "_Atomic", "__const", "__restrict", "__restrict__",
      "__extension__", "__stdcall", "__cdecl", "__fastcall", "__thiscall", "_Nonnull", "_Nullable",
    ]
    while case .word(let word) = token.kind {
      var ignored = CAttributes()
      if words.contains(word) {
        advance()
      } else if try !attributes(word, &ignored) {
        return
      }
    }
  }

  /// Whether the parenthesis here opens a declarator and not parameters.
  private var isNestedDeclarator: Bool {
    let next = token(after: 1)
    switch next.kind {
    case .sign("*"), .sign("("), .sign("^"), .sign("&"): return true
    case .word: return !startsType(next)
    default: return false
    }
  }

  /// `(*name)(parameters)`: what follows the parentheses comes first.
  private mutating func parenthesised(_ type: CType) throws(CSyntaxError) -> CDeclarator {
    let open = position
    try skipBalanced()
    let outer = try suffixes(type, token)
    let end = position
    position = open
    advance()
    let declarator = try declarator(outer)
    try expect(")")
    position = end
    return declarator
  }

  /// Arrays and parameters behind a name.
  private mutating func suffixes(_ base: CType, _ name: CToken) throws(CSyntaxError) -> CType {
    if isSign("(") {
      try skipBalanced()
      return .function
    }
    var counts: [(count: Int?, token: CToken)] = []
    while isSign("[") {
      let open = token
      advance()
      while isWord("static") || isWord("const") || isWord("restrict") || isWord("volatile") {
        advance()
      }
      counts.append((isSign("]") ? nil : try count(), open))
      try expect("]")
      guard counts.count <= Self.depthLimit / 4 else {
        throw open.error("arrays are nested deeper than \(Self.depthLimit / 4)")
      }
    }
    var type = base
    for (position, (count, open)) in counts.enumerated().reversed() {
      guard count != nil || position == 0 else { throw open.error("this count is missing") }
      type = try array(of: type, count, open)
    }
    return type
  }

  private mutating func count() throws(CSyntaxError) -> Int {
    let start = token
    let number = try constant()
    guard number >= 0, number <= Int64(StructLayout.byteLimit) else {
      throw start.error("a count is 0 to \(StructLayout.byteLimit), got \(number)")
    }
    return Int(number)
  }

  private func array(
    of element: CType, _ count: Int?, _ open: CToken
  ) throws(CSyntaxError) -> CType {
    let element = try sized(element, open)
    switch element.kind {
    case .void, .function: throw open.error("an array of what has no size")
    default: break
    }
    let (bytes, overflow) = element.byteCount.multipliedReportingOverflow(by: count ?? 0)
    guard !overflow, bytes <= StructLayout.byteLimit else {
      throw open.error("the array takes more than \(StructLayout.byteLimit) bytes")
    }
    return CType(
      kind: .array(element, count: count), byteCount: bytes, alignment: element.alignment)
  }

  /// A type with its size, as far as its struct is known by now.
  func sized(_ type: CType, _ token: CToken) throws(CSyntaxError) -> CType {
    guard case .record(let key) = type.kind else { return type }
    guard let body = scope.records[key]?.body else {
      throw token.error("the members of '\(key)' are not known here")
    }
    var type = type
    type.byteCount = body.byteCount
    if !type.isAligned { type.alignment = body.alignment }
    return type
  }
}
