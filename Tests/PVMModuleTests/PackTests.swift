import Testing

extension ModuleTests {
  @Suite("pack and unpack")
  struct PackTests {
    /// Formats with values for them.
    static let formats: [(format: String, values: String)] = [
      ("b B h H i I l L j J T", "-1, 255, -2, 65535, -3, 4294967295, -4, 5, -6, 7, 8"),
      ("<i1 i2 i3 i4 i5 i6 i7 i8", "-1, -2, -3, -4, -5, -6, -7, -8"),
      (">I1 I2 I3 I4 I5 I6 I7 I8", "1, 2, 3, 4, 5, 6, 7, 8"),
      ("<i16 >i16 =i12", "-5, 5, 7"), ("f d n", "1.5, -2.25, 1e300"), (">f >d", "1.5, -2.25"),
      ("z", "'hello'"), ("z z", "'', 'x'"), ("s", "'with a length'"),
      ("s1 >s2 s4 s8", "'a', 'bc', '', 'd'"), ("c5 c0 c3", "'abc', '', 'xyz'"),
      ("x b x b", "1, 2"), ("!4 b i4 b", "1, 2, 3"), ("!8 b d b Xd", "1, 2.5, 3"),
      ("!2 b i8", "1, 2"), ("! b j", "1, 2"), ("<!4 b Xi4 z", "1, 'q'"),
      (" < I2 > I2 ", "258, 258"),
      ("", ""), ("<I4 z s1 d", "1, 'two', 'three', 4.0"),
    ]

    @Test("does what string.pack does", arguments: formats)
    func agreesWithLua(_ format: String, _ values: String) throws {
      let game = try Game()
      game.check(
        """
        local format = "\(format)"
        local values = table.pack(\(values))
        local bytes = string.pack(format, table.unpack(values, 1, values.n))
        game:fill(scratch, 256, 0xee)
        equal(game:pack(scratch, format, table.unpack(values, 1, values.n)), #bytes, "size")
        equal(game:read(scratch, #bytes + 1), bytes .. "\\xee", "bytes")
        local wanted = table.pack(string.unpack(format, bytes))
        wanted[wanted.n] = scratch + wanted[wanted.n] - 1
        equal(table.pack(game:unpack(scratch, format)), wanted)
        """)
    }

    @Test(
      "complains as string.pack does",
      arguments: [
        "y", "i17", "i0", "I20", "c", "!3 i4", "!17", "X", "Xz", "!1 X", "s17", "c-1",
        "i99999999999",
      ])
    func refuses(_ format: String) throws {
      let game = try Game()
      game.check(
        """
        local lua_ok = pcall(string.unpack, "\(format)", string.rep("\\0", 64))
        local ok, err = pcall(function() return game:unpack(scratch, "\(format)") end)
        equal(ok, lua_ok, tostring(err))
        if not ok then assert(tostring(err):find("bad argument #2 to 'unpack'", 1, true),
          tostring(err)) end
        """)
    }

    @Test("values that do not fit are refused, and nothing is written")
    func badValues() throws {
      let game = try Game()
      game.check(
        #"""
        local before = game:read(scratch, 64)
        for format, value in pairs{ i1=128, I1=256, i2=-32769, b=200, z="a\0b",
          s1=string.rep("x", 256), c2="abc", i4=1.5 } do
          local ok, err = pcall(game.pack, game, scratch, "I1" .. format, 7, value)
          equal(ok, pcall(string.pack, "I1" .. format, 7, value), format)
          equal(err.code == "EINVAL" or err.code == "ERANGE", true, tostring(err))
        end
        fails("EINVAL", game.pack, game, scratch, "i4 i4", 1)
        refused("bad argument #4 to 'pack' (number or string expected, got table)",
            function() game:pack(scratch, "i4 i4", 1, {}) end)
        equal(game:read(scratch, 64), before)
        """#)
    }

    @Test("reads no further than it must")
    func edges() throws {
      let game = try Game("holes", "string-at-edge")
      game.check(
        #"""
        equal({game:unpack(edge_terminated, "z")}, {"edge of the map", edge_terminated + 16})
        equal(game:unpack(edge_unterminated, "c16"), "no end in sight!")
        local err = fails("EFAULT", game.unpack, game, edge_unterminated, "z")
        equal(err.address, edge_unterminated + 16)
        fails("EFAULT", game.unpack, game, holes_gap - 4, "i8")
        equal(game:unpack(holes_gap - 4, "I4"),
          string.unpack("<I4", pattern(holes_gap - 4 - holes, 4)))
        game:fill(scratch, 16, 0x7f)
        fails("E2BIG", game.unpack, game, scratch, "s8")
        game:write(scratch, string.pack("s4", string.rep("long", 5000)))
        equal(#game:unpack(scratch, "s4"), 20000)
        game:fill(scratch, 9, 255)
        fails("EINVAL", game.unpack, game, scratch, "<I9")
        """#)
    }
  }
}
