import Testing

extension ModuleTests {
  @Suite("watchers")
  struct WatchTests {
    @Test("old and new, and what became of each")
    func moves() throws {
      let game = try Game()
      game.check(
        #"""
        local hits = game:scan("i32", 100, {range={player, player + 64}})
        local w = pvm.watch{
          {game, ammo, "i32"}, {game, pos, "f32", 3},
          hp = game:cell(health, "i32"), gold = {game, gold, "i32"}, hit = hits:at(health),
          name = {game, name_utf8, "cstr", 32}, raw = {game, scratch, "bytes", 4},
          alive = {game, alive, "bool"}, speed = {game, speed, "f32"},
        }
        equal(#w, 2) equal(w[1], 12) equal(w[2], {1.0, 2.0, 3.0}) equal(w[3], nil) equal(w[0], nil)
        equal(w.hp, 100) equal(w.old.hp, 100) equal(w.new.hp, 100) equal(w.hit, 100)
        equal(w.name, "Zoë Starfall") equal(w.alive, true) equal(w.raw, pattern(0, 4))
        equal(w:changed(), false) equal(w.updates, 0) equal(w:faults(), nil) equal(w.lost, nil)
        equal(w:update(), false) equal(w:changes(), {}) equal(w.updates, 1)

        game:write_i32(health, 60) game:write_i32(gold, 300) game:write_bool(alive, false)
        game:write_f32(speed, 1.1) game:write_f32(pos + 4, 7)
        equal(w:update(), true)
        equal(w.hp, 60) equal(w.old.hp, 100) equal(w.old[2], {1.0, 2.0, 3.0})
        equal(w[2], {1.0, 7.0, 3.0})
        equal({w:changed("hp"), w:changed("name"), w:changed(1), w:changed(2), w:changed()},
          {true, false, false, true, true})
        equal({w:rose("gold"), w:fell("gold"), w:rose("hp"), w:fell("hp")},
          {true, false, false, true})
        equal({w:fell("alive"), w:rose("alive"), w:rose(1), w:fell(1)},
          {true, false, false, false})
        equal({w:changed_to("hp", 60), w:changed_to("hp", 60.0), w:changed_to("hp", 61),
          w:changed_to("hp", "60"), w:changed_to("hp"), w:changed_to("alive", false),
          w:changed_to("speed", 1.1), w:changed_to("speed", 1.2), w:changed_to(1, 12),
          w:changed_to(2, {1, 7, 3}), w:changed_to(2, {1, 7})},
          {true, true, false, false, false, true, true, false, false, true, false})
        local changes = {}
        for _, c in ipairs(w:changes()) do changes[#changes + 1] = c.name end
        equal(changes, {2, "alive", "gold", "hit", "hp", "speed"})
        equal(w:changes()[3], {name="gold", old=250, new=300})
        equal(w.old:table().gold, 250) equal(w.new:table()[1], 12) equal(w.new:get(1), 12)

        -- The views move on with the watcher.
        local old, new = w.old, w.new
        equal(w:update(), false) equal(w:changes(), {}) equal(old.hp, 60) equal(new.hp, 60)
        equal(w:changed("hp"), false) equal(w:fell("hp"), false) equal(w:changed_to("hp", 60), false)
        """#)
    }

    @Test("says what it is")
    func text() throws {
      let game = try Game()
      game.check(
        #"""
        local w = game:watch{ hp={health, "i32"}, gold={gold, "i32"}, bad={0x10, "u8"},
          name={name_utf8, "cstr", 32} }
        game:write_i32(health, 7) w:update()
        equal(tostring(w), ("4 places in %s, 1 changed\n"):format(game) .. [[
          bad   unreadable (EFAULT)
          gold  250
        * hp    7                    was 100
          name  Zoë Starfall]])
        assert(tostring(w.old):find("old values of 4 places", 1, true))
        game:write(name_utf8, "\27[2J\0")
        w:update()
        assert(not tostring(w):find("\27", 1, true), tostring(w))
        """#)
    }

    @Test("one gather an update, however many places")
    func calls() throws {
      let game = try Game()
      game.check(
        """
        local places = {}
        for i = 1, 1000 do places[i] = {scratch + 16 * i, "u32"} end
        local w = game:watch(places)
        local before = game.stats.calls
        equal(w:update(), false)
        assert(game.stats.calls - before <= 3, game.stats.calls - before)
        """)
    }

    @Test("what cannot be read is nil, and a change")
    func holes() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local w = game:watch{ bad={holes_gap, "i32"}, good={gold, "i32"}, half={holes_gap - 2, "u32"} }
        equal(w.bad, nil) equal(w.half, nil) equal(w.good, 250)
        equal(w:faults().bad.code, "EFAULT") equal(w:faults().half.transferred, 2)
        equal(w:faults().good, nil)
        game:write_i32(gold, 1)
        equal(w:update(), true) equal(w:changed("bad"), false) equal(w:changed("good"), true)
        equal(w.new:table(), {good=1}) equal(#w:changes(), 1)
        """#)
    }

    @Test("a chain of pointers is followed anew")
    func chains() throws {
      let game = try Game()
      game.check(
        #"""
        local w = game:watch{ hp={{root, 0x10, 0x8, 0}, "i32"}, gold={gold, "i32"} }
        equal(w.hp, 100) equal(w:address("hp"), health) equal(w:address("gold"), gold)
        game:write_i32(health, 90)
        equal(w:update(), true) equal(w.hp, 90) equal(w:fell("hp"), true)
        -- The player moves elsewhere, and back.
        local session = game:resolve(root, 0x10, 0)
        local player = game:read_ptr(session + 8)
        game:write_i32(scratch, 55) game:write_ptr(session + 8, scratch)
        equal(w:update(), true) equal(w.hp, 55) equal(w.old.hp, 90) equal(w:address("hp"), scratch)
        equal(w:changed("gold"), false)
        -- Nowhere.
        game:write_ptr(session + 8, 0)
        equal(w:update(), true) equal(w.hp, nil) equal(w:changed_to("hp", nil), true)
        equal(w:faults().hp.code, "EFAULT")
        game:write_ptr(root, 16)
        equal(w:update(), false) equal(w:address("hp"), nil) equal(w.gold, 250)
        assert(w:faults().hp.message:find("pointer 2 of 3", 1, true), w:faults().hp)
        game:write_ptr(root, world) game:write_ptr(session + 8, player)
        equal(w:update(), true) equal(w.hp, 90) equal(w.old.hp, nil) equal(w:rose("hp"), false)
        """#)
    }

    @Test("a process that has ended is lost, the others are read")
    func ended() throws {
      let game = try Game()
      let other = try Target()
      game.check(
        #"""
        two = pvm.attach(\#(other.id))
        w = pvm.watch{ a={game, gold, "i32"}, b={two, \#(other.address("gold") ?? 0), "i32"} }
        equal(w.a, 250) equal(w.b, 250)
        assert(tostring(w):find("2 places in 2 processes", 1, true), tostring(w))
        """#)
      other.end()
      game.check(
        #"""
        game:write_i32(gold, 5)
        equal(w:update(), true) equal(w.a, 5) equal(w.b, nil) equal(w.old.b, 250)
        equal(w:changed_to("b", nil), true) equal(w:faults().b.code, "ESRCH")
        equal(#w.lost, 1) equal(w.lost[1].pid, \#(other.id)) equal(w.lost[1].code, "ESRCH")
        equal(w:update(), false) equal(w.old.b, nil) equal(w.a, 5)
        alone = game:watch{ {gold, "i32"} }
        two:close()
        """#)
      game.target.end()
      game.check(
        #"""
        fails("ESRCH", alone.update, alone)
        equal(alone[1], nil) equal(alone.old[1], 5) equal(alone:faults()[1].code, "ESRCH")
        local changed, err = alone:try_update()
        equal(changed, nil) equal(err.code, "ESRCH") equal(alone.old[1], nil)
        fails("ESRCH", w.update, w) equal(#w.lost, 2)
        game:close()
        refused("is closed", pvm.watch, {{game, 0, "u8"}})
        """#)
    }

    @Test("values of real numbers and truths change by value, disguised ones by meaning")
    func byValue() throws {
      let game = try Game()
      game.check(
        #"""
        game:write_f64(scratch, 0.0) game:write_u8(scratch + 8, 1) game:write_f32(scratch + 16, 0/0)
        game:write_u16(scratch + 32, 1000 ~ 0x5a5a)
        local hits = game:scan("u16", 1000, {xor=0x5a5a, range={scratch + 32, scratch + 34}})
        equal(#hits, 1)
        local w = game:watch{ f={scratch, "f64"}, b={scratch + 8, "bool"}, n={scratch + 16, "f32"},
          x=hits[1], text={scratch + 48, "utf8", 8} }
        equal(w.x, 1000)
        game:write_f64(scratch, -0.0) game:write_u8(scratch + 8, 7)
        game:write_u32(scratch + 16, 0xffc00001)
        game:write(scratch + 48, pattern(48, 8))
        equal(w:update(), false)
        hits[1].value = 999
        equal(w:update(), true) equal(w.x, 999) equal(w:fell("x"), true)
        game:write(scratch + 48, "ab\0cdefg") w:update() equal(w.text, "ab")
        game:write(scratch + 48, "ab\0xxxxx") equal(w:update(), false)
        """#)
    }

    @Test("refuses what is no place, naming it")
    func refuses() throws {
      let game = try Game()
      game.check(
        #"""
        refused("place 1 must be a pvm.cell or {process, address, type [, count]}", pvm.watch,
          {{gold, "i32"}})
        refused("place 'x' must be a pvm.cell or {address, type", game.watch, game, {x=5})
        refused("bad argument #2 to 'watch' (place 'x': '[a', column 1", game.watch, game, {x={"[a", "i32"}})
        refused("place 'x': unknown type 'i33'", game.watch, game, {x={gold, "i33"}})
        refused("place 'x': a chain is {base, offset", game.watch, game, {x={{root, "a"}, "i32"}})
        refused("keys are names, or numbers", game.watch, game, {[3]={gold, "i32"}})
        local w = game:watch{ hp={health, "i32"}, name={name_utf8, "cstr", 8}, {gold, "i32"} }
        refused("unknown place 'hpp' (did you mean 'hp'?)", w.changed, w, "hpp")
        refused("unknown place 'hpp' (did you mean 'hp'?) of a watcher", function() return w.hpp end)
        refused("unknown place 'nam'", function() return w.old.nam end)
        refused("there is no place 2", w.rose, w, 2)
        refused("place 'name' is no single value", w.rose, w, "name")
        local big = {}
        for i = 1, 1100 do big[i] = {i << 30, "u64", 1 << 17} end
        fails("E2BIG", game.watch, game, big)
        local none = pvm.watch{}
        equal(none:update(), false) equal(#none, 0) equal(none.lost, nil) tostring(none)
        """#)
    }

    @Test("a snapshot is watched like a process, and stays as it is")
    func snapshots() throws {
      let game = try Game()
      game.check(
        #"""
        local before = game:snapshot()
        local w = before:watch{ hp={{root, 0x10, 0x8, 0}, "i32"}, gold={gold, "i32"} }
        local both = pvm.watch{ now={game, health, "i32"}, was={before, health, "i32"} }
        game:write_i32(health, 40)
        equal(w:update(), false) equal(w.hp, 100)
        equal(both:update(), true) equal(both:changes(), {{name="now", old=100, new=40}})
        equal(both.was, 100)
        equal(#before:track({player, 256}, 0), 0)
        """#)
    }

    @Test("a view holds its watcher, and a watcher its processes")
    func lifetime() throws {
      let game = try Game()
      game.check(
        #"""
        local views = {}
        for i = 1, 50 do
          local w = pvm.watch{ {pvm.attach(game.pid), gold, "i32"} }
          views[i] = w.new
        end
        collectgarbage() collectgarbage()
        for i = 1, 50 do equal(views[i][1], 250) end
        """#)
    }
  }
}
