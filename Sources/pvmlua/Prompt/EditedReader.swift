import CReadline
@preconcurrency import Glibc

/// Lines of a terminal, edited with GNU readline. While one is typed, signals, timers and messages
/// have their turn.
final class EditedReader: LineReader {
  private let insight: PromptInsight
  /// The names of commands, for Tab.
  var commands: () -> [String] = { [] }
  private let history: HistoryFile?
  private let isColored: Bool
  /// Does what is due, and says how many milliseconds may pass until it is called again; less than
  /// 0: any number.
  var attend: () -> Int32 = { -1 }
  private var request = LineRequest(sign: "")

  init(
    insight: PromptInsight, history: HistoryFile?, isColored: Bool
  ) {
    self.insight = insight
    self.history = history
    self.isColored = isColored
    prepare()
  }

  /// Whether the streams are a terminal that it can be used on.
  static var isPossible: Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, let term = getenv("TERM") else {
      return false
    }
    let name = String(cString: term)
    return !name.isEmpty && name != "dumb"
  }

  private func prepare() {
    var hooks = pvm_editor_hooks()
    hooks.context = Unmanaged.passUnretained(self).toOpaque()
    hooks.tab = { context, again in EditedReader.of(context)?.complete(again: again) }
    hooks.hint = { context in EditedReader.of(context)?.showHint() }
    hooks.accept = { context in
      EditedReader.of(context)?.dedent()
      EditedReader.of(context)?.repaint()
    }
    pvm_editor_prepare("pvmlua", hooks)
    pvm_history_limit(Int32(HistoryFile.limit))
    for entry in history?.entries() ?? [] { Self.hand(entry, to: pvm_history_load) }
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> EditedReader? {
    context.map { Unmanaged<EditedReader>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: A line

  func line(_ request: LineRequest) -> LineInput {
    self.request = request
    pvm_edit_signals_begin()
    defer { pvm_edit_signals_end() }
    // An old Ctrl-C is not meant for a new entry.
    if request.earlier.isEmpty { _ = pvm_interrupt_take() }
    beginRow()
    pvm_editor_begin(shownSign, String(repeating: " ", count: request.indent))
    while true {
      let arrival = pvm_await_input(attend())
      if let input = attendSignals() { return input }
      if arrival == PVM_INPUT_IS_THERE, let input = step() { return input }
    }
  }

  private func step() -> LineInput? {
    switch pvm_editor_step() {
    case PVM_LINE_ACCEPTED:
      guard let line = pvm_editor_take() else { return .line([]) }
      defer { free(line) }
      return .line(Array(bytes: line))
    case PVM_LINE_DROPPED: return .dropped
    case PVM_LINE_END:
      print()
      return .end
    default: return nil
    }
  }

  /// Output may have ended in the middle of a row: a mark and a row's width of blanks bring the
  /// cursor to the start of one, and leave no trace where it was there already.
  private func beginRow() {
    let blanks = String(repeating: " ", count: max(0, size.columns - 1))
    let mark = isColored ? "\u{1b}[2m%\u{1b}[0m" : "%"
    print("\(mark)\(blanks)\r \r", terminator: "")
    fflush(stdout)
  }

  /// readline has to know which bytes take no room.
  private var shownSign: String {
    isColored ? "\u{1}\u{1b}[1;34m\u{2}\(request.sign)\u{1}\u{1b}[0m\u{2}" : request.sign
  }

  private var size: (columns: Int, rows: Int) {
    var (columns, rows): (Int32, Int32) = (80, 24)
    pvm_terminal_size(&columns, &rows)
    return (Int(columns), Int(rows))
  }

  // MARK: Signals

  private func attendSignals() -> LineInput? {
    if pvm_interrupt_take() {
      pvm_editor_abandon()
      return .dropped
    }
    for number in [SIGTERM, SIGHUP, SIGQUIT] where pvm_signal_take(number) { end(by: number) }
    if pvm_signal_take(SIGTSTP) { suspend() }
    if pvm_signal_take(SIGCONT) { pvm_editor_take_terminal() }
    if pvm_signal_take(SIGWINCH) { pvm_editor_resize() }
    return nil
  }

  /// The signal does what it did before the line, once the terminal has its own modes again.
  private func end(by number: Int32) {
    pvm_editor_leave_terminal()
    pvm_edit_signals_end()
    kill(getpid(), number)
    // What takes changes back runs on another thread and ends us.
    while true { pause() }
  }

  private func suspend() {
    pvm_editor_leave_terminal()
    pvm_edit_signals_end()
    kill(getpid(), SIGTSTP)
    pvm_edit_signals_begin()
    pvm_editor_take_terminal()
  }

  func above(_ body: () -> Void) {
    pvm_editor_hide()
    // What runs has signals as it does between two lines.
    pvm_edit_signals_end()
    body()
    fflush(stdout)
    pvm_edit_signals_begin()
    pvm_editor_show()
  }

  // MARK: Keys of ours

  /// The entry up to now, and the cursor in it.
  private var typed: (entry: [UInt8], cursor: Int) {
    var (count, cursor) = (0, 0)
    guard let bytes = pvm_line_bytes(&count, &cursor) else { return (request.earlier, 0) }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    return (request.earlier + line, request.earlier.count + cursor)
  }

  private func complete(again: Bool) {
    let (entry, cursor) = typed
    let found = completions(entry, cursor)
    guard !found.candidates.isEmpty else { return showHint() }
    let start = found.start - request.earlier.count
    var text = found.commonStart
    if found.candidates.count == 1 { text += found.candidates[0].suffix }
    if start >= 0, text != Array(entry[min(found.start, cursor)..<cursor]) {
      let end = cursor - request.earlier.count
      (text + [0]).withUnsafeBytes {
        pvm_line_replace(start, end, $0.assumingMemoryBound(to: CChar.self).baseAddress)
      }
    } else if again {
      show(found.text(columns: size.columns, rows: size.rows))
    } else if found.candidates.count > 1 {
      ring()
    }
  }

  private func completions(_ entry: [UInt8], _ cursor: Int) -> Completions {
    CommandLineCompletion(commands: commands()).completions(entry, cursor)
      ?? insight.completions(entry, cursor)
  }

  private func showHint() {
    let (entry, cursor) = typed
    if let hint = insight.hint(entry, cursor) { show(hint) } else { ring() }
  }

  /// The entries that can be had again, the oldest first.
  var entries: [[UInt8]] { history?.entries() ?? [] }

  private func show(_ text: [UInt8]) {
    text.withUnsafeBytes {
      pvm_line_show_below($0.assumingMemoryBound(to: CChar.self).baseAddress, $0.count)
    }
  }

  private func ring() {
    print("\u{7}", terminator: "")
    fflush(stdout)
  }

  /// A line that closes a block goes back to where the block began.
  private func dedent() {
    let line = typed.entry.dropFirst(request.earlier.count)
    let blanks = line.prefix { $0 == UInt8(ascii: " ") }.count
    guard request.indent > 0, blanks == request.indent else { return }
    let given = EntryShape(request.earlier).dedent(for: line.dropFirst(blanks))
    guard given > 0 else { return }
    pvm_line_replace(0, min(given, blanks), "")
    pvm_line_redraw()
  }

  /// The accepted line in colours, where it is on the screen as a whole and they are wanted.
  private func repaint() {
    guard isColored, pvm_line_rows() < size.rows else { return }
    let entry = typed.entry
    guard entry.count > request.earlier.count, entry.count <= 1 << 16 else { return }
    let before = request.earlier.count { $0 == UInt8(ascii: "\n") }
    let lines = insight.colored(entry).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).dropFirst(before)
    var text = Array("\u{1b}[1;34m\(request.sign)\u{1b}[0m".utf8)
    text += Array(lines.joined(separator: Array("\r\n".utf8)))
    text.withUnsafeBytes {
      pvm_line_repaint($0.assumingMemoryBound(to: CChar.self).baseAddress, $0.count)
    }
  }

  // MARK: History

  func remember(_ entry: [UInt8]) {
    guard let first = entry.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t"),
      !entry.contains(0)
    else { return }
    Self.hand(entry, to: pvm_history_add)
    history?.append(entry)
  }

  private static func hand(_ entry: [UInt8], to take: (UnsafePointer<CChar>?) -> Void) {
    (entry + [0]).withUnsafeBytes { take($0.assumingMemoryBound(to: CChar.self).baseAddress) }
  }
}
