import Testing

extension ModuleTests {
  @Suite("paths")
  struct PathTests {
    @Test("follows expressions that were parsed once, many with one gather a level")
    func follows() throws {
      let game = try Game("deep-chain=40", "broken-chain")
      game.check(
        #"""
        local path = pvm.path(string.format("[[[pvm-target+%#x]+0x10]+8]", root - module))
        equal({path.hops, path.depth, path.names, path:resolve(game)}, {3, 3, {"pvm-target"}, player})
        equal({game:addr(path), game:addr(path:offset(4)), game:addr(path:offset(-4))}, {health, gold, health - 4})
        equal(tostring(pvm.path("[ game + 16 ] - 0x8")), "[game+0x10]-0x8")
        equal(game:addr("[heap]"), game:addr(pvm.path("heap")))
        local two = pvm.path(string.format("[%#x]-[%#x]+[%#x]", root, root, inventory))
        equal({two.hops, two.depth, game:addr(two)}, {3, 1, game:read_ptr(inventory)})

        local deep = string.format("%#x", deep_root)
        for i = 1, deep_hops do deep = "[" .. deep .. "]+" .. (i < deep_hops and "0x18" or "0x20") end
        equal(game:addr(deep), deep_end)

        local many = {}
        for i = 1, 300 do many[i] = i % 3 == 0 and path:offset(4 * (i % 2)) or i % 3 == 1 and path.text
          or {root, 0x10, 0x8, 4} end
        local before = game.stats.calls
        local ends, broken = game:resolve_all(many)
        assert(game.stats.calls - before < 40, "calls: " .. game.stats.calls - before)
        equal(broken, nil)
        for i = 1, 300 do equal(ends[i], i % 3 == 0 and health + 4 * (i % 2) or i % 3 == 1 and health or gold) end
        """#)
    }

    @Test("says which hop broke, what led there, and why")
    func breaks() throws {
      let game = try Game("broken-chain")
      game.check(
        #"""
        local text = string.format("[[[%#x]+0x10]]+4", broken_root)
        local err = fails("EFAULT", game.addr, game, text)
        equal(err.address, 0x10)
        for _, part in ipairs{"pointer 3 of 3", "[[[0x", "(the pointer before it is 0x10)", "not mapped"} do
          assert(err.message:find(part, 1, true), err.message)
        end
        local ends, broken = game:resolve_all{ pvm.path(text), "nosuch+8", tostring(health), "[0x20]" }
        equal(ends, {false, false, health, false})
        equal({broken[1].hop, broken[1].pointer, broken[1].address}, {3, 0x10, 0x10})
        equal({broken[2].code, broken[2].hop}, {"ENOENT", 0})
        equal({broken[4].hop, broken[4].pointer}, {1, nil})
        refused("bad argument #1 to 'path'", pvm.path, "[game")
        refused("entry 1", game.resolve_all, game, { "[game" })
        """#)
    }

    @Test("places accept a path: cells, watches, patches, freezes and views")
    func accepted() throws {
      let game = try Game()
      game.check(
        #"""
        local text = string.format("[[[%#x]+0x10]+8]", root)
        local path = pvm.path(text)
        local hp, held = game:cell(text, "i32"), game:cell(path, "i32", {hold=60})
        equal({hp.value, held.value, hp.address, tostring(hp.path)}, {100, 100, health, tostring(path)})
        hp.value = 55 equal(game:read_i32(health), 55)
        assert(tostring(hp):find("i32 at [[[", 1, true), tostring(hp))

        local w = game:watch{ a=hp, b={path:offset(4), "i32"}, c={text, "i32"}, d={{root, 0x10, 8, 4}, "i32"} }
        equal({w.a, w.b, w.c, w.d}, {55, 250, 55, 250})

        -- The session gets another player: what is followed anew goes along, what is held does not.
        local session = game:read_ptr(game:read_ptr(root) + 0x10)
        game:write_i32(scratch, 7) game:write_i32(scratch + 4, 8)
        game:write_ptr(session + 8, scratch)
        equal({hp.value, held.value, hp.address}, {7, 55, scratch})
        w:update() equal({w.a, w.b, w.c, w.d}, {7, 8, 7, 8})
        equal(game:view(path, {hp={0, "i32"}}).hp, 7)
        local plan = game:scatter{ hp={path, "i32"}, gold={text .. "+4", "i32"}, old={health, "i32"} }
        local v = plan:read() equal({v.hp, v.gold, v.old}, {7, 8, 55})
        game:write_ptr(session + 8, player)
        plan:read(v) equal({v.hp, v.gold, v.old}, {55, 250, 55})
        equal(plan:write{hp=66}, 1) equal(game:read_i32(health), 66)

        local patch = game:patch{ name="gold", at=path:offset(4), value=777, type="i32" }
        patch:enable() equal(game:read_i32(gold), 777) patch:disable() equal(game:read_i32(gold), 250)
        local freeze = hp:freeze(66)
        equal(freeze.address, health)
        freeze:release()
        game:write_ptr(session + 8, 0x10)
        local err = fails("EFAULT", function() return game:cell(path:offset(0x100000), "i32").value end)
        game:write_ptr(session + 8, 0)
        game:write_ptr(game:read_ptr(root) + 0x10, 0x10)
        err = fails("EFAULT", function() return hp.value end)
        assert(err.message:find("pointer 3 of 3", 1, true), err.message)
        w:update() equal(w.a, nil)
        local values = plan:read() equal({values.hp, values.old, values:faults().hp.code}, {nil, 66, "EFAULT"})
        """#)
    }
  }
}
