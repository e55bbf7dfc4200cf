/// An expression of names, calls and indices, as `pvm.attach("game"):regions()[1].name`.
struct SourceChain {
  enum Root {
    case name(String)
    case string
    /// In parentheses: the tokens inside.
    case group(Range<Int>)
  }

  enum Step {
    /// `.name` or `:name`.
    case field(String)
    case call
    /// `[...]`: the tokens inside.
    case index(Range<Int>)
  }

  let root: Root
  let steps: [Step]
  /// Its first token.
  let start: Int

  /// The chain that ends before the token `end`; nil where none does.
  init?(endingBefore end: Int, in source: SourceText) {
    guard let start = Self.start(endingBefore: end, in: source) else { return nil }
    self.init(from: start, to: end, in: source)
  }

  /// The chain that begins with the token `start` and goes on as far as it can, at most to `end`.
  init?(from start: Int, to end: Int, in source: SourceText) {
    var place = start
    guard start < end else { return nil }
    switch source.kind(start) {
    case .name:
      root = .name(source.word(start))
      place += 1
    case .string where source.tokens[start].isComplete:
      root = .string
      place += 1
    case .symbol where source.word(start) == "(":
      guard let close = source.closing(start), close < end else { return nil }
      root = .group((start + 1)..<close)
      place = close + 1
    default: return nil
    }
    var steps: [Step] = []
    while place < end, let (step, next) = Self.step(at: place, in: source), next <= end {
      steps.append(step)
      place = next
    }
    self.steps = steps
    self.start = start
  }

  private static func step(at place: Int, in source: SourceText) -> (Step, next: Int)? {
    switch (source.kind(place), source.word(place)) {
    case (.symbol, "."), (.symbol, ":"):
      guard source.isWord(place + 1) else { return nil }
      return (.field(source.word(place + 1)), place + 2)
    case (.symbol, "["):
      guard let close = source.closing(place) else { return nil }
      return (.index((place + 1)..<close), close + 1)
    case (.symbol, "("), (.symbol, "{"):
      guard let close = source.closing(place) else { return nil }
      return (.call, close + 1)
    case (.string, _): return (.call, place + 1)
    default: return nil
    }
  }

  /// Goes back over what a chain may consist of.
  private static func start(endingBefore end: Int, in source: SourceText) -> Int? {
    var place = end - 1
    while place >= 0 {
      switch source.kind(place) {
      case .name, .keyword:
        if place >= 2, source.isSeparator(place - 1) {
          place -= 2
          continue
        }
        return source.kind(place) == .name ? place : nil
      case .string:
        guard source.tokens[place].isComplete else { return nil }
        guard place > 0, source.canBeCalled(place - 1) else { return place }
        place -= 1
      case .symbol:
        guard [")", "]", "}"].contains(source.word(place)), let open = source.opening(place) else {
          return nil
        }
        if open > 0, source.canBeCalled(open - 1) {
          place = open - 1
        } else {
          return source.word(place) == ")" ? open : nil
        }
      default: return nil
      }
    }
    return nil
  }
}
