import LuaHost
import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("a function that is asked before each write")
  struct ConfirmTests {
    @Test("gets what would be written where, and decides")
    func asked() throws {
      try Game().check(
        #"""
        local seen = {}
        local careful = pvm.attach(game.pid, {confirm=function(w)
          seen[#seen + 1] = w
          return w.address ~= gold
        end})
        careful:write_i32(health, 7)
        equal({#seen, seen[1].address, seen[1].old, seen[1].new, seen[1].purpose},
          {1, health, "\x64\0\0\0", "\x07\0\0\0", nil})
        equal({seen[1].name, seen[1].process.pid}, {"pvm-target", game.pid})
        local err = fails("EREFUSED", careful.write_i32, careful, gold, 7)
        equal({err.address, err.pid}, {gold, game.pid})
        assert(tostring(err):find("the confirm function said no", 1, true), tostring(err))
        equal({game:read_i32(health), game:read_i32(gold)}, {7, 250})
        equal(select(2, careful:try_write_i32(gold, 1)).code, "EREFUSED")
        -- A plan writes the others.
        local plan = careful:scatter{ a={health, "i32"}, b={gold, "i32"} }
        plan:write{a=8, b=8}
        equal({game:read_i32(health), game:read_i32(gold)}, {8, 250})
        -- Only what was asked about: the process as such may be written otherwise.
        game:write_i32(gold, 250)
        """#)
    }

    @Test("is asked about all of a patch before anything is written, and once about a freeze")
    func patches() throws {
      try Game().check(
        #"""
        local places, answer = {}, true
        local careful = pvm.attach(game.pid, {confirm=function(w)
          places[#places + 1] = w.purpose .. " " .. (w.address - scratch)
          return answer and w.address ~= scratch + 8
        end})
        local p = careful:patch{name="x", edits={ {at=scratch, bytes="01"}, {at=scratch + 8,
          bytes="02"}, {at=scratch + 16, bytes="03"} }}
        local before = game:read(scratch, 32)
        fails("EREFUSED", p.enable, p)
        equal(places, {'patch "x" 0', 'patch "x" 8'})
        equal({game:read(scratch, 32) == before, p.status}, {true, "off"})
        local q = careful:patch{name="y", at=scratch, bytes="01"}
        q:enable()
        answer = false
        q:disable()   -- nobody is asked
        equal({game:read(scratch, 32) == before, #places}, {true, 3})

        answer, places = true, {}
        local f = careful:cell(scratch + 4, "i32"):freeze(5, {every=0.001})
        game:write_i32(scratch + 4, 1)
        for _ = 1, 10000 do if f.report.resisted > 0 then break end pvm.sleep(0.001) end
        equal({f.report.resisted > 0, game:read_i32(scratch + 4), places}, {true, 5, {"freeze 4"}})
        answer = false
        fails("EREFUSED", function() f.value = 6 end)
        equal({f.value, game:read_i32(scratch + 4)}, {5, 5})
        f:release()
        local far = careful:cell(scratch + 4094, "i32")   -- across pages
        fails("EREFUSED", far.freeze, far, 5)
        answer = true
        local g = far:freeze(5, {every=0.001})
        game:write_i32(scratch + 4094, 1)
        for _ = 1, 10000 do if game:read_i32(scratch + 4094) == 5 then break end pvm.sleep(0.001) end
        equal({game:read_i32(scratch + 4094), g.active}, {5, true})
        g:release()
        """#)
    }

    @Test("cannot write itself, may read, and its error is that of the write")
    func nested() throws {
      try Game().check(
        #"""
        local careful
        local inner
        careful = pvm.attach(game.pid, {confirm=function(w)
          equal(w.process:read(w.address, w.size), w.old)
          inner = select(2, careful:try_write_i32(scratch, 1))
          return true
        end})
        careful:write_i32(health, 9)
        equal({inner.code, game:read_i32(health)}, {"EREFUSED", 9})
        assert(tostring(inner):find("cannot write where it would be asked itself", 1, true))
        careful:write_i32(health, 10)   -- and then it is asked again
        equal(game:read_i32(health), 10)

        local value = setmetatable({}, {__tostring=function() return "mine" end})
        for _, thrown in ipairs{value, "text", 5} do
          local failing = pvm.attach(game.pid, {confirm=function() error(thrown, 0) end})
          local ok, err = pcall(failing.write_i32, failing, health, 1)
          equal({ok, rawequal(err, thrown)}, {false, true})
          local none, same = failing:try_write_i32(health, 1)
          equal({none, rawequal(same, thrown)}, {nil, true})
          ok, err = pcall(function() failing:cell(health, "i32").value = 1 end)
          equal({ok, rawequal(err, thrown)}, {false, true})
        end
        local nothing = pvm.attach(game.pid, {confirm=function() error() end})
        equal(pcall(nothing.write_i32, nothing, health, 1), false)
        local silent = pvm.attach(game.pid, {confirm=function() end})
        fails("EREFUSED", silent.write_i32, silent, health, 1)
        local yielding = pvm.attach(game.pid, {confirm=coroutine.yield})
        equal(pcall(coroutine.wrap(function() yielding:write_i32(health, 1) end)), false)
        local closing
        closing = pvm.attach(game.pid, {confirm=function() closing:close() return true end})
        closing:write_i32(health, 12)   -- it was agreed to
        equal({game:read_i32(health), pcall(closing.write_i32, closing, health, 1)},
          {12, false, "pvm.process is closed"})
        game:write_i32(health, 11)      -- no error is left behind
        """#)
    }

    @Test("is asked from a coroutine, a task and a timer, and goes with its process")
    func elsewhere() throws {
      let game = try Game()
      game.check(
        #"""
        local count = 0
        local careful = pvm.attach(game.pid, {confirm=function() count = count + 1 return true end})
        coroutine.wrap(function() careful:write_i32(health, 1) end)()
        pvm.task(function() pvm.sleep(0) careful:write_i32(health, 2) end)
        pvm.after(0, function() careful:write_i32(health, 3) end)
        pvm.run()
        equal(count, 3)
        -- A cell keeps its process, and the function with it.
        local cell = careful:cell(health, "i32")
        careful = nil
        collectgarbage() collectgarbage()
        cell.value = 4
        equal({count, game:read_i32(health)}, {4, 4})
        for i = 1, 200 do
          pvm.attach(game.pid, {confirm=function() return i end}):write_i32(health, i)
        end
        cell = nil
        collectgarbage() collectgarbage()
        game:write_i32(health, 0)
        local child = pvm.spawn({"sleep", "60"}, {confirm=function() return false end})
        fails("EREFUSED", child.write, child, child:regions{kind="stack"}[1].stop - 16, "x")
        child:kill(9) child:wait_exit(20)
        """#)
      #expect(game.state.memoryUsage.parcels == 0)
    }
  }
}
