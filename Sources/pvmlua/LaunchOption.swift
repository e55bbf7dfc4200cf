/// The options without a value. Lua's own have a letter only.
enum PlainOption: CaseIterable {
  case interactive, luaVersion, noEnvironment, warnings, quiet, readOnly, dryRun, sandbox, noInitFile,
    help, version

  var letter: Character? {
    switch self {
    case .interactive: "i"
    case .luaVersion: "v"
    case .noEnvironment: "E"
    case .warnings: "W"
    case .quiet: "q"
    case .help: "h"
    case .readOnly, .dryRun, .sandbox, .noInitFile, .version: nil
    }
  }

  var name: String? {
    switch self {
    case .interactive, .luaVersion, .noEnvironment, .warnings: nil
    case .quiet: "quiet"
    case .readOnly: "read-only"
    case .dryRun: "dry-run"
    case .sandbox: "sandbox"
    case .noInitFile: "norc"
    case .help: "help"
    case .version: "version"
    }
  }

  init?(letter: UInt8) {
    let found = Self.allCases.first { $0.letter?.asciiValue == letter }
    guard let found else { return nil }
    self = found
  }

  init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// The options with a value: attached to the letter, behind `=`, or the next word.
enum ValueOption: CaseIterable {
  case statement, library, process, name, wait, tool, journal, color, memoryLimit, timeLimit

  /// A space stands for none.
  var letter: Character {
    switch self {
    case .statement: "e"
    case .library: "l"
    case .process: "p"
    case .name: "n"
    case .wait: "w"
    case .tool: "m"
    case .journal, .color, .memoryLimit, .timeLimit: " "
    }
  }

  var name: String? {
    switch self {
    case .statement, .library: nil
    case .process: "pid"
    case .name: "name"
    case .wait: "wait"
    case .tool: "tool"
    case .journal: "journal"
    case .color: "color"
    case .memoryLimit: "memory-limit"
    case .timeLimit: "time-limit"
    }
  }

  init?(letter: UInt8) {
    guard letter != UInt8(ascii: " "),
      let found = Self.allCases.first(where: { $0.letter.asciiValue == letter })
    else { return nil }
    self = found
  }

  init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
