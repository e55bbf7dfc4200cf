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
}
