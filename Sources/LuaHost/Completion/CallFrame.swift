/// The call that a place in the source lies in.
struct CallFrame {
  /// The token that opens its arguments: `(`, or the `{` of `f{...}`.
  let opening: Int
  /// Which argument the place lies in, from 0.
  let argument: Int
  /// The table constructor that is this argument, when the place lies directly in it.
  let table: TableFrame?

  /// A place in a table constructor.
  struct TableFrame {
    /// The names that have a value already.
    let names: [String]
    /// The name whose value is being typed; nil: a name or an item may be.
    let current: String?
  }

  /// The innermost call around the end of the source; nil where it lies in none.
  init?(at end: Int, in source: SourceText) {
    var brackets: [Bracket] = []
    for token in 0..<end { Self.take(token, source, &brackets) }
    guard let last = brackets.last else { return nil }
    if last.kind == "(" {
      guard last.isCall else { return nil }
      self.init(opening: last.token, argument: last.commas, table: nil)
      return
    }
    guard last.kind == "{" else { return nil }
    let table = TableFrame(names: last.names, current: last.current)
    if last.isCall {
      self.init(opening: last.token, argument: 0, table: table)
    } else if let call = brackets.dropLast().last, call.kind == "(", call.isCall,
      last.token == call.argumentStart
    {
      self.init(opening: call.token, argument: call.commas, table: table)
    } else {
      return nil
    }
  }

  /// The call whose only argument is a string without parentheses: `require "name"`.
  init?(string token: Int, in source: SourceText) {
    guard token > 0, source.canBeCalled(token - 1) else { return nil }
    self.init(opening: token, argument: 0, table: nil)
  }

  private init(opening: Int, argument: Int, table: TableFrame?) {
    self.opening = opening
    self.argument = argument
    self.table = table
  }

  /// A bracket or a block that is open.
  private struct Bracket {
    let kind: String
    let token: Int
    let isCall: Bool
    var commas = 0
    /// The first token of the argument.
    var argumentStart: Int
    var names: [String] = []
    var current: String?
  }

  private static func take(_ token: Int, _ source: SourceText, _ open: inout [Bracket]) {
    let word = source.word(token)
    switch source.kind(token) {
    case .symbol: symbol(word, token, source, &open)
    case .keyword where !(token > 0 && source.isSeparator(token - 1)):
      switch word {
      case "function", "do", "if", "repeat":
        open.append(Bracket(kind: word, token: token, isCall: false, argumentStart: token + 1))
      case "end", "until":
        while let last = open.last, "([{".contains(last.kind) { open.removeLast() }
        if !open.isEmpty { open.removeLast() }
      default: break
      }
    default: break
    }
  }

  private static func symbol(
    _ word: String, _ token: Int, _ source: SourceText, _ open: inout [Bracket]
  ) {
    switch word {
    case "(", "{", "[":
      let isCall =
        word != "[" && token > 0 && source.canBeCalled(token - 1) && !isDefinition(token, source)
      open.append(Bracket(kind: word, token: token, isCall: isCall, argumentStart: token + 1))
    case ")", "}", "]":
      if let last = open.last, "([{".contains(last.kind) { open.removeLast() }
    case ",", ";":
      guard let last = open.indices.last else { return }
      open[last].commas += 1
      open[last].argumentStart = token + 1
      open[last].current = nil
    case "=":
      guard let last = open.indices.last, open[last].kind == "{",
        token - 1 == open[last].argumentStart, source.isWord(token - 1)
      else { return }
      open[last].names.append(source.word(token - 1))
      open[last].current = source.word(token - 1)
    default: break
    }
  }

  /// `function name(` opens parameters and no arguments.
  private static func isDefinition(_ token: Int, _ source: SourceText) -> Bool {
    var place = token - 1
    while place > 1, source.isSeparator(place - 1) { place -= 2 }
    return source.isKeyword(place - 1, "function") || source.isKeyword(place, "function")
  }
}
