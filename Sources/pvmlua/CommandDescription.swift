import ArgumentParser
import PVMModule

/// The command as ArgumentParser describes it: `--help`, `--version` and the shell completions come
/// from here. `LaunchParser` does the parsing.
struct CommandDescription: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pvmlua",
    abstract: "Runs Lua scripts that read and change the memory of other processes.",
    usage: "pvmlua [options] [script [args]]",
    discussion: """
      Without a script: a prompt when standard input is a terminal, else standard input is the \
      script. Scripts find everything in the module pvm; print(pvm.help()) tells what it has.

      LUA_INIT, LUA_PATH and LUA_CPATH count as they do for lua5.4. Root gets no modules from a \
      current folder where others could have put them, unless LUA_PATH or LUA_CPATH names it. \
      Do not give this program capabilities or a set-user-ID bit: it refuses to run with them.
      """,
    version: "pvmlua \(PVMModule.version)")

  @Option(
    name: .customShort("e"),
    help: ArgumentHelp("Execute a statement. Repeatable, in order with -l.", valueName: "stat"))
  var statements: [String] = []

  @Option(
    name: .customShort("l"),
    help: ArgumentHelp(
      "Require a library into the global of its name, or with g=mod into g.", valueName: "mod"))
  var library: [String] = []

  @Flag(name: .customShort("i"), help: "Go to the prompt after the script.")
  var interactive = false

  @Flag(name: .customShort("v"), help: "Show the version of Lua.")
  var luaVersion = false

  @Flag(name: .customShort("E"), help: "Ignore environment variables.")
  var noEnvironment = false

  @Flag(name: .customShort("W"), help: "Turn warnings on.")
  var warnings = false

  @Option(
    name: [.customShort("p"), .customLong("pid")],
    help: ArgumentHelp("Attach to a process by number; it is the global game.", valueName: "pid"),
    completion: .shellCommand("ps -eo pid="))
  var process: Int?

  @Option(
    name: [.customShort("n"), .customLong("name")],
    help: ArgumentHelp("Attach to a process by name.", valueName: "name"),
    completion: .shellCommand("ps -eo comm="))
  var name: String?

  @Option(
    name: [.customShort("w"), .customLong("wait")],
    help: ArgumentHelp("Wait for a process of that name and attach to it.", valueName: "name"))
  var wait: String?

  @Option(
    name: [.customShort("m"), .customLong("tool")],
    help: ArgumentHelp(
      "Run a bundled tool: \(BundledTool.allCases.map(\.usage).joined(separator: ", ")).",
      valueName: "tool"),
    completion: .list(BundledTool.allCases.map(\.rawValue)))
  var tool: String?

  @Flag(name: .customLong("read-only"), help: "Refuse every write to any process.")
  var readOnly = false

  @Flag(
    name: .customLong("dry-run"),
    help: "Show every write and do none; reads show what would be there.")
  var dryRun = false

  @Flag(
    name: .customLong("sandbox"),
    help: ArgumentHelp(
      "Run a stranger's script: no files, no programs, no other process than -p, -n or -w.",
      discussion: """
        It gets no environment, modules only from its own folder, 256 MiB of memory and 300 seconds of \
        processor time unless --memory-limit and --time-limit say otherwise. What the process can do \
        to you, the script can do through it.
        """))
  var sandbox = false

  @Option(
    name: .customLong("journal"),
    help: ArgumentHelp(
      "Keep the journal of patches in a file, or none; by default in the state folder.",
      valueName: "file"))
  var journal: String?

  @Option(
    name: .customLong("memory-limit"),
    help: ArgumentHelp("Bytes that Lua may hold; K, M and G are understood.", valueName: "bytes"))
  var memoryLimit: String?

  @Option(
    name: .customLong("time-limit"),
    help: ArgumentHelp("Seconds of the processor that Lua may use.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(
    name: .customLong("color"),
    help: ArgumentHelp("Color messages: auto, always or never.", valueName: "when"),
    completion: .list(ColorChoice.allCases.map(\.rawValue)))
  var color: String?

  @Flag(
    name: .customLong("norc"),
    help: "Do not run init.lua of $XDG_CONFIG_HOME/pvmlua or ~/.config/pvmlua at the prompt.")
  var noInitFile = false

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Show no banner.")
  var quiet = false

  @Argument(help: "The script to run; - is standard input.", completion: .file(extensions: ["lua"]))
  var script: String?

  @Argument(parsing: .captureForPassthrough, help: "Arguments of the script: arg[1], arg[2] ...")
  var args: [String] = []
}

extension CommandDescription {
  /// How to call the program, in a line or two.
  static var usage: String { "usage: \(usageString())\n  pvmlua --help tells more" }

  /// Answers a question about the program itself.
  static func answer(_ question: [String]) -> Int32 {
    do { _ = try parse(question) } catch {
      let status = exitCode(for: error)
      let text = fullMessage(for: error)
      if status.isSuccess {
        print(text)
        return ExitStatus.success
      }
      Complaint(text).write()
    }
    return ExitStatus.failure
  }
}
