import LuaHost

/// Splits a command line as Lua's own interpreter does.
///
/// By hand, for three reasons: what follows the script's name belongs to the script, `-e` and `-l`
/// keep their order, and a start-up must not pay for ArgumentParser.
struct LaunchParser {
  private let words: [Word]
  private var position = 1
  var options = LaunchOptions()

  private init(_ words: [Word]) { self.words = words }

  static func parse(_ words: [Word]) throws(UsageError) -> Launch {
    var parser = LaunchParser(words)
    return try parser.launch()
  }

  private mutating func launch() throws(UsageError) -> Launch {
    while position < words.count, options.program == .none {
      let word = words[position]
      guard word.startsWithDash, word.bytes.count > 1 else {
        takeScript(word.startsWithDash ? .standardInput : .file(word.bytes))
        break
      }
      if word == Word("--") {
        takeScriptAfterDashes()
        break
      }
      if let question = try takeOption(word) { return .describe(question) }
      position += 1
    }
    return .run(try finished())
  }

  /// What options mean together.
  private func finished() throws(UsageError) -> LaunchOptions {
    guard options.isSandboxed else { return options }
    if case .tool(let tool) = options.program {
      throw UsageError(reason: "'--sandbox' is for scripts, and '-m \(tool.rawValue)' is none")
    }
    var options = options
    options.ignoresEnvironment = true
    options.ignoresInitFile = true
    options.memoryLimit = options.memoryLimit ?? LaunchOptions.sandboxMemory
    options.timeLimit = options.timeLimit ?? LaunchOptions.sandboxSeconds
    return options
  }

  private mutating func takeScript(_ program: LaunchOptions.Program) {
    options.program = program
    options.scriptPosition = position
  }

  /// After `--` even `-` is a file's name.
  private mutating func takeScriptAfterDashes() {
    position += 1
    if position < words.count { takeScript(.file(words[position].bytes)) }
  }

  // MARK: Options

  /// Takes one option; answers the words of a question about the program itself.
  private mutating func takeOption(_ word: Word) throws(UsageError) -> [String]? {
    if word.bytes[1] == UInt8(ascii: "-") { return try takeLong(word) }
    let letter = word.bytes[1]
    let rest = word.dropping(2)
    if let option = ValueOption(letter: letter) {
      try take(option, rest.bytes.isEmpty ? try nextWord(for: "-\(option.letter)") : rest)
      return nil
    }
    guard rest.bytes.isEmpty, let flag = PlainOption(letter: letter) else { throw unknown(word) }
    return take(flag)
  }

  private mutating func takeLong(_ word: Word) throws(UsageError) -> [String]? {
    let parts = word.dropping(2).bytes.split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self)
    if let flag = PlainOption(name: name) {
      guard parts.count == 1 else { throw UsageError(reason: "'--\(name)' takes no argument") }
      return take(flag)
    }
    let attached = parts.count == 2 ? Word(bytes: Array(parts[1])) : nil
    if name == Self.completionOption { return try completionQuestion(attached) }
    guard let option = ValueOption(name: name) else { throw unknown(word) }
    if let attached {
      try take(option, attached)
    } else {
      try take(option, try nextWord(for: "--\(name)"))
    }
    return nil
  }

  /// The shell may be left out: ArgumentParser then takes the one that runs.
  private mutating func completionQuestion(_ shell: Word?) throws(UsageError) -> [String] {
    let next = position + 1 < words.count ? words[position + 1] : nil
    return ["--" + Self.completionOption] + [shell ?? next].compactMap { $0?.text }
  }

  private mutating func nextWord(for option: String) throws(UsageError) -> Word {
    position += 1
    guard position < words.count, !words[position].startsWithDash else {
      throw UsageError(reason: "'\(option)' needs argument")
    }
    return words[position]
  }

  private mutating func take(_ flag: PlainOption) -> [String]? {
    switch flag {
    case .interactive: (options.isInteractive, options.showsVersion) = (true, true)
    case .luaVersion: options.showsVersion = true
    case .noEnvironment: options.ignoresEnvironment = true
    case .warnings: options.steps.append(.warnings)
    case .quiet: options.isQuiet = true
    case .readOnly: options.isReadOnly = true
    case .dryRun: options.isDryRun = true
    case .sandbox: options.isSandboxed = true
    case .noInitFile: options.ignoresInitFile = true
    case .help: return ["--help"]
    case .version: return ["--version"]
    }
    return nil
  }

  private mutating func take(_ option: ValueOption, _ value: Word) throws(UsageError) {
    switch option {
    case .statement: options.steps.append(.statement(value.bytes))
    case .library: options.steps.append(library(value.text))
    case .process: try take(.id(processID(value.text)))
    case .name: try take(.name(value.text))
    case .wait: try take(.awaited(value.text))
    case .journal: options.journal = JournalChoice(value.text)
    case .color: options.color = try color(value.text)
    case .memoryLimit: options.memoryLimit = try memoryLimit(value.text)
    case .timeLimit: options.timeLimit = try timeLimit(value.text)
    case .tool:
      options.program = .tool(try tool(value.text))
      options.scriptPosition = position
    }
  }

  private mutating func take(_ target: LaunchOptions.Target) throws(UsageError) {
    guard options.target == nil else {
      throw UsageError(reason: "only one of '-p', '-n' and '-w' can be given")
    }
    options.target = target
  }

  private func unknown(_ word: Word) -> UsageError {
    let known = PlainOption.allCases.compactMap(\.name) + ValueOption.allCases.compactMap(\.name)
    let name = word.text.prefix { $0 != "=" }.drop { $0 == "-" }
    var text = "unrecognized option '\(word.text)'"
    if word.text.hasPrefix("--"), let near = Spelling.nearest(to: String(name), among: known) {
      text += " (did you mean '--\(near)'?)"
    }
    return UsageError(reason: text)
  }

  static let completionOption = "generate-completion-script"
}
