import Testing

extension ModuleTests {
  @Suite("bytes")
  struct TransferTests {
    @Test("reads and writes bytes")
    func readsAndWrites() throws {
      let game = try Game()
      game.check(
        #"""
        equal(game:read(scratch, 300), pattern(0, 300))
        equal(game:read(scratch, 0), "")
        equal(game:read(scratch, scratch_bytes), pattern(0, scratch_bytes))
        game:write(scratch + 5, "\0\1\255")
        equal(game:read(scratch + 4, 5), pattern(4, 1) .. "\0\1\255" .. pattern(8, 1))
        game:write(scratch, "")
        local whole = string.rep("\0\1\2\3", scratch_bytes // 4)
        game:write(scratch, whole)
        equal(game:read(scratch, scratch_bytes), whole)
        equal(game:try_read(scratch, 4), "\0\1\2\3")
        """#)
    }

    @Test("a read that stops tells how far it got")
    func stops() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local gap = holes_gap
        local err = fails("EFAULT", game.read, game, gap - 10, 100)
        equal(err.op, "read") equal(err.pid, game.pid)
        equal(err.requested, 100) equal(err.transferred, 10) equal(err.address, gap)
        equal(err.data, pattern(gap - 10 - holes, 10))
        assert(tostring(err):find(string.format("read 100 bytes at 0x%x: stopped after 10 at 0x%x",
          gap - 10, gap), 1, true), tostring(err))

        local bytes, why = game:read(gap - 10, 100, {partial=true})
        equal(bytes, err.data) equal(why.code, "EFAULT") equal(why.transferred, 10)
        bytes, why = game:read(gap, 100, {partial=true})
        equal(bytes, "") equal(why.transferred, 0)
        bytes, why = game:read(gap - 10, 10, {partial=true})
        equal(#bytes, 10) equal(why, nil)

        local value, problem = game:try_read(gap, 1)
        equal(value, nil) equal(problem.code, "EFAULT")
        equal(game:read(gap + 4096, 8), pattern(gap + 4096 - holes, 8))
        refused("unknown option 'partail' (did you mean 'partial'?)", game.read, game, gap, 1,
          {partail=true})
        refused("option 'partial': boolean expected, got string", game.read, game, gap, 1,
          {partial="yes"})
        """#)
    }

    @Test("a write that cannot be whole changes nothing")
    func writesAllOrNothing() throws {
      let game = try Game("holes", "writable-then-read-only")
      game.check(
        #"""
        local before = game:read(edge_ro, 8192)
        local err = fails("EFAULT", game.write, game, edge_ro_boundary - 100, string.rep("x", 200))
        equal(err.transferred, 0)
        equal(game:read(edge_ro, 8192), before)
        fails("EFAULT", game.write, game, holes_gap - 4, "12345678")
        equal(game:read(holes_gap - 4, 4), pattern(holes_gap - 4 - holes, 4))
        fails("EFAULT", game.fill, game, edge_ro, 8192, 7)
        fails("EFAULT", game.copy, game, edge_ro_boundary - 8, holes, 16)
        fails("EFAULT", game.copy, game, edge_ro, holes_gap - 8, 16)
        fails("EFAULT", game.write_array, game, edge_ro_boundary - 4, "u32", {1, 2})
        fails("EFAULT", game.write_string, game, edge_ro_boundary - 2, "four")
        fails("EFAULT", game.pack, game, edge_ro_boundary - 4, "<i4 i4", 1, 2)
        fails("EFAULT", game.write_struct, game, edge_ro_boundary - 4, {a={0, "u32"}, b={4, "u32"}},
          {a=1, b=2})
        fails("EFAULT", game.write_struct, game, edge_ro_boundary - 8, {a={0, "u32"}, b={8, "u32"}},
          {a=1, b=2})
        equal(game:read(edge_ro, 8192), before)
        """#)
    }

    @Test("reads into a buffer, and picks from it")
    func buffers() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local buffer = pvm.buffer(64)
        equal(buffer:bytes(), string.rep("\0", 64))
        equal(game:read_into(buffer, player), 64)
        equal(buffer:get(0, "i32"), 100) equal(buffer:get(4, "i32"), 250)
        equal(buffer:get(0x10, "f32"), 1.0)
        equal(buffer:bytes(0x20, 3), "Zo\xc3") equal(#buffer:bytes(60), 4)
        equal(buffer:bytes(64), "")
        equal(#buffer, 64) equal(tostring(buffer), "pvm.buffer of 64 bytes")
        equal(game:read_into(buffer, scratch, 8), 8)
        equal(buffer:bytes(0, 8), pattern(0, 8)) equal(buffer:get(0x10, "f32"), 1.0)
        refused("outside the buffer of 64", buffer.get, buffer, 61, "i32")
        refused("outside the buffer of 64", buffer.bytes, buffer, 65)
        refused("outside the buffer of 64", buffer.bytes, buffer, 60, 5)
        refused("outside the buffer of 64", game.read_into, game, buffer, scratch, 65)
        refused("offset must be at least 0", buffer.get, buffer, -1, "i32")
        fails("EFAULT", game.read_into, game, buffer, holes_gap)
        equal(#pvm.buffer(0), 0) equal(pvm.buffer(0):bytes(), "")
        refused("byte count must be at most 1073741824", pvm.buffer, 2^31)
        """#)
    }

    @Test("copies, also where the ranges overlap")
    func copies() throws {
      let game = try Game()
      game.check(
        """
        for _, case in ipairs{ {0, 100, 50}, {0, 10, 50}, {10, 0, 50}, {3, 3, 9}, {0, 8000, 20000},
          {4090, 0, 9000} } do
          local to, from, count = table.unpack(case)
          game:write(scratch, pattern(0, 40000))
          local whole = pattern(0, 40000)
          game:copy(scratch + to, scratch + from, count)
          local wanted = whole:sub(1, to) .. whole:sub(from + 1,
            from + count) .. whole:sub(to + count + 1)
          equal(game:read(scratch, 40000) == wanted, true, table.concat(case, " "))
        end
        game:copy(scratch, scratch + 1, 0)
        fails("EFAULT", game.copy, game, scratch, 0x10, 4)
        equal(select(2, pcall(game.copy, game, scratch, 0x10, 4)).op, "copy")
        """)
    }

    @Test("fills with bytes and with patterns")
    func fills() throws {
      let game = try Game()
      game.check(
        #"""
        game:fill(scratch, 10)               equal(game:read(scratch, 11),
          string.rep("\0", 10) .. pattern(10, 1))
        game:fill(scratch, 10, 255)          equal(game:read(scratch, 10), string.rep("\255", 10))
        game:fill(scratch, 7, "abc")         equal(game:read(scratch, 8), "abcabca\255")
        game:fill(scratch, 2, "abc")         equal(game:read(scratch, 3), "abc")
        game:fill(scratch, 0, "xyz")         equal(game:read(scratch, 3), "abc")
        game:fill(scratch + 1, 60000, "12345")
        equal(game:read(scratch + 60000, 1), ("12345"):sub(59999 % 5 + 1, 59999 % 5 + 1))
        refused("byte must be at most 255", game.fill, game, scratch, 1, 256)
        refused("byte must be at least 0", game.fill, game, scratch, 1, -1)
        refused("the pattern is empty", game.fill, game, scratch, 1, "")
        """#)
    }

    @Test("compares ranges, and ranges with bytes")
    func compares() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local function outcome(...) return {game:compare(...)} end
        game:fill(scratch, 60000, "abcdefgh")
        equal(outcome(scratch, "abcdefgh"), {true}) equal(outcome(scratch, "abcdefgx"), {false, 7})
        equal(outcome(scratch, "xbc"), {false, 0})   equal(outcome(scratch, "abX", 2), {true})
        equal(outcome(scratch, ""), {true})
        equal(outcome(scratch, scratch + 8, 30000), {true})
        game:write_u8(scratch + 29999, 0)
        equal(outcome(scratch, scratch + 8, 40000), {false, 29991})
        equal(outcome(scratch, scratch + 1, 10), {false, 0})
        refused("byte count expected", game.compare, game, scratch, scratch + 1)
        refused("only 3 bytes", game.compare, game, scratch, "abc", 4)
        local err = fails("EFAULT", game.compare, game, holes_gap - 4, holes_gap - 4, 8)
        equal(err.op, "compare")
        equal(outcome(holes_gap - 4, "nope----"), {false, 0})
        """#)
    }

    @Test("shows memory, with what cannot be read")
    func hexdump() throws {
      let game = try Game("holes")
      game.check(
        #"""
        local text = game:hexdump(scratch, 64)
        assert(text:find(string.format("%x", scratch), 1, true), text)
        equal(select(2, text:gsub("\n", "\n")), 3, "line breaks")
        assert(game:hexdump(name_utf8, 16):find("Zo", 1, true))
        local edge = game:hexdump(holes_gap - 8, 16)
        equal(select(2, edge:match("^[^|]+"):gsub("%?%?", "")), 8, "unreadable bytes")
        equal(select(2, game:hexdump(0x10, 16):match("^[^|]+"):gsub("%?%?", "")), 16)
        equal(select(2, game:hexdump(scratch):gsub("\n", "\n")), 7)
        equal(pvm.hexdump("hello"):find("hello", 1, true) ~= nil, true)
        assert(pvm.hexdump("hello", 0x1000):find("1000", 1, true))
        assert(pvm.hexdump("0123456789abcdef0", -8))
        equal(game:hexdump(player, 0), pvm.hexdump(""))
        refused("byte count must be at most 1048576", game.hexdump, game, player, 1048577)
        """#)
    }
  }
}
