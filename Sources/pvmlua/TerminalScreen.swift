@preconcurrency import Glibc
import PVMModule
import Synchronization

/// The terminal as a screen that is drawn over and over, and keys that come one by one.
///
/// What it changes of the terminal is put back by `close`, and by `restore` from whatever way the
/// program ends.
final class TerminalScreen: Screen {
  private let isColored: Bool
  private var input: [UInt8] = []
  private var hasEnded = false

  private init(_ isColored: Bool) { self.isColored = isColored }

  /// Nil where input or output is no terminal, or the terminal cannot move its cursor.
  static func open(color: ColorChoice) -> TerminalScreen? {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1,
      let kind = getenv("TERM").map({ String(cString: $0) }), !kind.isEmpty, kind != "dumb"
    else { return nil }
    return TerminalScreen(color.applies(to: STDOUT_FILENO))
  }

  // MARK: Modes

  /// What the terminal was like, while it is ours.
  private struct Taken {
    var modes = termios()
    var formerContinue = sigaction()
    var isTaken = false
  }
  private static let taken = Mutex(Taken())
  /// Set when the program goes on after it was stopped: the shell has changed the terminal meanwhile.
  private static let wasContinued = Atomic(false)

  func open() {
    Endings.begin()
    fflush(stdout)
    Self.wasContinued.store(false, ordering: .relaxed)
    Self.taken.withLock { taken in
      guard tcgetattr(STDIN_FILENO, &taken.modes) == 0 else { return }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        TerminalScreen.wasContinued.store(true, ordering: .relaxed)
      }
      action.sa_flags = SA_RESTART
      sigaction(SIGCONT, &action, &taken.formerContinue)
      taken.isTaken = true
      Self.enter(taken.modes)
    }
  }

  func close() { Self.restore() }

  /// Puts the terminal back as it was; from any thread, and again is harmless.
  static func restore() {
    taken.withLock { taken in
      guard taken.isTaken else { return }
      taken.isTaken = false
      leave(&taken.modes)
      sigaction(SIGCONT, &taken.formerContinue, nil)
    }
  }

  /// The other screen, no cursor, no wrapping; keys at once and unseen. Ctrl-C stays a signal. Ctrl-\
  /// and Ctrl-S are off, since they would leave the terminal so or seem to hang it.
  private static func enter(_ modes: termios) {
    var raw = modes
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    withUnsafeMutableBytes(of: &raw.c_cc) { characters in
      for index in [VQUIT, VSUSP] { characters[Int(index)] = 0 }
      characters[Int(VMIN)] = 0
      characters[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    put("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[H\u{1B}[2J")
  }

  private static func leave(_ modes: inout termios) {
    put("\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
    // A key that was pressed last is not for the shell.
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &modes)
  }

  /// Past the buffer of stdio, of which another thread may hold the lock.
  private static func put(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&state, 1, 100) > 0 else { return }
      } else if errno != EINTR {
        return
      }
    }
  }

  // MARK: Size

  var columns: Int { Self.size.columns }
  var rows: Int { Self.size.rows }

  /// Asked anew each time, so a change of size needs no signal.
  private static var size: (columns: Int, rows: Int) {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
    return (
      isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80,
      isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
    )
  }

  // MARK: Drawing

  func show(_ lines: [ScreenLine]) {
    fflush(stdout)
    enterIfContinued()
    // Each line is cleared first: behind one that is full the cursor stays on its last sign.
    let drawn = lines.prefix(rows).map { "\u{1B}[2K" + text(of: $0) }.joined(separator: "\r\n")
    Self.put("\u{1B}[H" + drawn + (lines.count < rows ? "\r\n\u{1B}[J" : ""))
  }

  private func text(of line: ScreenLine) -> String {
    line.parts.map { part in
      guard isColored, let code = Self.code(part.style) else { return part.text }
      return "\u{1B}[\(code)m\(part.text)\u{1B}[0m"
    }.joined()
  }

  private static func code(_ style: ScreenLine.Style) -> String? {
    switch style {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .bad: "31"
    }
  }

  // MARK: Keys

  func keys(waiting seconds: Double) -> [ScreenKey] {
    enterIfContinued()
    receive(within: seconds)
    var keys: [ScreenKey] = []
    while let key = nextKey() { keys.append(key) }
    if hasEnded { keys.append(.end) }
    return keys
  }

  /// Takes the terminal over again, where a shell had it meanwhile.
  private func enterIfContinued() {
    guard Self.wasContinued.exchange(false, ordering: .relaxed) else { return }
    Self.taken.withLock { taken in
      if taken.isTaken { Self.enter(taken.modes) }
    }
  }

  private func receive(within seconds: Double) {
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, Int32(seconds * 1000)) > 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count > 0 { input += bytes.prefix(count) }
    // Readable and empty: the other side is gone. EIO says so too.
    if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { hasEnded = true }
  }

  private func nextKey() -> ScreenKey? {
    while let first = input.first {
      if first == 0x1B {
        guard let key = escapeSequence() else { continue }
        return key
      }
      if first == 0x1A {
        input.removeFirst()
        suspend()
        continue
      }
      if first == 0x0D || first == 0x0A {
        input.removeFirst()
        return .enter
      }
      return character(first)
    }
    return nil
  }

  private func character(_ first: UInt8) -> ScreenKey? {
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    guard input.count >= length else {
      input = []
      return nil
    }
    let text = String(decoding: input.prefix(length), as: UTF8.self)
    input.removeFirst(length)
    return text.first.map { .character($0) }
  }

  /// `ESC [ A`, `ESC O P`, `ESC [ 15 ~`; what is not known is dropped.
  private func escapeSequence() -> ScreenKey? {
    input.removeFirst()
    guard let opening = input.first, opening == 0x5B || opening == 0x4F else { return nil }
    input.removeFirst()
    let body = input.prefix { (0x20...0x3F).contains($0) }
    input.removeFirst(body.count)
    guard let final = input.first else { return nil }
    input.removeFirst()
    switch final {
    case UInt8(ascii: "A"): return .up
    case UInt8(ascii: "B"): return .down
    case UInt8(ascii: "P")...UInt8(ascii: "S"): return .function(Int(final - 0x50) + 1)
    case UInt8(ascii: "~"):
      let number = Int(String(decoding: body, as: UTF8.self)) ?? 0
      return Self.functionKeys[number].map { .function($0) }
    default: return nil
    }
  }

  private static let functionKeys = [
    11: 1, 12: 2, 13: 3, 14: 4, 15: 5, 17: 6, 18: 7, 19: 8, 20: 9, 21: 10, 23: 11, 24: 12,
  ]

  /// Ctrl-Z: stops as every program does, with the terminal as the shell wants it.
  private func suspend() {
    Self.taken.withLock { taken in
      guard taken.isTaken else { return }
      Self.leave(&taken.modes)
    }
    kill(getpid(), SIGTSTP)
    // Where nobody can continue us, the kernel does not stop us.
    Self.wasContinued.store(true, ordering: .relaxed)
    enterIfContinued()
  }
}
