import CReadline
@preconcurrency import Glibc
import LuaHost
import PVMModule

/// What the Lua of the prompt (prompt.lua, commands.lua) is given, and what it has left with us.
final class PromptHost {
  let insight: PromptInsight
  let isColored: Bool
  /// The functions that Lua has handed over.
  fileprivate(set) var functions: [String: KeptFunction] = [:]
  /// The process that the global `game` is.
  fileprivate(set) var target: ProcessHandle?
  /// How many entries have shown a value.
  fileprivate(set) var shownCount = 0
  /// Whether the prompt is to end.
  fileprivate(set) var isLeaving = false
  /// What was done so far.
  var log: [LoggedEntry] = []
  /// The entries that were kept, by the reader.
  var remembered: () -> [[UInt8]] = { [] }
  /// Files that are loaded again when they change.
  var loaded = LoadedFiles()

  let color: ColorChoice
  /// Whether the terminal knows escape sequences.
  let hasScreen: Bool

  init(insight: PromptInsight, color: ColorChoice, hasScreen: Bool) {
    self.insight = insight
    self.color = color
    self.hasScreen = hasScreen
    isColored = color.applies(to: STDOUT_FILENO)
  }

  /// Lua that is run in somebody's name is shown first.
  func echo(_ source: [UInt8]) {
    let shown = isColored ? insight.colored(source) : source
    StandardStreams.write(Array("  ".utf8) + shown + [UInt8(ascii: "\n")])
  }

  func clear() {
    if hasScreen { StandardStreams.write(Array("\u{1b}[H\u{1b}[2J\u{1b}[3J".utf8)) }
  }

  var size: (columns: Int, rows: Int) {
    var (columns, rows): (Int32, Int32) = (80, 24)
    pvm_terminal_size(&columns, &rows)
    return (Int(columns), Int(rows))
  }
}

/// An entry that was run without an error.
struct LoggedEntry {
  let source: [UInt8]
  /// The number of the value that it showed; nil: it showed none.
  let number: Int?
}

extension PromptHost {
  static var declaration: ClassDeclaration {
    ClassDeclaration(
      PromptHost.self, "pvmlua.prompt", "The prompt, for its own Lua.",
      [functionMembers, terminalMembers, fileMembers, logMembers])
  }

  private static var functionMembers: [Declaration] {
    [
      .method(
        "set", "Leave a function with the prompt.",
        Parameter("name", .text, "which: results, look, turn, command"),
        Parameter("fn", .function, "the function"), returns: .nothing
      ) { (_, host: PromptHost, name: String, function: KeptFunction) in
        host.functions[name] = function
      },
      .method(
        "see", "Say what the global `game` is.",
        Parameter("game", .processOrNothing, "a process, or anything else"), returns: .nothing
      ) { (_, host: PromptHost, process: ProcessHandle?) in host.target = process },
      .method(
        "text", "The values as a person is shown them; nil where print does it.",
        Parameter("...", .rest, "the values"),
        returns: ResultType<[UInt8]>.bytes("the text").optional()
      ) { (call, host: PromptHost, _: Void) in
        try host.insight.resultText(call, 2..<(call.argumentCount + 1))
      },
      .method(
        "echo", "Show the Lua that a command stands for.",
        Parameter("source", .bytes, "Lua"), returns: .nothing
      ) { (_, host: PromptHost, source: [UInt8]) in host.echo(source) },
      .method(
        "complain", "Say why a command does nothing.",
        Parameter("text", .bytes, "a line"), returns: .nothing
      ) { (_, host: PromptHost, text: [UInt8]) in
        Complaint(bytes: text, hasName: false).write(color: host.color)
      },
      .method("count", "Count an entry that has shown a value.", returns: .count("how many")) {
        (_, host: PromptHost) in
        host.shownCount += 1
        return host.shownCount
      },
      .method("leave", "End the prompt, once the entry has.", returns: .nothing) {
        (_, host: PromptHost) in host.isLeaving = true
      },
    ]
  }

  private static var terminalMembers: [Declaration] {
    [
      .field("columns", .count("columns of the terminal")) { (host: PromptHost) in
        host.size.columns
      },
      .field("rows", .count("rows of the terminal")) { (host: PromptHost) in host.size.rows },
      .field("colors", .boolean("whether colours are wanted")) { (host: PromptHost) in
        host.isColored
      },
      .method(
        "watch", "Show a text again and again, in the same place, until a key is pressed.",
        Parameter("fn", .function(signature: "fun(): string"), "makes the text"),
        returns: .nothing
      ) { (call, host: PromptHost, function: KeptFunction) in try host.watch(function, call) },
      .method("clear", "Clear the screen, where there is one.", returns: .nothing) {
        (_, host: PromptHost) in host.clear()
      },
      .method(
        "colored", "Source in colours.", Parameter("source", .bytes, "Lua"),
        returns: .bytes("the same with escape sequences, where they are wanted")
      ) { (_, host: PromptHost, source: [UInt8]) in
        host.isColored ? host.insight.colored(source) : source
      },
    ]
  }

  private static var fileMembers: [Declaration] {
    [
      .method(
        "watch_file", "Have a file run again whenever it is saved.",
        Parameter("path", .text, "of the file"), returns: .nothing
      ) { (_, host: PromptHost, path: String) in host.loaded.watch(path) },
      .field(
        "file", ResultType<String>.text("the file that was loaded last").optional()
      ) { (host: PromptHost) in host.loaded.latest },
    ]
  }

  private static var logMembers: [Declaration] {
    [
      .method(
        "log", "What was done so far.",
        returns: .value("table[]", "source, and the number of the value shown")
      ) { (_, host: PromptHost) in
        .table(
          LuaTable(
            array: host.log.map { entry in
              let number = entry.number.map { LuaValue.integer(Int64($0)) } ?? .null
              return .table(LuaTable([("source", .bytes(entry.source)), ("number", number)]))
            }))
      },
      .method("history", "The entries that are kept.", returns: .value("string[]", "oldest first"))
      { (_, host: PromptHost) in
        .table(LuaTable(array: host.remembered().map { .bytes($0) }))
      },
    ]
  }
}

extension ArgumentType where Value == ProcessHandle? {
  /// Whatever it is: a process, or nothing.
  fileprivate static var processOrNothing: ArgumentType<ProcessHandle?> {
    ArgumentType("process", annotation: "any") { call, index in
      try? ArgumentType<ProcessHandle>.object("pvm.process").read(call, index)
    }
  }
}

extension LuaTable {
  fileprivate init(array: [LuaValue]) {
    self.init()
    self.array = array
  }
}
