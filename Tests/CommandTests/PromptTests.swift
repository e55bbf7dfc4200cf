import Testing

@Suite("the prompt")
struct PromptTests {
  private func terminal(_ arguments: [String] = [], environment: [String: String] = [:]) throws
    -> Terminal
  {
    let terminal = try Terminal(arguments, environment: environment)
    try terminal.expect("> ")
    return terminal
  }

  @Test(
    "prints what an entry gives",
    arguments: [
      ("1 + 1", "2"), ("= 1 + 1", "2"), ("'a', nil, 'b'", "a       nil     b"), ("x = 5", "> "),
      ("nil", "nil"),
      ("for i = 1, 2 do io.write('n', i) end", "n1n2"), ("return 3, 4", "3       4"),
      ("local function f() end", "> "), ("pvm ~= nil", "true"),
      ("if true then\nio.write('bl', 'ock')\nend", "block"),
      ("(function()\nreturn 'fu' .. 'nc'\nend)()", "func"),
      ("[[two\nlines]] .. 3", "lines3"),
    ])
  func entries(_ entry: String, _ answer: String) throws {
    let terminal = try terminal(["-q"])
    terminal.type(entry + "\n")
    try terminal.expect("\n")
    try terminal.expect(answer)
    terminal.type("'st' .. 'ill here'\n")
    try terminal.expect("still here")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test(
    "shows errors and goes on",
    arguments: [
      ("error('oh')", "oh"), ("x = = 1", "unexpected symbol near '='"),
      ("nosuch()", "attempt to call a nil value"),
      ("error({})", "(error object is a table value)"), ("error()", "nil"),
      ("y.z = 1", "attempt to index a nil value (global 'y')"),
      ("error(setmetatable({}, {__tostring = function() error('x') end}))", "x"),
      ("print = nil; return 1", "attempt to call"),
      ("string.rep('x', 1 << 40)", "resulting string too large"),
    ])
  func errors(_ entry: String, _ message: String) throws {
    let terminal = try terminal(["-q"])
    terminal.type(entry + "\n")
    try terminal.expect("\n")
    try terminal.expect(message)
    try terminal.expect("> ")
    terminal.type("io.write('al', 'ive')\n")
    try terminal.expect("alive")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test("asks for more with another prompt, until the text is complete or has an error")
  func continuation() throws {
    let terminal = try terminal(["-q"])
    terminal.type("local t = {\n")
    try terminal.expect(">> ")
    terminal.type("1, 2} print(#t + 40)\n")
    try terminal.expect("42")
    terminal.type("while do\n")
    try terminal.expect("unexpected symbol near 'do'")
    terminal.type("f(\n")
    try terminal.expect(">> ")
    terminal.pressControlD()
    try terminal.expect("near <eof>")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test("Ctrl-C drops what is being typed")
  func drop() throws {
    let terminal = try terminal(["-q"])
    terminal.type("print('half")
    terminal.pressControlC()
    try terminal.expect("> ")
    terminal.type("f(\n")
    try terminal.expect(">> ")
    terminal.pressControlC()
    try terminal.expect("\npvm> ")
    terminal.type("'who' .. 'le'\n")
    try terminal.expect("whole")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test("takes its signs from _PROMPT and _PROMPT2")
  func signs() throws {
    let terminal = try terminal(["-q"])
    terminal.type("_PROMPT, _PROMPT2 = 'lu' .. 'a% ', '..' .. '.. '\n")
    try terminal.expect("lua% ")
    terminal.type("f(\n")
    try terminal.expect(".... ")
    terminal.pressControlC()
    try terminal.expect("lua% ")
    terminal.type("_PROMPT = {}\n")
    try terminal.expect("> ")
  }

  @Test("shares its input with io.read")
  func sharedInput() throws {
    let terminal = try terminal(["-q"])
    terminal.type("line = io.read()\nthe next line\n")
    terminal.type("line .. '!'\n")
    try terminal.expect("the next line!")
  }

  @Test("says the version first, unless told to be quiet")
  func banner() throws {
    let terminal = try terminal()
    #expect(terminal.screen.contains("Lua 5.4"))
    #expect(terminal.screen.contains("Ctrl-D"))
    #expect(try !self.terminal(["-q"]).screen.contains("Lua"))
  }

  @Test("comes after a script with -i, and with a failed script not at all")
  func afterScript() throws {
    let folder = try Scratch(["s.lua": "a = 40 print(...)", "e.lua": "error('no')"])
    let terminal = try terminal(["-i", folder.path + "/s.lua", "argument"])
    #expect(terminal.screen.contains("argument"))
    terminal.type("a + 2\n")
    try terminal.expect("42")
    let failed = try Terminal(["-i", folder.path + "/e.lua"])
    #expect(try failed.end() == .exited(1))
  }

  @Test("reads a script's lines with -i where there is no terminal")
  func piped() throws {
    let run = try Run(["-q", "-i"], input: "print('a')\nerror('b')\n'c'")
    #expect(run.output == "pvm> a\npvm> pvm> c\npvm> \n")
    #expect(run.error.contains("stdin:1: b"))
    #expect(!run.error.contains("pvmlua:"))
    #expect(run.status == .exited(0))
  }

  @Test("colors errors only where it is wanted")
  func color() throws {
    for (arguments, isColored) in [
      (["--color", "always"], true), (["--color=never"], false), ([], true),
    ] {
      let folder = try Scratch()
      let terminal = try terminal(
        ["-q"] + arguments, environment: ["TERM": "xterm", "XDG_STATE_HOME": folder.path])
      terminal.type("error('re' .. 'd?')\n")
      try terminal.expect("red?")
      #expect(terminal.screen.contains("\u{1b}[31m") == isColored)
    }
    #expect(try !Run(["-e", "error('x')"]).error.contains("\u{1b}"))
    #expect(try Run(["--color=always", "-e", "error('x')"]).error.contains("\u{1b}[31mpvmlua: "))
  }
}
