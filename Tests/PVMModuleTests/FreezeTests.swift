import PVMModule
import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("freezes")
  struct FreezeTests {
    /// `eventually(f)`: raises unless `f` becomes true.
    static let words = """
      function eventually(f)
        for _ = 1, 5000 do if f() then return end pvm.sleep(0.001) end
        error("never", 2)
      end
      hp, coins = game:cell(health, "i32"), game:cell(gold, "i32")
      """

    static func game() throws -> Game {
      let game = try Game()
      game.check(words)
      return game
    }

    @Test(
      "each mode writes what it says",
      arguments: [
        "99, {mode='hold'} | 5 99 | 100 99", "99, {} | 98 99",
        "nil, {} | 5 100 | 101 100",
        "50, {mode='min'} | 49 50 | 51 51", "50, {mode='max'} | 51 50 | 49 49",
        "{mode='min'} | 99 100 | 101 101", "{mode='max'} | 99 99 | 101 100",
        "nil, {mode='range', min=10, max=20} | 9 10 | 21 20 | 15 15",
        "{min=10} | 9 10 | 1000 1000", "{max=10.0} | 11 10 | 9 9",
      ])
    func modes(_ line: String) throws {
      let parts = line.split(separator: "|")
      let arguments = parts[0].split(separator: "{", omittingEmptySubsequences: false)
        .joined(separator: "{every=0.002, ")
      let game = try Self.game()
      for step in parts.dropFirst() {
        let values = step.split(separator: " ")
        game.check(
          """
          game:write_i32(health, 100)
          local freeze <close> = hp:freeze(\(arguments))
          local ticks = freeze.report.ticks
          game:write_i32(health, \(values[0]))
          eventually(function() return freeze.report.ticks >= ticks + 2 end)
          equal(hp.value, \(values[1]))
          equal(freeze.report.resisted, \(values[0] == values[1] ? 0 : 1))
          """)
      }
    }

    @Test("a freeze says what it holds, can be changed, and is listed until it ends")
    func object() throws {
      let game = try Self.game()
      game.check(
        """
        local a, b = hp:freeze(7), coins:freeze{min=1, max=2.0, every=0.5}
        equal({a.value, a.mode, a.every, a.address, a.type, a.active, a.min, a.max},
          {7, "hold", 0.05, health, "i32", true})
        equal({b.value == nil, b.mode, b.every, b.min, b.max}, {true, "range", 0.5, 1, 2.0})
        equal(tostring(a), ("i32 at 0x%x held at 7: 1 write, resisted 0 times"):format(health))
        assert(tostring(b):find("within 1 ... 2.0", 1, true), tostring(b))
        equal({#game:freezes(), #pvm.freezes(), game:freezes()[1].value}, {2, 2, 7})
        equal(#pvm.attach(game.pid):freezes(), 0)
        a.value = 8
        equal({a.value, hp.value, a.report.writes}, {8, 8, 2})
        refused("a range has no value", function() b.value = 1 end)
        fails("ERANGE", function() a.value = 1 << 40 end)
        refused("number or boolean expected", function() a.value = "x" end)
        equal({a.value, hp.value}, {8, 8})
        local r = a.report
        equal({r.writes, r.resisted, r.missed, r.fault, r.ended}, {2, 0, r.missed})
        assert(r.ticks >= 0 and r.lateness.worst >= r.lateness.p99)
        a:release() a:release()
        equal({a.active, a.report.ended, #game:freezes()}, {false, "released", 1})
        do local c <close> = b end
        equal(#pvm.freezes(), 0)
        """)
    }

    @Test("it goes on when nobody holds it or the process any more, and while nothing else does")
    func outlives() throws {
      let game = try Self.game()
      game.check(
        """
        do
          local other = pvm.attach(game.pid)
          other:cell(health, "i32"):freeze(31, {every=0.001})
          other:close()
        end
        collectgarbage() collectgarbage()
        game:write_i32(health, 1)
        for _ = 1, 1e9 do if hp.value == 31 then break end end
        equal(hp.value, 31)
        equal(#pvm.freezes(), 1)
        pvm.freezes()[1]:release()
        """)
    }

    @Test("hits, text and disguised values are frozen as they were found")
    func kinds() throws {
      let game = try Self.game()
      game.check(
        """
        local hits = game:scan("i32", hp.value, {range={health, health + 4}})
        local f <close> = hits[1]:freeze(5)
        equal(hp.value, 5)
        local text = game:find_string("Starfall", {kind="heap"})
        local g <close> = text[1]:freeze("Moonrise")
        assert(game:read_string(name_utf8):find("Moonrise", 1, true))
        equal({g.value, g.type}, {"Moonrise", text[1].type})
        refused("needs a number", function() text[1]:freeze("x", {mode="min"}) end)
        refused("do not fit", function() text[1]:freeze("Moonrises") end)
        """)
    }

    @Test("a function says what to hold")
    func follows() throws {
      let game = try Self.game()
      game.check(
        """
        local seen = {}
        local f = hp:freeze(10, {every=0.001, mode=function(now, held)
          seen[#seen + 1] = now
          if #seen < 4 then return held + 1 end
        end})
        equal(f.mode, "function")
        eventually(function() return #seen >= 6 end)
        equal({f.value, hp.value, seen[1]}, {13, 13, 10})
        f:release()
        local g = hp:freeze(1, {every=0.001, mode=function() error("mine") end})
        local ok, err = pcall(eventually, function() return false end)
        assert(not ok and tostring(err):find("mine", 1, true), err)
        g:release()
        """)
    }

    @Test(
      "wrong use is named",
      arguments: [
        "mode='hald'| did you mean", "mode=5| string or function expected",
        "mode='hold', min=1| go with mode", "mode='range'| the limits leave no value",
        "min=3, max=2| the limits leave no value", "every=0| seconds must be 0.001 to 3600",
        "every=1e6| seconds must be", "evry=1| did you mean", "min='x'| number expected",
      ])
    func misuse(_ line: String) throws {
      let parts = line.split(separator: "|").map(String.init)
      let game = try Self.game()
      game.check(
        """
        local ok, err = pcall(hp.freeze, hp, {\(parts[0])})
        assert(not ok and tostring(err):find(\(String(reflecting: String(parts[1].dropFirst()))), 1, true), err)
        assert(not pcall(hp.freeze, hp, print) and not pcall(hp.freeze, hp, 1, 2))
        refused("no value", hp.freeze, hp, 5, {min=1})
        equal(#pvm.freezes(), 0)
        """)
    }

    @Test("the end of the target ends it")
    func ends() throws {
      let game = try Self.game()
      game.check(
        """
        local f = hp:freeze(1)
        """)
      game.target.end()
      game.check(
        """
        eventually(function() return #pvm.freezes() == 0 end)
        fails("ESRCH", hp.freeze, hp, 1)
        """)
    }

    @Test("sessions that only read refuse it, and captured memory has none")
    func readOnly() throws {
      let game = try Game(mode: .readOnly)
      game.check(
        """
        local hp = game:cell(health, "i32")
        fails("EREADONLY", hp.freeze, hp, 1)
        local image = game:snapshot{range={scratch, scratch + 4096}}
        refused("is not a live process", image:cell(scratch, "i32").freeze, image:cell(scratch, "i32"), 1)
        """)
    }
  }
}
