import Glibc
import Testing

/// Trainers as people run them: a file, a game, a terminal or none.
@Suite("trainers")
struct TrainerTests {
  /// A target, a trainer's file for it, and where its functions note that they were called.
  private struct Stage {
    let victim: EndingTests.Victim
    let folder: Scratch
    var path: String { folder.path + "/cheats.lua" }

    /// - Parameters:
    ///   - process: the Lua of `process=`; the victim's number when nil.
    ///   - more: further fields of the trainer.
    ///   - tail: Lua behind the declaration of `trainer`.
    init(
      process: String? = nil, more: String = "", tail: String = "return trainer",
      victim: EndingTests.Victim? = nil
    ) throws {
      let victim = try victim ?? EndingTests.Victim()
      self.victim = victim
      folder = try Scratch()
      let text = """
        local function note(word) local f = io.open(arg[0] .. ".log", "a") f:write(word, " ") f:close() end
        local trainer = pvm.trainer{ name="Test Trainer", author="nobody", process=\(process ?? "\(victim.pid)"),
          \(more) cheats={
          {name="hp", key="h", path="\(victim.place("health"))", type="i32", freeze=555},
          {name="gold", key="g", about="what it is about", patch={at="\(victim.place("gold"))", value=888, type="i32"}},
          {name="noted", key="f2", on=function() note "on" end, off=function() note "off" end},
          {name="lost", key="x", patch={find="0f 0b 11 22 33 44 0f 0b", bytes="90", code=true}},
          {name="leave", key="e", on=function() os.exit(7) end},
          {name="fails", key="b", on=function() error("no luck", 0) end, off=function() end},
        } }
        \(tail)
        """
      try folder.add("cheats.lua", Array(text.utf8))
    }

    var log: String {
      (try? Run("cat", [path + ".log"]))?.output ?? ""
    }

    func terminal(
      _ arguments: [String] = [], environment: [String: String] = [:],
      size: (columns: Int, rows: Int) = (80, 24)
    ) throws -> Terminal {
      try Terminal(
        [path] + arguments,
        environment: victim.environment.merging(["TERM": "xterm"]) { $1 }
          .merging(environment) { $1 }, size: size)
    }

    func run(_ arguments: [String]) throws -> Run {
      try Run([path] + arguments, environment: victim.environment)
    }
  }

  // MARK: The menu

  @Test("show a menu, switch by keys, and take everything back")
  func menu() throws {
    let stage = try Stage()
    let terminal = try stage.terminal()
    try terminal.awaitLines(
      "Test Trainer, by nobody", "process \(stage.victim.pid) ", "  x  n/a lost", "stands at 0")
    try terminal.awaitLine(from: "> h  off hp ", to: " 100")
    terminal.type("g")
    try terminal.awaitLines("  g  on  gold", "gold is on")
    #expect(stage.victim.state() == "health 100 gold 888")
    terminal.type("h\u{1B}OQ")
    try terminal.awaitLines("  F2 on  noted")
    try terminal.awaitLine(from: "> h  on  hp ", to: " 555")
    terminal.type("x")
    try terminal.awaitLines("lost: ")
    terminal.type("b")
    try terminal.awaitLines("fails: no luck")
    terminal.type("z")
    try terminal.awaitLines("no cheat has the key 'z'")
    // The arrow chooses the second, Enter switches it off; what it is about shows.
    terminal.type("\u{1B}[B\r")
    try terminal.awaitLines("> g  off gold", "what it is about")
    #expect(stage.victim.state() == "health 555 gold 250")
    terminal.type("g")
    try terminal.awaitLines("gold is on")
    terminal.type("q")
    #expect(try terminal.end() == .exited(0), "\(terminal.screen)")
    #expect(stage.victim.state().hasSuffix("gold 250"))
    #expect(stage.log == "on off ")
    #expect(terminal.modesAreRestored)
    #expect(terminal.screen.contains("\u{1B}[?1049h"))
    #expect(terminal.screen.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
  }

  /// A way in which a trainer ends.
  struct Ending: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// What is typed, or else the signal that is sent, or else its file raises.
    var keys = ""
    var signal: Int32 = 0
    /// Nil: one or another.
    var status: Status?
    /// Whether functions that switch off are called; nil: perhaps.
    var callsFunctions: Bool? = true

    static let all = [
      Ending(testDescription: "Ctrl-C", keys: "\u{3}", status: .exited(130)),
      Ending(testDescription: "SIGTERM", signal: SIGTERM, status: .killed(signal: SIGTERM)),
      Ending(testDescription: "SIGHUP", signal: SIGHUP, status: .killed(signal: SIGHUP)),
      Ending(testDescription: "os.exit", keys: "e", status: .exited(7), callsFunctions: false),
      Ending(testDescription: "an error", status: .exited(1)),
      Ending(testDescription: "two Ctrl-C", keys: "\u{3}\u{3}", callsFunctions: nil),
    ]
  }

  @Test("put game and terminal back at every ending", arguments: Ending.all)
  func endings(_ ending: Ending) throws {
    let stage = try Stage(
      tail: """
        pvm.every(0.01, function()
          if io.open(arg[0] .. ".raise") then error("the file is wrong", 0) end
        end)
        """)
    let terminal = try stage.terminal()
    try terminal.awaitLines("  g  off gold")
    terminal.type("g\u{1B}OQ")
    try terminal.awaitLines("  F2 on  noted")
    #expect(stage.victim.state() == "health 100 gold 888")
    if !ending.keys.isEmpty {
      terminal.type(ending.keys)
    } else if ending.signal != 0 {
      kill(terminal.pid, ending.signal)
    } else {
      try stage.folder.add("cheats.lua.raise", [])
    }
    let status = try terminal.end()
    if let wanted = ending.status { #expect(status == wanted, "\(terminal.screen)") }
    #expect(stage.victim.state() == "health 100 gold 250")
    #expect(terminal.modesAreRestored)
    #expect(terminal.screen.contains("\u{1B}[?1049l"))
    if let calls = ending.callsFunctions { #expect(stage.log == (calls ? "on off " : "on ")) }
  }

  @Test("fit a narrow terminal, and one that changes its size")
  func narrow() throws {
    let stage = try Stage()
    let terminal = try stage.terminal(size: (20, 8))
    try terminal.awaitLine(from: "> h  off hp ", to: " 100")
    try terminal.awaitSize(lines: 8, columns: 20)
    for _ in 0..<5 { terminal.type("\u{1B}[B") }
    try terminal.awaitLines("> b  off fails")
    try terminal.awaitSize(lines: 8, columns: 20)
    // Erasing behind a line that is full would take its last sign.
    #expect(!terminal.screen.contains("100\u{1B}[K"))
    terminal.resize(100, 40)
    try terminal.awaitLines("a key switches", "  h  off hp")
    terminal.resize(1, 1)
    try terminal.awaitSize(lines: 1, columns: 1)
    terminal.type("q")
    #expect(try terminal.end() == .exited(0))
    #expect(terminal.modesAreRestored)
  }

  @Test("have colors, unless NO_COLOR speaks against", arguments: [false, true])
  func colors(_ isRefused: Bool) throws {
    let stage = try Stage()
    let terminal = try stage.terminal(environment: isRefused ? ["NO_COLOR": "1"] : [:])
    try terminal.awaitLines("  x  n/a lost")
    #expect(terminal.screen.contains("\u{1B}[31m") != isRefused)
    terminal.type("q")
    #expect(try terminal.end() == .exited(0))
  }

  @Test("go on after Ctrl-Z, and after they were stopped and continued")
  func suspension() throws {
    let stage = try Stage()
    let terminal = try stage.terminal()
    try terminal.awaitLines("  g  off gold")
    // Without a shell that could continue it, the kernel lets it run on.
    terminal.type("\u{1A}g")
    try terminal.awaitLines("  g  on  gold")
    kill(terminal.pid, SIGSTOP)
    kill(terminal.pid, SIGCONT)
    terminal.type("g")
    try terminal.awaitLines("  g  off gold")
    terminal.type("q")
    #expect(try terminal.end() == .exited(0))
    #expect(terminal.modesAreRestored)
  }

  @Test("wait for the game, and start over with its next run")
  func restart() throws {
    let folder = try Scratch()
    let name = "pvmt-\(getpid())"
    let program = folder.path + "/" + name
    symlink(Program.target, program)
    // Nothing of a run's addresses holds for the next: the routine is found by its bytes.
    let text = """
      return pvm.trainer{name="T", process="\(name)", cheats={
        {name="no damage", key="n", patch={find="8b 07 29 f0 89 07", offset=2, module="pvm-target",
          bytes="90 90", code=true}} }}
      """
    try folder.add("cheats.lua", Array(text.utf8))
    let terminal = try Terminal(
      [folder.path + "/cheats.lua"],
      environment: ["TERM": "xterm", "XDG_STATE_HOME": folder.path])
    try terminal.awaitLines("waiting for \(name)")
    let first = try EndingTests.Victim(program: program)
    try terminal.awaitLines("process \(first.pid) ", " n  off no damage")
    terminal.type("n")
    try terminal.awaitLines("no damage is on")
    #expect(first.state(after: "hurt 30") == "health 100 gold 250")
    first.kill()
    try terminal.awaitLines("waiting for \(name)")
    let second = try EndingTests.Victim(program: program)
    try terminal.awaitLines("process \(second.pid) ", " n  on  no damage")
    #expect(second.state(after: "hurt 30") == "health 100 gold 250")
    terminal.type("q")
    #expect(try terminal.end() == .exited(0))
    #expect(second.state(after: "hurt 30") == "health 70 gold 250")
  }

  // MARK: Without a terminal

  /// Ends the run once everything that was asked for is on.
  private static let untilOn = """
    pvm.every(0.005, function()
      local on = 0
      for _, cheat in ipairs(trainer.cheats) do if cheat.state == "on" then on = on + 1 end end
      if on == WANTED then trainer:stop() end
    end)
    """

  @Test("report in JSON lines where no terminal is")
  func lines() throws {
    let stage = try Stage(tail: Self.untilOn.replacing("WANTED", with: "2"))
    let run = try stage.run(["--enable", "gold, Noted"])
    #expect(run.status == .exited(0), "\(run.error)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(
      lines.allSatisfy { $0.hasPrefix("{\"event\":\"") && $0.hasSuffix("}") }, "\(run.output)")
    #expect(lines.first?.contains("\"waiting\",\"trainer\":\"Test Trainer\"") == true)
    #expect(run.output.contains("{\"event\":\"attached\",\"pid\":\(stage.victim.pid),"))
    #expect(run.output.contains("\"cheat\":\"gold\",\"state\":\"on\""))
    #expect(run.output.contains("\"cheat\":\"hp\",\"state\":\"off\",\"value\":\"100\""))
    #expect(run.output.contains("\"cheat\":\"lost\",\"state\":\"unavailable\",\"problem\":\""))
    #expect(lines.last == "{\"event\":\"end\",\"reason\":\"stopped\"}")
    #expect(stage.victim.state() == "health 100 gold 250")
    #expect(stage.log == "on off ")
    let python = """
      import json, sys
      for line in sys.stdin: json.loads(line)
      """
    #expect(try Run("python3", ["-c", python], input: run.output).status == .exited(0))
  }

  @Test("refuse another version, unless told to go on")
  func versions() throws {
    let stage = try Stage(
      more: "versions={[\"1.2\"]=\"0123456789abcdef\"},",
      tail: Self.untilOn.replacing("WANTED", with: "1"))
    let refused = try stage.run(["--enable", "gold"])
    #expect(refused.status == .exited(1))
    #expect(refused.error.contains("is not a version that this trainer was made for"))
    #expect(refused.error.contains("known: 1.2 (0123456789abcdef)"))
    #expect(refused.error.contains("--any-version"))
    let told = try stage.run(["--enable", "gold", "--any-version"])
    #expect(told.status == .exited(0), "\(told.error)")
    #expect(told.output.contains("\"version\":\"another version\""))
    #expect(stage.victim.state() == "health 100 gold 250")
  }

  @Test("have a command line of their own")
  func commandLine() throws {
    let stage = try Stage()
    let help = try stage.run(["--help"])
    #expect(help.status == .exited(0))
    #expect(help.output.hasPrefix("usage: cheats.lua [options]\n\nTest Trainer, by nobody, for "))
    #expect(help.output.contains("--any-version"))
    #expect(help.output.contains("\n  g  gold: what it is about\n"))
    for (words, message) in [
      (["--enable", "gould"], "unknown cheat 'gould' (did you mean 'gold'?)"),
      (["--enabel", "gold"], "unknown option '--enabel' (did you mean '--enable'?)"),
      (["gold"], "'gold' is one word too many"),
    ] {
      let wrong = try stage.run(words)
      #expect(wrong.status == .exited(2))
      #expect(wrong.output == "")
      #expect(wrong.error.hasPrefix("cheats.lua: \(message)\nusage: cheats.lua [options]\n"))
    }
    let two = try Run([
      "-e", "for i = 1, 2 do pvm.trainer{name='T', process='x', cheats={{name='a', on=print}}} end",
    ])
    #expect(two.status == .exited(1))
    #expect(two.error.contains("declares 2 trainers"))
  }

  @Test("scripts have options of their own, with help and an exit status")
  func arguments() throws {
    let folder = try Scratch([
      "count.lua": """
      local args = pvm.args{about="Counts.", {"--rate", "-r", default=1, help="looks a second"}, {"name"}}
      print(args.rate, args.name)
      """
    ])
    let script = folder.path + "/count.lua"
    let good = try Run([script, "-r", "5", "x"])
    #expect(good.output == "5\tx\n")
    #expect(good.status == .exited(0))
    let help = try Run([script, "--help"])
    #expect(help.output.hasPrefix("usage: count.lua [options] NAME\n\nCounts.\n"))
    #expect(help.status == .exited(0))
    let wrong = try Run([script, "--rte=5", "x"])
    #expect(
      wrong.error.hasPrefix("count.lua: unknown option '--rte' (did you mean '--rate'?)\nusage: "))
    #expect(wrong.output == "")
    #expect(wrong.status == .exited(2))
  }

  // MARK: Lint

  @Test("lint holds a file against the running game, or the program on disk")
  func lint() throws {
    let stage = try Stage()
    let live = try Run(["-m", "lint", stage.path])
    #expect(live.status == .exited(1), "\(live.error)")
    #expect(
      live.output.hasPrefix("trainer \"Test Trainer\" for process \(stage.victim.pid): 6 cheats\n"))
    #expect(live.output.contains("  ok         hp: "))
    #expect(live.output.contains("  ok         gold: patch at "))
    #expect(live.output.contains("  unchecked  noted: its functions are not called\n"))
    #expect(live.output.contains("  FAILED     lost: "))
    #expect(live.output.hasSuffix("1 of 7 do not match\n"))
    #expect(stage.log == "")
    #expect(stage.victim.state() == "health 100 gold 250")

    let folder = try Scratch([
      "good.lua": """
      pvm.trainer{name="T", process="pvm-no-such-game", cheats={
        {name="sub", patch={find="8b 07 29 f0 89 07", offset=2, module="pvm-target", expect="29 f0",
          bytes="90 90", code=true}},
        {name="far", path="[[pvm-target+0x10]+8]", type="i32", freeze=1} }}:run()
      """,
      "none.lua": "print('nothing')", "broken.lua": "pvm.trainer{}",
    ])
    let disk = try Run(["-m", "lint", folder.path + "/good.lua", Program.target])
    #expect(disk.status == .exited(0), "\(disk.output)\(disk.error)")
    #expect(disk.output.contains("  ok         sub: patch at pvm-target"))
    #expect(disk.output.contains("  unchecked  far: "))
    for (file, message) in [
      ("good.lua", "start the game, or name its file"), ("none.lua", "declares no trainer"),
      ("broken.lua", "option 'name' is missing"), ("absent.lua", "absent.lua"),
    ] {
      let run = try Run(["-m", "lint", folder.path + "/" + file])
      #expect(run.status == .exited(1))
      #expect(run.error.contains(message), "\(run.error)")
    }
    #expect(try Run(["-m", "lint"]).error.hasPrefix("usage: pvmlua -m lint "))
  }
}
