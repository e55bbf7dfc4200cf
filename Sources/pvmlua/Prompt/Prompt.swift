import CReadline
@preconcurrency import Glibc
import LuaHost
import PVMModule
import RemoteMemory

/// The interactive prompt: reads entries, runs them, shows what they give.
///
/// Ctrl-C ends what runs, or drops what is being typed; Ctrl-D leaves. What happens in the background
/// is told above the line.
final class Prompt {
  fileprivate let state: LuaState
  private let session: Session
  private var color: ColorChoice { settings.color }
  private let settings: Settings
  private let host: PromptHost
  private let reader: any LineReader
  private var hasToldOfLocals = false
  private var lastTold: ProcessHandle?
  /// When tasks that never wait have their next turn, on the monotonic clock.
  private var nextTurn = 0.0
  /// The keys want a turn too.
  private static let leastPause = 0.002

  /// How a prompt begins.
  struct Settings {
    var color = ColorChoice.auto
    var hasBanner = true
    /// Run init.lua of the user's folder first.
    var runsInitFile = true
    /// The Lua that the command line stands for: what .save writes first.
    var done: [String] = []
  }

  init(state: LuaState, session: Session, settings: Settings, insight: PromptInsight) {
    self.state = state
    self.session = session
    self.settings = settings
    host = PromptHost(insight: insight, color: settings.color, hasScreen: EditedReader.isPossible)
    host.log = settings.done.map { LoggedEntry(source: Array($0.utf8), number: nil) }
    if EditedReader.isPossible {
      let reader = EditedReader(
        insight: insight, history: HistoryFile(), isColored: host.isColored)
      self.reader = reader
      reader.attend = { [unowned self] in attend() }
      reader.commands = { [unowned self] in commandNames }
      host.remembered = { [unowned reader] in reader.entries }
    } else {
      reader = PlainReader()
    }
  }

  func run() {
    let isTerminal = isatty(STDIN_FILENO) == 1
    if isTerminal {
      pvm_signals_begin()
      LuaState.setEarlyInterrupt { pvm_interrupt_take() }
    }
    loadOwnLua()
    if settings.runsInitFile { runInitFile() }
    if settings.hasBanner, isTerminal {
      print("print(pvm.help()) and .help tell what there is; Tab completes, Ctrl-D leaves")
    }
    while !host.isLeaving, readAndRun() {}
    if isTerminal { pvm_signals_end() }
  }

  private func loadOwnLua() {
    guard (try? state.install(PromptHost.declaration)) != nil,
      state.setGlobal("pvmlua_prompt", to: host) == .completed
    else { return }
    for (source, name) in [
      (PackageResources.commands_lua, "=commands.lua"),
      (PackageResources.prompt_lua, "=prompt.lua"),
    ] { report(state.run(.bytes(source, name: name)), of: []) }
  }

  /// What the user has set up for every session.
  private func runInitFile() {
    guard let path = UserFolder.config.map({ $0 + "/init.lua" }), access(path, F_OK) == 0 else {
      return
    }
    guard UserFolder.mayBeTrusted(path) else {
      return Complaint("\(path) is not run: we are root, and others may write there").write()
    }
    report(state.run(.file(path)), of: [])
  }

  // MARK: Entries

  /// One entry of one line or more; false at the end of the input.
  private func readAndRun() -> Bool {
    let sign = sign()
    switch reader.line(LineRequest(sign: sign)) {
    case .end:
      if reader is PlainReader { print() }
      return false
    case .dropped: return true
    case .line(let line):
      guard line.contains(where: { $0 > UInt8(ascii: " ") }) else { return true }
      if isCommand(line) { runCommand(line) } else { runEntry(line, sign) }
      return true
    }
  }

  /// Runs an entry, with as many further lines as it needs.
  private func runEntry(_ line: [UInt8], _ sign: String) {
    var entry = line
    var outcome = run(entry)
    while case .incomplete = outcome {
      // Ctrl-C may have come while the lines before were looked at.
      if pvm_interrupt_take() { return print() }
      let more = LineRequest(
        sign: continuation(of: sign), earlier: entry + [UInt8(ascii: "\n")],
        indent: EntryShape(entry).indent)
      switch reader.line(more) {
      case .dropped: return
      case .end: return report(outcome, of: entry)
      case .line(let next):
        entry += [UInt8(ascii: "\n")] + next
        outcome = run(entry)
      }
    }
    reader.remember(entry)
    report(outcome, of: entry)
    host.insight.entryDone()
  }

  private func run(_ entry: [UInt8]) -> Outcome {
    var source = entry
    if source.first == UInt8(ascii: "=") {
      source.replaceSubrange(0..<1, with: Array("return ".utf8))
    } else if let translated = host.insight.translated(source) {
      source = translated
    }
    var chunk = Chunk.bytes(source, name: "=stdin").with(triesExpression: true)
    chunk.resultsTo = host.functions["results"]
    chunk.printsResults = chunk.resultsTo == nil
    let shown = host.shownCount
    let outcome = state.run(chunk)
    if case .completed = outcome {
      let number = host.shownCount > shown ? host.shownCount : nil
      host.log.append(LoggedEntry(source: source, number: number))
      noteLocals(source)
    }
    return outcome
  }

  /// Says once that a local variable is gone when its entry is.
  private func noteLocals(_ entry: [UInt8]) {
    let word = entry.drop { $0 <= UInt8(ascii: " ") }.prefix { $0 > UInt8(ascii: " ") }
    guard !hasToldOfLocals, word.elementsEqual("local".utf8) else { return }
    hasToldOfLocals = true
    fputs("pvmlua: a local lives as long as its entry; without the word it stays\n", stderr)
  }

  fileprivate func report(_ outcome: Outcome, of entry: [UInt8]) {
    if case .completed = outcome { return }
    // What Ctrl-C cut short has left its mark on the streams.
    pvm_clear_streams()
    if let text = host.insight.errorText(outcome.message, entry) {
      fwrite(text, 1, text.count, stderr)
    } else {
      Complaint(bytes: outcome.message, hasName: false).write(color: color)
    }
  }

  // MARK: Commands

  /// A dot and a letter; numbers such as .5 are Lua.
  private func isCommand(_ line: [UInt8]) -> Bool {
    let start = line.drop { $0 == UInt8(ascii: " ") }.prefix(2)
    return start.first == UInt8(ascii: ".") && start.last.map { (97...122).contains($0) } ?? false
  }

  /// Runs the Lua that a command stands for.
  private func runCommand(_ line: [UInt8]) {
    reader.remember(line)
    guard let function = host.functions["command"] else { return }
    let (outcome, text) = function.run { $0.bytes(line) }
    report(outcome, of: line)
    for source in (text ?? []).split(separator: 0).map(Array.init) {
      host.echo(source)
      let outcome = run(source)
      report(outcome, of: source)
      guard case .completed = outcome else { return }
    }
  }

  private lazy var commandNames: [String] = {
    let text = host.functions["names"]?.run().text ?? []
    return String(decoding: text, as: UTF8.self).split(separator: " ").map(String.init).sorted()
  }()

  // MARK: The sign

  private func sign() -> String {
    _ = pvm_interrupt_take()
    if let own = look("_PROMPT") { return own }
    guard let target = host.target, target.isRunning, let title = target.title else {
      return "pvm> "
    }
    // A program may have any name.
    let safe = String(title.unicodeScalars.map { $0.properties.isPrintable ? Character($0) : "?" })
    return "pvm \(safe)> "
  }

  /// As wide as the sign of the first line.
  private func continuation(of sign: String) -> String {
    look("_PROMPT2") ?? String(repeating: " ", count: max(0, sign.count - 3)) + ">> "
  }

  private func look(_ name: String) -> String? {
    guard let function = host.functions["look"] else { return nil }
    return function.run { $0.text(name) }.text.map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: The background

  /// Does what is due while a line is typed; says for how many milliseconds it may be left alone.
  private func attend() -> Int32 {
    if let target = host.target, target !== lastTold, !target.isRunning, let title = target.title {
      lastTold = target
      reader.above { Complaint("\(title) \(target.ending ?? "has exited")").write(color: .never) }
    }
    if session.isDue, Clock.now >= nextTurn, let function = host.functions["turn"] {
      reader.above { report(function.run().outcome, of: []) }
      nextTurn = Clock.now + Self.leastPause
    }
    for path in host.loaded.changed() { reader.above { reload(path) } }
    var seconds = session.secondsToNextTurn
    if !host.loaded.isEmpty { seconds = min(seconds ?? 0.3, 0.3) }
    if host.target?.isRunning == true { seconds = min(seconds ?? 0.2, 0.2) }
    guard var seconds else { return -1 }
    if seconds < Self.leastPause { seconds = max(seconds, nextTurn - Clock.now, 0) }
    return Int32((seconds * 1000).rounded(.up))
  }
}

extension Prompt {
  /// Runs a file that was saved; it says itself what it does.
  private func reload(_ path: String) {
    Complaint("\(path) was saved, and is run again").write(color: .never)
    report(state.run(.file(path)), of: [])
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isPrintable: Bool {
    switch generalCategory {
    case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
