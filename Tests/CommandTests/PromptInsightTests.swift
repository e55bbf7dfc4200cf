import Testing

/// What the prompt knows and shows, on a pseudo-terminal.
@Suite("the prompt knows")
struct PromptInsightTests {
  private func terminal(_ arguments: [String] = []) throws -> Terminal {
    let terminal = try Terminal(["-q"] + arguments, environment: ["TERM": "xterm", "HOME": "/nonexistent"])
    try terminal.expect("> ")
    return terminal
  }

  private func end(_ terminal: Terminal) throws {
    terminal.type("'st' .. 'ill here'\n")
    try terminal.expect("still here")
    terminal.pressControlD()
    #expect(try terminal.end() == .exited(0))
  }

  @Test("Tab completes, and lists with signatures")
  func tab() throws {
    let terminal = try terminal()
    terminal.type("pvm.att\t")
    try terminal.expect("pvm.attach(")
    terminal.type("'x'):snap\t")
    try terminal.expect("snapshot(")
    terminal.pressControlC()
    try terminal.expect("> ")
    terminal.type("x = pvm.buffer(8)\nx:\t\t")
    try terminal.expect("method")
    try terminal.expect("get(")
    terminal.pressControlC()
    try end(terminal)
  }

  @Test("Tab in a call shows its parameters")
  func hint() throws {
    let terminal = try terminal(["--color=never"])
    terminal.type("pvm.sizeof(\u{1b}h")
    try terminal.expect("pvm.sizeof(«type»")
    terminal.pressControlC()
    try end(terminal)
  }

  @Test("a question mark, help and values in colours")
  func shown() throws {
    let terminal = try terminal(["--color=always"])
    terminal.type("pvm.sizeof?\n")
    try terminal.expect("The size of a scalar type")
    terminal.type("{b=1, a='x\\27'}\n")
    try terminal.expect("{a = \u{1b}[32m\"x\\x1b\"\u{1b}[0m, b = ")
    terminal.type("local y\ny.z = 1\n")
    try terminal.expect("attempt to index a nil value (global 'y')")
    try terminal.expect("^")
    try end(terminal)
  }

  @Test("Ctrl-C ends a __tostring that hangs")
  func hanging() throws {
    let terminal = try terminal()
    terminal.type("setmetatable({}, {__tostring=function() io.write('go', 'ing') io.flush() while true do end end})\n")
    try terminal.expect("going")
    try terminal.awaitWork()
    terminal.pressControlC()
    try terminal.expect("interrupted")
    try end(terminal)
  }

  @Test("values cannot drive the terminal")
  func escapes() throws {
    let terminal = try terminal(["--color=never"])
    terminal.type("'\\27]0;ti' .. 'tle\\7', 1\n")
    try terminal.expect("1b 5d 30 3b")
    #expect(!terminal.screen.contains("\u{1b}]0;title"))
    try end(terminal)
  }
}
