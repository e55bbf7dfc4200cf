@preconcurrency import Glibc
import LuaHost
import PVMModule
import RemoteMemory

/// One run of the program: a Lua state and the steps of the command line, in the order of Lua's own
/// interpreter.
struct Interpreter {
  let options: LaunchOptions
  let state: LuaState
  private let words: [Word]
  private let session: Session
  private let dryRun: DryRunReport
  private let firstWrite: FirstWriteNotice

  /// A state with the module in it; nil when memory does not suffice.
  init?(_ options: LaunchOptions, _ words: [Word]) {
    var configuration = LuaState.Configuration()
    configuration.memoryLimit = options.memoryLimit
    configuration.ignoresEnvironment = options.ignoresEnvironment
    guard let state = LuaState(configuration) else { return nil }
    let dryRun = DryRunReport(color: options.color)
    let mode: AccessMode =
      options.isReadOnly || options.program == .tool(.lint)
      ? .readOnly : options.isDryRun ? .pretend : .readWrite
    let session = Session(mode: mode, targetPath: Self.bundledTarget)
    session.tellOfPretended = dryRun.show
    let firstWrite = FirstWriteNotice()
    if !options.isQuiet { session.tellOfFirstWrite = firstWrite.tell }
    if !options.isQuiet, isatty(STDERR_FILENO) == 1 {
      let line = ProgressLine()
      session.tellOfProgress = line.show
      session.tell = { fputs("pvmlua: \($0)\n", stderr) }
    }
    session.output = StandardStreams.write
    session.report = StandardStreams.report
    session.leave = StandardStreams.leave
    session.screen = { TerminalScreen.open(color: options.color) }
    session.prepareEnding = Endings.begin
    session.runsTrainers = options.program != .tool(.lint)
    (session.scriptName, session.arguments) = options.script(of: words)
    session.journalFolders = JournalChoice.folders
    Journal.ours.location = options.journal.location
    Endings.watchWhenNeeded()
    Endings.endWhenOutOfTime()
    guard (try? PVMModule.install(in: state, session: session)) != nil else { return nil }
    self.options = options
    self.state = state
    self.words = words
    self.session = session
    self.dryRun = dryRun
    self.firstWrite = firstWrite
  }

  /// Ends the run: what it has changed is taken back first, while scripts' finalizers have not run.
  func close() {
    Endings.takeBack()
    state.close()
    if session.mode == .pretend, !options.isQuiet { dryRun.finish() }
  }

  /// Everything, to the exit status.
  func run() -> Int32 {
    do {
      if options.showsVersion, !options.isQuiet { print(LuaState.luaCopyright) }
      try check(state.setArguments(words.map(\.bytes), script: options.scriptPosition))
      if !options.isSandboxed {
        try ModulePath(ignoresEnvironment: options.ignoresEnvironment).protect(state)
      }
      try runInitialization()
      let process = try attach()
      if options.isSandboxed { try closeSandbox(around: process) }
      try limitTime()
      for step in options.steps { try run(step) }
      try runProgram()
      return ExitStatus.success
    } catch {
      return error.status
    }
  }

  // MARK: Steps

  /// LUA_INIT_5_4, or else LUA_INIT: a statement, or @ and a file.
  private func runInitialization() throws(Ending) {
    guard !options.ignoresEnvironment else { return }
    for name in ["LUA_INIT_5_4", "LUA_INIT"] {
      guard let value = getenv(name) else { continue }
      let text = Array(bytes: value)
      let isFile = text.first == UInt8(ascii: "@")
      return try check(
        state.run(isFile ? .file(Array(text.dropFirst())) : .bytes(text, name: "=" + name)))
    }
  }

  private func run(_ step: LaunchOptions.Step) throws(Ending) {
    switch step {
    case .statement(let text): try check(state.run(.bytes(text, name: "=(command line)")))
    case .library(let global, let module): try check(state.require(module, as: global))
    case .warnings: state.setWarnings(true)
    }
  }

  private func runProgram() throws(Ending) {
    switch options.program {
    case .file(let path): try check(state.run(.file(path).with(passesArguments: true)))
    case .standardInput: try check(state.run(.standardInput.with(passesArguments: true)))
    case .tool(let tool):
      let chunk = Chunk.bytes(tool.source, name: "@\(tool.rawValue).lua")
      try check(state.run(chunk.with(passesArguments: true)))
    case .none where options.isInteractive || options.hasStatements || options.showsVersion: break
    case .none where isatty(STDIN_FILENO) == 1:
      if !options.isQuiet { print(LuaState.luaCopyright) }
      return prompt()
    case .none: try check(state.run(.standardInput))
    }
    if options.isInteractive { prompt() } else { try runTrainer() }
  }

  /// Runs the trainer that a script has declared and left to us.
  private func runTrainer() throws(Ending) {
    guard session.hasTrainers else { return }
    if case .tool = options.program { return }
    try check(state.run(.text(Self.trainerChunk, name: "=trainer")))
  }

  private static let trainerChunk = """
    local pvm = package and package.loaded.pvm or pvm
    local declared = pvm.trainers()
    if #declared > 1 then
      error("the script declares " .. #declared .. " trainers; it has to run one itself: trainer:run()", 0)
    end
    if declared[1] then declared[1]:run() end
    """

  private func prompt() {
    let display = Display(state, session)
    display.isColored = options.color.applies(to: STDOUT_FILENO)
    _ = display.install()
    session.isInteractive = true
    firstWrite.begin()
    var settings = Prompt.Settings()
    settings.color = options.color
    settings.hasBanner = !options.isQuiet
    settings.runsInitFile = !options.ignoresInitFile && !options.ignoresEnvironment
    settings.done = commandLineInLua
    Prompt(state: state, session: session, settings: settings, insight: PromptInsight(display)).run()
  }

  /// The target and the script as Lua gets them.
  private var commandLineInLua: [String] {
    var done: [String] = []
    switch options.target {
    case .id(let id): done.append("game = pvm.attach(\(id))")
    case .name(let name): done.append("game = pvm.attach(\(name.luaLiteral))")
    case .awaited(let name): done.append("game = pvm.wait(\(name.luaLiteral))")
    case nil: break
    }
    if case .file(let path) = options.program {
      done.append("dofile(\(String(decoding: path, as: UTF8.self).luaLiteral))")
    }
    return done
  }

  // MARK: Target

  /// Makes the process that was asked for the global `game`.
  private func attach() throws(Ending) -> RemoteProcess? {
    guard let target = options.target else { return nil }
    let options = session.attachOptions
    do throws(RemoteMemoryError) {
      let process =
        switch target {
        case .id(let id): try RemoteProcess.attach(id, options: options)
        case .name(let name): try RemoteProcess.attach(ProcessQuery(name: name), options: options)
        case .awaited(let name): try wait(for: name, options)
        }
      _ = state.setGlobal("game", to: ProcessHandle(process))
      return process
    } catch {
      throw complaint(error)
    }
  }

  private func complaint(_ error: RemoteMemoryError) -> Ending {
    complain(Array("\(error.message)\(error.hint.map { "\n  " + $0 } ?? "")".utf8))
    return .failed
  }

  // MARK: Guards

  /// From here on scripts, and we ourselves, reach nothing but this process.
  private func closeSandbox(around process: RemoteProcess?) throws(Ending) {
    do throws(RemoteMemoryError) {
      try Sandbox.close(around: process.map { [$0] } ?? [])
    } catch {
      throw complaint(error)
    }
    guard (try? state.confine(modulesIn: scriptFolder)) != nil else {
      complain(Array("not enough memory".utf8))
      throw .failed
    }
  }

  /// The folder of the script, links followed; nil where it is no file.
  private var scriptFolder: String? {
    guard case .file(let path) = options.program else { return nil }
    let folder =
      path.lastIndex(of: UInt8(ascii: "/")).map { Array(path[...$0]) } ?? Array("./".utf8)
    let text = folder.map { CChar(bitPattern: $0) } + [0]
    guard let real = realpath(text, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private func limitTime() throws(Ending) {
    guard let seconds = options.timeLimit, !state.limitTime(seconds: seconds) else { return }
    complain(Array("cannot watch over --time-limit: no thread to be had".utf8))
    throw .failed
  }

  private func wait(for name: String, _ attach: AttachOptions) throws(RemoteMemoryError)
    -> RemoteProcess
  {
    if !options.isQuiet, isatty(STDERR_FILENO) == 1 {
      Complaint(bytes: Array("waiting for \(name) (Ctrl-C ends)".utf8)).write(color: .never)
    }
    return try RemoteProcess.wait(for: ProcessQuery(name: name), seconds: nil, options: attach)
  }

  /// `pvm-target` beside this program; nil: it is sought in PATH.
  private static var bundledTarget: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    guard count > 0, let slash = path[..<count].lastIndex(of: CChar(UInt8(ascii: "/"))) else {
      return nil
    }
    let folder = String(decoding: path[...slash].map(UInt8.init(bitPattern:)), as: UTF8.self)
    let target = folder + "pvm-target"
    return access(target, X_OK) == 0 ? target : nil
  }
}

/// How a run came to an early end.
enum Ending: Error {
  case failed, interrupted

  var status: Int32 {
    switch self {
    case .failed: ExitStatus.failure
    case .interrupted: ExitStatus.interrupted
    }
  }
}

extension Interpreter {
  /// Shows an error as Lua's own interpreter does, and ends the run.
  private func check(_ outcome: Outcome) throws(Ending) {
    switch outcome {
    case .completed: return
    case .failed(let text), .incomplete(let text):
      complain(text)
      throw .failed
    case .interrupted(let text):
      complain(text)
      throw .interrupted
    }
  }

  private func complain(_ text: [UInt8]) { Complaint(bytes: text).write(color: options.color) }
}

extension String {
  /// As a literal of Lua.
  fileprivate var luaLiteral: String {
    let escaped = unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        "\\\(scalar.value / 100)\(scalar.value / 10 % 10)\(scalar.value % 10)"
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
