import Foundation
import LuaHost
import Testing

extension ModuleTests {
  @Suite("diffs")
  struct DiffTests {
    /// A page of small numbers, where the game leaves memory alone, and options for it alone.
    private func game(_ layouts: String...) throws -> Game {
      let game = try Game("block=1")
      game.check(
        #"""
        here = {range={scratch, scratch + 4096}}
        function typed(type, more)
          local options = {type=type, range=here.range}
          for k, v in pairs(more or {}) do options[k] = v end
          return options
        end
        game:fill(scratch, 4096)
        function places(d)
          local list = {}
          for address in d:each() do list[#list + 1] = (address - scratch) // 4 end
          return list
        end
        """#)
      return game
    }

    @Test("cells, fields, pages and walks")
    func access() throws {
      let game = try game()
      game.check(
        #"""
        game:write_array(scratch, "i32", {100, 5, -7, 8})
        local before = game:snapshot(here)
        game:write_array(scratch, "i32", {95, 5, -2, 108})
        local d = before:diff(game, typed("i32"))
        equal(#d, 3) equal(d.type, "i32") equal(d.complete, true) equal(d.title, "i32 changed")
        equal(d[1].address, scratch) equal(d[1].old, 100) equal(d[1].new, 95) equal(d[1].size, 4)
        equal(d[1].region.perms, game:region(scratch).perms)
        equal(d[0], nil) equal(d[4], nil) equal(d:at(scratch + 4), nil) equal(d:at(scratch + 8).new, -2)
        equal(places(d), {0, 2, 3})
        equal(places(d:increased()), {2, 3}) equal(places(d:decreased()), {0})
        equal(places(d:increased_by(5)), {2}) equal(places(d:decreased_by(5)), {0})
        equal(places(d:changed_by(-5, 5)), {0, 2}) equal(places(d:percent(-5, -5)), {0})
        equal(places(d:at_least(6)), {3})
        equal(places(before:diff(game, typed("i32", {min_change=6}))), {3})
        equal(#before:diff(game, typed("i32", {unchanged=true})), 1021)
        equal(places(d:where{range={scratch + 8, scratch + 12}}), {2})
        equal(d.before.kind, "snapshot") equal(d.after.kind, "snapshot")
        equal(d.after:read_i32(scratch), 95)
        equal(d:before_address(scratch), scratch)
        local text = tostring(d)
        for _, part in ipairs{"3 cells, i32 changed", "100", "95", "108"} do
          assert(text:find(part, 1, true), part .. " in " .. text)
        end
        assert(d:page(1, 1):find("100", 1, true)) equal(d:page(9), "")
        local r = d:regions()
        equal(#r, 1) equal(r[1].cells, 3) equal(r[1].pages, 1)
        assert(utf8.len(r[1].strip) <= 32)
        equal(d.stats.bytes_compared, 4096)
        -- With a process on the left, and twice the same.
        equal(#game:diff(d.after, here), 0)
        equal(#game:diff(game, here), 0)
        equal(places(game:diff(before, typed("i32")):decreased_by(5)), {2})
        """#)
    }

    @Test("runs of bytes, dumps and JSON lines")
    func bytes() throws {
      let game = try game()
      let path = scratchFolder + "/pvm-diff-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: path) }
      game.check(
        #"""
        path = "\#(path)"
        local before = game:snapshot(here)
        game:write(scratch + 3, "hello") game:write(scratch + 10, "x") game:write(scratch + 100, "y")
        local d = before:diff(game, here)
        equal(#d, 7)
        local function runs(gap)
          local list = {}
          for address, size, old, new in d:ranges(gap) do
            list[#list + 1] = {address - scratch, size, old, new}
          end
          return list
        end
        equal(runs(), {{3, 5, ("\0"):rep(5), "hello"}, {10, 1, "\0", "x"}, {100, 1, "\0", "y"}})
        equal(runs(2), {{3, 8, ("\0"):rep(8), "hello\0\0x"}, {100, 1, "\0", "y"}})
        local dump = d:hexdump()
        assert(dump:find("68 65 6c  6c 6f", 1, true) or dump:find("68 65 6c 6c 6f", 1, true), dump)
        equal(select(2, dump:gsub("\n", "")), 4)
        equal(select(2, d:hexdump(1):gsub("\n", "")), 2)
        assert(d:hexdump(4, scratch + 50):find("79", 1, true))
        assert(d:hexdump(1, 0, true):find("\27[", 1, true))
        equal(d:json(path), 3)
        local lines = {}
        for line in io.lines(path) do lines[#lines + 1] = line end
        equal(#lines, 3)
        assert(lines[1]:find('"size":5,"type":"bytes","old":"0000000000","new":"68656c6c6f"', 1, true),
          lines[1])
        local typed = before:diff(game, typed("u8"))
        equal(#typed, 7)
        local reals = before:diff(game, typed and {type="f32", range=here.range})
        equal(reals:json(path), #reals)
        """#)
    }

    @Test("noise is taken away, and searches go on")
    func moments() throws {
      let game = try game()
      game.check(
        #"""
        local a = game:snapshot(here)
        game:write_i32(scratch, 1) game:write_i32(scratch + 4, 1)
        local b = game:snapshot(here)
        game:write_i32(scratch + 4, 2) game:write_i32(scratch + 8, 1)
        local c = game:snapshot(here)
        local first, second = a:diff(b, {type="i32"}), b:diff(c, {type="i32"})
        equal(places(first:minus(second)), {0}) equal(places(second:minus(first)), {2})
        equal(places(first:intersection(second)), {1}) equal(places(first:union(second)), {0, 1, 2})
        fails("EINVAL", first.minus, first, a:diff(b))
        local hits = first:hits(game)
        equal(#hits, 2) equal(hits.parent, nil)
        equal(hits:increased_by(1):addresses(), {scratch + 4})
        equal(hits:unchanged():addresses(), {scratch})
        -- Of a live process the search goes on there by itself.
        local live = c:diff(game, typed("i32"))
        equal(#live, 0)
        game:write_i32(scratch + 12, 9)
        local d = c:diff(game, typed("i32"))
        game:write_i32(scratch + 12, 8)
        equal(#d:hits():decreased_by(1), 1)
        equal(#first:hits():changed(), 0)
        """#)
    }

    @Test("old bytes are put back, and only those asked for")
    func restoring() throws {
      let game = try game()
      game.check(
        #"""
        game:write_array(scratch, "i32", {1, 2, 3, 4})
        local before = game:snapshot(here)
        game:write_array(scratch, "i32", {9, 2, 9, 9})
        local d = before:diff(game, typed("i32"))
        local outcomes, written = game:restore(d:where{range={scratch, scratch + 4}})
        equal(written, 1) equal(#outcomes, 1) equal(outcomes[1].changed, 1)
        equal(outcomes[1].error, nil)
        equal(game:read_array(scratch, "i32", 4), {1, 2, 9, 9})
        equal(select(2, game:restore(d)), 2)
        equal(game:read_array(scratch, "i32", 4), {1, 2, 3, 4})
        equal(select(2, game:restore(d)), 0)
        equal(select(2, game:apply(d)), 3)
        equal(game:read_array(scratch, "i32", 4), {9, 2, 9, 9})
        equal(select(2, game:restore(before)), 3)
        equal(#before:diff(game, here), 0)
        fails("EREADONLY", before.restore, before, d)
        fails("EREADONLY", before.apply, before, d)
        refused("snapshot or diff expected", game.restore, game, game)
        local reader = pvm.attach(game.pid, {read_only=true})
        fails("EREADONLY", reader.restore, reader, d)
        """#)
    }

    @Test("two runs of one program compare by module")
    func twoProcesses() throws {
      let game = try game()
      let other = try Target(layouts: ["block=1"])
      game.check(
        #"""
        local other = pvm.attach(\#(other.id))
        local options = {type="ptr", align="modules", module="pvm-target", perms="rw"}
        local plain = game:diff(other, options)
        options.equal_pointers = true
        local equal_pointers = game:diff(other, options)
        assert(#equal_pointers < #plain, #equal_pointers .. " " .. #plain)
        local address = plain[1].address
        assert(plain:before_address(address) ~= nil)
        assert(other:region(address))
        """#)
    }

    @Test("mappings that come and go are told")
    func mappings() throws {
      let game = try game()
      game.check("before = game:snapshot{kind='heap'}")
      game.check(
        #"""
        local d = before:diff(game, {kind="heap"})
        equal(type(d.map_changes), "table")
        for _, change in ipairs(d.map_changes) do
          assert(change.kind and change.address and change.size and change.text)
        end
        """#)
    }

    @Test("wrong use says what is wrong")
    func wrongUse() throws {
      let game = try game()
      game.check(
        #"""
        local before = game:snapshot(here)
        refused("did you mean", before.diff, before, game, {typ="i32"})
        refused("i23", before.diff, before, game, {type="i23"})
        refused("did you mean", before.diff, before, game, {align="module"})
        refused("min_change", before.diff, before, game, {min_change=-1})
        refused("pvm.process expected", before.diff, before, 5)
        refused("step", before.diff, before, game, {step=0})
        fails("ENOTSUP", function() return before:diff(game, here):pointers() end)
        local missing, problem = before:diff(game, here):try_pointers()
        equal(missing, nil) equal(problem.code, "ENOTSUP")
        """#)
    }
  }
}
