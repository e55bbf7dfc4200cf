import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("reading only")
  struct ReadOnlyTests {
    /// Every way to write, on a process called `victim`.
    static let writes = #"""
      function ways(victim)
        local cell, plan = victim:cell(gold, "i32"), victim:scatter{ g={gold, "i32"} }
        local list = {
          function() victim:write(gold, "x") end, function() victim:write(gold, "") end,
          function() victim:write_array(gold, "u8", {1})
          end, function() victim:writev({"x"}, {{gold, 1}}) end,
          function() victim:writev({}, {}) end,
          function() victim:write_string(gold, "x") end, function() victim:pack(gold, "b", 1) end,
          function() victim:write_struct(gold, {a={0, "u8"}}, {a=1}) end,
          function() victim:write_struct(gold, {a={0, "u8"}, b={2, "u8"}}, {a=1, b=1}) end,
          function() victim:fill(gold, 1) end, function() victim:copy(gold, health, 4) end,
          function() cell.value = 1 end, function() plan:write{g=1} end,
          function() victim:write(gold, "x", {shared=true}) end,
        }
        for _, type in ipairs{"u8", "i8", "bool", "u16", "i16", "u32", "i32", "u64", "i64", "f32",
          "f64", "ptr"} do
          for _, order in ipairs{"", "le", "be"} do
            local name = "write_" .. type .. order
            if pcall(function() return victim[name] end) then
              list[#list + 1] = function() victim[name](victim, gold, type == "bool" or 1) end
            end
          end
        end
        return list
      end
      """#

    @Test("a session that may only read refuses every write")
    func session() throws {
      let game = try Game(mode: .readOnly)
      game.check(Self.writes)
      game.check(
        #"""
        equal(game.read_only, true)
        local list = ways(game)
        assert(#list > 40, #list)
        for i, way in ipairs(list) do fails("EREADONLY", way) end
        local value, err = game:try_write_i32(gold, 1)
        equal(value, nil) equal(err.code, "EREADONLY")
        equal(game:read_i32(gold), 250)
        -- a script cannot undo it
        fails("EREADONLY", function() pvm.attach(game.pid, {read_only=false}):write_i32(gold,
          1) end)
        local child = pvm.spawn({"sleep", "60"}, {read_only=false})
        equal(child.read_only, true)
        child:kill(9) child:wait_exit(20)
        """#)
      #expect(try game.target.ask("state").contains("gold 250"))
    }

    @Test("a process attached for reading only refuses every write")
    func process() throws {
      let game = try Game()
      game.check(Self.writes)
      game.check(
        #"""
        local reader = pvm.attach(game.pid, {read_only=true})
        for i, way in ipairs(ways(reader)) do fails("EREADONLY", way) end
        for i, way in ipairs(ways(pvm.wait(game.pid, 0, {read_only=true}))) do fails("EREADONLY",
          way) end
        game:write_i32(gold, 3)
        equal(reader:read_i32(gold), 3)
        """#)
    }
  }
}
