import Testing

extension ModuleTests {
  @Suite("plans")
  struct ScatterTests {
    @Test("names and numbers, every kind of item")
    func kinds() throws {
      let game = try Game()
      game.check(
        #"""
        local plan = game:scatter{
          {health, "i32"}, {luck_be, "u32be"}, {pos, "f32", 3},
          name = {name_utf8, "cstr", 32}, wide = {name_utf16, "utf16le", 64},
          raw = {scratch, "bytes", 5}, chain = {root, "ptr"}, alive = {alive, "bool"},
          none = {scratch, "u8", 0},
        }
        equal(#plan, 9)
        local v = plan:read()
        equal(#v, 3) equal(v[1], 100) equal(v[2], 0x01020304) equal(v[3], {1.0, 2.0, 3.0})
        equal(v[4], nil) equal(v[0], nil)
        equal(v.name, "Zoë Starfall") equal(v.wide, "Zoë Starfall") equal(v.raw, pattern(0, 5))
        equal(v.chain, world) equal(v.alive, true) equal(v.none, {})
        equal(v:faults(), nil)
        equal(v:table(), {100, 0x01020304, {1.0, 2.0, 3.0}, name="Zoë Starfall",
          wide="Zoë Starfall",
          raw=pattern(0, 5), chain=world, alive=true, none={}})
        refused("unknown place 'nam' (did you mean 'name'?)", function() return v.nam end)
        refused("unknown place 'nam' (did you mean 'name'?)", v.get, v, "nam")
        local seen = {}
        for i, value in pairs(v) do seen[i] = value end
        equal(seen, {100, 0x01020304, {1.0, 2.0, 3.0}})
        assert(tostring(plan):find("plan of 9 places"))
        assert(tostring(v):find("values of 9 places"))
        game:write_i32(health, 55)
        equal(v[1], 100) equal(plan:read()[1], 55)
        """#)
    }

    @Test("reads as few ranges as possible")
    func fewCalls() throws {
      let game = try Game()
      game.check(
        """
        local items = {}
        for i = 0, 999 do items[i + 1] = {scratch + 64 * i, "u8"} end
        local plan = game:scatter(items)
        plan:read()
        local before = game.stats.calls
        plan:read()
        local calls = game.stats.calls - before
        assert(calls < 20, calls)
        """)
    }

    @Test("bad places are marked one by one")
    func tenBadOf1024() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local items, bad = {}, {}
        for i = 1, 1024 do
          if i % 100 == 0 then
            items[i], bad[i] = {holes_gap + i, "u8"}, true
          else
            items[i] = {scratch + 61 * i, "u8"}
          end
        end
        local v = game:scatter(items):read()
        for i = 1, 1024 do
          equal(v[i], not bad[i] and pattern(61 * i, 1):byte() or nil, i)
        end
        local faults, count = v:faults(), 0
        for i, err in pairs(faults) do
          count = count + 1
          assert(bad[i], i)
          equal(err.code, "EFAULT") equal(err.address, holes_gap + i)
        end
        equal(count, 10)
        local kept = 0
        for _ in pairs(v:table()) do kept = kept + 1 end
        equal(kept, 1014)
        """#)
    }

    @Test("a place that is half unreadable fails alone; text keeps what it has")
    func straddling() throws {
      let game = try Game("holes", "string-at-edge")
      game.check(
        #"""
        local plan = game:scatter{
          half = {holes_gap - 2, "u32"}, array = {holes_gap - 4, "u32", 2},
            raw = {holes_gap - 1, "bytes", 2},
          good = {holes_gap - 4, "u32"}, after = {holes_gap + 4096, "u8"},
          text = {edge_terminated, "cstr", 64}, open = {edge_unterminated, "cstr", 64},
        }
        local v = plan:read()
        equal(v.half, nil) equal(v.array, nil) equal(v.raw, nil)
        equal(v.good, string.unpack("<I4", pattern(holes_gap - 4 - holes, 4)))
        equal(v.after, pattern(holes_gap + 4096 - holes, 1):byte())
        equal(v.text, "edge of the map") equal(v.open, "no end in sight!")
        equal(v:faults().half.transferred, 2) equal(v:faults().half.address, holes_gap)
        equal(v:faults().good, nil)
        """#)
    }

    @Test("five thousand places")
    func manyPlaces() throws {
      let game = try Game("many-mappings=3000")
      game.check(
        """
        local items = {}
        for i = 0, 2999 do items[i + 1] = {many + 4096 * i, "u64"} end
        for i = 0, 1999 do items[i + 3001] = {many + 4096 * i + 1024, "u8"} end
        local v = game:scatter(items):read()
        for i = 0, 2999 do equal(v[i + 1], i) end
        assert(v[5000])
        """)
    }

    @Test("writes each place or says why not")
    func writes() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local plan = game:scatter{
          {gold, "i32"}, {ammo, "i32"}, {scratch, "u16be", 3},
          name = {name_utf8, "utf8", 32}, wide = {name_utf16, "utf16le", 64},
            raw = {scratch + 16, "bytes", 4},
          bad = {holes_gap, "i32"}, small = {scratch + 32, "u8"},
        }
        equal({plan:write{ 700, 8, {1, 2}, name="Ann", wide="Bé", raw="wxyz" }}, {6})
        equal(game:read_i32(gold), 700) equal(game:read_i32(ammo), 8)
        equal(game:read(scratch, 6), "\0\1\0\2" .. pattern(4, 2))
        equal(game:read(name_utf8, 32), "Ann" .. string.rep("\0", 29))
        equal(game:read_string(name_utf16, {encoding="utf16le"}), "Bé")
        equal(game:read(scratch + 16, 4), "wxyz")
        equal({plan:write{ [2]=9 }}, {1}) equal(game:read_i32(ammo), 9)
        equal({plan:write{ 1, nil, {7} }}, {2}) equal(game:read_i32(gold), 1)
        equal(game:read_i32(ammo), 9)
        equal({plan:write{}}, {0})

        local written, faults = plan:write{ 2, bad=1, small=300, raw="too long",
          name=string.rep("x", 33) }
        equal(written, 1) equal(game:read_i32(gold), 2)
        equal(faults.bad.code, "EFAULT") equal(faults.small.code, "ERANGE")
        equal(faults.raw.code, "EINVAL") equal(faults.name.code, "ERANGE") equal(faults[1], nil)
        written, faults = plan:write{ true, {1}, 5 }
        equal(written, 0) equal(faults[1].code, "ERANGE") equal(faults[2].code, "EINVAL")
        equal(faults[3].code, "EINVAL")
        refused("unknown place 'gol'", plan.write, plan, {gol=1})
        refused("unknown place 'smal' (did you mean 'small'?)", plan.write, plan, {smal=1})
        refused("the plan has no place 4", plan.write, plan, {[4]=1})
        refused("the plan has no place 0", plan.write, plan, {[0]=1})
        refused("the plan has no place a boolean", plan.write, plan, {[true]=1})
        refused("'1' is a function", plan.write, plan, {print})
        """#)
    }

    @Test("refuses what is no plan, naming the item")
    func refuses() throws {
      let game = try Game()
      game.check(
        #"""
        refused("item 2 must be {address, type", game.scatter, game, {{scratch, "u8"}, 5})
        refused("item 'x': the type is missing", game.scatter, game, {x={"u8", scratch}})
        refused("item 'x': the type is missing", game.scatter, game, {x={scratch}})
        refused("item 1: unknown type 'u9' (did you mean 'u8'?)", game.scatter, game,
          {{scratch, "u9"}})
        refused("item 1: cstr needs its size in bytes", game.scatter, game, {{scratch, "cstr"}})
        refused("item 1: count must be an integer of 0", game.scatter, game, {{scratch, "u8", -1}})
        refused("a plan takes no nested layout", game.scatter, game, {{scratch, {a={0, "u8"}}}})
        refused("keys are names, or numbers from 1", game.scatter, game, {[7]={scratch, "u8"}})
        local plan = game:scatter{}
        equal(#plan, 0) equal(#plan:read(), 0) equal(plan:read():table(), {})
        local big = {}
        for i = 1, 1100 do big[i] = {i << 30, "u64", 1 << 17} end
        fails("E2BIG", game.scatter, game, big)
        """#)
    }
  }
}
