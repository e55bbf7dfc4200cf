import Glibc
import Testing

/// The commands with a dot.
@Suite("commands at the prompt")
struct DotCommandTests {
  /// The bundled target, waiting for commands.
  private func target() throws -> (child: Child, input: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SupportFailure("no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer {
      close(ends[0])
      close(null)
    }
    let child = try Child(
      [Program.target, "--rate", "0", "--until-eof"], environment: Run.environment([:]),
      .descriptors(ends[0], null, null))
    return (child, ends[1])
  }

  @Test("search, narrow, hold and show what they stand for in Lua")
  func search() throws {
    let game = try target()
    defer {
      close(game.input)
      game.child.kill()
    }
    let editing = try Editing()
    try editing.enter(".attach \(game.child.pid)", shows: "game = pvm.attach(\(game.child.pid))")
    #expect(editing.terminal.screen.hasSuffix("pvm pvm-target:\(game.child.pid)> "))
    try editing.enter(".scan i32 100", shows: "hits = game:scan(\"i32\", 100)")
    try editing.enter("#hits > 0", shows: "true")
    try editing.enter(".next unchanged", shows: "hits = hits:unchanged()")
    try editing.enter(".undo", shows: "hits = hits.parent")
    try editing.enter(".undo", shows: "these are the first hits")
    try editing.enter(".hits", shows: "hits:page(1)")
    try editing.enter(".hex hits[1].address 16", shows: "64 00 00 00")
    try editing.enter(".freeze 1 100", shows: "hits[1]:freeze(100)")
    try editing.enter("#game:freezes()", shows: "1")
    try editing.enter(".freeze off", shows: "freeze:release()")
    try editing.enter("#game:freezes() + 40", shows: "40")
    try editing.enter(".snap", shows: "before = game:snapshot()")
    try editing.enter(".diff", shows: "changes = before:diff(game, {type=\"i32\"})")
    try editing.enter(".detach", shows: "game:close() game = nil")
    try editing.enter(".maps", shows: "no process is attached")
    try editing.enter(".nonsense", shows: "there is no command .nonsense")
    try editing.enter(".help", shows: ".quit")
    editing.terminal.type(".quit\r")
    #expect(try editing.terminal.end() == .exited(0))
  }

  @Test("are completed by Tab, and files for those that take some")
  func completion() throws {
    let editing = try Editing()
    try editing.home.add("a_script.lua", Array("print('from the ' .. 'file')".utf8))
    try editing.enter(".hel\t", shows: ".quit")
    try editing.enter(".load \(editing.home.path)/a_sc\t", shows: "from the file")
    editing.terminal.type(".s\t\t")
    try editing.terminal.expect(".save  .scan  .snap")
  }

  @Test("write what was done as a script that runs")
  func save() throws {
    let editing = try Editing()
    let path = editing.home.path + "/done.lua"
    for entry in [
      "x = 40", "x + 1", "_ + 1", "error('not kept')", "local y = x z = y", "return z",
      "(print)(z)", "=x",
    ] { try editing.enter(entry) }
    try editing.enter(".save \(path)", shows: "saved 7 entries")
    try editing.enter(".save /dev/full", shows: "was not written by .save")
    #expect(try Run([path]).output == "41\n42\n40\n40\n40\n")
    try editing.home.add("mine.lua", Array("-- mine".utf8))
    try editing.enter(".save \(editing.home.path)/mine.lua", shows: "was not written by .save")
    try editing.enter(".log", shows: "   _1  x + 1")
  }

  @Test("run a file again when it is saved")
  func reload() throws {
    let editing = try Editing()
    let path = editing.home.path + "/live.lua"
    try editing.home.add("live.lua", Array("print('first ' .. 1)".utf8))
    try editing.enter(".load \(path)", shows: "first 1")
    editing.terminal.type("x = 'ty")
    try editing.home.add("live.lua", Array("print('second ' .. 2)".utf8))
    try editing.terminal.expect("second 2")
    try editing.enter("ped'")
    try editing.enter("x", shows: "typed")
    try editing.enter(".reload", shows: "second 2")
  }

  @Test("show a value in one place until a key is pressed", .onScreen)
  func watch() throws {
    let editing = try Editing()
    try editing.enter("n = 0 function tick() n = n + 1 return 'value ' .. n end")
    editing.terminal.type(".watch tick()\r")
    try editing.terminal.expect("value 2")
    editing.terminal.type("q")
    try editing.awaitSign()
    try editing.enter("'still ' .. 'here'", shows: "still here")
    let rows = try editing.terminal.screenNow().rows
    #expect(rows.count { $0.hasPrefix("value ") } == 1)
    editing.terminal.type(".watch tick()\r")
    try editing.terminal.expect("value")
    editing.terminal.pressControlC()
    try editing.awaitSign()
    try editing.enter("6 * 7", shows: "42")
  }

  @Test("edit the last entry, and time one")
  func edit() throws {
    let editing = try Editing(environment: ["EDITOR": "sed -i s/1/2/"])
    try editing.enter("'value ' .. 1", shows: "value 1")
    try editing.enter(".edit", shows: "value 2")
    try editing.enter(".time 6 * 7", shows: " ms")
    try editing.enter("_", shows: "42")
  }
}
