import Glibc
import Testing

@Suite("processes named on the command line")
struct TargetTests {
  @Test("-p makes the process the global game, before everything else")
  func byNumber() throws {
    let sleeper = try Sleeper()
    let folder = try Scratch([
      "m.lua": "print('m', game.pid)", "s.lua": "print('s', game.pid, ...)",
    ])
    for option in [
      ["-p", sleeper.pid], ["-p" + sleeper.pid], ["--pid", sleeper.pid], ["--pid=" + sleeper.pid],
    ] {
      let run = try Run(
        option + ["-e", "print('e', game.pid)", "-l", "m", "s.lua", "x"],
        prelude: "cd \(folder.path)")
      let pid = sleeper.pid
      #expect(run.output == "e\t\(pid)\nm\t\(pid)\ns\t\(pid)\tx\n", "\(run.error)")
      #expect(run.status == .exited(0))
    }
  }

  @Test("-n and -w find it by its name")
  func byName() throws {
    let name = "pvmlua-named-\(getpid())"
    let sleeper = try Sleeper(name)
    for option in ["-n", "-w"] {
      let run = try Run([option, name, "-e", "print(game.pid)"])
      #expect(run.output == sleeper.pid + "\n", "\(run.error)")
    }
    let other = try Sleeper(name)
    let ambiguous = try Run(["-n", name, "-e", "print(game)"])
    #expect(ambiguous.status == .exited(1))
    #expect(ambiguous.error.contains(sleeper.pid) && ambiguous.error.contains(other.pid))
  }

  @Test("-w waits until it is there")
  func waits() throws {
    let name = "pvmlua-awaited-\(getpid())"
    let terminal = try Terminal(["-w", name, "-e", "print('found ' .. game.pid)"])
    try terminal.expect("waiting for " + name)
    let sleeper = try Sleeper(name)
    try terminal.expect("found " + sleeper.pid)
    #expect(try terminal.end() == .exited(0))
  }

  @Test("-w can be ended by Ctrl-C")
  func waitEnds() throws {
    let terminal = try Terminal(["-w", "pvmlua-never-\(getpid())"])
    try terminal.expect("waiting for ")
    terminal.pressControlC()
    #expect(try terminal.end() == .killed(signal: SIGINT))
  }

  @Test("Ctrl-C ends what goes on in it, too")
  func interrupts() throws {
    let sleeper = try Sleeper()
    let terminal = try Terminal([
      "-p", sleeper.pid, "-e", "print('ready') game:wait_exit(600)",
    ])
    try terminal.expect("ready")
    try terminal.awaitSleep()
    terminal.pressControlC()
    try terminal.expect("interrupted!")
    #expect(try terminal.end() == .exited(130))
  }

  @Test(
    "one that is not there is an error, and nothing runs",
    arguments: [
      (["-p", "2147483647"], "ESRCH"), (["-n", "pvmlua-no-such-name"], "no process"),
      (["-p", "2"], ""),
    ])
  func absent(_ option: [String], _ text: String) throws {
    let run = try Run(option + ["-e", "print('ran')"])
    #expect(run.output == "")
    #expect(run.error.hasPrefix("pvmlua: "))
    #expect(run.error.contains(text))
    #expect(run.status == .exited(1))
  }

  @Test("--read-only refuses every write, in the core")
  func readOnly() throws {
    let sleeper = try Sleeper()
    let script = """
      local stack
      local regions = game:regions()
      for i = 1, #regions do if regions[i].kind == "stack" then stack = regions[i] end end
      local address = stack.stop - 64
      local value = game:read_u8(address)
      for _, attempt in ipairs{
        function() game:write(address, string.char(value)) end,
        function() game:write_u8(address, value) end,
        function() pvm.attach(game.pid):write_u8(address, value) end,
        function() pvm.attach(game.pid, {read_only = false}):write_u8(address, value) end,
        function() game:writev({string.char(value)}, {{address, 1}}) end,
      } do
        local ok, err = pcall(attempt)
        print(ok, err.code)
      end
      """
    let refused = try Run(["--read-only", "-p", sleeper.pid, "-"], input: script)
    #expect(refused.output == String(repeating: "false\tEREADONLY\n", count: 5), "\(refused.error)")
    let allowed = try Run(
      ["-p", sleeper.pid, "-"], input: script.replacing("print(ok, err.code)", "print(ok)"))
    #expect(allowed.output == String(repeating: "true\n", count: 5), "\(allowed.error)")
  }
}

extension String {
  fileprivate func replacing(_ text: String, _ other: String) -> String {
    split(separator: text, omittingEmptySubsequences: false).joined(separator: other)
  }
}
