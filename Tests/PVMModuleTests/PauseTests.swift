import LuaHost
import PVMModule
import RemoteMemory
import Testing

extension ModuleTests {
  /// Scripts that pause a process; `goes_on()` is true once it runs again.
  @Suite("pauses")
  struct PauseTests {
    static let words = #"""
      function tracer()
        for line in io.lines("/proc/" .. game.pid .. "/status") do
          local pid = line:match("^TracerPid:%s*(%d+)")
          if pid then return math.tointeger(tonumber(pid)) end
        end
      end
      function goes_on()
        for _ = 1, 5000 do
          if tracer() == 0 then return true end
          pvm.sleep(0.001)
        end
        return false
      end
      """#

    static func game(_ layouts: String) throws -> Game {
      let game = try Game(layouts)
      game.check(words)
      return game
    }

    @Test("holds, tells of its threads, and ends in each way")
    func object() throws {
      let game = try Self.game("threads=3")
      game.check(
        #"""
        local pause = game:pause{timeout=60}
        assert(tracer() ~= 0)
        equal({pause.holding, pause.ended, pause.pid, #pause.threads},
          {true, nil, game.pid, 4})
        equal(pause.threads[1].id, game.pid)
        for _, thread in ipairs(pause.threads) do
          assert(#thread.registers >= 64 and #thread.float_registers >= 64)
          assert(game:region(thread.sp).perms:find("rw", 1, true), thread.sp)
          assert(game:region(thread.ip).perms:find("x", 1, true), thread.ip)
        end
        local before = game:read_u64(thread_count_1)
        pvm.sleep(0.003)
        equal(game:read_u64(thread_count_1), before)
        game:write_i32(gold, 7)
        equal(game:read_i32(gold), 7)
        assert(tostring(pause):find("4 threads%), for %d+%.%d ms so far$"), tostring(pause))
        equal({pause:resume(), pause:resume()}, {true, true})
        equal({pause.holding, pause.ended}, {false, "resumed"})
        assert(pause.seconds >= 0.003)
        assert(tostring(pause):find("ms (resumed)", 1, true), tostring(pause))
        equal(tracer(), 0)

        do local scoped <close> = game:pause() assert(tracer() ~= 0) end
        equal(tracer(), 0)
        game:pause()
        collectgarbage() collectgarbage()
        assert(goes_on())

        local short = game:pause{timeout=0.01}
        assert(goes_on())
        equal({short:resume(), short.ended}, {false, "timeout"})
        refused("unknown option 'tiemout' (did you mean 'timeout'?)", game.pause, game, {tiemout=1})
        fails("EINVAL", game.pause, game, {timeout=0})
        """#)
      #expect(try game.target.ask("score").hasPrefix("score"))
    }

    @Test("paused calls a function, whatever it takes, gives and does")
    func function() throws {
      let game = try Self.game("threads=1")
      game.check(
        #"""
        equal(table.pack(game:paused(function(...)
          assert(tracer() ~= 0)
          return select("#", ...), ...
        end, nil, "x", 7, nil)), {n=5, 4, nil, "x", 7, nil})
        equal(tracer(), 0)
        equal(select("#", game:paused(function() end)), 0)
        equal(select("#", game:paused(function() return table.unpack({}, 1, 50000) end)), 50000)
        local inner = game:paused(function()
          local value = game:paused(function() return game:read_i32(gold) end)
          assert(tracer() ~= 0)
          return value
        end)
        equal(inner, game:read_i32(gold))

        local mark = {}
        for _, raise in ipairs{
          function() error(mark) end, function() error("text", 0) end,
          function() coroutine.yield() end, function() game:read_u8(0) end,
          function() local function f() return f() + 1 end f() end,
          function() local t = {} while true do t[#t + 1] = ("x"):rep(1 << 20) .. #t end end,
        } do
          local ok, err = pcall(game.paused, game, raise)
          equal(ok, false)
          equal(tracer(), 0)
        end
        local ok, err = pcall(game.paused, game, error, mark)
        assert(err == mark)
        local value, failure = game:try_paused(function() return nil, 5 end)
        equal({value, failure}, {nil, 5})
        local wrapped = coroutine.wrap(function() return game:paused(function() return 1 end) end)
        equal(wrapped(), 1)
        refused("function expected", game.paused, game)
        """#)
      game.check(
        """
        local quick = game:pause{timeout=0.001}
        local late = fails("EINVAL", function() game:pause{timeout=1e6} end)
        assert(goes_on())
        """)
    }

    @Test("what cannot be paused says why")
    func refused() throws {
      let game = try Self.game("threads=1")
      game.check(
        #"""
        local file = io.open("/proc/self/stat")
        local own = math.tointeger(tonumber(file:read("a"):match("^%d+")))
        file:close()
        local me <close> = pvm.attach(own)
        local err = fails("EINVAL", me.pause, me)
        assert(err.message:find("this process itself", 1, true), err.message)
        local taken = game:snapshot{kind="stack"}
        refused("not a live process", taken.pause, taken)
        refused("not a live process", taken.paused, taken, print)
        local value, err = me:try_pause()
        equal({value, err.code, err.op, err.pid}, {nil, "EINVAL", "pause", own})
        """#)
    }

    @Test("the end of a state ends its pauses")
    func closing() throws {
      let game = try Self.game("threads=1")
      game.check("kept = game:pause{timeout=60} equal(kept.holding, true)")
      game.state.close()
      #expect(try game.target.ask("score").hasPrefix("score"))
    }

    @Test("the end of the process ends the pause")
    func killed() throws {
      let game = try Self.game("threads=1")
      game.check("kept = game:pause{timeout=60} equal(kept.holding, true)")
      game.target.end()
      game.check(
        """
        equal({kept:resume(), kept.ended, kept.holding}, {false, "exit", false})
        fails("ESRCH", game.pause, game)
        fails("ESRCH", game.paused, game, print)
        """)
    }

    @Test("a read-only session may pause")
    func readOnly() throws {
      let game = try Game("threads=1", mode: .readOnly)
      game.check(
        "equal(game:paused(function() return game:read_i32(gold) end), game:read_i32(gold))")
    }
  }
}
