internal import CLuaBridge

/// Finds what could come next in an entry at the prompt. It calls no function of the script and no
/// metamethod: tables are read raw, and what functions give is known from their declarations.
public struct Completer {
  let state: LuaState
  let sources: CompletionSources

  public init(_ state: LuaState, _ sources: CompletionSources = CompletionSources()) {
    self.state = state
    self.sources = sources
  }

  /// - Parameter text: the entry up to the place where the person types, earlier lines included.
  public func complete(_ text: [UInt8]) -> Completion {
    let nothing = Completion(range: text.count..<text.count, candidates: [])
    guard let stack = state.idleStack, !Self.isInComment(text) else { return nothing }
    return stack.scoped {
      CompletionPass(
        stack: stack, state: state, sources: sources, source: SourceText(text)
      ).completion()
    } ?? nothing
  }

  /// What is known of the function that an expression such as `game.scan` names; nil: nothing.
  public func page(of expression: String, in manual: Manual) -> String? {
    guard let stack = state.idleStack else { return nil }
    return stack.scoped {
      let source = SourceText(Array(expression.utf8))
      guard let chain = SourceChain(endingBefore: source.tokens.count, in: source), chain.start == 0
      else { return nil }
      let resolver = Resolver(stack: stack, host: state, source: source)
      return manual.page(of: resolver.resolve(chain), spelled: expression)
    } ?? nil
  }

  private static func isInComment(_ text: [UInt8]) -> Bool {
    guard let last = LuaLexer.tokens(of: text).last, last.kind == .comment else { return false }
    let opening = text[last.range].dropFirst(2)
    let isLong =
      opening.first == UInt8(ascii: "[")
      && opening.dropFirst().drop { $0 == UInt8(ascii: "=") }.first == UInt8(ascii: "[")
    return isLong ? !last.isComplete : last.range.upperBound == text.count
  }
}
