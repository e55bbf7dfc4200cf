internal import CLuaBridge

/// The call around a place, whose function is known.
struct KnownCall {
  private let place: ManualPlace?
  private let parameterNames: [String]
  private let title: String
  private let results: String
  /// Which parameter the place belongs to.
  private let index: Int
  private let table: CallFrame.TableFrame?
  private let receiver: AnyObject?
  private let sources: CompletionSources

  init?(before token: Int, _ pass: CompletionPass) {
    guard let frame = CallFrame(at: token, in: pass.source) else { return nil }
    self.init(frame, pass)
  }

  /// The call around a string, which may be its only argument.
  init?(string token: Int, _ pass: CompletionPass) {
    guard
      let frame = CallFrame(string: token, in: pass.source)
        ?? CallFrame(at: token, in: pass.source)
    else { return nil }
    self.init(frame, pass)
  }

  private init?(_ frame: CallFrame, _ pass: CompletionPass) {
    guard let chain = SourceChain(endingBefore: frame.opening, in: pass.source) else { return nil }
    let resolver = Resolver(stack: pass.stack, host: pass.state, source: pass.source)
    var shift = 0
    switch resolver.resolve(chain) {
    case .declared(let place):
      self.place = place
      parameterNames = place.declaration.parameters.map(\.hintName)
      title = place.spelling
      results = place.declaration.results.map(\.annotation).joined(separator: ", ")
      // `game.read(game, ...)` passes the receiver itself.
      let isMethodCall = pass.source.isSymbol(frame.opening - 2, ":")
      shift = place.owner != nil && !isMethodCall ? 1 : 0
    case .function(let name, let text):
      place = nil
      let entry = text.place == nil ? StandardLibrary.entry(name) : nil
      parameterNames = entry?.parameters ?? text.parameters
      title = name
      results = ""
    default: return nil
    }
    index = frame.argument - shift
    table = frame.table
    sources = pass.sources
    receiver = Self.receiver(chain, resolver)
  }

  /// The object whose method is called, where a variable holds it.
  private static func receiver(_ chain: SourceChain, _ resolver: Resolver) -> AnyObject? {
    guard case .field? = chain.steps.last else { return nil }
    let end = chain.start + 1
    guard chain.steps.count == 1,
      let owner = SourceChain(from: chain.start, to: end, in: resolver.source),
      case .object(_, let object) = resolver.resolve(owner)
    else { return nil }
    return object
  }

  // MARK: Parameters

  private var parameters: [ParameterText] { place?.declaration.parameters ?? [] }

  /// The parameter at the place; the last one where that takes all further arguments.
  private var parameter: ParameterText? {
    guard index >= 0 else { return nil }
    if index < parameters.count { return parameters[index] }
    return parameters.last?.name == "..." ? parameters.last : nil
  }

  /// The options that the table around the place can hold: those of its parameter, or of one behind it
  /// in whose place it may stand.
  private var options: [ParameterText] {
    guard table != nil, index >= 0, index < parameters.count else { return [] }
    return parameters[index...].first { !$0.options.isEmpty }?.options ?? []
  }

  private var option: ParameterText? {
    table?.current.flatMap { name in options.first { $0.name == name } }
  }

  /// Whether the name of an option may be typed here.
  var isAtOptionName: Bool { table != nil && table?.current == nil && !options.isEmpty }

  /// What takes the value that is being typed.
  private var target: ParameterText? { table == nil ? parameter : option }

  /// Whether words are joined by `|`.
  var takesSeveralWords: Bool { target.map { $0.summary.contains("|") } ?? false }

  // MARK: Candidates

  /// Where no string has been begun.
  func candidates() -> [Candidate] {
    if isAtOptionName {
      let given = Set(table?.names ?? [])
      return options.filter { !given.contains($0.name) }.map { option in
        Candidate(
          option.name, .option, signature: option.annotation,
          summary: ManualText.line(option.explanation(besideType: true)), ending: "=")
      }
    }
    guard let target else { return [] }
    if target.annotation == "boolean" { return ["true", "false"].map { Candidate($0, .value) } }
    return target.choices.map { Candidate("\"\($0)\"", .value, summary: target.name) }
  }

  /// Inside a string.
  func texts(_ typed: String) -> [Candidate] {
    guard let target else { return [] }
    if !target.choices.isEmpty {
      return target.choices.map { Candidate($0, .value, summary: target.name) }
    }
    return sources.values(target, receiver, typed)
  }

  // MARK: The hint

  var hint: SignatureHint? {
    let marked = place == nil && index >= parameterNames.count ? parameterNames.count - 1 : index
    let isRest = parameterNames.last?.hasPrefix("...") == true
    let current = isRest ? min(marked, parameterNames.count - 1) : marked
    var hint = SignatureHint(before: title + "(", current: "", after: "", note: note)
    for (number, name) in parameterNames.enumerated() {
      let comma = number > 0 ? ", " : ""
      if number < current || current < 0 {
        hint.before += comma + name
      } else if number == current {
        hint.before += comma
        hint.current = name
      } else {
        hint.after += comma + name
      }
    }
    let tail = ")" + (results.isEmpty ? "" : " -> \(results)")
    if hint.current.isEmpty { hint.before += tail } else { hint.after += tail }
    return hint
  }

  private var note: String {
    guard let target = table == nil ? parameter : option ?? parameter else { return "" }
    let name = table?.current != nil && option != nil ? target.name + ": " : ""
    return ManualText.line(name + target.explanation)
  }
}

extension ParameterText {
  /// `[name]` where it may be left out.
  fileprivate var hintName: String { mayBeAbsent ? "[\(name)]" : name }
}
