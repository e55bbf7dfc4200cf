import Testing

extension ModuleTests {
  @Suite("pointers")
  struct PointerTests {
    @Test("follows chains")
    func follows() throws {
      let game = try Game("deep-chain=50", "broken-chain")
      game.check(
        #"""
        equal(game:resolve(root, 0x10, 0x8, 0), health)
        equal(game:resolve(root, 0x10, 0x8, 4), gold)
        equal(game:resolve(root), root) equal(game:resolve(0x10), 0x10)
        equal(game:resolve(root, -8), world - 8)
        local hops = {}
        for i = 1, deep_hops - 1 do hops[i] = 0x18 end
        hops[deep_hops] = 0x20
        equal(game:resolve(deep_root, table.unpack(hops)), deep_end)
        equal(game:read_i32(deep_end), 4242)

        local err = fails("EFAULT", game.resolve, game, broken_root, 0x10, 0, 0)
        equal(err.op, "resolve") equal(err.address, 0x10)
        assert(err.message:find("reading pointer 3 of 3", 1, true), err.message)
        fails("EFAULT", game.resolve, game, 0x10, 0)
        local value, problem = game:try_resolve(0x10, 0)
        equal(value, nil) equal(problem.code, "EFAULT")
        refused("bad argument #3 to 'resolve'", function() game:resolve(root, 1, "x", 2) end)
        """#)
    }

    @Test("follows many at once, and says which broke and where")
    func followsMany() throws {
      let game = try Game("broken-chain")
      game.check(
        #"""
        local chains = {}
        for i = 1, 200 do chains[i] = {root, 0x10, 0x8, 4 * (i % 3)} end
        chains[50] = {broken_root, 0x10, 0, 0}
        chains[60] = {0x10, 1}
        chains[70] = {0x1234}
        local before = game.stats.calls
        local ends, broken = game:resolve_all(chains)
        assert(game.stats.calls - before < 60, "calls: " .. game.stats.calls - before)
        for i = 1, 200 do
          if i == 50 or i == 60 then equal(ends[i], false)
          elseif i == 70 then equal(ends[i], 0x1234)
          else equal(ends[i], health + 4 * (i % 3)) end
        end
        equal(broken[50].hop, 3) equal(broken[50].code, "EFAULT") equal(broken[50].pointer, 0x10)
        equal(broken[60].hop, 1) equal(broken[60].pointer, nil) equal(broken[60].address, 0x10)
        equal(broken[1], nil)
        equal({game:resolve_all{}}, {{}}) equal({game:resolve_all{ {root, 0.0} }}, {{world}})
        refused("entry 2 must be {base, offset, ...}", game.resolve_all, game, {{root}, {}})
        refused("entry 1 has an offset that is no integer", game.resolve_all, game, {{root, "x"}})
        """#)
    }
  }
}
