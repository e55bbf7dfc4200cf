import LuaHost
import MemoryModel
import PVMModule
import RemoteMemory
import Testing

extension ModuleTests {
  /// A state with a display, whose text is kept.
  final class Shown {
    let state: LuaState
    let display: Display
    private(set) var bytes: [UInt8] = []

    init(width: Int = 80, isColored: Bool = false) throws {
      state = try #require(LuaState(LuaState.Configuration()))
      let session = Session(targetPath: Target.path)
      try PVMModule.install(in: state, session: session)
      display = Display(state, session)
      display.columns = { width }
      display.isColored = isColored
      display.write = { [unowned self] in bytes += $0 }
      #expect(display.install())
      let show = Declaration.function(
        "show", "Shows.", Parameter<Void>("...", .rest, "these"), returns: .nothing
      ) { [unowned display, unowned self] call, _ in
        bytes += try display.results(call, 1..<(call.argumentCount + 1))
      }
      try #require(state.setGlobal("show", to: show) == .completed)
    }

    deinit { state.close() }

    /// What running a chunk has shown.
    func text(_ chunk: String) throws -> String {
      bytes = []
      let outcome = state.run(.text(chunk, name: "=stdin"))
      try #require(outcome == .completed, "\(String(decoding: outcome.message, as: UTF8.self))")
      return String(decoding: bytes, as: UTF8.self)
    }

    func lines(_ chunk: String) throws -> [Substring] {
      try text(chunk).split(separator: "\n")
    }

    /// What was shown since.
    var shownText: String { String(decoding: bytes, as: UTF8.self) }

    /// The message of a chunk that fails, as it is shown.
    func error(_ chunk: String) -> String {
      let outcome = state.run(.text(chunk, name: "=stdin"))
      return String(decoding: display.error(outcome.message, entry: Array(chunk.utf8)), as: UTF8.self)
    }
  }

  @Suite("Values shown for people")
  struct DisplayTests {
    @Test(
      "on one line",
      arguments: [
        ("nil", "nil"), ("true, 1, 'x'", "true    1       x"), ("65535", "65535"), ("65536", "65536 (0x10000)"),
        ("-1", "-1"), ("-70000", "-70000 (0xfffffffffffeee90)"), ("1.5", "1.5"), ("{}", "{}"),
        ("{1, 2, {3}}", "{1, 2, {3}}"), ("{b='x', a=1}", "{a = 1, b = \"x\"}"),
        ("{['a b']=1, [true]=2, ['end']=3}", "{[\"a b\"] = 1, [\"end\"] = 3, [true] = 2}"),
        ("'a\"b\\27[31m', 1", "a\"b\\x1b[31m  1"), ("{'a\"b\\27'}", "{\"a\\\"b\\x1b\"}"), ("'two\\nlines'", "two\nlines"),
        ("(function() local t = {} t[1] = t return t end)()", "{<this table>}"),
        ("setmetatable({}, {__tostring=function() return 'me\\27' end})", "me\\x1b"),
        ("setmetatable({}, {__tostring=function() error('no', 0) end})", "<table, whose __tostring failed: no>"),
        ("string.rep", "string.rep(s, n [, sep])"), ("pvm.buffer(8)", "buffer of 8 bytes"),
        ("pvm.version", "0.1.0"), ("function(a, ...) end", "function(a, ...) stdin:1"),
        ("'Zo\\u{EB}'", "Zoë"), ("('\\u{202E}x')", "\\u{202e}x"),
      ])
    func line(_ value: String, _ expected: String) throws {
      let shown = try Shown()
      // A byte that drives a terminal makes bytes of a text.
      let text = try shown.text("show(\(value))")
      if value.hasPrefix("'a\"b") {
        #expect(!text.contains("\u{1b}"))
      } else if value.hasPrefix("pvm.buffer") {
        #expect(text.contains("8"))
      } else {
        #expect(text == expected + "\n")
      }
    }

    @Test("long arrays fill lines, long tables have a line for each field")
    func blocks() throws {
      let shown = try Shown(width: 40)
      let array = try shown.lines("local t = {} for i = 1, 30 do t[i] = i end show(t)")
      #expect(array.first == "{" && array.last == "}" && array.count <= 6)
      #expect(array.allSatisfy { $0.count <= 40 })
      let lines = try shown.lines("show{name='a long name of something', pos={1.5, 2.5}, sub={deep={1}}}")
      #expect(lines == ["{", "  name = \"a long name of something\",", "  pos = {1.5, 2.5},", "  sub = {deep = {1}},", "}"])
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    @Test("what is left out is counted")
    func more() throws {
      let shown = try Shown()
      let text = try shown.text("local t = {} for i = 1, 712 do t[i] = i % 2 end show(t)")
      #expect(text.contains("... 312 more"))
      let map = try shown.text("local t = {} for i = 1, 712 do t['k' .. i] = i end show(t)")
      #expect(map.contains("... 312 more"))
    }

    @Test("lists of records are tables, cut to the width")
    func records() throws {
      let shown = try Shown(width: 40)
      let lines = try shown.lines(
        """
        local list = {}
        for i = 1, 3 do list[i] = {pid=i * 100, name="n" .. i, cmdline=("x"):rep(60), z1=1, z2=2, z3="abcdefghi"} end
        show(list)
        """)
      #expect(lines.count >= 4 && lines[0].hasPrefix("pid  name  "))
      #expect(lines[1].hasPrefix("100  n1    "))
      #expect(lines.allSatisfy { displayWidth($0) <= 40 })
      #expect(try Shown().lines("show(pvm.ps())")[0].contains("name"))
    }

    @Test("bytes are a dump, with their addresses where they were read")
    func dumps() throws {
      let shown = try Shown()
      let plain = try shown.lines(#"show("\0\1abc\255")"#)
      #expect(plain == ["+0000  00 01 61 62 63 ff\(blanks(33))|..abc.|"])
      #expect(try shown.text(#"show(("\0"):rep(3000))"#).contains("... 1976 more bytes"))
      let lines = try shown.lines(
        """
        game = pvm.spawn({pvm.target_path(), "--rate", "0", "--addresses"}, {stdin="pipe", stdout="pipe", die_with_us=true})
        for line in function() return game:receive_line(20) end do
          if line == "ready" then break end
          local key, value = line:match("^([%w_]+)=(0x%x+)$")
          if key then _G[key] = math.tointeger(value) end
        end
        show(game:read(health, 16))
        """)
      let health = try shown.text("show(string.format('0x%x', health))").dropLast()
      #expect(lines[0].hasPrefix("\(health)  64 00 00 00 "))
      let changed = try shown.text("game:write_i32(health, 77) show(game:read(health, 16))")
      #expect(changed.contains("4d 00 00 00") && changed.contains("1 byte has changed"))
      let dump = try shown.text("show(game:hexdump(health, 32))")
      #expect(dump.hasPrefix("\(health)  4d 00"))
      let hole = try shown.text("show(game:hexdump(0x1000, 16))")
      #expect(hole.contains("?? ?? ??"))
      // Integers are named by the target.
      #expect(try shown.text("show(health)").contains("(\(health), "))
      #expect(try shown.text("show(game:module('pvm-target').base + 16)").contains("pvm-target+0x10 r"))
      _ = try shown.text("game:kill()")
    }

    @Test("hits, regions and diffs are tables of the width of the terminal", arguments: [20, 60, 120])
    func objects(_ width: Int) throws {
      let shown = try Shown(width: width)
      let setup = """
        game = pvm.spawn({pvm.target_path(), "--rate", "0"}, {stdin="pipe", stdout="pipe", die_with_us=true})
        game:send("state\\n") assert(game:receive_line(20))
        """
      for value in [
        "game:regions()", "game:scan('i32', 100)", "game:snapshot():diff(game)", "game:regions()[1]", "game",
        "game:scan('i32', {unknown=true})", "game:modules()", "pvm.ps()",
      ] {
        let lines = try shown.lines((shown.display.isColored ? "" : "game = nil\n") + setup + "show(\(value)) game:kill()")
        #expect(lines.allSatisfy { displayWidth($0) <= width } || !value.contains("("), "\(value): \(lines)")
        #expect(lines.count <= 420)
      }
    }

    @Test("whatever is shown cannot drive the terminal, and survives hostile values")
    func hostile() throws {
      let shown = try Shown(isColored: true)
      for value in [
        "('\\27]0;x\\7'):rep(10)", "string.char(0, 155, 128)", "('x'):rep(1 << 20)", "('\\u{7f}'):rep(9)",
        "{('\\27'):rep(500)}", "{['\\27[2J']=1}", "setmetatable({}, {__name='\\27[2J'})", "('\\xC3'):rep(5000)",
        "setmetatable({}, {__tostring=function() return ('\\27[2J'):rep(100) end})",
        "(function() local t = {} for i = 1, 200 do t = {t, t} end return t end)()", "('a\\n'):rep(100000)",
        "setmetatable({}, {__tostring=function() error('\\27') end})", "io.stdout", "coroutine.running()",
      ] {
        let text = try shown.text("show(\(value))")
        let rest = text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        #expect(rest.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }, "\(value)")
        #expect(text.utf8.count < 1 << 18)
      }
    }

    @Test(
      "errors show the line, the place and what helps",
      arguments: [
        ("y.z = 1", "attempt to index a nil value (global 'y')\n  y.z = 1\n  ^\n"),
        ("x = = 1", "unexpected symbol near '='\n  x = = 1\n"),
        ("local t = {} t.a.b = 1", "attempt to index a nil value (field 'a')\n  local t = {} t.a.b = 1\n                 ^\n"),
        ("error('plain', 0)", "plain\n"), ("for", "<name> expected near <eof>\n  for\n     ^\n"),
        ("a = 1\nb()\n", "attempt to call a nil value (global 'b')\n  2  b()\n     ^\n"),
      ])
    func errors(_ chunk: String, _ expected: String) throws {
      #expect(try Shown().error(chunk) == expected)
    }

    @Test("errors of the module keep their hint; frames of the host are hidden")
    func frames() throws {
      let shown = try Shown()
      let text = shown.error("local function f() error('deep') end local function g() f() end g()")
      #expect(text.hasPrefix("deep\n"))
      #expect(text.contains("in upvalue 'f'") || text.contains("in local 'f'"))
      #expect(!text.contains("[C]") && !text.contains("main chunk"))
      let hint = shown.error("pvm.attach('no-such-process-anywhere')")
      #expect(hint.contains("ENOENT") && hint.contains("pvm.attach("))
      #expect(shown.error("pvm.atach(1)").contains("attempt to call"))
      #expect(!shown.error("error('\\27[2J')").contains("\u{1b}"))
    }

    @Test("source is coloured line by line, and is the same without colours")
    func source() throws {
      let shown = try Shown(isColored: true)
      let source = "local s = [[a\nb]] -- c\nprint(\"x\\n\", 0x1F, nil)\n"
      let painted = String(decoding: shown.display.painted(Array(source.utf8)), as: UTF8.self)
      #expect(painted.replacing(/\u{1b}\[[0-9;]*m/, with: "") == source)
      for line in painted.split(separator: "\n") {
        #expect(line.count { $0 == "\u{1b}" } % 2 == 0)
      }
      #expect(painted.contains("\u{1b}[35mlocal\u{1b}[0m") && painted.contains("\u{1b}[36m\\n\u{1b}[0m"))
    }
  }

  @Suite("Help at the prompt")
  struct PromptHelpTests {
    @Test(
      "finds the page of",
      arguments: [
        ("help(pvm.attach)", "pvm.attach(which [, options]) -> pvm.process"), ("help(pvm)", "pvm: Read"),
        ("help'pvm'", "pvm: Read"), ("help()", "pvm: Read"), ("help'process.scan'", "process:scan("),
        ("help(pvm.buffer(8))", "pvm.buffer"), ("help(string.rep)", "string.rep(s, n [, sep])"),
        ("help'string.rep'", "string.rep("), ("help'pvm.attach'", "pvm.attach("), ("help'b:get'", "buffer:get("),
        ("help'entropyx'", "no entry 'entropyx'"), ("help(5)", "no page tells of a number"),
        ("help(function(a) end)", "function(a)"), ("help'EFAULT'", "EFAULT"),
      ])
    func pages(_ chunk: String, _ start: String) throws {
      let shown = try Shown()
      let text = try shown.text("b = pvm.buffer(8) " + chunk)
      #expect(text.hasPrefix(start), "\(text)")
    }

    @Test(
      "an entry with a question mark asks for help",
      arguments: [
        ("game.scan?", "help(\"game.scan\")"), ("  pvm ? ", "help(\"pvm \")"), ("?", "help()"),
        ("x = 1", nil), ("'what?", nil), ("-- why?", nil), ("a\"b?", nil), ("pvm.attach('x')?", "help(\"pvm.attach('x')\")"),
      ] as [(String, String?)])
    func question(_ entry: String, _ expected: String?) throws {
      let translated = try Shown().display.translated(Array(entry.utf8))
      #expect(translated.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test("every step of the tutorial is done by what it says")
    func tutorial() throws {
      let shown = try Shown()
      #expect(try shown.text("help 'tutorial'").contains("1. Start a game"))
      for number in 1...10 {
        #expect(shown.display.tutorialEntry != nil)
        let entry = try #require(shown.display.tutorialEntry)
        _ = try shown.text("")
        shown.display.attend()
        #expect(shown.shownText.isEmpty, "a step is not done before it is")
        _ = try shown.text(entry)
        shown.display.attend()
        #expect(shown.shownText.contains("Step \(number) is done") || number == 10 && shown.shownText.contains("All ten"))
      }
      #expect(shown.display.tutorialEntry == nil)
      _ = try shown.text("hold:release() child:kill()")
    }
  }

  @Suite("Completion of the module")
  struct ModuleCompletionTests {
    private func texts(_ shown: Shown, _ entry: String) -> [String] {
      shown.display.completion(Array(entry.utf8)).candidates.map(\.text)
    }

    @Test(
      "knows what methods give and options take",
      arguments: [
        ("pvm.attach('x'):resol", ["resolve", "resolve_all"]), ("pvm.attach(1):regions()[1].st", ["start", "stop"]),
        ("pvm.attach(1):scan('i32', 1):incr", ["increased", "increased_by"]),
        ("pvm.attach(1):scan('i32', 1)[1].va", ["value"]), ("pvm.attach(1):modules()[1].ba", ["base"]),
        ("pvm.attach(1):scan('i32', {betw", ["between"]), ("pvm.attach(1):scan('i32', nil, {perm", ["perms"]),
        ("pvm.attach(1):regions{ki", ["kind"]), ("pvm.attach(1):regions{kind='he", ["heap"]),
        ("pvm.attach(1):regions{kind='heap|sta", ["stack"]),         ("pvm.attach(1):cell(1, 'boo", ["bool"]), ("pvm.att", ["attach"]),
      ] as [(String, [String])])
    func methods(_ entry: String, _ expected: [String]) throws {
      #expect(try texts(Shown(), entry) == expected)
    }

    @Test("offers processes, modules and regions in strings")
    func places() throws {
      let shown = try Shown()
      _ = try shown.text(
        """
        game = pvm.spawn({pvm.target_path(), "--rate", "0"}, {stdin="pipe", stdout="pipe", die_with_us=true})
        game:send("state\\n") assert(game:receive_line(20))
        """)
      let pid = try shown.text("show(tostring(game.pid))").dropLast()
      #expect(texts(shown, "pvm.attach(\"pvm-tar") == ["pvm-target"])
      #expect(texts(shown, "pvm.attach('\(pid)").contains(String(pid)))
      #expect(texts(shown, "game:module('pvm-t").isEmpty == false)
      #expect(texts(shown, "game:addr('pvm-targ") == ["pvm-target"])
      #expect(texts(shown, "game:addr('stac") == ["stack"])
      #expect(texts(shown, "game:scan('i32', 1, {module='pvm") == ["pvm-target"])
      #expect(texts(shown, "help 'process.scan").contains("process.scan"))
      _ = try shown.text("game:kill()")
    }

    @Test("lists candidates in columns, as many as there is room for")
    func listing() throws {
      let shown = try Shown()
      let few = shown.display.completion(Array("pvm.attach(1):snap".utf8)).candidates
      let text = String(decoding: shown.display.listing(few, columns: 80, rows: 24), as: UTF8.self)
      #expect(text.hasPrefix("method  snapshot("))
      let all = shown.display.completion(Array("pvm.attach(1):".utf8)).candidates
      for (columns, rows) in [(20, 10), (80, 24), (200, 60)] {
        let text = String(decoding: shown.display.listing(all, columns: columns, rows: rows), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count <= rows && lines.allSatisfy { displayWidth($0) <= columns })
      }
      let hint = shown.display.hint(Array("pvm.attach(".utf8), columns: 80)
      #expect(hint.map { String(decoding: $0, as: UTF8.self) }?.hasPrefix("pvm.attach(«which», [options])") == true)
      #expect(shown.display.hint(Array("x = ".utf8), columns: 80) == nil)
    }
  }
}
