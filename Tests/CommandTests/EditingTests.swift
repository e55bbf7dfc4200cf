import Glibc
import Testing

/// The prompt on a terminal that can edit lines.
@Suite("editing at the prompt")
struct EditingTests {
  @Test("keeps results as _, __ and _1, _2 ..., the last twenty of them")
  func results() throws {
    let editing = try Editing()
    try editing.enter("20 + 1", shows: "21")
    try editing.enter("_ * 2", shows: "42")
    try editing.enter("_ - __, _1 + _2", shows: "21")
    try editing.enter("nil", shows: "nil")
    try editing.enter("'last ' .. _", shows: "last 21")
    for number in 5...24 { try editing.enter("\(number)") }
    try editing.enter("'first', _4, _5, _24", shows: "first   nil     5       24")
    #expect(try editing.leave() == .exited(0))
  }

  @Test("says once that a local variable is gone with its entry")
  func locals() throws {
    let editing = try Editing()
    try editing.enter("local a = 1 print('o' .. 'ne')", shows: "one")
    try editing.enter("local b = 1 print('t' .. 'wo')", shows: "two")
    let told = editing.terminal.screen.components(of: "a local lives as long as its entry")
    #expect(told == 1)
  }

  @Test("continues with an indent, and closes blocks where they began", .onScreen)
  func indent() throws {
    let editing = try Editing()
    try editing.enter("function f(x)")
    try editing.enter("if x then")
    try editing.enter("return {")
    try editing.enter("x, 7")
    try editing.enter("}")
    try editing.enter("end")
    try editing.enter("end")
    try editing.enter("#f(1)", shows: "2")
    let screen = try editing.terminal.screenNow()
    #expect(
      screen.text == """
        pvm> function f(x)
          >>   if x then
          >>     return {
          >>       x, 7
          >>     }
          >>   end
          >> end
        pvm> #f(1)
        2
        pvm>
        """)
    #expect(editing.history.hasPrefix("function f(x)\n\t  if x then\n\t    return {\n"))
  }

  @Test("does not indent within a long string")
  func longString() throws {
    let editing = try Editing()
    try editing.enter("do local s = [[")
    try editing.enter("x")
    try editing.enter("]] print(#s) end", shows: "2")
  }

  @Test("takes pasted lines as one entry")
  func paste() throws {
    let editing = try Editing()
    editing.terminal.type("\u{1b}[200~for i = 1, 2 do\n  print('line ' .. i)\nend\u{1b}[201~")
    editing.terminal.awaitQuiet()
    #expect(!editing.terminal.screen.contains("line 1"))
    try editing.enter("", shows: "line 1\r\nline 2")
    #expect(editing.history == "for i = 1, 2 do\n\t  print('line ' .. i)\n\tend\n")
    // The arrow key brings back the whole of it.
    editing.terminal.type("\u{1b}[A")
    try editing.enter("", shows: "line 1\r\nline 2")
  }

  @Test("takes a pasted line of a MiB", arguments: [true, false])
  func longLine(_ isBracketed: Bool) throws {
    let editing = try Editing(size: (200, 50))
    let line = "#'" + String(repeating: "0123456789abcdef", count: 1 << 16) + "'"
    editing.terminal.type(isBracketed ? "\u{1b}[200~\(line)\u{1b}[201~" : line)
    try editing.enter("", shows: "1048576")
    try editing.enter("6 * 7", shows: "42")
    // Such a line is not kept.
    #expect(editing.history == "6 * 7\n")
  }

  @Test("takes bytes that are no UTF-8")
  func oddBytes() throws {
    let editing = try Editing()
    editing.terminal.type(
      [UInt8]("('".utf8) + [0xFF, 0xE9, 0x80] + [UInt8]("'):byte(1, -1)\r".utf8))
    try editing.terminal.expect("255     233     128")
    try editing.awaitSign()
    editing.terminal.type("#'Zoë €'\r")
    try editing.terminal.expect("8")
  }

  @Test("works on a terminal of 20 columns, and when it changes its size", .onScreen)
  func narrow() throws {
    let editing = try Editing(size: (20, 10))
    try editing.enter("'a long line that ' .. 'wraps' .. 7", shows: "wraps7")
    editing.terminal.type("'another one that is long'")
    editing.terminal.awaitQuiet()
    let narrow = try editing.terminal.screenNow(columns: 20, rows: 10)
    #expect(narrow.text.hasSuffix("pvm> 'another one th\nat is long'"))
    editing.terminal.resize(60, 10)
    editing.terminal.awaitQuiet()
    editing.terminal.type(" .. '!'\r")
    try editing.terminal.expect("another one that is long!")
  }

  @Test("Ctrl-C drops a line, Ctrl-D leaves, and half a line is no end")
  func keys() throws {
    let editing = try Editing()
    editing.terminal.type("print('half")
    editing.terminal.pressControlC()
    try editing.awaitSign()
    try editing.enter("f(")
    editing.terminal.pressControlC()
    try editing.awaitSign()
    editing.terminal.type("'st' .. 'ill'\u{4}\r")
    try editing.terminal.expect("still")
    try editing.awaitSign()
    #expect(try editing.leave() == .exited(0))
    #expect(editing.terminal.modesAreRestored)
  }

  @Test("leaves the terminal as it was, whatever ends it", arguments: [SIGTERM, SIGHUP])
  func ending(_ number: Int32) throws {
    let editing = try Editing()
    editing.terminal.type("half a line")
    editing.terminal.awaitQuiet()
    #expect(!editing.terminal.modesAreRestored)
    kill(editing.terminal.pid, number)
    #expect(try editing.terminal.end() == .killed(signal: number))
    #expect(editing.terminal.modesAreRestored)
  }

  @Test("os.exit leaves the terminal as it was, also from a timer")
  func exit() throws {
    let editing = try Editing()
    editing.terminal.type("pvm.after(0.05, function() os.exit(3) end)\r")
    try editing.awaitSign()
    #expect(try editing.terminal.end() == .exited(3))
    #expect(editing.terminal.modesAreRestored)
  }

  @Test("shares its input with io.read")
  func sharedInput() throws {
    let editing = try Editing()
    editing.terminal.type("line = io.read()\r")
    try editing.terminal.expect("\u{1b}[?2004l")
    try editing.terminal.awaitSleep()
    editing.terminal.type("the next line\n")
    try editing.awaitSign()
    try editing.enter("line .. '!'", shows: "the next line!")
  }

  @Test("begins a row of its own behind output without an end", .onScreen)
  func ownRow() throws {
    let editing = try Editing()
    try editing.enter("io.write('no', ' end') x = 1", shows: "no end")
    #expect(try editing.terminal.screenNow().text.hasSuffix("\nno end%\npvm>"))
  }

  @Test("calls timers while a line is typed, which stays as it is", .onScreen)
  func timers() throws {
    let editing = try Editing()
    editing.terminal.type(
      "pvm.every(0.05, function(t) if t.count < 4 then print('tick', t.count) else t:cancel() end end); x = 5\r"
    )
    try editing.awaitSign()
    editing.terminal.type("x * 1")
    try editing.terminal.expect("tick\t3")
    let screen = try editing.terminal.screenNow()
    #expect(screen.text.hasSuffix("\ntick    1\ntick    2\ntick    3\npvm> x * 1"))
    try editing.enter("1", shows: "55")
  }

  @Test("shows what a timer raises above the line, and stops an endless one with Ctrl-C")
  func timerFaults() throws {
    let editing = try Editing()
    try editing.enter("pvm.after(0, function() error('late') end); x = 1", shows: "late")
    try editing.enter("pvm.after(0, function() while true do end end); x = 2")
    try editing.terminal.awaitWork()
    editing.terminal.pressControlC()
    try editing.terminal.expect("interrupted!")
    try editing.enter("40 + x", shows: "42")
  }
}

extension String {
  /// How often a text is in it.
  func components(of text: String) -> Int {
    let (bytes, wanted) = (Array(utf8), Array(text.utf8))
    return bytes.indices.count { bytes[$0...].starts(with: wanted) }
  }
}
