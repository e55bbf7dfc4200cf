import LuaHost
import PVMModule
import Testing

extension ModuleTests {
  @Suite("children in a terminal")
  struct TerminalTests {
    /// `shown(child, text)`: waits until a text is shown; all that was shown up to it.
    static let words = """
      function shown(child, text)
        local all = ""
        while not all:find(text, 1, true) do
          local bytes = assert(child:receive(20), "ended: " .. all)
          all = all .. bytes
        end
        return all
      end
      """

    static func check(_ text: String) throws {
      let state = try Game.state()
      defer { state.close() }
      let outcome = state.run(.text(words + "\n" + text, name: "=test"))
      #expect(outcome == .completed, "\(outcome.text)")
    }

    @Test("it is a terminal of its own, of the size asked for")
    func size() throws {
      try Self.check(
        """
        local program = {"sh", "-c", "test -t 0 && test -t 1 && test -t 2 && stty size && tty"}
        for _, case in ipairs{{true, "24 80"}, {{}, "24 80"}, {{columns=132, rows=50}, "50 132"}} do
          local child = pvm.spawn(program, {terminal=case[1]})
          equal(child:receive_line(20), case[2] .. "\\r")
          assert(child:receive_line(20):find("^/dev/pts/%d+\\r$"))
          equal(child:receive_line(20))
          equal(child:receive(20))
          equal(child:wait_exit(20).code, 0)
        end
        """)
    }

    @Test("what is typed arrives, Ctrl-C is a signal, and the end of input one")
    func keys() throws {
      try Self.check(
        """
        local child = pvm.spawn({"cat"}, {terminal=true})
        child:send("hello\\n")
        equal(shown(child, "hello\\r\\nhello\\r\\n"), "hello\\r\\nhello\\r\\n")
        child:close_input()
        equal(child:wait_exit(20).code, 0)
        local other = pvm.spawn({"cat"}, {terminal=true})
        other:send("x") shown(other, "x")
        other:send("\\x03")
        equal(other:wait_exit(20).signal, 2)
        """)
    }

    @Test("errors can go elsewhere, input and output cannot")
    func mixed() throws {
      try Self.check(
        """
        local program = {"sh", "-c", "echo err >&2; echo out"}
        local child = pvm.spawn(program, {terminal=true, stderr="null"})
        equal(child:receive_line(20), "out\\r")
        equal(child:wait_exit(20).code, 0)
        fails("EINVAL", pvm.spawn, program, {terminal=true, stdout="pipe"})
        fails("EINVAL", pvm.spawn, program, {terminal=true, stdin="null"})
        """)
    }

    @Test("bytes come from a pipe as they come, none when there are none")
    func pipes() throws {
      try Self.check(
        """
        local child = pvm.spawn({"cat"}, {stdin="pipe", stdout="pipe"})
        equal(child:receive(), "")
        child:send("one\\ntwo\\nthr")
        equal(child:receive_line(20), "one")
        local rest = ""
        repeat rest = rest .. child:receive(20) until #rest >= 7
        equal(rest, "two\\nthr")
        equal(child:receive(0.001), "")
        child:close_input()
        equal(child:receive(20))
        child:wait_exit(20)
        refused("terminal", pvm.spawn, {"true"}, {terminal={columns=0}})
        refused("did you mean", pvm.spawn, {"true"}, {terminal={column=5}})
        """)
    }
  }
}
