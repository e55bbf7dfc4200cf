import Glibc
import Testing

/// Ctrl-C on a terminal.
@Suite("Ctrl-C")
struct InterruptTests {
  /// Endless scripts that one Ctrl-C ends. Each prints "ready" first.
  static let loops = [
    "while true do end",
    "repeat local x = #arg until false",
    "while true do pcall(function() while true do end end) end",
    "while true do pcall(error, 'again') end",
    "coroutine.wrap(function() while true do end end)()",
    "coroutine.wrap(function() while true do pcall(function() while true do end end) end end)()",
    "local function nest(n) coroutine.wrap(function() if n == 0 then while true do end end nest(n - 1) end)() end nest(20)",
    "while true do coroutine.wrap(function() pcall(coroutine.yield) while true do end end)() end",
    "while true do local co = coroutine.create(function() while true do coroutine.yield() end end) for i = 1, 1000 do pcall(coroutine.resume, co) end end",
    "debug.sethook() while true do end",
    "table.sort({3, 2, 1}, function() while true do end end)",
    "('x'):rep(10):gsub('.', function() while true do end end)",
    "load(function() while true do end end)",
    "setmetatable({}, {__index = function() while true do end end}).x = nil local y = setmetatable({}, {__index = function() while true do end end}).x",
    "local s <close> = setmetatable({}, {__close = function() print('closed') end}) while true do end",
  ]

  /// Endless scripts that wait in the kernel.
  static let waits = ["for line in io.lines() do end", "io.read('a')", "pvm.sleep(1000)"]

  @Test("ends a script that waits", arguments: waits)
  func waiting(_ wait: String) throws {
    let terminal = try Terminal(["-e", "print('ready'); " + wait])
    try terminal.expect("ready")
    try terminal.awaitSleep()
    terminal.pressControlC()
    #expect(try terminal.end() == .exited(130), "\(terminal.screen)")
    #expect(terminal.screen.contains("pvmlua: "))
  }

  @Test("brings the prompt back from a wait", arguments: waits)
  func promptAfterWait(_ wait: String) throws {
    let terminal = try Terminal(["-q"])
    try terminal.expect("> ")
    terminal.type("io.write('rea', 'dy ') io.stdout:flush(); \(wait)\n")
    try terminal.expect("ready")
    try terminal.awaitSleep()
    terminal.pressControlC()
    try terminal.expect("> ")
    terminal.type("6 * 7\n")
    try terminal.expect("42")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test("ends a script with status 130", arguments: loops)
  func script(_ loop: String) throws {
    let terminal = try Terminal(["-e", "print('ready'); " + loop])
    try terminal.expect("ready")
    terminal.pressControlC()
    #expect(try terminal.end() == .exited(130), "\(terminal.screen)")
    #expect(terminal.screen.contains("pvmlua: "))
    #expect(terminal.screen.contains("interrupted!"))
    #expect(terminal.modesAreRestored)
  }

  @Test("brings the prompt back", arguments: loops)
  func prompt(_ loop: String) throws {
    let terminal = try Terminal(["-q"])
    try terminal.expect("> ")
    // In two parts, since the terminal shows what is typed.
    terminal.type("io.write('rea', 'dy ') io.stdout:flush(); \(loop)\n")
    try terminal.expect("ready")
    terminal.pressControlC()
    try terminal.expect("interrupted!")
    try terminal.expect("> ")
    terminal.type("6 * 7\n")
    try terminal.expect("42")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  /// What runs where Lua cannot look for a signal.
  static let unstoppable = [
    "setmetatable({}, {__gc = function() while true do end end}) collectgarbage()",
    "(('a'):rep(200) .. 'b'):find(('.-'):rep(30) .. 'c')",
    "table.move({}, 1, 1e15, 2)",
    "xpcall(function() while true do end end, function() while true do end end)",
  ]

  @Test("a second one ends what the first could not", arguments: unstoppable, [true, false])
  func second(_ loop: String, _ isScript: Bool) throws {
    let terminal = try Terminal(isScript ? ["-e", "print('ready'); " + loop] : ["-q"])
    if !isScript {
      try terminal.expect("> ")
      terminal.type("io.write('rea', 'dy ') io.stdout:flush(); \(loop)\n")
    }
    try terminal.expect("ready")
    try terminal.awaitWork()
    terminal.pressControlC()
    try terminal.awaitInterrupt(isCaught: false)
    terminal.pressControlC()
    #expect(try terminal.end() == .killed(signal: SIGINT))
    #expect(terminal.modesAreRestored)
  }

  @Test("stops what comes after the interrupted statement too")
  func nothingMore() throws {
    let terminal = try Terminal(["-e", "print('ready') while true do end", "-e", "print('more')"])
    try terminal.expect("ready")
    terminal.pressControlC()
    #expect(try terminal.end() == .exited(130))
    #expect(!terminal.screen.contains("more"))
  }

  @Test("while a script is read from the terminal")
  func reading() throws {
    let terminal = try Terminal(["-"])
    try terminal.awaitInterrupt(isCaught: true)
    terminal.type("print('half a script')\n")
    try terminal.expect("half")
    try terminal.awaitSleep()
    terminal.pressControlC()
    #expect(try terminal.end() == .exited(130))
  }

  @Test("is left to those who ignore it")
  func ignored() throws {
    let run = try Run(
      Program.pvmlua, ["-e", "os.execute('kill -INT $PPID') for i = 1, 1e6 do end print('alive')"],
      prelude: "trap '' INT")
    #expect(run.output == "alive\n")
    #expect(run.status == .exited(0))
  }
}
