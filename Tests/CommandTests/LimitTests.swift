import Glibc
import Testing

@Suite("limits of memory, stack, files and time")
struct LimitTests {
  /// Scripts that want all memory there is.
  static let memoryBombs = [
    "local t = {} for i = 1, 1e9 do t[i] = i end",
    "local s = 'x' while true do s = s .. s end",
    "local t while true do t = {t} end",
    "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
    "local s = ('x'):rep(1 << 30)",
    "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
    "local t = {} while true do t[#t + 1] = function() return t end end",
    "local t = {} for i = 1, 1e8 do t[i] = 'abc' end return table.concat(t)",
  ]

  @Test("a memory bomb gives an error under --memory-limit", arguments: memoryBombs)
  func memory(_ bomb: String) throws {
    let run = try Run(["--memory-limit", "32M", "-e", bomb])
    #expect(run.error.contains("not enough memory"))
    #expect(run.error.hasPrefix("pvmlua: "))
    #expect(run.status == .exited(1))
  }

  @Test("a memory bomb gives an error under ulimit -v", arguments: memoryBombs)
  func addressSpace(_ bomb: String) throws {
    let run = try Run(["-e", bomb], prelude: "ulimit -v 400000")
    #expect(run.error.contains("not enough memory"))
    #expect(run.status == .exited(1))
  }

  @Test("the state can be used after a memory bomb", arguments: memoryBombs)
  func afterwards(_ bomb: String) throws {
    let script = """
      local ok, err = pcall(function() \(bomb) end)
      print(ok, err)
      collectgarbage()
      assert(load("return #('y'):rep(1 << 20)")() == 1 << 20)
      print("alive")
      """
    let run = try Run(["--memory-limit=32M", "-"], input: script)
    #expect(run.output == "false\tnot enough memory\nalive\n")
    #expect(run.status == .exited(0))
    let prompt = try Run(["-q", "-i", "--memory-limit=32M"], input: bomb + "\nprint('alive')\n")
    #expect(prompt.error.contains("not enough memory"))
    #expect(prompt.output.contains("alive"))
  }

  @Test(
    "a limit too small for Lua itself is an error", arguments: ["1", "1K", "10K", "20K", "40K"])
  func tiny(_ limit: String) throws {
    let run = try Run(["--memory-limit", limit, "-e", ""])
    #expect(run.error.hasPrefix("pvmlua: "))
    #expect(run.error.contains("not enough memory"))
    #expect(run.status == .exited(1))
  }

  /// Scripts that recurse without end, in C or in the parser.
  static let stackBombs = [
    "local function f() return f() + 1 end f()",
    "local function f(s) return s:gsub('.', f) end f('x')",
    "local function f() return coroutine.wrap(f)() end f()",
    "load(('('):rep(300) .. ('){'):rep(300))()",
    "assert(load('return ' .. ('('):rep(300) .. '1' .. (')'):rep(300)))",
    "assert(load(('do '):rep(1000) .. ('end '):rep(1000)))",
    "assert(load('x = ' .. ('{'):rep(100000)))",
    "assert(load('x = ' .. ('-'):rep(3) .. ('not '):rep(100000) .. '1'))",
    "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end print(t.x)",
    "local t = setmetatable({}, {}) getmetatable(t).__tostring = tostring print(t)",
    "string.rep('x', 100):find(string.rep('(', 40))",
    "string.rep('a', 300000):find(string.rep('a?', 300000) .. 'b')",
    "xpcall(error, function(e) error(e) end) error('after')",
    "local function f(...) return select('#', ...) + f(1, ...) end f()",
    "return table.unpack(setmetatable({}, {__len = function() return 1e8 end}))",
  ]

  @Test("a stack bomb gives an error", arguments: stackBombs)
  func stack(_ bomb: String) throws {
    let run = try Run(["-e", bomb])
    #expect(run.status == .exited(1))
    #expect(run.error.hasPrefix("pvmlua: "))
  }

  @Test("a stack bomb is the same with less stack", arguments: stackBombs)
  func lessStack(_ bomb: String) throws {
    let run = try Run(["-e", bomb], prelude: "ulimit -s 1024")
    #expect(run.status == .exited(1))
    #expect(run.error.hasPrefix("pvmlua: "))
  }

  @Test("too small a stack is raised where that is allowed, else named")
  func smallStack() throws {
    let raised = try Run(["-e", Self.stackBombs[1]], prelude: "ulimit -S -s 256")
    #expect(raised.error.contains("C stack overflow"))
    let refused = try Run(["-e", "print(1)"], prelude: "ulimit -s 256")
    #expect(refused.output == "")
    #expect(refused.error.hasPrefix("pvmlua: the stack is limited to 256 KiB"))
    #expect(refused.status == .exited(1))
  }

  @Test("few descriptors are enough to run, and their end is an error")
  func descriptors() throws {
    let run = try Run(["-e", "print(1)"], prelude: "ulimit -n 8")
    #expect(run.output == "1\n")
    let exhausted = try Run(
      ["-e", "local t = {} for i = 1, 20 do t[i] = assert(io.open('/dev/null')) end"],
      prelude: "ulimit -n 8")
    #expect(exhausted.error.contains("Too many open files"))
    #expect(exhausted.status == .exited(1))
    let sleeper = try Sleeper()
    let attach = try Run(
      ["-e", "local t = {} for i = 1, 20 do t[i] = pvm.attach(\(sleeper.pid)) end"],
      prelude: "ulimit -n 8")
    #expect(attach.status == .exited(1))
    #expect(attach.error.hasPrefix("pvmlua: "))
  }

  @Test("a limit of processor time ends the program, no more")
  func time() throws {
    let run = try Run(["-e", "while true do end"], prelude: "ulimit -t 1")
    #expect(run.status == .killed(signal: 9) || run.status == .killed(signal: 24))
  }

  /// Scripts that would compute for ever.
  static let endlessLoops = [
    "while true do end", "while true do pcall(function() while true do end end) end",
    "coroutine.wrap(function() while true do end end)()",
    "while true do coroutine.wrap(function() pcall(function() while true do end end) end)() end",
    "local function f() return f() end f()", "repeat xpcall(error, function() end) until false",
    "setmetatable({}, {__index=function(t, k) while true do end end}).x()",
    "for _ in function() return 1 end do end",
    "pvm.every(0.001, function() while true do end end) pvm.run()",
  ]

  @Test("a loop ends with an error when its time is up", arguments: endlessLoops)
  func time(_ loop: String) throws {
    let run = try Run(["--time-limit", "0.1", "-e", loop, "-e", "print('went on')"])
    #expect(run.error.contains("time limit reached"), "\(run.error)")
    #expect(run.output == "")
    #expect(run.status == .exited(1))
    let own = try Run(["-e", "pvm.limits{seconds=0.1} " + loop])
    #expect(own.error.contains("time limit reached") && own.status == .exited(1))
  }

  @Test("what cannot be interrupted ends with the program, and what was patched is taken back")
  func unstoppable() throws {
    let run = try Run([
      "--time-limit", "0.1", "-e",
      "setmetatable({}, {__gc=function() while true do end end}) collectgarbage()",
    ])
    #expect(run.error.contains("code that cannot be interrupted; ending"))
    #expect(run.status == .exited(1))
    let victim = try EndingTests.Victim()
    let bomb = "local _ = (('a'):rep(200) .. 'b'):find(('.-'):rep(30) .. 'c')"
    let patched = try Run(
      ["--time-limit", "0.5", "-e", victim.script(bomb)], environment: victim.environment)
    #expect(patched.status == .killed(signal: SIGTERM), "\(patched.error)")
    #expect(victim.state() == "health 100 gold 250")
  }

  @Test("waiting is no computing, and at the prompt every line tells that the time is up")
  func waiting() throws {
    let run = try Run(["--time-limit", "0.2", "-e", "pvm.sleep(0.4) print('on')"])
    #expect(run.output == "on\n" && run.status == .exited(0), "\(run.error)")
    let prompt = try Run(
      ["-q", "-i", "--time-limit", "0.1"], input: "while true do end\nprint('no')\nprint('more')\n")
    #expect(prompt.error.ranges(of: "time limit reached").count >= 3, "\(prompt.error)")
    #expect(!prompt.output.contains("no"))
  }

  @Test("a script tightens its limits and never loosens them")
  func tightening() throws {
    let run = try Run([
      "-e",
      """
      print(next(pvm.limits()) == "memory_used", pvm.limits().memory)
      local l = pvm.limits{memory=1 << 26, seconds=50, writes=3}
      print(l.memory, l.seconds <= 50, l.writes, l.memory_used > 1000)
      print(pvm.limits{writes=2}.writes)
      for _, more in ipairs{ {memory=1 << 27}, {seconds=60}, {writes=3}, {write=3} } do
        print(select(2, pcall(pvm.limits, more)))
      end
      print(pcall(string.rep, "x", 1 << 27))
      """,
    ])
    #expect(run.status == .exited(0), "\(run.error)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 8, "\(run.output)")
    #expect(lines[0] == "true\tnil" && lines[1] == "67108864\ttrue\t3\ttrue" && lines[2] == "2")
    for line in lines[3..<6] { #expect(line.contains("can only be made tighter"), "\(line)") }
    #expect(lines[6].contains("did you mean 'writes'?") && lines[7] == "false\tnot enough memory")
  }
}
