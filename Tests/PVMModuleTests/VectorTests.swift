import Testing

extension ModuleTests {
  @Suite("readv and writev")
  struct VectorTests {
    @Test("the splits of both sides need not match")
    func splits() throws {
      let game = try Game()
      game.check(
        #"""
        local buffers, count = game:readv({10, 10}, {{scratch, 20}})
        equal(buffers, {pattern(0, 10), pattern(10, 10)}) equal(count, 20)
        buffers, count = game:readv({20}, {{scratch + 10, 5}, {scratch, 5}, {scratch + 100, 10}})
        equal(buffers, {pattern(10, 5) .. pattern(0, 5) .. pattern(100, 10)}) equal(count, 20)
        buffers, count = game:readv({3, 0, 100}, {{scratch, 5}, {scratch, 0}})
        equal(buffers, {pattern(0, 3), "", pattern(3, 2)}) equal(count, 5)
        buffers, count = game:readv({4}, {{scratch, 100}})
        equal(buffers, {pattern(0, 4)}) equal(count, 4)
        equal({game:readv({}, {})}, {{}, 0})
        equal({game:readv({0}, {{0x10, 8}})}, {{""}, 0})
        equal(game:writev({"ab", "cd", ""}, {{scratch + 2, 3}, {scratch, 1}}), 4)
        equal(game:read(scratch, 5), "d" .. pattern(1, 1) .. "abc")
        equal(game:writev({"0123456789"}, {{scratch, 4}}), 4)
        equal(game:read(scratch, 5), "0123c")
        equal(game:writev({"ab"}, {{scratch + 8, 1.0}, {scratch + 9, 100}}), 2)
        equal(game:writev({}, {{scratch, 4}}), 0)
        """#)
    }

    @Test("stops at the first page that cannot be reached")
    func stops() throws {
      let game = try Game("holes", "writable-then-read-only")
      game.check(
        #"""
        local buffers, count = game:readv({4, 100, 100}, {{holes_gap - 8, 100}, {scratch, 8}})
        equal(count, 8)
        equal(buffers, {pattern(holes_gap - 8 - holes, 4), pattern(holes_gap - 4 - holes, 4), ""})
        fails("EFAULT", game.readv, game, {8}, {{holes_gap, 8}})
        equal(game:writev({"0123456789"}, {{edge_ro_boundary - 4, 10}}), 4)
        equal(game:read(edge_ro_boundary - 4, 4), "0123")
        equal(game:read(edge_ro_boundary, 6), pattern(4096, 6))
        fails("EFAULT", game.writev, game, {"x"}, {{edge_ro_boundary, 1}})
        """#)
    }

    @Test("more than 1024 elements are refused, on either side")
    func tooMany() throws {
      let game = try Game()
      game.check(
        #"""
        local sizes, ranges, strings = {}, {}, {}
        for i = 1, 1024 do sizes[i], ranges[i], strings[i] = 1, {scratch + 2 * i, 1}, "x" end
        equal(select(2, game:readv(sizes, ranges)), 1024)
        equal(game:writev(strings, ranges), 1024)
        equal(game:read(scratch + 2, 4), "x" .. pattern(3, 1) .. "x" .. pattern(5, 1))
        sizes[1025], ranges[1025], strings[1025] = 1, {scratch, 1}, "x"
        local err = fails("EINVAL", game.readv, game, {1}, ranges)
        equal(err.message:find("1025 remote elements, and one call takes at most 1024 (IOV_MAX)", 1,
          true) ~= nil, true, err.message)
        err = fails("EINVAL", game.readv, game, sizes, {{scratch, 1}})
        assert(err.message:find("1025 local elements", 1, true), err.message)
        fails("EINVAL", game.writev, game, strings, {{scratch, 1}})
        fails("EINVAL", game.writev, game, {"x"}, ranges)
        """#)
    }

    @Test("lists of other things are refused")
    func refuses() throws {
      let game = try Game()
      game.check(
        #"""
        refused("entry 2 must be a byte count", game.readv, game, {1, -1}, {})
        refused("entry 1 must be a byte count", game.readv, game, {2^40}, {})
        refused("entry 1 must be {address, count}", game.readv, game, {1}, {{scratch}})
        refused("entry 1 must be {address, count}", game.readv, game, {1}, {{scratch, -1}})
        refused("entry 1 is a table, not a string", game.writev, game, {{}}, {})
        local many = {}
        for i = 1, 1024 do many[i] = 1 << 30 end
        fails("E2BIG", game.readv, game, many, {{scratch, 1}})
        """#)
    }
  }
}
