import PVMModule
import Testing

extension ModuleTests {
  @Suite("telescopes and tables")
  struct TelescopeTests {
    @Test("pointers are followed to text, code, numbers and circles")
    func telescope() throws {
      let game = try Game()
      game.check(
        #"""
        game:write_u64(scratch, scratch)
        game:write_u64(scratch + 8, scratch + 64)
        game:write(scratch + 64, "hello there\0")
        game:write_u64(scratch + 16, 42)
        game:write_u64(scratch + 24, take_damage)
        game:write_u64(scratch + 32, scratch + 16)
        game:write(scratch + 40, "abcdefg\0")
        game:write_u64(scratch + 48, 0xffffffffffffff00)
        local t = game:telescope(scratch, 7)
        equal(#t, 7)
        equal(t[0], nil) equal(t[8], nil)
        equal(t[1].text, "and so on in a circle")
        equal(t[1].hops[1].address, scratch)
        equal(t[2].text, '"hello there"')
        equal(t[3].text, "42") equal(t[3].hops, {}) equal(t[3].value, 42)
        equal(t[4].text, nil) assert(t[4].hops[1].place:find("pvm-target+0x", 1, true))
        equal(t[5].text, "42") equal(#t[5].hops, 1)
        equal(t[6].text, '"abcdefg"')
        equal(t[7].text, "-256")
        local text = tostring(t)
        assert(text:find("+0x8", 1, true) and text:find(' -> "hello there"', 1, true))
        equal(select(2, text:gsub("\n", "\n")), 6)
        """#)
    }

    @Test("what cannot be read says so, and a process that is gone raises")
    func unreadable() throws {
      let game = try Game()
      game.check(
        """
        local t = game:telescope(0x10, 3)
        equal(#t, 3) equal(t[1].value, nil) assert(tostring(t):find("unreadable"))
        refused("count must be at least 1", game.telescope, game, scratch, 0)
        game:kill(9) game:wait_exit(20)
        fails("ESRCH", game.telescope, game, scratch, 1)
        """)
    }

    @Test("pvm.table aligns, cuts and escapes")
    func tables() throws {
      let game = try Game()
      game.check(
        #"""
        equal(pvm.table{{"a", 1}, {"bbb", 22}}, "a    1\nbbb  22")
        equal(pvm.table({{"a", 1}, {"bbb", 22}}, {titles={"N", "NUMBER"}, right={"NUMBER"}}),
          "N    NUMBER\na         1\nbbb      22")
        equal(pvm.table({{"x", ("y"):rep(30)}}, {width=12}), "x  yyyyyyyy…")
        equal(pvm.table{{"\27[2J", true, 1.5}}, "\\x1b[2J  true  1.5")
        equal(pvm.table{}, "")
        refused("a row is a list", pvm.table, {1})
        refused("a cell is a text", pvm.table, {{{}}})
        """#)
    }

    @Test("regions are laid out page by page, without an end to them")
    func regions() throws {
      let game = try Game()
      game.check(
        """
        local all = game:regions()
        local page = all:page(1, 3)
        assert(page:find("^ *start +end  perms +size  kind"))
        equal(select(2, page:gsub("\\n", "\\n")), 4)
        assert(page:find("... " .. (#all - 3) .. " more", 1, true))
        equal(select(2, all:page(1, #all):gsub("\\n", "\\n")), #all)
        assert(#all:page(1 << 39, 1 << 19) > 0)
        """)
    }

    @Test("pvm.complete knows what Tab knows")
    func complete() throws {
      let game = try Game()
      game.check(
        """
        local found, start = pvm.complete("print(game:resol")
        equal(start, 12) equal(found[1].text, "resolve") equal(found[1].kind, "method")
        assert(found[1].signature:find("base", 1, true) and #found[1].summary > 0)
        equal(coroutine.wrap(function() return #pvm.complete("game.pi") end)(), 1)
        """)
    }
  }
}
