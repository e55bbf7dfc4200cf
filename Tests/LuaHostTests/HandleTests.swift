import LuaHost
import Testing

extension LuaTests {
  @Suite("Handles")
  struct HandleTests {
    @Test("closing gives up the object; again is harmless; later use says closed")
    func closing() throws {
      let fixture = try Fixture()
      fixture.check("b = crate.box(1) b:close() b:close()")
      #expect(fixture.module.population.alive == 0)
      for use in ["b:add(1)", "return b.value", "b.value = 1", "return b[1]", "return #b", "b(1)"] {
        #expect(fixture.error(use) == "test:1: box is closed", "\(use): \(fixture.error(use))")
      }
      #expect(fixture.error("b:try_take(1)") == "test:1: box is closed")
      fixture.check("assert(tostring(b) == 'box (closed)')")
      #expect(
        fixture.error("crate.close_during(b, print)")
          == "test:1: bad argument #1 to 'close_during' (box is closed)")
    }

    @Test("a variable declared <close> closes, also when an error leaves its block")
    func closeVariables() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local kept
        do local b <close> = crate.box(1) kept = b end
        assert(not pcall(function() return kept.value end))
        pcall(function() local b <close> = crate.box(1) kept = b error("x") end)
        assert(not pcall(function() return kept.value end))
        local co = coroutine.wrap(function() local b <close> = crate.box(1) kept = b error("x") end)
        assert(not pcall(co) and not pcall(function() return kept.value end))
        """)
      #expect(fixture.module.population.alive == 0)
    }

    @Test("handles of one object are equal, and closing one leaves the other")
    func equality() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local a = crate.box(1)
        local b, c = a:same(), crate.box(1)
        assert(a == b and a ~= c and a ~= 1 and a ~= crate.lid())
        local one, other = a:pair()
        assert(one ~= other)
        b:close()
        assert(a.value == 1 and a ~= b and b == b and not (b == a))
        """)
    }

    @Test("a freed slot does not revive an old handle")
    func generations() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local old = crate.box(1)
        old:close()
        local new = crate.box(2)
        assert(not pcall(function() return old.value end) and new.value == 2)
        old:close()
        assert(new.value == 2)
        """)
    }

    @Test("another coroutine may use a handle")
    func coroutines() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local b = crate.box(1)
        local co = coroutine.wrap(function(x) while true do x = coroutine.yield(b:add(x)) end end)
        assert(co(1) == 2 and co(5) == 7 and b.value == 7)
        assert(coroutine.wrap(function() return b:same() end)() == b)
        """)
    }

    @Test("the debug library cannot make one kind of handle pass for another")
    func metatables() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local b, l = crate.box(1), crate.lid()
        assert(getmetatable(b) == "box" and not pcall(setmetatable, b, nil))
        local mt = debug.getmetatable(b)
        debug.setmetatable(l, mt)
        assert(not pcall(function() return l.value end))
        mt.__gc(b) mt.__gc(b) mt.__gc(5) mt.__gc()
        assert(not pcall(mt.__close, io.stdout))
        assert(not pcall(function() return b.value end))
        assert(not pcall(mt.__index, io.stdout, "value") and not pcall(mt.__len))
        debug.setmetatable(io.stdout, mt)
        assert(not pcall(function() return io.stdout.value end))
        """)
    }

    @Test("closing the state gives up every object, those made by finalizers included")
    func draining() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        boxes = crate.boxes(100)
        kept = crate.box(1)
        kept:on(function() return kept end)
        setmetatable({}, {__gc = function()
          late = crate.box(2)
          late:on(function() return late end)
          later = setmetatable({}, {__gc = function() crate.boxes(3) kept:add(1) end})
        end})
        co = coroutine.wrap(function() local b <close> = crate.box(1) coroutine.yield() end) co()
        """)
      #expect(fixture.module.population.alive == 103)
      fixture.state.close()
      #expect(fixture.module.population.alive == 0)
      #expect(fixture.run("x = 1") == .failed(Array("the state is closed".utf8)))
      fixture.state.close()
    }

    @Test("a state that is only dropped gives up everything too")
    func dropping() throws {
      let population = try {
        let fixture = try Fixture()
        fixture.check(
          "setmetatable({}, {__gc = function() crate.box(1):on(print) end}) b = crate.box(2)")
        return fixture.module.population
      }()
      #expect(population.alive == 0)
    }

    @Test("a finalizer may use handles that are finalized already")
    func finalizers() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        results = {}
        for i = 1, 10 do
          local b = crate.box(i)
          setmetatable({}, {__gc = function() results[i] = pcall(b.add, b, 1) end})
        end
        collectgarbage() collectgarbage()
        assert(#results == 10)
        """)
      #expect(fixture.state.memoryUsage.parcels == 0)
    }
  }
}
