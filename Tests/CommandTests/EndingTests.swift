import Glibc
import Testing

/// What a script leaves changed is taken back, however the program ends.
@Suite("endings")
struct EndingTests {
  /// A target of its own with a health of 100, and a folder for journals.
  final class Victim {
    let scratch = try? Scratch()
    private let child: Child
    private let input: Int32
    private let output: Int32
    private var places: [String: String] = [:]

    /// - Parameter program: a name of the target of one's own.
    init(program: String = Program.target) throws {
      var to: [Int32] = [-1, -1]
      var from: [Int32] = [-1, -1]
      guard pipe(&to) == 0, pipe(&from) == 0 else { throw SupportFailure("no pipe") }
      for end in [to[1], from[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      child = try Child(
        [program, "--addresses", "--rate", "0", "--until-eof"],
        environment: Run.environment([:]), .descriptors(to[0], from[1], 2))
      close(to[0])
      close(from[1])
      (input, output) = (to[1], from[0])
      while let line = readLine(), line != "ready" {
        let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2 { places[parts[0]] = parts[1] }
      }
    }

    deinit {
      close(input)
      close(output)
      kill()
    }

    /// Where something of its memory is, as it said: `0x55...`.
    func place(_ key: String) -> String { places[key] ?? "0" }

    /// Ends it for certain.
    func kill() {
      if !isOver { child.kill() }
      isOver = true
    }

    private var isOver = false

    private func readLine() -> String? {
      var bytes: [UInt8] = []
      var byte: UInt8 = 0
      while read(output, &byte, 1) == 1 {
        if byte == 10 { return String(decoding: bytes, as: UTF8.self) }
        bytes.append(byte)
      }
      return nil
    }

    /// `health 100  gold 250`, after a command.
    func state(after command: String = "state") -> String {
      let bytes = Array((command + "\n").utf8)
      guard write(input, bytes, bytes.count) == bytes.count, let line = readLine() else {
        return "no answer"
      }
      let words = line.split(separator: " ")
      return words.dropFirst(2).prefix(4).joined(separator: " ")
    }

    /// Its number.
    var pid: String { "\(child.pid)" }

    /// What a sandboxed script can do: see `SandboxTests`.
    var sandboxed: String {
      """
      local hp, gold = \(places["health"] ?? "0"), \(places["gold"] ?? "0")
      print("arg", ...)
      print(require("m").n, (require("sub")), (require("sub.deep.x")))
      print(io.read())
      local p = game:patch{name="x", at=hp, value=777, type="i32"}
      p:enable()
      io.write(game:read_i32(hp), "\\t")
      p:disable()
      print(game:read_i32(hp))
      local f = game:cell(gold, "i32"):freeze(888, {every=0.001})
      print(game:read_i32(gold))
      f:release()
      game:write_i32(gold, 250)
      local again <close> = pvm.attach(game.pid)
      print(again:read_i32(gold) == 250 and #game:regions() > 5 and game:module("pvm-target") ~= nil)
      game:paused(function() print("paused") end)
      print(#game:scan("i32", 250, {range={gold, gold + 4}}))
      p:enable()
      print("done")
      """
    }

    /// Patches health and gold, and says "ready".
    func script(_ ending: String, options: String = "", attaches: Bool = true) -> String {
      """
      \(attaches ? "game = pvm.attach(\(child.pid))" : "")
      game:patch{name="x", edits={ {at=\(places["health"] ?? "0"), value=777, type="i32"},
        {at=\(places["gold"] ?? "0"), value=888, type="i32"} }\(options)}:enable()
      assert(game:read_i32(\(places["health"] ?? "0")) == 777)
      print("ready") io.stdout:flush();
      \(ending)
      """
    }

    /// Freezes the health, sees that it holds, and says "ready".
    func freezing(_ ending: String) -> String {
      """
      game = pvm.attach(\(child.pid))
      local hp = game:cell(\(places["health"] ?? "0"), "i32")
      hp:freeze(777, {every=0.001})
      hp.value = 1
      for _ = 1, 10000 do if hp.value == 777 then break end pvm.sleep(0.001) end
      assert(hp.value == 777)
      print("ready") io.stdout:flush();
      \(ending)
      """
    }

    /// Pauses it, and says "ready".
    func pausing(_ ending: String) -> String {
      """
      game = pvm.attach(\(child.pid))
      pause = game:pause()
      print("ready") io.stdout:flush();
      \(ending)
      """
    }

    var environment: [String: String] { ["XDG_STATE_HOME": scratch?.path ?? "/nowhere"] }
  }

  @Test(
    "of scripts",
    arguments: [
      ("", Int32(0)), ("error('no')", 1), ("os.exit(3)", 3), ("os.exit(4, true)", 4),
      ("local function f() return 1 + f() end f()", 1), ("game = nil collectgarbage()", 0),
      ("game:close()", 0), ("coroutine.wrap(function() os.exit(5) end)()", 5),
    ])
  func scripts(_ ending: String, _ status: Int32) throws {
    let victim = try Victim()
    let run = try Run(["-e", victim.script(ending)], environment: victim.environment)
    #expect(run.status == .exited(status), "\(run.error)")
    #expect(victim.state() == "health 100 gold 250")
  }

  @Test("by signals", arguments: [SIGTERM, SIGHUP])
  func signals(_ number: Int32) throws {
    let victim = try Victim()
    let terminal = try Terminal(
      ["-e", victim.script("pvm.sleep(1000)")], environment: victim.environment)
    try terminal.expect("ready")
    #expect(victim.state() == "health 777 gold 888")
    kill(terminal.pid, number)
    #expect(try terminal.end() == .killed(signal: number))
    #expect(victim.state() == "health 100 gold 250")
  }

  @Test("by Ctrl-C, and by a second one where the first cannot reach")
  func interrupts() throws {
    let victim = try Victim()
    for (ending, presses) in [
      ("pvm.sleep(1000)", 1), ("while true do pcall(function() while true do end end) end", 1),
      ("local _ = (('a'):rep(200) .. 'b'):find(('.-'):rep(30) .. 'c')", 2),
    ] {
      let terminal = try Terminal(
        ["-e", victim.script(ending)], environment: victim.environment)
      try terminal.expect("ready")
      #expect(victim.state() == "health 777 gold 888")
      // The first is to find it in the search, not on the way there.
      if presses > 1 { try terminal.awaitWork() }
      for _ in 0..<presses {
        terminal.pressControlC()
        usleep(100_000)
      }
      let status = try terminal.end()
      #expect(status == (presses == 1 ? .exited(130) : .killed(signal: SIGINT)))
      #expect(victim.state() == "health 100 gold 250")
    }
  }

  @Test("by SIGKILL are undone by the tool, and so is what was to stay")
  func undoing() throws {
    let victim = try Victim()
    let none = try Run(["-m", "undo"], environment: victim.environment)
    #expect(none.status == .exited(0) && none.output.contains("nothing to undo"))
    let terminal = try Terminal(
      ["-e", victim.script("pvm.sleep(1000)")], environment: victim.environment)
    try terminal.expect("ready")
    let busy = try Run(["-m", "undo"], environment: victim.environment)
    #expect(busy.output.contains("which runs"), "\(busy.output)")
    #expect(victim.state() == "health 777 gold 888")
    kill(terminal.pid, SIGKILL)
    #expect(try terminal.end() == .killed(signal: SIGKILL))
    #expect(victim.state() == "health 777 gold 888")
    let undone = try Run(["-m", "undo"], environment: victim.environment)
    #expect(undone.status == .exited(0), "\(undone.error)")
    #expect(undone.output.contains("put back"))
    #expect(victim.state() == "health 100 gold 250")

    let kept = try Run(
      ["-e", victim.script("", options: ", keep=true")], environment: victim.environment)
    #expect(kept.status == .exited(0))
    #expect(victim.state() == "health 777 gold 888")
    #expect(try Run(["-m", "undo"], environment: victim.environment).status == .exited(0))
    #expect(victim.state() == "health 100 gold 250")
  }

  @Test(
    "let go of what is frozen",
    arguments: [
      ("", Int32(0)), ("error('no')", 1), ("os.exit(3)", 3), ("os.exit(4, true)", 4),
      ("game:close() game = nil collectgarbage() collectgarbage()", 0),
    ])
  func freezes(_ ending: String, _ status: Int32) throws {
    let victim = try Victim()
    let run = try Run(["-e", victim.freezing(ending)], environment: victim.environment)
    #expect(run.status == .exited(status), "\(run.error)")
    #expect(victim.state() == "health 777 gold 250")
  }

  @Test(
    "let go on what stands still",
    arguments: [
      ("", Int32(0)), ("error('no')", 1), ("os.exit(3)", 3), ("os.exit(4, true)", 4),
      ("local function f() return 1 + f() end f()", 1),
      ("local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", 1),
      ("coroutine.wrap(function() error({}) end)()", 1),
      ("while true do pcall(function() while true do end end) end", 1),
    ])
  func pauses(_ ending: String, _ status: Int32) throws {
    let victim = try Victim()
    for _ in 0..<3 {
      let run = try Run(
        ["--memory-limit", "32M", "--time-limit", "0.2", "-e", victim.pausing(ending)],
        environment: victim.environment)
      #expect(run.output == "ready\n" && run.status == .exited(status), "\(run.error)")
      #expect(victim.state() == "health 100 gold 250")
    }
  }

  @Test("by signals let what stands still go on", arguments: [SIGKILL, SIGTERM, SIGINT])
  func pauseSignals(_ number: Int32) throws {
    let victim = try Victim()
    let terminal = try Terminal(
      ["-e", victim.pausing("pvm.sleep(1000)")], environment: victim.environment)
    try terminal.expect("ready")
    kill(terminal.pid, number)
    let status = try terminal.end()
    #expect(status == (number == SIGINT ? .exited(130) : .killed(signal: number)))
    #expect(victim.state() == "health 100 gold 250")
  }

  @Test("by signals let go too, and harm nobody", arguments: [SIGKILL, SIGTERM])
  func freezeSignals(_ number: Int32) throws {
    let victim = try Victim()
    let terminal = try Terminal(
      ["-e", victim.freezing("pvm.sleep(1000)")], environment: victim.environment)
    try terminal.expect("ready")
    kill(terminal.pid, number)
    #expect(try terminal.end() == .killed(signal: number))
    #expect(victim.state() == "health 777 gold 250")
  }

  @Test("leave a journal where it was asked for, or none")
  func journals() throws {
    let victim = try Victim()
    let path = (victim.scratch?.path ?? "") + "/my.journal"
    let ending = "os.execute('cat \(path)')"
    let run = try Run(
      ["--journal", path, "-e", victim.script(ending)], environment: victim.environment)
    #expect(run.output.contains("place 2 1 0x"), "\(run.output) \(run.error)")
    #expect(access(path, F_OK) != 0)
    let none = try Run(
      ["--journal", "none", "-e", victim.script("print(#pvm.journals())")],
      environment: victim.environment)
    #expect(none.output == "ready\n0\n")
    let full = try Run(
      ["--journal", "/dev/full", "-e", victim.script("")], environment: victim.environment)
    #expect(full.status == .exited(1) && full.error.contains("/dev/full"), "\(full.error)")
    #expect(victim.state() == "health 100 gold 250")
  }
}
