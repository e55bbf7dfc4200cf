import Testing

extension ModuleTests {
  @Suite("guesses")
  struct GuessTests {
    @Test("tells pointers, text, numbers and zeros apart, and what differs")
    func types() throws {
      let game = try Game()
      game.check(
        #"""
        local places = {}
        for i = 0, 9 do places[i + 1] = entities + (2 * i + 2) * entity_stride end
        local g = game:guess(places, 0x40)
        local by = {} for _, field in pairs(g) do by[field.offset] = field end
        equal({by[4].type, by[4].kind, by[4].constant}, {"i32", "integer", false})
        equal({by[8].type, by[8].kind}, {"f32", "real"})
        equal({by[0x18].kind, by[0x18].constant, by[0x18].size}, {"pointer", true, 8})
        equal({by[0x20].kind, by[0x20].values[1]}, {"text", "imp-2"})
        equal({by[0x30].type, by[0x38].kind}, {"f64", "integer"})
        assert(by[0x18].confidence > 0.8 and by[4].confidence > 0.4)
        local text = tostring(g)
        assert(text:find("64 bytes at", 1, true) and text:find("(differs)", 1, true) and text:find("(same)", 1, true), text)
        local T = g:layout()
        local imp = game:view(places[3], T)
        equal({imp.i32_04, imp.text_20, imp.ptr_18, T:size()}, {160, "imp-6", player, 0x40})

        -- One struct alone; pointers to text, to code and to a table of code.
        game:write_ptr(scratch, take_damage) game:write_ptr(scratch + 8, name_utf8)
        game:write(scratch + 0x10, ("\0"):rep(16)) game:write_i32(scratch + 0x20, -1)
        game:write_f32(scratch + 0x24, 2.5) game:write(scratch + 0x28, ("\xef\xbe\xad\xde\x13\x57\x9b\xdf"))
        local one = game:guess(scratch, 0x30)
        local kinds = {} for _, field in pairs(one) do kinds[field.offset] = field.kind end
        equal({kinds[0], kinds[8], kinds[0x10], kinds[0x20], kinds[0x24], kinds[0x28]},
          {"pointer to code", "pointer to text", "zero", "integer", "real", "unknown"})
        equal(one[1].constant, nil) equal(one[2].note, '"Zoë Starfall"')
        assert(one[1].note:find("pvm%-target"), one[1].note)
        equal(game:guess(string.format("[[%#x]+0x10]", root), 16)[1].kind, "integer")
        fails("EFAULT", game.guess, game, {entities, 0x10}, 64)
        refused("a list of 1 to 1000 addresses", game.guess, game, {}, 64)
        """#)
    }

    @Test("covers every byte once, whatever the bytes are")
    func covers() throws {
      let game = try Game()
      game.check(
        #"""
        for start = 0, 60 do
          local size = 1 + start * 37 % 300
          local g = game:guess({scratch + start * 129, scratch + 9000 + start}, size)
          local next_offset = 0
          for _, field in pairs(g) do
            equal(field.offset, next_offset)
            assert(field.size > 0 and field.confidence >= 0 and field.confidence <= 1)
            next_offset = field.offset + field.size
          end
          equal(next_offset, size)
          equal(g:layout():size(), size)
          assert(#tostring(g) > 0)
        end
        """#)
    }
  }
}
