import LuaHost
import PVMModule
import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("handles")
  struct HandleTests {
    @Test("are closed once and for all")
    func closed() throws {
      let game = try Game()
      game.check(
        #"""
        local other = pvm.attach(game.pid)
        local plan, cell, regions = other:scatter{ {gold, "i32"} }, other:cell(gold, "i32"),
          other:regions()
        other:close()
        other:close()
        refused("pvm.process is closed", other.read_i32, other, gold)
        refused("pvm.process is closed", other.try_read_i32, other, gold)
        refused("pvm.process is closed", function() return other.pid end)
        refused("pvm.process is closed", other.scatter, other, {})
        refused("pvm.process is closed", coroutine.wrap(function() return other:read(gold, 4) end))
        -- what was made from it goes on until it is collected
        equal(plan:read()[1], 250) equal(cell.value, 250) assert(#regions > 0)
        equal(tostring(other), "pvm.process (closed)")
          do local scoped <close> = pvm.attach(game.pid) other = scoped end
        refused("pvm.process is closed", other.read_i32, other, gold)
        refused("pvm.process expected", game.read_i32, plan, gold)
        refused("pvm.process expected", game.read_i32, io.stdout, gold)
        refused("pvm.process expected", game.read_i32)
        equal(game:read_i32(gold), 250)
        equal(game == pvm.attach(game.pid), false) equal(game == game, true)
        """#)
    }

    @Test("leave no descriptor behind")
    func descriptorsAreGivenBack() throws {
      let game = try Game()
      let before = descriptors(on: game.target.id)
      game.check(
        """
        for i = 1, 50 do pvm.attach(game.pid):close() end
        for i = 1, 50 do local one <close> = pvm.attach(game.pid) end
        for i = 1, 50 do pvm.attach(game.pid) end
        for i = 1, 10 do pcall(function() local one <close> = pvm.attach(game.pid) error("x") end)
        end
        collectgarbage() collectgarbage()
        """)
      #expect(descriptors(on: game.target.id) == before)
      game.check("kept = {} for i = 1, 10 do kept[i] = pvm.attach(game.pid) end")
      #expect(descriptors(on: game.target.id) > before)
      game.state.close()
      #expect(descriptors(on: game.target.id) == 1, "the test's own")
    }

    @Test("are collected before the descriptors run out")
    func collected() throws {
      let game = try Game()
      game.check("for i = 1, 2000 do pvm.attach(game.pid) end")
      #expect(descriptors(on: game.target.id) < 600)
    }

    @Test("are usable, or closed, in finalizers at the end")
    func finalizers() throws {
      let target = try Target()
      let before = descriptors(on: target.id)
      let state = try Game.state()
      let outcome = state.run(
        .text(
          """
          local game = pvm.attach(\(target.id))
          local scratch = \(target.address("scratch") ?? 0)
          game:on_exit(function() end)
          kept = setmetatable({}, {__gc = function()
            pcall(game.write, game, scratch, "finalized")
            again = pvm.attach(\(target.id))
            pcall(function() plan = again:scatter{ {scratch, "u8"} } plan:read() end)
            game:close()
            game:close()
          end})
          """, name: "=test"))
      #expect(outcome == .completed)
      state.close()
      #expect(descriptors(on: target.id) == before)
      #expect(try target.ask("state").hasPrefix("tick 0"))
    }

    @Test("can be made and used in coroutines")
    func coroutines() throws {
      let game = try Game()
      game.check(
        """
        local step = coroutine.wrap(function()
          local mine = pvm.attach(game.pid)
          while true do coroutine.yield(mine:read_i32(gold)) end
        end)
        for i = 1, 5 do game:write_i32(gold, i) equal(step(), i) end
        """)
    }
  }
}
