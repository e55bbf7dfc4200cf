import LuaHost
import MemoryModel

extension Display {
  /// Shows a page.
  func show(page: String) { write(bytes(painted(page: page))) }

  /// A page in colours: its first line is a signature, titles begin a line, and what stands below
  /// `Example` is Lua.
  func painted(page: String) -> [StyledText] {
    var isExample = false
    var isFirst = true
    var lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      let isTitle = line.first.map { !$0.isWhitespace } ?? false
      if isTitle { isExample = line == "Example" }
      defer { if !line.isEmpty { isFirst = false } }
      if isFirst { return StyledText(String(line), .function) }
      if isTitle { return StyledText(String(line), .strong) }
      if isExample { return SourcePaint.lines(Array(line.utf8)).first ?? StyledText() }
      return StyledText(String(line))
    }
  }
}

extension PVMModule {
  /// The global `help` of the prompt.
  static var promptHelp: Declaration {
    .function(
      "help", "Show the manual page of a function, a value or a word.",
      Parameter<Void>("topic", .rest, "a function, an object, or \"name\", \"word\", \"tutorial\""),
      returns: .nothing
    ) { call, _ in
      guard let display = call.session.display else { return }
      try display.help(call)
    }
  }
}

extension Display {
  /// Puts what only a person at the prompt needs among the globals: `help`.
  /// - Returns: false where memory does not suffice.
  public func install() -> Bool {
    state.setGlobal("help", to: PVMModule.promptHelp) == .completed
  }

  fileprivate func help(_ call: borrowing Call) throws {
    let manual = session.manual
    guard call.argumentCount > 0, !call.isAbsent(at: 1) else {
      return show(page: manual.overview() + Self.furtherHelp)
    }
    if call.kind(at: 1) == .string {
      let topic = String(decoding: try call.bytes(at: 1).prefix(4096), as: UTF8.self)
      return help(topic)
    }
    let value = call.inspect(at: 1)
    if case .table(let table) = value, table["_VERSION"] != nil, table["attach"] != nil {
      return show(page: manual.overview())
    }
    show(
      page: manual.page(of: value)
        ?? "no page tells of a \(value.typeName); help() lists what there is")
  }

  /// The page of a name, of an expression such as `game.scan`, or what a word is found in.
  func help(_ topic: String) {
    if topic == "tutorial" { return tutorial.begin() }
    let manual = session.manual
    let named = manual.help(for: topic)
    let meant = Completer(state).page(of: topic, in: manual)
    // An expression names one thing, a word whatever is called so.
    let known = topic.contains(".") || topic.contains(":") ? meant ?? named : named ?? meant
    show(page: known ?? manual.helpOrSearch(topic))
  }

  private static let furtherHelp = """

    At the prompt
      help(game.scan), game.scan?   the page of a function
      help "word"                   what a word is found in
      help "tutorial"               ten steps for a newcomer
      Tab, Alt-h                    what could come next; the parameters of a call
    """

  /// The Lua for an entry that ends with a question mark; nil where it is none.
  public func translated(_ entry: [UInt8]) -> [UInt8]? {
    let trimmed = entry.drop { $0 == 0x20 || $0 == 0x09 }.reversed().drop { $0 <= 0x20 }.reversed()
    guard trimmed.last == UInt8(ascii: "?") else { return nil }
    let expression = Array(trimmed.dropLast())
    guard expression.count <= 4096 else { return nil }
    let tokens = LuaLexer.tokens(of: expression)
    guard tokens.allSatisfy({ $0.kind != .invalid && $0.kind != .comment && $0.isComplete }) else {
      return nil
    }
    let topic = String(decoding: expression, as: UTF8.self)
    return Array((topic.isEmpty ? "help()" : "help(\(Self.literal(topic)))").utf8)
  }

  private static func literal(_ text: String) -> String {
    let inner = text.map { character in
      switch character {
      case "\\": "\\\\"
      case "\"": "\\\""
      case "\n": "\\n"
      default: String(character)
      }
    }
    return "\"\(inner.joined())\""
  }
}
