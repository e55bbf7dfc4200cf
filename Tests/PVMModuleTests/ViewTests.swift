import Testing

extension ModuleTests {
  @Suite("types and views")
  struct ViewTests {
    /// The structs of pvm-target, in C.
    private static let types = #"""
      C = pvm.cdef[[
        struct item { struct item *next; int count, unused; char name[16]; };
        struct player {
          int health, gold, ammo; unsigned deaths; float pos[3], speed; char name[32];
          char16_t wide[32]; struct item *inventory; uint32_t key, score; int64_t experience;
          double playtime; short mana; uint8_t level; bool alive; uint32_t luck;
        };
        struct entity {
          uint32_t id; int hp; struct { float x, y, z; } pos; uint8_t kind; bool alive;
          uint16_t level; struct player *target; char name[16]; double armour; int64_t bounty;
        };
        struct quest { struct quest *child[2]; int key, done; char title[24]; };
        struct session { uint64_t id; struct player *player; };
        struct world { char magic[8]; uint64_t ticks; struct session *session; struct entity *entities;
          uint32_t count; };
      ]]
      """#

    @Test("reads and assigns fields by name, through structs, arrays and pointers")
    func fields() throws {
      let game = try Game()
      game.check(Self.types)
      game.check(
        #"""
        equal(C.player:size(), 0xa8) equal(C.entity:size(), 0x40) equal(C.player:offset_of("mana"), 0xa0)
        local hero = game:view(player, C.player)
        equal(hero.health, 100) equal(hero.name, "Zoë Starfall") equal(hero.wide, "Zoë Starfall")
        equal(hero.pos[2], 2.0) equal(#hero.pos, 3) equal(hero.pos[4], nil) equal(hero.pos[0], nil)
        equal(hero.experience, -5000000000) equal(hero.alive, true) equal(hero.mana, -7)
        hero.health = 55 hero.pos[2] = 1.5 hero.name = "Ann" hero.alive = false
        equal(game:read_i32(health), 55) equal(game:read_f32(pos + 4), 1.5)
        equal(game:read(name_utf8, 32), "Ann" .. ("\0"):rep(29)) equal(game:read_u8(alive), 0)
        hero.pos = {7, 8, 9} equal(game:read_array(pos, "f32", 3), {7.0, 8.0, 9.0})
        equal(hero.inventory.name, "sword") equal(hero.inventory.next.count, 2)
        hero.inventory.next.next.count = 99
        equal(game:view(root, { {"w", "world*"} }).w.session.player.inventory.next.next.count, 99)

        local imps = game:view(entities, C.entity, 24)
        equal(#imps, 24) equal(imps[4].pos.z, 6.0) equal(imps[24].name, "imp-23") equal(imps[25], nil)
        equal(imps[1].target.health, 55) equal(imps[2].target, nil)
        imps[2].target = hero equal(game:read_ptr(entities + 0x58), player)
        imps[2].target = nil equal(game:read_ptr(entities + 0x58), 0)
        imps[3].pos = {x=1, z=3} equal(imps[3]:table().pos, {x=1.0, y=0.0, z=3.0})
        local seen = {} for i, imp in pairs(imps) do seen[i] = imp.id end
        equal(#seen, 24) equal(seen[24], 23)
        equal(imps[2]:address_of("pos.y"), entities + 0x40 + 12)
        """#)
    }

    @Test("a held view is one read, and of its moment")
    func holds() throws {
      let game = try Game()
      game.check(Self.types)
      game.check(
        #"""
        local live = game:view(player, C.player)
        local before = game.stats.calls
        local held = live:hold()
        local cost = game.stats.calls - before
        before = game.stats.calls
        equal({held.health, held.pos[1], held.name, held.level}, {100, 1.0, "Zoë Starfall", 9})
        equal(game.stats.calls, before)
        game:write_i32(health, 1)
        equal(held.health, 100) equal(live.health, 1) equal(held:hold().health, 1)
        held.gold = 7 equal(game:read_i32(gold), 7) equal(held.gold, 7)
        held.pos[3] = 9 equal(held.pos[3], 9.0) equal(held:table().pos[3], 9.0)
        equal(held.inventory.name, "sword")
        local views, faults = game:views({entities, 0x10, entities + 0x40}, C.entity)
        equal(views[1].name, "imp-0") equal(views[2], false) equal(views[3].hp, 110)
        equal(faults[2].code, "EFAULT") equal(faults[1], nil)
        """#)
    }

    @Test("says which field went wrong")
    func errors() throws {
      let game = try Game()
      game.check(Self.types)
      game.check(
        #"""
        local hero = game:view(player, C.player)
        refused("unknown field 'heath' (did you mean 'health'?) of player", function() return hero.heath end)
        refused("unknown field 'heath'", function() hero.heath = 1 end)
        refused("player.pos has elements 1 to 3, not 4", function() hero.pos[4] = 1 end)
        refused("player.health cannot become nil", function() hero.health = nil end)
        refused("player.pos is an array", function() return hero.pos.x end)
        refused("player is no array", function() hero[1] = 1 end)
        local err = fails("EINVAL", function() hero.mana = 40000 end)
        assert(err.message:find("40000 does not fit i16", 1, true) and err.message:find("player.mana", 1, true),
          err.message)
        err = fails("EINVAL", function() hero.pos = {1, "x"} end)
        assert(err.message:find("field [2]", 1, true), err.message)
        local bad = game:view(0x10, C.player)
        err = fails("EFAULT", function() return bad.gold end)
        assert(err.message:find("player.gold", 1, true), err.message)
        err = fails("EFAULT", function() return bad.pos[2] end)
        assert(err.message:find("player.pos[2]", 1, true), err.message)
        fails("EFAULT", bad.hold, bad) fails("EFAULT", bad.table, bad)
        local value, problem = bad:try_get("gold")
        equal(value, nil) equal(problem.code, "EFAULT")
        assert(tostring(bad):find("not mapped", 1, true))
        refused("'pos.' is no name of a field", hero.get, hero, "pos.")
        refused("an index is 1 to 3", hero.get, hero, "pos[4]")
        game:write_ptr(inventory, 0x10)
        err = fails("EFAULT", function() return hero.inventory.count end)
        assert(err.message:find("player.inventory.count", 1, true), err.message)
        """#)
    }

    @Test("structs may be written as tables, with names, pointers, bits and structs inside")
    func tables() throws {
      let game = try Game()
      game.check(
        #"""
        local Item = pvm.struct("item", { {"next", "item*"}, {"count", "i32"}, {"pad", "u32"},
          {"name", "cstr", 16} })
        equal(Item.name, "item") equal({Item:size(), Item:size(32)}, {32, 28})
        equal(game:view(game:read_ptr(inventory), Item).next.name, "shield")
        local Hero = pvm.struct{ items={0x80, "ptr", to=Item}, bag={0x80, "item*"}, mine={0x80, "ptr"} }
        local hero = game:view(player, Hero)
        equal({hero.items.count, hero.bag.next.count, hero.mine}, {1, 2, game:read_ptr(inventory)})
        local Own = pvm.struct{ next={0, "ptr", to="self"}, count={8, "i32"} }
        equal(game:view(game:read_ptr(inventory), Own).next.next.count, 5)
        local Bits = pvm.struct{ {"a", "u32", bits=3}, {"b", "i32", bits=5}, {"c", "bool", bits=1},
          {"d", "u32", bits=30}, {"e", "u8"} }
        equal({Bits:size(), Bits:offset_of("d"), Bits:offset_of("e")}, {12, 4, 8})
        game:fill(scratch, 16, 0)
        local bits = game:view(scratch, Bits)
        bits.b = -3 bits.a = 5 bits.c = true bits.d = 0x2000000f
        equal({bits.a, bits.b, bits.c, bits.d}, {5, -3, true, 0x2000000f})
        equal(game:read_u32(scratch), 5 | (29 << 3) | (1 << 8))
        local Word = pvm.struct{ low={0,"u16",bit=3,bits=5}, top={0,"i16",bit=15} }
        equal({game:view(scratch, Word).low, game:view(scratch, Word).top}, {29, 0})
        game:view(scratch, Word):set("top", -1) equal(game:read_u16(scratch), 0x81ed)
        local err = fails("EINVAL", function() bits.a = 8 end)
        assert(err.message:find("8 does not fit 3 bits (0 to 7)", 1, true), err.message)
        local Pair = pvm.struct{ {"first", Item}, {"others", "item", 2} }
        equal({Pair:size(), Pair:offset_of("others[2].count")}, {96, 72})
        refused("unknown type 'itme'", pvm.struct, { {"x", "itme"} })
        refused("unknown type 'nothing'", pvm.struct, { {"x", "nothing*"} })
        refused("to= needs the type \"ptr\"", pvm.struct, { {"x", "i32", to=Item} })
        refused("only whole numbers have bits", pvm.struct, { {"x", "cstr", 4, bits=3} })
        refused("has 1 to 32 bits, got 33", pvm.struct, { {"x", "u32", bits=33} })
        refused("cannot be the name of a struct", pvm.struct, "i32", {})
        refused("the fields are missing", pvm.struct, "thing")
        equal(game:read_struct(game:read_ptr(inventory), Item).name, "sword")
        game:write_struct(game:read_ptr(inventory), "item", {count=77})
        equal(game:read_structs(game:read_ptr(inventory), Item, 1)[1].count, 77)
        """#)
    }

    @Test("reports where a declaration in C goes wrong, and gives constants")
    func declarations() throws {
      let game = try Game()
      game.check(
        #"""
        local err = fails("EINVAL", pvm.cdef, "struct s {\n  int a;\n  foo b;\n};")
        assert(err.message:find("line 3, column 3: unknown type 'foo'", 1, true), err.message)
        local C = pvm.cdef"enum { ONE = 1, BIG = 1 << 20 }; typedef struct { int x; } point; union u { int i; float f; };"
        equal({C.ONE, C.BIG, C.point:size(), C.u:size()}, {1, 1 << 20, 4, 4})
        equal(pvm.cdef("struct only { long l; };", {bits=32}).only:size(32), 4)
        refused("of 64 bits is not known", function() return pvm.cdef("struct only { long l; };", {bits=32}).only:size() end)
        assert(tostring(C.point):find("+0x0", 1, true))
        """#)
    }

    @Test("follows lists, and says how they end")
    func lists() throws {
      let game = try Game()
      game.check(Self.types)
      game.check(
        #"""
        local first = game:view(player, C.player).inventory
        local items, broken = first:list("next")
        equal({#items, broken, items[1].name, items[5].name}, {5, nil, "sword", "key"})
        local calls = game.stats.calls
        for _, item in ipairs(items) do equal(#item.name > 0, true) end
        equal(game.stats.calls, calls, "they are held")

        local fifth = items[5]:address_of()
        game:write_ptr(fifth, items[1]:address_of())
        local circle, problem = first:list("next")
        equal({#circle, problem}, {5, nil}, "a circular list ends at its first struct")
        game:write_ptr(fifth, items[3]:address_of())
        circle, problem = first:list("next")
        equal({#circle, problem.code}, {5, "ELOOP"})
        assert(problem.message:find("'next' of struct 5 leads back to struct 3", 1, true), problem.message)
        game:write_ptr(fifth, 0x10)
        circle, problem = first:list("next")
        equal({#circle, problem.code, problem.address}, {5, "EFAULT", 0x10})
        assert(problem.message:find("struct 6, reached by 'next'", 1, true), problem.message)
        circle, problem = first:list("next", {limit=3})
        equal({#circle, problem.code}, {3, "E2BIG"})
        refused("count is no pointer", first.list, first, "count")
        refused("unknown field 'nxt'", first.list, first, "nxt")

        -- Pointers that point at the link inside the struct.
        for i = 0, 2 do
          game:write_struct(scratch + i * 0x40, {value={0, "i32"}, next={0x10, "ptr"}},
            {value=i + 1, next=i < 2 and scratch + (i + 1) * 0x40 + 0x10 or 0})
        end
        local Linked = pvm.struct{ value={0, "i32"}, links={0x10, { {"next", "ptr"} }} }
        local linked = game:view(scratch, Linked):list("links.next", {shift=-0x10})
        equal({#linked, linked[3].value}, {3, 3})
        """#)
    }

    @Test("follows trees, a level at a time")
    func trees() throws {
      let game = try Game("quest-tree=6")
      game.check(Self.types)
      game.check(
        #"""
        local top = game:view(game:read_ptr(quest_root), C.quest)
        local calls = game.stats.calls
        local all, broken, levels = top:tree{"child"}
        assert(game.stats.calls - calls <= 6 * 4, "calls: " .. game.stats.calls - calls)
        equal({#all, broken, levels}, {63, nil, {1, 2, 4, 8, 16, 32}})
        equal({all[1].key, all[2].key, all[3].key}, {32, 16, 48})
        local sum = 0 for _, quest in ipairs(all) do sum = sum + quest.key end
        equal(sum, 63 * 32) equal(all[63].title, "quest-63")
        all[2].child[1] = 0x10
        all[3].child[1] = all[1]
        local part, faults = top:tree{"child"}
        equal({#part, #faults, faults[1].code}, {63 - 15 - 15, 1, "EFAULT"})
        assert(faults[1].message:find("'child[1]' of the struct at", 1, true), faults[1].message)
        part, faults = top:tree({"child[2]"}, {limit=3})
        equal({#part, faults[1].code}, {3, "E2BIG"})
        """#)
    }

    @Test("works on snapshots and cores, where nothing is assigned")
    func captured() throws {
      let game = try Game()
      game.check(Self.types)
      game.check(
        #"""
        local file = os.tmpname()
        local before = game:snapshot()
        game:save(file)
        game:write_i32(health, 3)
        for _, source in ipairs{before, pvm.open(file)} do
          local hero = source:view(player, C.player)
          equal({hero.health, hero.inventory.next.name, #hero.inventory:list("next")}, {100, "shield", 5})
          fails("EREADONLY", function() hero.health = 5 end)
        end
        os.remove(file)
        """#)
    }

    @Test("a target that ends is an error, whatever is asked")
    func ends() throws {
      let game = try Game()
      game.check(Self.types)
      game.check(
        #"""
        hero = game:view(player, C.player)
        held = hero:hold()
        cell = game:cell(string.format("[[[%#x]+0x10]+8]", root), "i32")
        equal({held.health, cell.value}, {100, 100})
        """#)
      game.target.end()
      game.check(
        #"""
        equal({held.health, held.name}, {100, "Zoë Starfall"})
        fails("ESRCH", function() return hero.health end)
        fails("ESRCH", function() hero.health = 1 end)
        fails("ESRCH", function() held.health = 1 end)
        fails("ESRCH", function() return cell.value end)
        fails("ESRCH", hero.hold, hero) fails("ESRCH", hero.list, hero, "inventory")
        fails("ESRCH", hero.tree, hero, {"inventory"})
        fails("ESRCH", game.views, game, {player}, C.player)
        fails("ESRCH", game.guess, game, player, 64)
        assert(tostring(hero):find("player at 0x", 1, true))
        """#)
    }
  }
}
