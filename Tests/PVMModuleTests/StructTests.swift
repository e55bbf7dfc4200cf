import Testing

extension ModuleTests {
  @Suite("structs")
  struct StructTests {
    @Test("reads fields, arrays, nested structs and unions")
    func reads() throws {
      let game = try Game()
      game.check(
        #"""
        local hero = game:read_struct(player, {
          health={0, "i32"}, gold={4, "i32"}, pos={0x10, "f32", 3}, name={0x20, "cstr", 32},
          wide={0x40, "utf16le", 64}, luck={0xa4, "u32be"}, alive={0xa3, "bool"},
            raw={0, "bytes", 4},
          again={0, "u32"},
        })
        equal(hero, {health=100, gold=250, pos={1.0, 2.0, 3.0}, name="Zoë Starfall",
          wide="Zoë Starfall",
          luck=0x01020304, alive=true, raw="\100\0\0\0", again=100})

        local vector = {x={0, "f32"}, y={4, "f32"}, z={8, "f32"}}
        local imp = game:read_struct(entities + 3 * entity_stride, {
          id={0, "u32"}, pos={8, vector}, name={0x20, "cstr", 16}, bounty={0x38, "i64"},
            size=0x40 })
        equal(imp, {id=3, pos={x=3.0, y=0.0, z=6.0}, name="imp-3", bounty=3000})

        local pairs_of = game:read_struct(entities, {
          imps={0, {id={0, "u32"}, hp={4, "i32"}}, 24, stride=0x40} }).imps
        equal(#pairs_of, 24) equal(pairs_of[24], {id=23, hp=330})
        equal(game:read_struct(player, {}), {})
        """#)
    }

    @Test("lays fields one behind the other as a C compiler does")
    func sequential() throws {
      let game = try Game()
      game.check(
        #"""
        local layout = { {"a", "u8"}, {"b", "u32"}, {"c", "u8", 3}, {"d", "f64"}, {"e", "u16"},
          {"f", "cstr", 5}, {"g", "ptr"} }
        -- a 0, b 4, c 8, d 16, e 24, f 26, g 32: 40 in all
        game:write(scratch, string.pack("<B xxx I4 BBB xxxxx d I2 c5 x j", 1, 2, 3, 4, 5, 6.5, 7,
          "word\0", 8))
        equal(game:read_struct(scratch, layout), {a=1, b=2, c={3, 4, 5}, d=6.5, e=7, f="word", g=8})
        local two = game:read_structs(scratch, layout, 2)
        equal(two[1].g, 8) equal(two[2].a, game:read_u8(scratch + 40))
        local inner = { {"x", "u8"}, {"y", "u64"} }
        local outer = game:read_struct(scratch, { {"n", "u8"}, {"in_", inner, 2}, {"last", "u8"} })
        equal(outer.in_[2].x, game:read_u8(scratch + 24))
        equal(outer.last, game:read_u8(scratch + 40))
        """#)
    }

    @Test("reads arrays of structs")
    func arrays() throws {
      let game = try Game()
      game.check(
        #"""
        local imps = game:read_structs(entities, {id={0, "u32"}, target={0x18, "ptr"}}, 24,
          {stride=0x40})
        equal(#imps, 24)
        for i = 0, 23 do equal(imps[i + 1], {id=i, target=i % 2 == 0 and player or 0}) end
        equal(game:read_structs(entities, {id={0, "u32"}}, 0), {})
        fails("E2BIG", game.read_structs, game, entities, {id={0, "u32"}}, 16777216,
          {stride=1048576})
        fails("EFAULT", game.read_structs, game, 0x10, {id={0, "u32"}}, 3)
        refused("stride must be at least 1", game.read_structs, game, entities, {id={0, "u32"}}, 3,
          {stride=0})
        """#)
    }

    @Test("writes only what is named")
    func writes() throws {
      let game = try Game()
      game.check(
        #"""
        local layout = { hp={0, "i32"}, gold={4, "i32"}, pos={0x10, "f32", 3},
          name={0x20, "utf8", 32},
          in_={0x80, {a={0, "u16"}, b={4, "u16be"}}, 2, stride=8}, raw={0x90, "bytes", 2} }
        game:fill(scratch, 256, 0xee)
        game:write_struct(scratch, layout,
          { gold=500, pos={1, 2}, name="Ann", in_={ {a=1}, {b=2} }, raw="\1\2" })
        equal(game:read(scratch, 4), "\xee\xee\xee\xee") equal(game:read_i32(scratch + 4), 500)
        equal(game:read_array(scratch + 0x10, "f32", 2), {1.0, 2.0})
        equal(game:read(scratch + 0x18, 4), "\xee\xee\xee\xee")
        equal(game:read(scratch + 0x20, 33), "Ann" .. string.rep("\0", 29) .. "\xee")
        equal(game:read(scratch + 0x80, 18),
          "\1\0" .. string.rep("\xee", 10) .. "\0\2" .. "\xee\xee" .. "\1\2")
        equal(game:read_struct(scratch, layout).in_[2].b, 2)
        game:write_struct(scratch, layout, {})
        equal(game:read_i32(scratch + 4), 500)
        """#)
    }

    @Test("errors name the way to the field")
    func refuses() throws {
      let game = try Game()
      game.check(
        #"""
        local read = function(layout) return game:read_struct(scratch, layout) end
        refused("layout.a: unknown type 'u33'", read, {a={0, "u33"}})
        refused("layout.a must be {offset, type [, count]}", read, {a="u32"})
        refused("layout[2] must be {name, type [, count]}", read, {{"a", "u8"}, {3, "u8"}})
        refused("layout.a.b: the type is missing", read, {a={0, {b={0}}}})
        refused("field a: the offset must be 0 to 1048576, got -1", read, {a={-1, "u8"}})
        refused("field a: the field ends beyond 1048576 bytes", read, {a={0, "u64", 1 << 20}})
          refused("count must be an integer of 0 to 1048576", read, {a={0, "u8", 1 << 21}})
        refused("the fields take 4 bytes, more than the size of 2", read, {a={0, "u32"}, size=2})
        refused("size must be", read, {size=-1})
        refused("unknown option 'strid' (did you mean 'stride'?)", read, {a={0, "u8", 2, strid=4}})
        refused("not by another kind of key", read, {[1.5]={0, "u8"}})
        refused("stands twice", read, {{"a", "u8"}, {"a", "u8"}})
        local deep = {a={0, "u8"}}
        for _ = 1, 40 do deep = {a={0, deep}} end
        refused("nested deeper than 32", read, deep)
        local loop = {} loop.a = {0, loop}
        refused("table is too deep (or contains itself)", read, loop)

        local before = game:read(scratch, 64)
        local write = function(values)
          return game:write_struct(scratch,
            {hp={0, "u8"}, pos={4, "f32", 3}, in_={16, {a={0, "u8"}}, 2}, name={32, "cstr", 4}},
              values)
        end
        for text, values in pairs{
          ["field hp: 256 does not fit u8 (0 to 255)"] = {hp=256},
          ["field pos[2]: a value of type f32 is expected"] = {pos={1, "x"}},
          ["field pos: the list has 4 elements, the field 3"] = {pos={1, 2, 3, 4}},
          ["field in_[2].a: -1 does not fit u8"] = {in_={ {a=1}, {a=-1} }},
          ["field in_[1].b: the layout has no such field"] = {in_={ {b=1} }},
          ["field name: the text takes 5 bytes, the field has 4"] = {name="abcde"},
          ["field nope: the layout has no such field"] = {hp=1, nope=1},
        } do
          local err = fails("EINVAL", write, values)
          assert(err.message:find(text, 1, true), err.message)
        end
        refused("values.hp: a function cannot be written", write, {hp=print})
        refused("values: fields have names", write, {hp=1, [true]=1})
        equal(game:read(scratch, 64), before)
        """#)
    }
  }
}
