import LuaHost
import Testing

extension LuaTests {
  @Suite("Callbacks")
  struct CallbackTests {
    @Test("values go in and out")
    func values() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        assert(crate.call(function(x) return x + 1 end, 4) == 5)
        assert(crate.call(function() end) == nil)
        assert(crate.call(function(...) return select("#", ...) end, {}) == 1)
        assert(crate.call(string.upper, "a") == "A")
        local depth = 0
        local function down(n) if n == 0 then return 0 end return crate.call(down, n - 1) + 1 end
        assert(crate.call(down, 50) == 50)
        """)
    }

    @Test("the error value of a callback travels unchanged, through a twin too")
    func errors() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local value = setmetatable({}, {__tostring = function() return "mine" end})
        for _, e in ipairs { value, "text", 5, false, print } do
          local ok, got = pcall(crate.call, function() error(e, 0) end)
          assert(not ok and rawequal(got, e))
          ok, got = pcall(crate.try_call, function() error(value) end)
          assert(not ok and got == value)
        end
        local ok, got = pcall(crate.call, function() error() end)
        assert(not ok and got == nil)
        local b = crate.box(1)
        b:on(function(x) error(x) end)
        ok, got = pcall(b.fire, b, "thrown")
        assert(got == "test:11: thrown", got)
        ok, got = pcall(crate.call, function() crate.fail("inner") end)
        assert(got.code == "EBOX")
        ok, got = pcall(crate.call, function() crate.call(function() error(value) end) end)
        assert(got == value)
        """)
      #expect(fixture.state.memoryUsage.parcels == 0)
    }

    @Test("a callback cannot yield across the call")
    func yields() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local co = coroutine.create(function() crate.call(coroutine.yield) end)
        local ok, message = coroutine.resume(co)
        assert(not ok and message:find("attempt to yield across a C%-call boundary"), message)
        assert(crate.call(coroutine.wrap(function() coroutine.yield(8) end)) == 8)
        """)
      #expect(fixture.error("crate.call(coroutine.yield)").contains("outside a coroutine"))
    }

    @Test("a callback may close the handle that is in use")
    func closes() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local b = crate.box(5)
        assert(crate.close_during(b, function() b:close() collectgarbage() end) == 5)
        local c = crate.box(6)
        c:on(function() c:close() collectgarbage() return 1 end)
        assert(c:fire() == 1)
        """)
      #expect(fixture.module.population.alive == 0)
    }

    @Test("kept functions are given back with the object that holds them")
    func kept() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local weak = setmetatable({}, {__mode = "k"})
        for i = 1, 100 do
          local b <close> = crate.box(i)
          local f = function() return b end
          weak[f] = true
          b:on(f)
        end
        collectgarbage() collectgarbage()
        assert(next(weak) == nil)
        """)
      let before = fixture.settled()
      fixture.check("for i = 1, 1000 do local b <close> = crate.box(i) b:on(function() end) end")
      #expect(fixture.settled() == before)
    }

    @Test("an argument that was not passed comes back as nil")
    func missingArgument() throws {
      let fixture = try Fixture()
      fixture.check("assert(crate.second() == nil and crate.second(1) == nil)")
      fixture.check("assert(crate.second(1, 'x') == 'x' and select('#', crate.second(1)) == 1)")
    }
  }
}
