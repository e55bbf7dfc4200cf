import LuaHost
import Testing

extension LuaTests {
  @Suite("Tasks")
  struct TaskTests {
    @Test("runs, waits and ends, with its arguments")
    func life() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local log = {}
        assert(crate.task(function(a, b, ...)
          assert(select("#", ...) == 1)
          for i = 1, 3 do log[i] = a + b assert(select("#", crate.wait()) == 0) end
        end, 1, 2, nil) == 3)
        assert(#log == 3 and log[3] == 3)
        assert(crate.task(function() end) == 0 and crate.task(print) == 0)
        assert(crate.task(function() for _ = 1, 5 do coroutine.yield(1, 2, {}) end return 1, 2 end) == 5)
        local boxes = {}
        assert(crate.twice(function(b) boxes[#boxes + 1] = b.value crate.wait() end) == 2)
        assert(boxes[1] == 0 and boxes[2] == 1)
        """)
    }

    @Test("waits within pcall, iterators and metamethods, and nowhere else")
    func places() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local function wait() return select("#", crate.wait()) == 0 end
        assert(crate.task(function()
          assert(pcall(function() assert(wait()) end))
          for _ in function(_, i) assert(wait()) return not i or nil end do end
          local t = setmetatable({}, {__index = function() return wait() end})
          assert(t.x)
          local ok, text = pcall(function() crate.wait() error("later") end)
          assert(not ok and text:find("later"))
        end) == 5)
        assert(crate.task(function()
          table.sort({1, 2}, function(a, b) assert(crate.wait() == false) return a < b end)
          crate.call(function() assert(crate.wait() == false) end)
          coroutine.wrap(function() assert(crate.wait() == false) end)()
          assert(crate.task(function() assert(wait()) end) == 1)
          assert(wait())
        end) == 1)
        assert(crate.wait() == false)
        """)
    }

    @Test("an error goes on as it is, a text with the task's traceback")
    func errors() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local value = setmetatable({}, {__tostring = function() return "mine" end})
        local ok, got = pcall(crate.task, function() crate.wait() error(value) end)
        assert(not ok and rawequal(got, value))
        local function deep() crate.wait() error("down here") end
        ok, got = pcall(crate.task, function() deep() end)
        assert(got:find("^test:4: down here\\nstack traceback:\\n") and got:find("'deep'"), got)
        ok, got = pcall(crate.task, function() error() end)
        assert(not ok and got == nil)
        ok, got = pcall(crate.task, function() local function f() return f() + 1 end f() end)
        assert(not ok and got:find("stack overflow"))
        """)
      #expect(fixture.state.memoryUsage.parcels == 0)
    }

    @Test("closes what is pending where it is ended or raises")
    func closing() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local closed = 0
        local function pending()
          return setmetatable({}, {__close = function() closed = closed + 1 end})
        end
        assert(crate.abandon(function() local p <close> = pending() crate.wait() error("never") end))
        assert(closed == 1)
        assert(not crate.abandon(function() end))
        pcall(crate.task, function() local p <close> = pending() crate.wait() error("x") end)
        assert(closed == 2)
        local ok, text = pcall(crate.abandon, function()
          local p <close> = setmetatable({}, {__close = function() error("in close") end})
          crate.wait()
        end)
        assert(not ok and text:find("in close"), text)
        """)
    }

    @Test("survives a script that takes hold of its coroutine")
    func hostile() throws {
      let fixture = try Fixture()
      fixture.check(
        """
        local thread
        local function body() thread = coroutine.running() crate.wait() end
        crate.task(function() crate.task(body) assert(coroutine.status(thread) == "dead") end)
        -- ended by another before it is resumed
        local first = true
        local function killed() thread = coroutine.running() crate.wait() error("never") end
        pcall(crate.task, function()
          killed()
        end)
        assert(not coroutine.resume(thread))
        pcall(crate.task, function() coroutine.close(coroutine.running()) end)
        assert(crate.task(function() local co = coroutine.running()
          assert(not coroutine.resume(co)) crate.wait() end) == 1)
        for i = 1, 100 do local r = debug.getregistry() end
        """)
      #expect(fixture.error("crate.task()").contains("function expected"))
    }
  }
}
