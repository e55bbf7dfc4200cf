import Testing

/// One command line that Lua's own interpreter understands, with the files it finds.
struct CommandLineCase: Sendable, CustomTestStringConvertible {
  let arguments: [String]
  var input = ""
  var environment: [String: String] = [:]
  var files: [String: String] = [:]

  init(
    _ arguments: String..., input: String = "", environment: [String: String] = [:],
    files: [String: String] = [:]
  ) {
    self.arguments = arguments
    self.input = input
    self.environment = environment
    self.files = files
  }

  var testDescription: String {
    (environment.map { "\($0)=\($1)" } + arguments).joined(separator: " ")
  }
}

@Suite("what pvmlua does as lua5.4 does")
struct LuaContractTests {
  @Test(
    "prints, fails and ends alike", .enabled(if: Program.lua != nil, "\(Program.withoutLua)"),
    arguments: CommandLineCase.statements + CommandLineCase.scripts + CommandLineCase.libraries
      + CommandLineCase.environments + CommandLineCase.errorValues)
  func alike(_ command: CommandLineCase) throws {
    let (ours, theirs) = try both(command)
    #expect(ours.status == theirs.status)
    #expect(normalized(ours.output) == normalized(theirs.output))
    #expect(normalized(ours.error) == normalized(theirs.error))
  }

  @Test(
    "names the same fault of a command line",
    .enabled(if: Program.lua != nil, "\(Program.withoutLua)"),
    arguments: CommandLineCase.wrongUses)
  func wrongUse(_ command: CommandLineCase) throws {
    let (ours, theirs) = try both(command)
    #expect(ours.status == theirs.status)
    #expect(ours.output == theirs.output)
    #expect(
      normalized(ours.error).prefix { $0 != "\n" } == normalized(theirs.error).prefix { $0 != "\n" }
    )
  }

  /// The one difference: lua5.4 ends with status 0 when a script that it was not asked for by name,
  /// on standard input, fails.
  @Test("ends with status 1 where a script on standard input fails", arguments: [[], ["-"]])
  func failedInput(_ arguments: [String]) throws {
    for script in ["error('x')", "x ="] {
      let run = try Run(arguments, input: script)
      #expect(run.status == .exited(1))
      #expect(run.error.hasPrefix("pvmlua: stdin:1: "))
    }
  }

  private func both(_ command: CommandLineCase) throws -> (Run, Run) {
    let folder = try Scratch(command.files)
    let lua = try #require(Program.lua)
    let runs = try [Program.pvmlua, lua].map { program in
      try Run(
        program, command.arguments, input: command.input, environment: command.environment,
        prelude: "cd \(folder.path)")
    }
    return (runs[0], runs[1])
  }

  /// Both programs' names, with or without a path, become one.
  private func normalized(_ text: String) -> String {
    var text = text
    let names = [Program.pvmlua, Program.lua ?? "lua5.4", "lua5.4:"]
    for (name, common) in zip(names, ["pvmlua", "pvmlua", "pvmlua:"]) {
      text = text.split(separator: name, omittingEmptySubsequences: false).joined(separator: common)
    }
    return text
  }
}

extension CommandLineCase {
  static let statements = [
    CommandLineCase("-e", "print(1)"),
    CommandLineCase("-eprint(1)"),
    CommandLineCase("-e", ""),
    CommandLineCase("-e", "a = 1", "-e", "print(a)"),
    CommandLineCase("-e", "error('x')", "-e", "print('not reached')"),
    CommandLineCase("-e", "x ="),
    CommandLineCase("-e", "return 1"),
    CommandLineCase("-e", "print(...)"),
    CommandLineCase("-e", "print(#arg, arg[0], arg[1], arg[-1])"),
    CommandLineCase("-e", "os.exit(7)"),
    CommandLineCase("-e", "os.exit(true)"),
    CommandLineCase("-e", "os.exit(false)"),
    CommandLineCase("-e", "os.exit(3, true)"),
    CommandLineCase("-e", "io.write('no newline')"),
    CommandLineCase("-e", "setmetatable({}, {__gc = function() print('gc') end})"),
    CommandLineCase(
      "-e",
      "local t <close> = setmetatable({}, {__close = function() print('closed') end}) error('e')"),
    CommandLineCase("-v"),
    CommandLineCase("-v", "-e", "print(1)"),
    CommandLineCase("-W", "-e", "warn('careful')"),
    CommandLineCase("-e", "warn('silent')", "-W", "-e", "warn('loud', ' and long')"),
    CommandLineCase("-e", "warn('@on') warn('loud') warn('@off') warn('silent')"),
    CommandLineCase("-W", "-e", "setmetatable({}, {__gc = function() error('in gc') end})"),
  ]

  static let scripts = [
    CommandLineCase("s.lua", files: ["s.lua": "print('script', ...)"]),
    CommandLineCase(
      "s.lua", "a", "", "b c", files: ["s.lua": "print(#arg, ...) print(arg[0], arg[3])"]),
    CommandLineCase("s.lua", "--help", "-e", "print(2)", "-v", files: ["s.lua": "print(...)"]),
    CommandLineCase("s.lua", "--", "-", files: ["s.lua": "print(...)"]),
    CommandLineCase("--", "s.lua", "--", files: ["s.lua": "print(arg[-1], ...)"]),
    CommandLineCase("--", "-", files: ["-": "print('a file named -')"]),
    CommandLineCase("--", "-s.lua", files: ["-s.lua": "print(arg[0])"]),
    CommandLineCase(
      "-e", "x = 5", "s.lua", "q",
      files: ["s.lua": "for i = -4, 2 do print(i, arg[i]) end print(x)"]),
    CommandLineCase("-", "a", "b", input: "print('stdin', arg[0], ...)"),
    CommandLineCase("-W", "-", input: "warn('w')"),
    CommandLineCase("--", input: "print('stdin')"),
    CommandLineCase(input: "print('stdin', arg[0], ...)"),
    CommandLineCase(input: "#!/usr/bin/pvmlua\nprint('after #!')"),
    CommandLineCase(input: ""),
    CommandLineCase("-e", "print(1)", input: "print('not read')"),
    CommandLineCase("-e", "print(io.read('a'))", input: "text"),
    CommandLineCase("s.lua", files: ["s.lua": "#!/usr/bin/env pvmlua\nerror('line 2')"]),
    CommandLineCase("s.lua", files: ["s.lua": "# a comment without a line end"]),
    CommandLineCase("s.lua", files: ["s.lua": "\u{FEFF}print('byte order mark')"]),
    CommandLineCase("s.lua", files: ["s.lua": "\u{FEFF}#!x\nprint('both')"]),
    CommandLineCase("s.lua", files: ["s.lua": "return 1, 2"]),
    CommandLineCase("s.lua", files: ["s.lua": "x = = 1"]),
    CommandLineCase("s.lua", files: ["s.lua": "local function f() error('deep') end\nf()"]),
    CommandLineCase("s.lua", files: ["s.lua": "table.remove(arg, 1) print(...)"]),
    CommandLineCase(
      "-e", "arg = {'own', 'arguments'}", "s.lua", "x", files: ["s.lua": "print(...)"]),
    CommandLineCase("none.lua"),
    CommandLineCase("."),
  ]

  static let libraries = [
    CommandLineCase("-l", "m", "-e", "print(m.x)", files: ["m.lua": "return {x = 1}"]),
    CommandLineCase("-lm", "-e", "print(m.x)", files: ["m.lua": "return {x = 1}"]),
    CommandLineCase("-l", "g=m", "-e", "print(g.x, m)", files: ["m.lua": "return {x = 1}"]),
    CommandLineCase("-lg=m", "-e", "print(g, m)", files: ["m.lua": "print(...)"]),
    CommandLineCase("-e", "print(1)", "-l", "m", "-e", "print(3)", files: ["m.lua": "print(2)"]),
    CommandLineCase(
      "-l", "m", "s.lua", files: ["m.lua": "print('m', ...)", "s.lua": "print('s', ...)"]),
    CommandLineCase("-l", "m", input: "print('stdin')", files: ["m.lua": "print('m')"]),
    CommandLineCase("-l", "m", "-e", "print(1)", files: ["m.lua": "error('in m')"]),
    CommandLineCase("-l", "m", files: ["m.lua": "x ="]),
    CommandLineCase("-l", "a.b", "-e", "print(_G['a.b'])", files: ["a.b.lua": "return 7"]),
    CommandLineCase("-l", "string", "-e", "print(string.rep('x', 3))"),
  ]

  static let environments = [
    CommandLineCase("-e", "print(2)", environment: ["LUA_INIT": "print(1)"]),
    CommandLineCase(
      "-e", "print(2)", environment: ["LUA_INIT": "print(1)", "LUA_INIT_5_4": "print(5.4)"]),
    CommandLineCase("-e", "print(2)", environment: ["LUA_INIT_5_4": "", "LUA_INIT": "print(1)"]),
    CommandLineCase("-E", "-e", "print(2)", environment: ["LUA_INIT": "print(1)"]),
    CommandLineCase("-e", "print(2)", "-E", environment: ["LUA_INIT": "print(1)"]),
    CommandLineCase(
      "-e", "print(2)", environment: ["LUA_INIT": "@i.lua"], files: ["i.lua": "print('i', ...)"]),
    CommandLineCase("-e", "print(2)", environment: ["LUA_INIT": "@none.lua"]),
    CommandLineCase("-e", "print(2)", environment: ["LUA_INIT": "error('init')"]),
    CommandLineCase("-e", "print(2)", environment: ["LUA_INIT_5_4": "x ="]),
    CommandLineCase("-e", "print(2)", environment: ["LUA_INIT": "print(arg[0], arg[1])"]),
    CommandLineCase("-v", environment: ["LUA_INIT": "print('init')"]),
    CommandLineCase("-e", "print(package.path)", environment: ["LUA_PATH": "/a/?.lua"]),
    CommandLineCase(
      "-e", "print(package.path)",
      environment: ["LUA_PATH": ";;/a/?.lua", "LUA_PATH_5_4": "/b/?.lua;;"]),
    CommandLineCase("-e", "print(package.cpath)", environment: ["LUA_CPATH": "/a/?.so;;"]),
    CommandLineCase(
      "-E", "-e", "print(package.path, package.cpath)",
      environment: ["LUA_PATH": "/a/?.lua", "LUA_CPATH": "/a/?.so"]),
    CommandLineCase("-e", "require 'm'", environment: ["LUA_PATH": "lib/?.x"]),
    CommandLineCase(
      "-e", "print(require 'm')", environment: ["LUA_PATH": "./?.x"], files: ["m.x": "return ..."]),
  ]

  static let errorValues = [
    CommandLineCase("-e", "error()"),
    CommandLineCase("-e", "error(nil)"),
    CommandLineCase("-e", "error(42)"),
    CommandLineCase("-e", "error(4.5)"),
    CommandLineCase("-e", "error(true)"),
    CommandLineCase("-e", "error(print)"),
    CommandLineCase("-e", "error({})"),
    CommandLineCase(
      "-e", "error(setmetatable({}, {__tostring = function() return 'as text' end}))"),
    CommandLineCase("-e", "error(setmetatable({}, {__tostring = function() return 42 end}))"),
    CommandLineCase("-e", "error(setmetatable({}, {__tostring = function() error('again') end}))"),
    CommandLineCase("-e", "error(setmetatable({}, {__tostring = function() error({}) end}))"),
    CommandLineCase("-e", "error(setmetatable({}, {__metatable = 'hidden', __name = 'NAME'}))"),
    CommandLineCase("-e", "error('level 0', 0)"),
    CommandLineCase("-e", "error('level 2', 2)"),
    CommandLineCase("-e", "error('')"),
    CommandLineCase("-e", "error('two\\nlines')"),
    CommandLineCase("-e", "error('\\xff\\xfe no UTF-8')"),
    CommandLineCase("-e", "error(('x'):rep(1 << 20))"),
    CommandLineCase("-e", "local x = nil; x.y = 1"),
    CommandLineCase(
      "-e", "local t = setmetatable({}, {__index = function(t, k) return k.x end}) print(t[1])"),
    CommandLineCase("-e", "string.rep()"),
    CommandLineCase("-e", "('x'):bad()"),
    CommandLineCase("-e", "assert(false, 'asserted')"),
    CommandLineCase("-e", "assert(nil)"),
    CommandLineCase("-e", "coroutine.wrap(function() error('in coroutine') end)()"),
    CommandLineCase("-e", "coroutine.wrap(function() error({}) end)()"),
    CommandLineCase("-e", "print(coroutine.resume(coroutine.create(function() error('e') end)))"),
    CommandLineCase("-e", "print(select('#', table.unpack({}, 1, 1e6)))"),
    CommandLineCase("-e", "table.unpack({}, 1, 1e7)"),
    CommandLineCase("-e", "goto nowhere"),
    CommandLineCase("-e", "local x <const> = 1; x = 2"),
  ]

  static let wrongUses = [
    CommandLineCase("-e"), CommandLineCase("-l"), CommandLineCase("-e", "-v"),
    CommandLineCase("-z"), CommandLineCase("-vx"), CommandLineCase("-ix"), CommandLineCase("-Ex"),
    CommandLineCase("-Wx"), CommandLineCase("---"), CommandLineCase("--nonsense"),
    CommandLineCase("-v", "-z", "s.lua"), CommandLineCase("-e", "print(1)", "-z"),
  ]
}
