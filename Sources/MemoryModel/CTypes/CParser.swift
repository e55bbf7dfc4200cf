/// Reads declarations of C from left to right, for one kind of machine.
struct CParser {
  /// How deep structs, parentheses and expressions may be nested.
  static let depthLimit = 64

  let abi: CTargetABI
  var scope: CScope
  /// Structs and unions whose members this text gave, in order, by key.
  var defined: [String] = []
  /// The names that `typedef` gave in this text, in order.
  var named: [String] = []
  /// The constants of this text, in order.
  var counted: [String] = []
  /// `#pragma pack`, and what it was before each push.
  var pack: Int?
  private var outerPacks: [Int?] = []
  private let tokens: [CToken]
  private var index = 0
  private var depth = 0
  /// How many `extern "C" {` are open.
  private var linkageDepth = 0

  init(_ text: String, _ abi: CTargetABI, _ scope: CScope) throws(CSyntaxError) {
    var lexer = CLexer(text)
    tokens = try lexer.allTokens()
    self.abi = abi
    self.scope = scope
    for (name, value) in lexer.numbers {
      self.scope.constants[name] = value
      counted.append(name)
    }
  }

  /// Reads the whole text.
  mutating func parse() throws(CSyntaxError) {
    while true {
      if case .end = token.kind { break }
      try declaration()
    }
    guard linkageDepth == 0 else { throw token.error("expected '}' at the end of extern \"C\"") }
  }

  // MARK: Tokens

  var token: CToken { tokens[index] }

  var position: Int {
    get { index }
    set { index = newValue }
  }

  func token(after distance: Int) -> CToken { tokens[min(index &+ distance, tokens.count &- 1)] }

  mutating func advance() { if index < tokens.count &- 1 { index &+= 1 } }

  func isSign(_ sign: String) -> Bool { token.kind == .sign(sign) }

  func isWord(_ word: String) -> Bool { token.kind == .word(word) }

  /// Steps over a sign if it stands here.
  mutating func take(_ sign: String) -> Bool {
    guard isSign(sign) else { return false }
    advance()
    return true
  }

  mutating func expect(_ sign: String) throws(CSyntaxError) {
    guard take(sign) else { throw token.error("expected '\(sign)', got \(token.text)") }
  }

  /// Steps over something in parentheses or braces, with all that is inside.
  mutating func skipBalanced() throws(CSyntaxError) {
    let open = token
    var closers: [String] = []
    let pairs = ["(": ")", "{": "}", "[": "]"]
    repeat {
      switch token.kind {
      case .sign(let sign):
        if let closer = pairs[sign] {
          closers.append(closer)
        } else if sign == ")" || sign == "}" || sign == "]" {
          guard closers.last == sign else { throw token.error("'\(sign)' closes nothing") }
          closers.removeLast()
        }
      case .end: throw open.error("\(open.text) is not closed")
      default: break
      }
      advance()
    } while !closers.isEmpty
  }

  /// Steps over what stands before one of these signs, outside of parentheses.
  mutating func skip(to signs: Set<String>) throws(CSyntaxError) {
    while true {
      switch token.kind {
      case .sign(let sign) where signs.contains(sign): return
      case .sign("("), .sign("{"), .sign("["): try skipBalanced()
      case .end:
        throw token.error("expected '\(signs.sorted().joined(separator: "' or '"))', got the end")
      default: advance()
      }
    }
  }

  /// Counts a level of nesting while `body` runs.
  mutating func nested<Result>(
    _ body: (inout CParser) throws(CSyntaxError) -> Result
  ) throws(CSyntaxError) -> Result {
    guard depth < Self.depthLimit else {
      throw token.error("nested deeper than \(Self.depthLimit)")
    }
    depth &+= 1
    let result = try body(&self)
    depth &-= 1
    return result
  }

  // MARK: Declarations

  private mutating func declaration() throws(CSyntaxError) {
    switch token.kind {
    case .pack(let change): try apply(change)
    case .sign(";"): advance()
    case .sign("}") where linkageDepth > 0:
      linkageDepth &-= 1
      advance()
    case .word("_Static_assert"), .word("static_assert"):
      try skip(to: [";"])
      advance()
    case .word("extern") where token(after: 1).kind == .word("\"C\""):
      advance()
      advance()
      if take("{") { linkageDepth &+= 1 }
    default: try declareNames()
    }
  }

  /// `#pragma pack` at this place.
  mutating func apply(_ change: CPackChange) throws(CSyntaxError) {
    switch change {
    case .set(let size): pack = size
    case .push(let size):
      outerPacks.append(pack)
      if let size { pack = size }
    case .pop:
      guard let outer = outerPacks.popLast() else {
        throw token.error("#pragma pack(pop) without a push before it")
      }
      pack = outer
    }
    advance()
  }

  /// A type, and names with or without `typedef`. Variables and functions are passed over.
  private mutating func declareNames() throws(CSyntaxError) {
    let specifiers = try specifiers()
    while !isSign(";") {
      var declarator = try declarator(specifiers.type)
      try memberAttributes(&declarator)
      if specifiers.isTypedef { try define(declarator, specifiers.aligned) }
      if take("=") { try skip(to: [",", ";"]) }
      if isSign("{"), case .function = declarator.type.kind {
        try skipBalanced()
        return
      }
      if !take(",") { break }
      if isSign(";") { throw token.error("expected a name, got ';'") }
    }
    try expect(";")
  }

  /// Gives a type a name.
  private mutating func define(
    _ declarator: CDeclarator, _ aligned: Int?
  ) throws(CSyntaxError) {
    guard let name = declarator.name else { throw token.error("a typedef needs a name") }
    var type = declarator.type
    if let aligned = declarator.aligned ?? aligned {
      type.alignment = aligned
      type.isAligned = true
    }
    if case .record(let key) = type.kind, !scope.hasTag(key), let record = scope.records[key] {
      scope.records[name] = record
      defined.append(name)
      type.kind = .record(name)
    }
    scope.typedefs[name] = type
    named.append(name)
  }
}

extension CScope {
  /// Whether a struct has a tag of its own, and not only a name of ours.
  func hasTag(_ key: String) -> Bool { !key.contains("#") }
}
