/// Lua source up to the place where a person types, taken apart.
struct SourceText {
  let bytes: [UInt8]
  /// Without comments.
  let tokens: [LuaToken]
  private let partners: [Int: Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    tokens = LuaLexer.tokens(of: bytes).filter { $0.kind != .comment }
    partners = Self.partners(of: tokens, bytes)
  }

  func kind(_ token: Int) -> LuaToken.Kind { tokens[token].kind }

  func word(_ token: Int) -> String {
    String(decoding: bytes[tokens[token].range], as: UTF8.self)
  }

  /// A name, or a keyword, which stands for a name while it is being typed.
  func isWord(_ token: Int) -> Bool {
    token < tokens.count && (kind(token) == .name || kind(token) == .keyword)
  }

  func isSymbol(_ token: Int, _ text: String) -> Bool {
    tokens.indices.contains(token) && kind(token) == .symbol && word(token) == text
  }

  func isKeyword(_ token: Int, _ text: String) -> Bool {
    tokens.indices.contains(token) && kind(token) == .keyword && word(token) == text
  }

  func isSeparator(_ token: Int) -> Bool { isSymbol(token, ".") || isSymbol(token, ":") }

  /// Whether a call or an index may follow a token.
  func canBeCalled(_ token: Int) -> Bool {
    switch kind(token) {
    case .name: true
    case .keyword: token > 0 && isSeparator(token - 1)
    case .string: tokens[token].isComplete && token > 0 && canBeCalled(token - 1)
    case .symbol: [")", "]"].contains(word(token)) || word(token) == "}" && isArgument(token)
    default: false
    }
  }

  /// Whether a closing brace ends the argument of a call: `f{...}`.
  private func isArgument(_ token: Int) -> Bool {
    guard let open = opening(token) else { return false }
    return open > 0 && canBeCalled(open - 1)
  }

  /// The bracket that closes an opening one, and the other way round; nil: there is none.
  func closing(_ token: Int) -> Int? { partners[token].flatMap { $0 > token ? $0 : nil } }
  func opening(_ token: Int) -> Int? { partners[token].flatMap { $0 < token ? $0 : nil } }

  private static func partners(of tokens: [LuaToken], _ bytes: [UInt8]) -> [Int: Int] {
    let closers: [UInt8: UInt8] = [0x28: 0x29, 0x5B: 0x5D, 0x7B: 0x7D]
    var open: [(token: Int, closer: UInt8)] = []
    var partners: [Int: Int] = [:]
    for (index, token) in tokens.enumerated() where token.kind == .symbol && token.range.count == 1 {
      let byte = bytes[token.range.lowerBound]
      if let closer = closers[byte] {
        open.append((index, closer))
      } else if let last = open.last, last.closer == byte {
        partners[index] = last.token
        partners[last.token] = index
        open.removeLast()
      }
    }
    return partners
  }
}
