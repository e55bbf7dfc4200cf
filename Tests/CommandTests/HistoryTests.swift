import Glibc
import Testing

/// What earlier sessions leave for later ones.
@Suite("the history of the prompt")
struct HistoryTests {
  @Test("is kept for the next session, for its owner alone")
  func kept() throws {
    let home = try Scratch()
    let first = try Editing(home: home)
    try first.enter("x = 'from ' .. 'before'")
    #expect(try first.leave() == .exited(0))
    var status = stat()
    #expect(stat(home.path + "/state/pvmlua/history", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let second = try Editing(home: home)
    second.terminal.type("\u{1b}[A")
    try second.enter("  y = x", shows: "from")
  }

  @Test("keeps an entry once, and none that begins with a blank")
  func folded() throws {
    let editing = try Editing()
    for entry in ["a = 1", "b = 2", " secret = 3", "a = 1"] { try editing.enter(entry) }
    try editing.enter(".history", shows: "    1  b = 2\r\n    2  a = 1\r\n")
    #expect(!editing.history.contains("secret"))
    // The newest of equal entries is the one that counts.
    editing.terminal.type("\u{1b}[A\u{1b}[A\u{1b}[A")
    try editing.enter("", shows: "b = 2")
  }

  @Test("of several sessions at once loses nothing")
  func together() throws {
    let home = try Scratch()
    let sessions = try (0..<3).map { _ in try Editing(home: home) }
    for round in 0..<5 {
      for (number, session) in sessions.enumerated() {
        try session.enter("n = \(number * 10 + round)")
      }
    }
    let entries = sessions[0].history.split(separator: "\n").map(String.init)
    #expect(Set(entries) == Set((0..<3).flatMap { n in (0..<5).map { "n = \(n * 10 + $0)" } }))
    #expect(entries.count == 15)
  }

  @Test("follows no link for root", .enabled(if: Program.isRoot, "needs root"))
  func links() throws {
    let home = try Scratch()
    mkdir(home.path + "/state", 0o700)
    mkdir(home.path + "/state/pvmlua", 0o700)
    symlink(home.path + "/precious", home.path + "/state/pvmlua/history")
    let editing = try Editing(home: home)
    try editing.enter("7 * 6", shows: "42")
    #expect(access(home.path + "/precious", F_OK) != 0)
    // Nor where others could put one.
    let shared = try Scratch()
    mkdir(shared.path + "/state", 0o777)
    chmod(shared.path + "/state", 0o777)
    let other = try Editing(home: shared)
    try other.enter("7 * 6", shows: "42")
    #expect(other.history.isEmpty)
  }

  @Test("does without a place where it could be kept")
  func nowhere() throws {
    let editing = try Editing(environment: ["XDG_STATE_HOME": "/proc/nowhere"])
    try editing.enter("7 * 6", shows: "42")
    editing.terminal.type("\u{1b}[A")
    try editing.enter(" + 1", shows: "43")
  }
}
