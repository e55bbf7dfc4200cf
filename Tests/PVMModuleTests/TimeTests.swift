import LuaHost
import Testing

extension ModuleTests {
  @Suite("timers and tasks")
  struct TimeTests {
    @Test("calls what is due in the order of its times")
    func order() throws {
      let game = try Game()
      game.check(
        #"""
        local log = {}
        local function note(name) return function(timer) log[#log + 1] = name .. timer.count end end
        pvm.after(0.03, note "c") pvm.after(0, note "a") pvm.after(0.015, note "b")
        local function tick(timer) if timer.count == 3 then timer:cancel() end end
        local every = pvm.every(0.001, tick)
        equal(every.kind, "every") equal(every.active, true) equal(every.count, 0)
        assert(every.due > pvm.now() - 1 and every.due < pvm.now() + 1)
        equal(pvm.run(), "done")
        equal(log, {"a1", "b1", "c1"})
        equal(every.count, 3) equal(every.active, false) equal(every.due, nil)
        assert(every.late >= 0 and every.worst >= every.late)
        every:cancel() every:cancel()
        equal(tostring(every):match("^every: called 3 times, %d+ missed, over$") ~= nil, true)
        equal(pvm.run(), "done") equal(pvm.run(0), "done")
        """#)
    }

    @Test("keeps the times on their grid, and counts what was missed instead of bunching it")
    func grid() throws {
      let game = try Game()
      game.check(
        #"""
        local start, calls = pvm.now(), {}
        local timer = pvm.every(0.01, function(timer)
          calls[#calls + 1] = timer.due
          if #calls == 1 then
            local until_ = pvm.now() + 0.045
            while pvm.now() < until_ do end
          end
          if #calls == 3 then timer:cancel() end
        end)
        pvm.run()
        assert(timer.missed >= 3, timer.missed)
        for _, due in ipairs(calls) do
          local ticks = (due - calls[1]) / 0.01
          assert(math.abs(ticks - math.floor(ticks + 0.5)) < 1e-3, ticks)
        end
        equal(timer.count, 3)
        """#)
    }

    @Test("tasks wait without holding up the others")
    func tasks() throws {
      let game = try Game()
      game.check(
        #"""
        local log = {}
        local function worker(name, wait)
          for step = 1, 2 do log[#log + 1] = name .. step pvm.sleep(wait) end
          log[#log + 1] = name
        end
        local slow = pvm.task(worker, "slow", 0.02)
        equal(slow.kind, "task")
        pvm.task(worker, "quick", 0)
        equal(#log, 0)
        equal(pvm.run(), "done")
        equal(table.concat(log, " "), "slow1 quick1 quick2 quick slow2 slow")
        -- a timer's function may wait; its ticks pass meanwhile
        local begun, ended = 0, 0
        pvm.every(0.002, function(timer)
          begun = begun + 1
          pvm.sleep(0.01)
          ended = ended + 1
          if ended == 2 then timer:cancel() end
        end)
        pvm.run()
        equal(begun, 2) equal(ended, 2)
        -- yields give the others a turn
        local turns = {}
        for _, name in ipairs{"a", "b"} do
          pvm.task(function() for _ = 1, 3 do turns[#turns + 1] = name coroutine.yield() end end)
        end
        pvm.run()
        equal(table.concat(turns), "ababab")
        """#)
    }

    @Test("blocks where it cannot wait")
    func blocks() throws {
      let game = try Game()
      game.check(
        #"""
        local passed
        pvm.task(function()
          table.sort({2, 1}, function(a, b) pvm.sleep(0.01) return a < b end)
          coroutine.wrap(function() pvm.sleep(0.01) passed = true end)()
          game:paused(function() pvm.sleep(0.001) end)
        end)
        pvm.run() equal(passed, true)
        """#)
    }

    @Test("ends by time, by stop, by the main function, and goes on later")
    func endings() throws {
      let game = try Game()
      game.check(
        #"""
        local ticks = 0
        local timer = pvm.every(0.001, function() ticks = ticks + 1 end)
        equal(pvm.run(0.02), "time")
        assert(ticks > 0)
        pvm.after(0.005, pvm.stop)
        equal(pvm.run(), "stopped")
        equal(pvm.run(function() pvm.sleep(0.01) end), "done")
        equal(timer.active, true)
        local seen = ticks
        pvm.sleep(0.005)
        equal(ticks, seen)
        pvm.stop()
        equal(pvm.run(0.005), "time")
        assert(ticks > seen)
        timer:cancel()
        do local scoped <close> = pvm.every(0.001, error) end
        equal(pvm.run(), "done")
        """#)
    }

    @Test("an error ends the run with a traceback; the others go on in the next")
    func errors() throws {
      let game = try Game()
      game.check(
        #"""
        local other = 0
        local timer = pvm.every(0.001, function(timer)
          other = other + 1
          if other > 50 then timer:cancel() end
        end)
        local function broken() error("out of order") end
        local bad = pvm.every(0.002, function() broken() end)
        local ok, err = pcall(pvm.run)
        assert(not ok and err:find("out of order", 1, true) and err:find("'broken'", 1, true), err)
        equal(bad.active, false) equal(timer.active, true)
        equal(pvm.run(), "done")
        assert(other > 50)
        pvm.task(function() game:read_u32(0x10) end)
        fails("EFAULT", pvm.run)
        refused("running already", function() pvm.run(function() pvm.run() end) end)
        refused("running already", function() pvm.run(function() pvm.run(function() end) end) end)
        refused("at least 0.0001", pvm.every, 0, print)
        refused("number or function expected, got table", pvm.run, {})
        """#)
    }

    @Test("a task that is cancelled while it waits closes what it has open")
    func cancelling() throws {
      let game = try Game()
      game.check(
        #"""
        local log = {}
        local task = pvm.task(function()
          local p <close> = setmetatable({}, {__close = function() log[#log + 1] = "closed" end})
          pvm.sleep(60)
          log[#log + 1] = "never"
        end)
        pvm.after(0.002, function() task:cancel() task:cancel() end)
        equal(pvm.run(), "done")
        equal(log, {"closed"})
        local own
        own = pvm.task(function()
          local p <close> = setmetatable({}, {__close = function() log[#log + 1] = "own" end})
          own:cancel()
          pvm.sleep(60)
        end)
        equal(pvm.run(), "done") equal(log[2], "own")
        """#)
    }

    @Test("calls the functions of on_exit meanwhile")
    func exits() throws {
      let game = try Game()
      game.check(
        #"""
        local child = pvm.spawn{"sh", "-c", "exit 4"}
        local code
        child:on_exit(function(status) code = status.code pvm.stop() end)
        local ticker = pvm.every(0.005, function() end)
        equal(pvm.run(20), "stopped") equal(code, 4)
        ticker:cancel()
        child = pvm.spawn{"sleep", "60"}
        child:on_exit(function(status) code = status.signal end)
        pvm.after(0.005, function() child:kill(9) end)
        pvm.task(function() while code ~= 9 do pvm.sleep(0.002) end end)
        equal(pvm.run(20), "done") equal(code, 9)
        """#)
    }

    @Test("leaves no byte behind, however many there were")
    func memory() throws {
      let game = try Game()
      let round = """
        for _ = 1, 200 do
          pvm.after(0, function() end)
          pvm.task(function(...) coroutine.yield(...) end, {}, "x")
          pvm.task(function() pvm.sleep(60) end):cancel()
        end
        pvm.run()
        """
      for _ in 0..<10 { game.check(round) }
      game.check("collectgarbage() collectgarbage()")
      let before = game.state.memoryUsage.bytesNow
      for _ in 0..<10 { game.check(round) }
      game.check("collectgarbage() collectgarbage()")
      #expect(game.state.memoryUsage.bytesNow <= before + 4096)
    }
  }
}
