import Glibc

/// A program on a pseudo-terminal, as a person at a keyboard has it.
final class Terminal {
  private let controller: Int32
  private let child: Child
  private var seen: [UInt8] = []
  private var read = 0
  /// Up to where the text that is expected has not been found.
  private var searched = 0
  private var hasEnded = false
  private let firstModes: termios

  /// - Parameter size: columns and rows.
  init(
    _ arguments: [String], environment: [String: String] = [:], size: (Int, Int)? = nil,
    program: String = Program.pvmlua
  ) throws {
    let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var number: Int32 = 0
    var locked: Int32 = 0
    guard controller >= 0, ioctl(controller, Self.setLock, &locked) == 0,
      ioctl(controller, Self.getNumber, &number) == 0
    else { throw SupportFailure("cannot open a pseudo-terminal") }
    self.controller = controller
    firstModes = Self.modes(controller)
    if let size { Self.resize(controller, size) }
    child = try Child(
      [program] + arguments, environment: Run.environment(environment),
      .terminal("/dev/pts/\(number)"))
  }

  // ioctl_tty(2): TIOCSPTLCK and TIOCGPTN.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  deinit {
    if !hasEnded { child.kill() }
    close(controller)
  }

  /// Waits until the last drawing has a line with each of these texts.
  func awaitLines(_ wanted: String...) throws {
    try awaitDrawing { lines in
      wanted.allSatisfy { text in lines.contains { $0.contains(text) } }
    }
  }

  /// Waits until the last drawing has a line that begins and ends so.
  func awaitLine(from start: String, to end: String) throws {
    try awaitDrawing { lines in
      lines.contains { $0.hasPrefix(start) && $0.hasSuffix(end) }
    }
  }

  /// Waits until the last drawing has so many lines, none longer than so many characters.
  func awaitSize(lines count: Int, columns: Int) throws {
    try awaitDrawing { lines in
      lines.count == count && lines.allSatisfy { $0.count <= columns }
    }
  }

  private func awaitDrawing(_ isWanted: ([String]) -> Bool) throws {
    for _ in 0..<600 {
      if isWanted(drawing) { return }
      if !receive() { break }
    }
    guard !isWanted(drawing) else { return }
    throw SupportFailure("the screen is not as wanted: \(drawing.joined(separator: "\n"))")
  }

  /// What was drawn last from the upper left corner on, a line each, without escape sequences.
  private var drawing: [String] {
    let text = String(decoding: seen, as: UTF8.self)
    guard let start = text.ranges(of: "\u{1B}[H").last?.upperBound else { return [] }
    let plain = String(text[start...]).replacing(/\x1b\[[0-9;?]*[A-Za-z]/, with: "")
    return plain.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  /// The number of the program.
  var pid: pid_t { child.pid }

  /// Everything shown so far.
  var screen: String { String(decoding: seen, as: UTF8.self) }

  /// Waits until a text is shown, behind what was expected before.
  func expect(_ text: String) throws {
    let wanted = Array(text.utf8)
    searched = read
    for _ in 0..<600 {
      if let found = position(of: wanted) {
        read = found + wanted.count
        return
      }
      if !receive() { break }
    }
    if let found = position(of: wanted) {
      read = found + wanted.count
      return
    }
    throw SupportFailure("'\(text)' was not shown; the screen is: \(screen)")
  }

  private func position(of wanted: [UInt8]) -> Int? {
    guard let first = wanted.first else { return read }
    while searched + wanted.count <= seen.count {
      if seen[searched] == first, seen[searched...].starts(with: wanted) { return searched }
      searched += 1
    }
    return nil
  }

  /// Takes what is shown within 100 ms; false when the other side is closed.
  private func receive() -> Bool {
    var state = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, 100) > 0 else { return true }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(controller, &bytes, bytes.count)
    if count < 0, errno == EAGAIN { return true }
    guard count > 0 else { return false }
    seen += bytes.prefix(count)
    return true
  }

  func type(_ text: String) { type(Array(text.utf8)) }

  /// Types any bytes, and takes what is shown meanwhile.
  func type(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      var state = pollfd(fd: controller, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&state, 1, 10_000) > 0 else { return }
      if Int32(state.revents) & POLLIN != 0, !receive() { return }
      guard Int32(state.revents) & POLLOUT != 0 else { continue }
      let count = rest.prefix(1024).withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN { return }
    }
  }

  /// Gives the terminal another size, which the program is told.
  func resize(_ columns: Int, _ rows: Int) { Self.resize(controller, (columns, rows)) }

  private static func resize(_ controller: Int32, _ size: (columns: Int, rows: Int)) {
    var window = winsize()
    window.ws_col = UInt16(size.columns)
    window.ws_row = UInt16(size.rows)
    _ = ioctl(controller, UInt(TIOCSWINSZ), &window)
  }

  /// Everything shown so far, as it came.
  var output: [UInt8] { seen }

  /// Waits until a line can be edited, behind what was expected before.
  func awaitLine() throws { try expect(Self.lineBegins) }

  /// What switches bracketed paste on: readline writes it when a line begins.
  static let lineBegins = "\u{1b}[?2004h"

  /// Waits until nothing has been shown for a while.
  func awaitQuiet(milliseconds: Int32 = 20) {
    var state = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    while poll(&state, 1, milliseconds) > 0, receive() {}
  }

  func pressControlC() { type("\u{3}") }
  func pressControlD() { type("\u{4}") }

  /// Waits until the program catches SIGINT, or no longer does since its handler has run.
  func awaitInterrupt(isCaught: Bool) throws {
    for _ in 0..<6000 {
      if catchesInterrupt == isCaught { return }
      usleep(5000)
    }
    throw SupportFailure("SIGINT \(isCaught ? "is not caught" : "was not handled")")
  }

  private var catchesInterrupt: Bool {
    let digits = procText("/proc/\(child.pid)/status").split(separator: "\n")
      .first { $0.hasPrefix("SigCgt:") }?.dropFirst(7).filter { !$0.isWhitespace }
    return (digits.flatMap { UInt64($0, radix: 16) } ?? 0) & (1 << UInt64(SIGINT - 1)) != 0
  }

  /// Waits until the program has computed for another 50 ms: it is in the loop it announced.
  func awaitWork() throws {
    let start = userTicks
    for _ in 0..<6000 {
      if userTicks >= start + 5 { return }
      usleep(5000)
    }
    throw SupportFailure("the program does nothing; the screen is: \(screen)")
  }

  /// Waits until the program waits in the kernel.
  func awaitSleep() throws {
    for _ in 0..<6000 {
      if statFields.first == "S" { return }
      usleep(5000)
    }
    throw SupportFailure("the program does not wait; the screen is: \(screen)")
  }

  private var userTicks: Int { statFields.count > 11 ? Int(statFields[11]) ?? 0 : 0 }

  /// proc_pid_stat(5) from field 3, the state, which stands behind the name.
  private var statFields: [Substring] {
    procText("/proc/\(child.pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
  }

  /// Waits for the end of the program.
  func end() throws -> Status {
    for _ in 0..<600 {
      if let status = child.ended() {
        hasEnded = true
        while poll0(), receive() {}
        return status
      }
      _ = receive()
      usleep(1000)
    }
    throw SupportFailure("the program does not end; the screen is: \(screen)")
  }

  private func poll0() -> Bool {
    var state = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    return poll(&state, 1, 0) > 0 && Int32(state.revents) & POLLIN != 0
  }

  /// Whether echo, line editing and signals of the terminal are as they were at first.
  var modesAreRestored: Bool {
    let now = Self.modes(controller)
    return now.c_lflag == firstModes.c_lflag && now.c_iflag == firstModes.c_iflag
      && now.c_oflag == firstModes.c_oflag
  }

  private static func modes(_ descriptor: Int32) -> termios {
    var modes = termios()
    tcgetattr(descriptor, &modes)
    return modes
  }
}
