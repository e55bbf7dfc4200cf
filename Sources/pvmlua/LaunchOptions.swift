import MemoryModel

/// What a command line asks for.
struct LaunchOptions {
  /// What is done before the script, in the order given.
  enum Step: Equatable {
    case statement([UInt8])
    case library(global: String, module: String)
    case warnings
  }

  /// What is run.
  enum Program: Equatable {
    case none
    case file([UInt8])
    case standardInput
    case tool(BundledTool)
  }

  /// Which process becomes the global `game`.
  enum Target: Equatable {
    case id(ProcessID)
    case name(String)
    case awaited(String)
  }

  var steps: [Step] = []
  var program = Program.none
  /// The position of the script's name (or the tool's) on the command line: it becomes arg[0]. Without
  /// a script it is 0, the program itself.
  var scriptPosition = 0
  var isInteractive = false
  var showsVersion = false
  var ignoresEnvironment = false
  var target: Target?
  var isReadOnly = false
  var isDryRun = false
  /// Whether the script is a stranger's.
  var isSandboxed = false
  /// Where the journal of changes goes.
  var journal = JournalChoice.usual
  var isQuiet = false
  /// init.lua of the user's folder is not run.
  var ignoresInitFile = false
  var color = ColorChoice.auto
  /// Bytes that Lua may hold; nil: no limit.
  var memoryLimit: Int?
  /// Seconds of the processor that Lua may use; nil: no limit.
  var timeLimit: Double?

  /// What a stranger's script may use where nothing else is said.
  static let sandboxMemory = 256 << 20
  static let sandboxSeconds = 300.0

  /// What a script is called, and the words behind its name; none for what is no script.
  func script(of words: [Word]) -> (name: String, arguments: [[UInt8]]) {
    switch program {
    case .file, .standardInput:
      let name = words[scriptPosition].text.split(separator: "/").last.map(String.init)
      return (name ?? "script", words[(scriptPosition + 1)...].map(\.bytes))
    case .tool, .none: return ("pvmlua", [])
    }
  }

  var hasStatements: Bool {
    steps.contains { if case .statement = $0 { true } else { false } }
  }
}

/// What a command line can be: a thing to run, or a question about the program itself.
enum Launch {
  case run(LaunchOptions)
  /// `--help`, `--version`, `--generate-completion-script`: the words that ArgumentParser answers.
  case describe([String])
}

/// What is wrong with a command line.
struct UsageError: Error, Equatable {
  let reason: String
}
