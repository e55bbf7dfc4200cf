import Testing

extension ModuleTests {
  @Suite("text")
  struct StringTests {
    /// Encodings with the bytes of "aé😀" in them; Latin-1 has no such face.
    static let encoded: [(encoding: String, text: String, bytes: String)] = [
      ("utf8", "aé😀", #"a\xc3\xa9\xf0\x9f\x98\x80\0"#),
      ("utf16le", "aé😀", #"a\0\xe9\0\x3d\xd8\0\xde\0\0"#),
      ("utf16be", "aé😀", #"\0a\0\xe9\xd8\x3d\xde\0\0\0"#),
      ("utf32le", "aé😀", #"a\0\0\0\xe9\0\0\0\0\xf6\1\0\0\0\0\0"#),
      ("utf32be", "aé😀", #"\0\0\0a\0\0\0\xe9\0\1\xf6\0\0\0\0\0"#),
      ("latin1", "aé", #"a\xe9\0"#), ("bytes", "aé😀", #"a\xc3\xa9\xf0\x9f\x98\x80\0"#),
    ]

    @Test("is written and read in every encoding", arguments: encoded)
    func roundTrip(_ encoding: String, _ text: String, _ bytes: String) throws {
      let game = try Game()
      let unit = encoding.contains("32") ? 4 : encoding.contains("16") ? 2 : 1
      game.check(
        """
        local bytes, how = "\(bytes)", {encoding="\(encoding)"}
        for _, at in ipairs{scratch, scratch + 1, scratch + 4095, scratch + 4094} do
          game:fill(at, 64, 0xee)
          equal(game:write_string(at, "\(text)", how), #bytes)
          equal(game:read(at, #bytes + 1), bytes .. "\\xee")
          equal({game:read_string(at, how)}, {"\(text)", true})
        end
        game:fill(scratch, 64, 0xee)
        local unit = \(unit)
        equal(game:write_string(scratch, "\(text)", {encoding="\(encoding)", terminate=false}),
          #bytes - unit)
        equal(game:read(scratch + #bytes - unit, 1), "\\xee")
        equal({game:read_string(scratch, {encoding="\(encoding)", max=#bytes - unit})},
          {"\(text)", false})
        """)
    }

    @Test("at the edge of a mapping")
    func edges() throws {
      let game = try Game("string-at-edge", "holes")
      game.check(
        #"""
        equal({game:read_string(edge_terminated)}, {"edge of the map", true})
        equal({game:read_string(edge_unterminated)}, {"no end in sight!", false})
        equal({game:read_string(edge_utf16, {encoding="utf16le"})}, {"end", false})
        local text, terminated = game:read_string(edge_straddle)
        equal(terminated, true) equal(game:read(edge_straddle, #text + 1), text .. "\0")
        text, terminated = game:read_string(edge_odd, {encoding="utf16le"})
        equal(terminated, false) equal(utf8.len(text), 1)
        fails("EFAULT", game.read_string, game, holes_gap)
        fails("EFAULT", game.read_string, game, edge_odd + 2, {encoding="utf16le"})
        equal(#game:read_string(edge_odd + 2), 1)
        """#)
    }

    @Test("limits, and what is no text")
    func limits() throws {
      let game = try Game()
      game.check(
        #"""
        equal({game:read_string(name_utf8)}, {"Zoë Starfall", true})
        equal({game:read_string(name_utf8, {max=2})}, {"Zo", false})
        equal({game:read_string(name_utf8, {max=13})}, {"Zoë Starfall", false})
        equal({game:read_string(name_utf8, {max=14})}, {"Zoë Starfall", true})
        equal({game:read_string(name_utf8, {max=0})}, {"", false})
        equal(game:read_string(name_utf16, {encoding="utf16le", max=7}), "Zoë")
        game:write(scratch, "\xff\xfeA\0")
        equal(game:read_string(scratch), "\xff\xfeA")
        equal(game:read_string(scratch, {encoding="latin1"}), "ÿþA")
        game:write(scratch, "A\0\x00\xd8B\0\0\0")
        equal(game:read_string(scratch, {encoding="utf16le"}), "A\u{FFFD}B")
        refused("max must be at most 1048576", game.read_string, game, scratch, {max=1048577})
        refused("unknown value 'utf-8' (did you mean 'utf8'?)", game.read_string, game, scratch,
          {encoding="utf-8"})

        local before = game:read(scratch, 16)
        refused("the text takes 6 bytes, and max is 5", game.write_string, game, scratch, "hello",
          {max=5})
        equal(game:read(scratch, 16), before)
        equal(game:write_string(scratch, "hello", {max=6}), 6)
        equal(game:write_string(scratch, "hello", {max=5, terminate=false}), 5)
        fails("EINVAL", game.write_string, game, scratch, "😀", {encoding="latin1"})
        fails("EINVAL", game.write_string, game, scratch, "\xff", {encoding="utf16le"})
        """#)
    }
  }
}
