import Testing

extension ModuleTests {
  @Suite("searches for structs, groups and references")
  struct StructureTests {
    /// Structs that a test lays out in the scratch memory, 64 bytes apart: `place(i)` is where.
    private static let structs = #"""
      function place(i) return scratch + 64 * i end
      function only(found, ...)
        equal(#found, select("#", ...), "hits")
        for _, i in ipairs{...} do
          assert(found:has(place(i)), "struct " .. i)
        end
      end
      inside = {range={scratch, scratch + 64 * 8}, align=64}
      function find(fields)
        fields.size = fields.size or 64
        return game:find_struct(fields, inside)
      end
      game:fill(scratch, 64 * 8, 0)
      for i = 0, 7 do
        game:write_i32(place(i), 10 * i)
        game:write_f32(place(i) + 4, i + 0.25)
        game:write(place(i) + 48, string.char(0x48, 0x8b, i))
      end
      """#

    @Test("finds structs by values of their fields")
    func values() throws {
      let game = try Game()
      game.check(Self.structs)
      game.check(
        #"""
        only(find{[0]={"i32", 30}}, 3)
        only(find{[0]={"i32", between={20, 40}}}, 2, 3, 4)
        only(find{[0]={"i32", {between={20, 40}}}}, 2, 3, 4)
        only(find{[0]={"i32", not_equal=0}}, 1, 2, 3, 4, 5, 6, 7)
        only(find{[0]={"i32", one_of={10, 70}}, [4]={"f32", greater=2}}, 7)
        only(find{[4]={"f32", 3, digits=0}}, 3)
        only(find{[4]={"f32", 3, cut=0}}, 3)
        only(find{[4]={"f32", 3}})
        only(find{[0]={"i32", equal=30 ~ 0x55, xor=0x55}}, 3)
        only(find{[0]={"i32", 30 ~ 0x55, xor=0x55}, [48]={"bytes", "48 8b 03"}}, 3)
        only(find{[0]={"i32", between={20, 40}, inverted=true}}, 0, 1, 5, 6, 7)
        only(find{[48]={"bytes", "48 8b ?6"}}, 6)
        only(find{[48]={"bytes", "48 ?? 06", inverted=true}}, 0, 1, 2, 3, 4, 5, 7)
        only(find{size=4, [0]={"i32", 30}}, 3)
        local found = find{[0]={"i32", 30}}
        equal(found[1].value, game:read(place(3), 64))
        equal(found[1].address, place(3))
        game:write_i32(place(3), 31)
        equal(#found:unchanged(), 0)
        local two = game:find_struct({size=8, align=64, [0]={"i32", less=20}, [4]={"f32", less=9}},
          {range={scratch, place(8)}})
        only(two, 0, 1)
        """#)
    }

    @Test("finds structs by where their pointers lead")
    func pointers() throws {
      let game = try Game("string-at-edge")
      game.check(Self.structs)
      game.check(
        #"""
        local function point(i, where) game:write_ptr(place(i) + 16, where) end
        point(1, name_utf8) point(2, name_utf16) point(3, health) point(4, take_damage)
        point(5, 0x10) point(6, scratch) point(7, game:module("libc").base)
        local function to(options)
          options[1] = "ptr"
          return find{[16]=options}
        end
        only(to{}, 1, 2, 3, 4, 6, 7)
        only(to{null=true}, 0, 1, 2, 3, 4, 6, 7)
        only(to{inverted=true}, 0, 5)
        only(to{one_of={0, 0x10}}, 0, 5)
        only(find{[16]={"ptr", 0x10}}, 5)
        only(find{[16]={"ptr", health}}, 3)
        only(to{into={scratch, scratch + 1}}, 6)
        only(to{into=game:region(scratch)}, table.unpack((function()
          local list = {}
          for i = 1, 7 do
            local where = game:read_ptr(place(i) + 16)
            local region = game:region(scratch)
            if not math.ult(where, region.start) and math.ult(where, region.stop) then
              list[#list + 1] = i
            end
          end
          return list
        end)()))
        only(to{into="libc"}, 7)
        only(to{into={module="libc"}}, 7)
        only(to{into={perms="x", file="pvm-target"}}, 4)
        local kind = game:region(health).kind
        assert(to{into=kind .. "|stack"}:has(place(3)))
        only(to{string="Zoë Starfall"}, 1)
        only(to{string="Zoë Star"})
        only(to{string="Zoë Star", terminated=false}, 1)
        only(to{string="Zoë Starfall", encoding="utf16le"}, 2)
        only(to{string="Zoë Starfall", null=true}, 0, 1)
        only(to{text=8, into=kind}, 1)
        only(to{text=13, into=kind})
        only(to{text=12, encoding="utf16le", into=kind}, 2)
        only(to{to={"i32", game:read_i32(health)}}, 3)
        only(to{to={"i32", between={99, 101}}, into=kind}, 3)
        only(to{to={"bytes", "'Zo' ?? ?? ' Star'"}}, 1)
        """#)
    }

    @Test("errors name the field")
    func refuses() throws {
      let game = try Game()
      game.check(
        #"""
        local function refuse(text, fields, options)
          refused(text, function() game:find_struct(fields, options) end)
        end
        local function field(text, field)
          refuse("bad argument #1 to 'find_struct' (field at 8: " .. text,
            {size=64, [0]={"i32", 5}, [8]=field})
        end
        field("unknown option 'itno' (did you mean 'into'?)", {"ptr", itno="heap"})
        field("unknown type 'i33' (did you mean 'i32'?)", {"i33", 5})
        field("type name expected, got nil", {})
        field("{type, value, ...} expected, got number", 5)
        field("number expected, got string", {"i32", "x"})
        field("a value, or a comparison", {"i32"})
        field("a value and a comparison", {"i32", 5, less=6})
        field("options stand in the place of the value", {"i32", {less=6}, greater=2})
        field("entries have numbers from 1 to 2, got 3", {"i32", 5, 6})
        field("between is {low, high}", {"i32", between={1}})
        field("one comparison at a time, got 2", {"i32", less=1, greater=2})
        field("into, string, text, encoding, terminated, to and null are for ptr, not for i32",
          {"i32", 5, into="heap"})
        field("a ptr has a value, or is asked where it leads", {"ptr", 5, into="heap"})
        field("string, text and to exclude each other", {"ptr", string="x", text=4})
        field("encoding goes with string or text", {"ptr", encoding="latin1"})
        field("terminated goes with string", {"ptr", text=3, terminated=true})
        field("option 'into': unknown kind 'haep' (did you mean 'heap'?)", {"ptr", into="haep|anon"})
        field("option 'into': a range is", {"ptr", into={5}})
        field("option 'into': unknown option 'prems' (did you mean 'perms'?)",
          {"ptr", into={prems="r"}})
        field("option 'to': unknown option 'betwen' (did you mean 'between'?)",
          {"ptr", to={"i32", betwen={1, 2}}})
        field("option 'to': a value, or a comparison", {"ptr", to={"ptr"}})
        field("option 'to': {\"bytes\", pattern} takes nothing else", {"ptr", to={"bytes", "90", x=1}})
        field("option 'text': text must be at most 1024, got 2000", {"ptr", text=2000})
        field("unknown option 'equal' (known: inverted)", {"bytes", equal=5})
        field("byte pattern expected, got nil", {"bytes"})
        field("pattern \"4x\"", {"bytes", "4x"})
        refuse("option 'size' is missing", {[0]={"i32", 5}})
        refuse("size must be at most 65536, got 65537", {size=65537, [0]={"i32", 5}})
        refuse("unknown option 'aling' (did you mean 'align'?)", {size=8, aling=4, [0]={"i32", 5}})
        refuse("entries have numbers from 0 to 65535, got -4", {size=8, [-4]={"i32", 5}})
        refuse("option names are strings, got a number", {size=8, [1.5]={"i32", 5}})
        refuse("table of fields expected, got string", "x")
        refuse("bad argument #2 to 'find_struct' (unknown option 'perm'", {size=8, [0]={"u8", 1}},
          {perm="r"})
        local many = {size=4096}
        for i = 0, 256 do many[i] = {"u8", 1} end
        refuse("at most 256 fields", many)

        local struct = function(fields) return game:find_struct(fields) end
        fails("EINVAL", struct, {size=8})
        local err = fails("EINVAL", struct, {size=8, [6]={"i32", 5}})
        assert(err.message:find("the field at 6", 1, true), err.message)
        err = fails("ERANGE", struct, {size=8, [4]={"u8", 256}})
        assert(err.message:find("the field at 4", 1, true), err.message)
        err = fails("ENOENT", struct, {size=8, [0]={"ptr", into="no such module"}})
        assert(err.message:find("the field at 0", 1, true), err.message)
        local none, problem = game:try_find_struct({size=8, [6]={"i32", 5}})
        equal(none, nil) equal(problem.code, "EINVAL")
        """#)
    }

    @Test("finds values that lie near each other")
    func groups() throws {
      let game = try Game()
      game.check(
        #"""
        local where = {range={scratch, scratch + 4096}}
        local function near(values, options)
          options = options or {}
          options.range = where.range
          return game:find_group(values, options)
        end
        game:fill(scratch, 4096, 0xee)
        game:write_i32(scratch + 64, 7001) game:write_f32(scratch + 72, 1.5)
        game:write_i32(scratch + 80, 7003)
        game:write_i32(scratch + 2048, 7003) game:write_f32(scratch + 2056, 1.25)
        game:write_i32(scratch + 2060, 7001)
        game:write_i32(scratch + 3000, 7001) game:write_i32(scratch + 3400, 7003)
        local items = { {"i32", 7001}, {"f32", {between={1, 2}}}, {"i32", one_of={7003}} }
        local hits, groups, cut = near(items, {within=64})
        equal(#hits, 6) equal(cut, false)
        equal(groups, {
          {scratch + 64, scratch + 72, scratch + 80, start=scratch + 64},
          {scratch + 2060, scratch + 2056, scratch + 2048, start=scratch + 2048} })
        equal(hits:has(scratch + 3000), false)
        equal(hits:at(scratch + 64).value, 7001)

        hits, groups, cut = near(items, {within=64, ordered=true})
        equal(#groups, 1) equal(groups[1].start, scratch + 64)
        hits, groups, cut = near(items, {within=64, limit=1})
        equal(#groups, 1) equal(cut, true) equal(#hits, 6)
        hits, groups, cut = near(items, {within=20})
        equal(#groups, 2)
        hits, groups, cut = near(items, {within=16})
        equal(#groups, 1) equal(groups[1].start, scratch + 2048)
        hits, groups, cut = near({ {"i32", 7001}, {"i32", 7003} })
        equal(#groups, 2)
        hits, groups, cut = near({ {"i32", 7001}, {"i32", 7003} }, {within=512})
        equal(#groups, 3)

        hits = near(items, {within=64})
        game:write_i32(scratch + 2060, 7002)
        local left, rest, short = hits:unchanged():grouped(items, {within=64})
        equal(#left, 3) equal(rest, {{scratch + 64, scratch + 72, scratch + 80, start=scratch + 64}})
        equal(short, false) equal(#left.parent, 5)
        equal(#hits:grouped(items, {within=64, ordered=true}), 3)
        fails("EINVAL", hits.grouped, hits, { {"i32", 1}, {"i32", 2} })
        refused("unknown option 'align'", hits.grouped, hits, items, {align=4})
        """#)
    }

    @Test("errors name the value of a group")
    func refusesGroups() throws {
      let game = try Game()
      game.check(
        #"""
        local function refuse(text, values, options)
          refused(text, function() game:find_group(values, options) end)
        end
        refuse("bad argument #1 to 'find_group' (value 2: unknown option 'betwen'",
          { {"i32", 5}, {"i32", betwen={1, 2}} })
        refuse("value 1: unknown option 'into'", { {"ptr", into="heap"}, {"i32", 5} })
        refuse("value 2: unknown type 'bytes'", { {"i32", 5}, {"bytes", "90"} })
        refuse("value 2: a value, or a comparison", { {"i32", 5}, {"i32"} })
        refuse("a group has 2 to 12 values, got 1", { {"i32", 5} })
        refuse("a group has 2 to 12 values, got 0", {})
        refuse("a list of {type, value, ...} without gaps", { {"i32", 5}, [3]={"i32", 6} })
        refuse("a list of {type, value, ...} without gaps", { {"i32", 5}, {"i32", 6}, within=5 })
        refuse("table expected, got nil", nil)
        refuse("bad argument #2 to 'find_group' (unknown option 'witin'",
          { {"i32", 5}, {"i32", 6} }, {witin=5})
        refuse("within must be at most 65536", { {"i32", 5}, {"i32", 6} }, {within=65537})
        local group = function(...) return game:find_group(...) end
        local err = fails("EINVAL", group, { {"i32", 5}, {"i32", 6} }, {within=4})
        assert(err.message:find("take 8 bytes", 1, true), err.message)
        fails("EINVAL", group, { {"i32", 5}, {"i32", unknown=true} })
        fails("ERANGE", group, { {"i32", 5}, {"u8", 256} })
        local none, problem = game:try_find_group({ {"i32", 5}, {"u8", 256} })
        equal(none, nil) equal(problem.code, "ERANGE")
        """#)
    }

    @Test("finds who points at an address, or into a range")
    func references() throws {
      let game = try Game()
      game.check(
        #"""
        local range = {entities, entities + entity_count * entity_stride}
        local pointers = game:references(player, {range=range})
        equal(#pointers, 12)
        for i = 1, 12 do
          equal(pointers[i].address, entities + (i - 1) * 2 * entity_stride + 0x18)
          equal(pointers[i].value, player) equal(pointers[i].type, "ptr")
        end
        equal(#game:references(player + 1, {range=range}), 0)
        equal(#game:references(player - 1, {range=range, span=2}), 12)
        equal(#game:references(player - 1, {range=range, span=1}), 0)

        game:fill(scratch, 64, 0)
        game:write_u32(scratch + 4, 0x11223344) game:write_u32(scratch + 9, 0x11223344)
        local here = {scratch, scratch + 64}
        equal(#game:references(0x11223344, {range=here, width=4}), 1)
        equal(#game:references(0x11223344, {range=here, width=4, align=1}), 2)
        equal(game:references(0x11223344, {range=here, width=4})[1].type, "u32")
        refused("a pointer has 4 or 8 bytes, got 5", game.references, game, 1, {width=5})
        refused("span must be at least 1, got 0", game.references, game, 1, {span=0})
        refused("bad argument #1 to 'references'", function() game:references("x") end)
        fails("EINVAL", game.references, game, 1 << 40, {width=4})
        equal(#game:references(-1, {span=math.maxinteger, range=here}), 0)
        """#)
    }
  }
}
