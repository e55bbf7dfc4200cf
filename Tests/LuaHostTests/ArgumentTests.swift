import LuaHost
import Testing

extension LuaTests {
  @Suite("Arguments and options")
  struct ArgumentTests {
    @Test(
      "wrong arguments raise in Lua's own words, with Lua's own counting",
      arguments: [
        ("crate.sum()", "bad argument #1 to 'sum' (number expected, got no value)"),
        ("crate.sum(nil)", "bad argument #1 to 'sum' (number expected, got nil)"),
        ("crate.sum(1, {})", "bad argument #2 to 'sum' (number expected, got table)"),
        ("crate.sum('x')", "bad argument #1 to 'sum' (number expected, got string)"),
        ("crate.sum(1.5)", "bad argument #1 to 'sum' (number has no integer representation)"),
        ("crate.sum(2^63)", "bad argument #1 to 'sum' (number has no integer representation)"),
        ("crate.sum(0/0)", "bad argument #1 to 'sum' (number has no integer representation)"),
        ("crate.sum(1/0)", "bad argument #1 to 'sum' (number has no integer representation)"),
        ("crate.flag(1)", "bad argument #1 to 'flag' (boolean expected, got number)"),
        ("crate.bytes({})", "bad argument #1 to 'bytes' (string expected, got table)"),
        ("crate.bytes(io.stdout)", "bad argument #1 to 'bytes' (string expected, got FILE*)"),
        ("crate.bytes(crate.box())", "bad argument #1 to 'bytes' (string expected, got box)"),
        ("crate.call(print and 5)", "bad argument #1 to 'call' (function expected, got number)"),
        ("crate.boxes(-1)", "bad argument #1 to 'boxes' (value must be at least 0, got -1)"),
        (
          "crate.boxes(1e6)",
          "bad argument #1 to 'boxes' (value must be at most 100000, got 1000000)"
        ),
        (
          "crate.echo(coroutine.create(print))",
          "bad argument #1 to 'echo' (plain value expected, got thread)"
        ),
        (
          "local b = crate.box() b:add()",
          "bad argument #1 to 'add' (number expected, got no value)"
        ),
        (
          "local b = crate.box() b.add(b, {})",
          "bad argument #2 to 'add' (number expected, got table)"
        ),
        (
          "local b = crate.box() b.add(7, 1)", "bad argument #1 to 'add' (box expected, got number)"
        ),
        (
          "local b = crate.box() b.add(crate.lid(), 1)",
          "bad argument #1 to 'add' (box expected, got lid)"
        ),
        (
          "local b = crate.box() b:take(-1)",
          "bad argument #1 to 'take' (amount must be at least 0, got -1)"
        ),
        (
          "local b = crate.box() b:try_take(-1)",
          "bad argument #1 to 'try_take' (amount must be at least 0, got -1)"
        ),
        (
          "local t = setmetatable({}, {__index = crate.box()}) t:add(1)",
          "calling 'add' on bad self (box expected, got table)"
        ), ("local t = setmetatable({}, {__index = crate.box()}) t:fly()", "unknown field 'fly'"),
        (
          "local t = {add = crate.box().add} t:add(1)",
          "calling 'add' on bad self (box expected, got table)"
        ),
        (
          "local t = {close = crate.box().close} t:close()",
          "calling 'close' on bad self (box expected, got table)"
        ),
      ])
    func wording(_ script: String, _ message: String) throws {
      let fixture = try Fixture()
      #expect(fixture.error(script).contains(message), "\(fixture.error(script))")
    }

    @Test("a function is named also where Lua's own call has no name for it")
    func namelessCalls() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local box = crate.box()
        local function message(...) return select(2, pcall(...)) end
        assert(message(crate.sum, 1, {}) == "bad argument #2 to 'sum' (number expected, got table)")
        assert(message(box.add, box, {}) == "bad argument #2 to 'add' (number expected, got table)")
        local function tail() return box:add({}) end
        assert(message(tail):find("bad argument #1 to 'add' (number expected, got table)", 1, true))
        """)
    }

    @Test(
      "options",
      arguments: [
        (
          "crate.box(1, {lable = 'x'})",
          "bad argument #2 to 'box' (unknown option 'lable' (did you mean 'label'?))"
        ),
        ("crate.box(1, {zzzzzz = 1})", "unknown option 'zzzzzz' (known: label, limit, mode)"),
        ("crate.box(1, {[1] = 1})", "option names are strings, got a number"),
        ("crate.box(1, {limit = 10})", "option 'limit': limit must be at most 9, got 10"),
        ("crate.box(1, {limit = {}})", "option 'limit': number expected, got table"),
        (
          "crate.box(1, {mode = 'oben'})",
          "option 'mode': unknown value 'oben' (did you mean 'open'?)"
        ),
        ("crate.box(1, 5)", "bad argument #2 to 'box' (table of options expected, got number)"),
        (
          "crate.box(1, {[('x'):rep(1e6)] = 1})",
          "unknown option 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'"
        ),
        ("crate.box(1, {['\\0\\255'] = 1})", "unknown option"),
      ])
    func options(_ script: String, _ message: String) throws {
      let fixture = try Fixture()
      let error = fixture.error(script)
      #expect(error.contains(message), "\(error)")
      #expect(error.utf8.count < 300)
    }

    @Test("defaults and what is left out")
    func defaults() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        assert(crate.box().value == 0 and crate.box(5).value == 5)
        assert(crate.box().label == "plain" and crate.box(1, {}).label == "plain")
        assert(crate.box(1, nil).label == "plain" and crate.box(1, {label = "x"}).label == "x")
        assert(crate.box(1, {label = "x", limit = nil, mode = "shut"}).label == "x")
        assert(crate.sum(1) == 3 and crate.sum(1, nil) == 3 and crate.sum(1, 5, 9) == 6)
        """)
    }

    @Test("integers, floats with integer values, and text that reads as a number")
    func numbers() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        assert(crate.sum(2^53, 0) == 2^53 and math.type(crate.sum(4.0, 0)) == "integer")
        assert(crate.sum("0x10", 0) == 16 and crate.sum("-3", "4.0") == 1)
        assert(crate.sum(-2^63, 0) == math.mininteger)
        assert(crate.sum(math.maxinteger, 1) == math.mininteger)
        assert(crate.sum(0xffffffffffffffff, 0) == -1)
        assert(crate.ratio("1.5") == 1.5 and crate.ratio(1/0) == 1/0)
        assert(crate.ratio(0/0) ~= crate.ratio(0/0))
        for _, x in ipairs { 1, 1.0, 1/3, 0.1, -0.0, 1e15, 1e16, 1e100, 2^53, 1/0, -1/0, 0/0, 5e-324,
                             math.mininteger, math.maxinteger } do
          assert(crate.bytes(x) == tostring(x), crate.bytes(x) .. " ~= " .. tostring(x))
        end
        """)
    }
  }
}
