internal import CLuaBridge

/// One answer to Tab.
struct CompletionPass {
  let stack: RawStack
  let state: LuaState
  let sources: CompletionSources
  let source: SourceText

  func completion() -> Completion {
    let count = source.bytes.count
    guard let last = source.tokens.indices.last else { return names(count..<count, before: 0) }
    let token = source.tokens[last]
    let touches = token.range.upperBound == count
    switch token.kind {
    case .string where !token.isComplete: return string(last)
    case .name where touches, .keyword where touches: return word(token.range, last)
    case .number where touches, .invalid where touches:
      return Completion(range: count..<count, candidates: [], hint: hint(before: last))
    default: return word(count..<count, last + 1)
    }
  }

  /// A word at some token, which may still be empty.
  private func word(_ range: Range<Int>, _ token: Int) -> Completion {
    guard token > 0, source.isSeparator(token - 1) else { return names(range, before: token) }
    let isMethod = source.isSymbol(token - 1, ":")
    let prefix = String(decoding: source.bytes[range], as: UTF8.self)
    let resolver = Resolver(stack: stack, host: state, source: source)
    guard let chain = SourceChain(endingBefore: token - 1, in: source) else {
      return Completion(range: range, candidates: [])
    }
    let members = Members(stack: stack, state: state)
      .of(resolver.resolve(chain), onlyFunctions: isMethod)
    return Completion(
      range: range, candidates: Self.matching(prefix, members), hint: hint(before: token))
  }

  // MARK: Names

  private func names(_ range: Range<Int>, before token: Int) -> Completion {
    let prefix = String(decoding: source.bytes[range], as: UTF8.self)
    let call = KnownCall(before: token, self)
    let own = call.map { Self.matching(prefix, $0.candidates()) } ?? []
    // In a table of options nothing else begins an entry.
    if !own.isEmpty, call?.isAtOptionName == true, prefix.isEmpty {
      return Completion(range: range, candidates: own, hint: call?.hint)
    }
    var all = own
    all += Self.matching(prefix, locals(before: token) + globals + keywords(prefix))
    return Completion(range: range, candidates: all.withoutRepetition, hint: call?.hint)
  }

  private var globals: [Candidate] {
    stack.pushGlobals()
    return Members(stack: stack, state: state).of(.table(name: "_G"), onlyFunctions: false)
  }

  /// Every keyword may come anywhere; they are shown once something is typed.
  private func keywords(_ prefix: String) -> [Candidate] {
    prefix.isEmpty ? [] : LuaToken.keywords.sorted().map { Candidate($0, .keyword) }
  }

  /// Variables and parameters that the entry declares.
  private func locals(before end: Int) -> [Candidate] {
    var names: [Candidate] = []
    var isDeclaring = false
    for token in 0..<max(end, 0) {
      switch source.kind(token) {
      case .keyword:
        isDeclaring = ["local", "for", "function"].contains(source.word(token))
      case .name:
        if isDeclaring { names.append(Candidate(source.word(token), .variable, signature: "local")) }
      case .symbol:
        if [")", "=", ";"].contains(source.word(token)) { isDeclaring = false }
      default: isDeclaring = false
      }
    }
    return names
  }

  // MARK: Strings

  private func string(_ token: Int) -> Completion {
    let range = source.tokens[token].range
    let opening = Self.openingCount(source.bytes[range])
    let inside = (range.lowerBound + opening)..<range.upperBound
    let typed = String(decoding: source.bytes[inside], as: UTF8.self)
    let quote = opening == 1 ? String(decoding: source.bytes[range.prefix(1)], as: UTF8.self) : ""
    let call = KnownCall(string: token, self)
    var (start, candidates) = (inside.lowerBound, call?.texts(typed) ?? [])
    if let call, call.takesSeveralWords, let bar = typed.utf8.lastIndex(of: 0x7C) {
      start += typed.utf8.distance(from: typed.startIndex, to: bar) + 1
    }
    let prefix = String(decoding: source.bytes[start..<inside.upperBound], as: UTF8.self)
    if candidates.isEmpty {
      candidates = isRequire(token) ? sources.libraries(typed) : sources.files(typed)
    }
    let found = Self.matching(prefix, candidates).map { candidate in
      var candidate = candidate
      if candidate.kind != .folder { candidate.ending = quote }
      return candidate
    }
    return Completion(range: start..<inside.upperBound, candidates: found, hint: call?.hint)
  }

  /// `"`, or the long bracket.
  private static func openingCount(_ string: ArraySlice<UInt8>) -> Int {
    guard string.first == UInt8(ascii: "[") else { return 1 }
    return 2 + string.dropFirst().prefix { $0 == UInt8(ascii: "=") }.count
  }

  private func isRequire(_ token: Int) -> Bool {
    let place = source.isSymbol(token - 1, "(") ? token - 2 : token - 1
    return place >= 0 && source.kind(place) == .name && source.word(place) == "require"
  }

  private func hint(before token: Int) -> SignatureHint? { KnownCall(before: token, self)?.hint }

  // MARK: Choosing

  /// Those that begin with a text; where none does, those that do but for the case of letters.
  /// Twins and names with an underscore only where they are asked for.
  static func matching(_ prefix: String, _ candidates: [Candidate]) -> [Candidate] {
    let typed = Array(prefix.utf8)
    let shown = candidates.filter { candidate in
      let isHidden =
        candidate.text.hasPrefix("_") && typed.isEmpty
        || candidate.text.hasPrefix("try_") && typed.count < 2
      return !isHidden
    }
    let exact = shown.filter { $0.text.utf8.starts(with: typed) }
    if !exact.isEmpty || typed.isEmpty { return exact }
    let folded = typed.map(Self.lowercased)
    return shown.filter { $0.text.utf8.lazy.map(Self.lowercased).starts(with: folded) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte | 0x20 : byte
  }
}

extension [Candidate] {
  /// The first of those with the same text.
  var withoutRepetition: [Candidate] {
    var seen: Set<String> = []
    return filter { seen.insert($0.text).inserted }
  }
}
