import Glibc
import Testing

/// What happens while a line is typed or an entry runs.
@Suite("the prompt and the background")
struct BackgroundTests {
  /// splitmix64, so that a failure can be repeated.
  private struct Random {
    var state: UInt64
    mutating func below(_ limit: UInt64) -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return (z ^ (z >> 31)) % limit
    }
  }

  @Test("the end of the target is said above the line, which stays as it is", .onScreen)
  func targetEnds() throws {
    let sleeper = try Sleeper()
    let editing = try Editing(["-q", "-p", sleeper.pid])
    editing.terminal.type("'be' .. 'fore")
    kill(sleeper.child.pid, SIGKILL)
    try editing.terminal.expect("sleep:\(sleeper.pid) ")
    let rows = try editing.terminal.screenNow().rows
    #expect(rows.count == 2)
    #expect(rows[0].hasPrefix("pvmlua: sleep:\(sleeper.pid) "))
    #expect(rows[1] == "pvm sleep:\(sleeper.pid)> 'be' .. 'fore")
    try editing.enter("'", shows: "before")
    #expect(editing.terminal.screen.hasSuffix("pvm> "))
    try editing.enter("game:read(0, 1)", shows: "ESRCH")
  }

  @Test("a freeze that ends with its process is said above the line")
  func freezeEnds() throws {
    let sleeper = try Sleeper()
    let editing = try Editing(["--norc", "-p", sleeper.pid])
    try editing.enter("place = game:regions{kind='stack'}[1].stop - 64")
    try editing.enter("game:cell(place, 'u8'):freeze() x = 41", shows: "x = 41")
    editing.terminal.type("x +")
    kill(sleeper.child.pid, SIGKILL)
    try editing.terminal.expect("a freeze of process \(sleeper.pid) (sleep) has ended")
    try editing.enter(" 1", shows: "42")
  }

  @Test("a target that ends at any moment leaves the prompt alive")
  func killedTargets() throws {
    var random = Random(state: 7)
    let editing = try Editing()
    for _ in 0..<12 {
      let sleeper = try Sleeper()
      try editing.enter("game = pvm.attach(\(sleeper.pid))")
      let entries = [
        "for i = 1, 1e9 do game:read(game:regions()[1].start, 64) end",
        "while true do game:scan('i32', 0) end", "game:snapshot() while true do game:regions() end",
      ]
      editing.terminal.type(entries[Int(random.below(3))] + "\r")
      usleep(UInt32(random.below(10_000)))
      kill(sleeper.child.pid, SIGKILL)
      try editing.terminal.expect("ESRCH")
      try editing.awaitSign()
    }
    try editing.enter("6 * 7", shows: "42")
    #expect(try editing.leave() == .exited(0))
  }

  @Test("Ctrl-C at 500 moments: the prompt comes back, and the next line is evaluated")
  func interrupts() throws {
    let sleeper = try Sleeper()
    let editing = try Editing(["-q", "-p", sleeper.pid])
    try editing.enter("stack = game:regions{kind='stack'}[1].start")
    let entries = [
      // One Ctrl-C ends one search, which gives what it found.
      "for i = 1, 20 do game:scan('i32', 12345, {perms='r'}) end",
      "while true do pcall(game.read, game, stack, 64) end",
      "while true do end",
      "coroutine.wrap(function() while true do pcall(error) end end)()",
      "for i = 1, 1e9 do print('printing', i) end",
      "pvm.sleep(100)", "ga\t\tme:re\t\t", "('x'):rep(3e7)", "f(",
    ]
    var random = Random(state: 42)
    for round in 0..<500 {
      editing.terminal.type(entries[Int(random.below(UInt64(entries.count)))] + "\r")
      usleep(UInt32(random.below(4000)))
      editing.terminal.pressControlC()
      usleep(1000)
      editing.terminal.type("'round ' .. \(round) * 3\r")
      try editing.terminal.expect("round \(round * 3)")
    }
    try editing.awaitSign()
    #expect(try editing.leave() == .exited(0))
    #expect(editing.terminal.modesAreRestored)
  }

  @Test("Ctrl-Z stops the prompt, and it goes on where it was")
  func suspension() throws {
    let shell = try Terminal(
      ["-c", "set -m; \"$0\" -q; echo stopped $?; fg; echo over $?", Program.pvmlua],
      environment: [
        "TERM": "xterm-256color", "XDG_STATE_HOME": "/proc/nowhere", "NO_COLOR": "1",
        "INPUTRC": "/dev/null",
      ], program: "/bin/bash")
    try shell.awaitLine()
    shell.type("'al' .. 'ive")
    shell.awaitQuiet()
    shell.type("\u{1a}")
    try shell.expect("stopped 148")
    try shell.expect("pvm> 'al' .. 'ive")
    shell.type("'\r")
    try shell.expect("alive")
    try shell.awaitLine()
    shell.pressControlD()
    try shell.expect("over 0")
  }
}
