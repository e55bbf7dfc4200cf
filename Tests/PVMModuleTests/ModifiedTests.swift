import LuaHost
import PVMModule
import Testing

extension ModuleTests {
  @Suite("modules compared with their files, from scripts")
  struct ModifiedTests {
    @Test("a patch is listed with what it was")
    func patched() throws {
      let game = try Game()
      let address = try #require(game.target.address("take_damage"))
      game.check("before = game:read(take_damage, 4)")
      #expect(try game.target.ask("patch 0x\(String(address, radix: 16)) f4f4f4f4") == "patched 4")
      game.check(
        #"""
        local found = game:modified("pvm-target")
        equal(#found, 1)
        equal(found.complete, true)
        local place = found[1]
        equal(place.address, take_damage)
        equal(place.section, ".text")
        equal(place.module, "pvm-target")
        equal(place.memory, ("\xf4"):rep(place.size))
        equal(place.file, before:sub(1, place.size))
        equal(found[0], nil) equal(found[2], nil)
        local text = tostring(found)
        assert(text:find("1 place differs", 1, true), text)
        assert(text:find(("0x%x pvm-target .text"):format(take_damage), 1, true), text)
        local count = 0
        for _, one in ipairs(found) do count = count + one.size end
        equal(count, place.size)
        local module = found.modules[1]
        equal(module.name, "pvm-target") equal(module.places, 1) equal(module.skipped, nil)
        assert(module.compared > 10000 and module.relocated > 0)
        fails("ENOENT", game.modified, game, "no such module")
        """#)
    }

    @Test("snapshots and cores are compared with the files too")
    func offline() throws {
      let game = try Game()
      let address = try #require(game.target.address("take_damage"))
      game.check(
        #"""
        before = game:snapshot{perms="r"}
        equal(#before:modified("pvm-target"), 0)
        equal(before:hash(scratch, 4096), game:hash(scratch, 4096))
        """#)
      _ = try game.target.ask("patch 0x\(String(address, radix: 16)) f4")
      game.check(
        #"""
        local path = os.tmpname()
        game:snapshot{perms="r"}:save(path)
        local core = pvm.open(path)
        os.remove(path)
        local found = core:modified("pvm-target")
        equal(#found, 1) equal(found[1].address, take_damage) equal(found[1].memory, "\xf4")
        equal(#before:modified("pvm-target"), 0)
        fails("EREADONLY", core.load, core, pvm.target_path(), scratch)
        """#)
    }

    @Test("a hash takes an address, a mapping or a choice of mappings")
    func hashes() throws {
      let game = try Game("no-access")
      game.check(
        #"""
        local region = game:region(scratch)
        local whole, bytes, unread = game:hash(region)
        equal(bytes, #region) equal(unread, nil)
        equal(game:hash(region.start, #region), whole)
        equal((game:hash{range={region.start, region.stop}}), whole)
        equal(#whole, 64) equal(#game:hash(scratch, 1, "xxh64"), 16)
        equal(game:hash(scratch, 0),
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        local _, none, gaps = game:hash{range={no_access, no_access + 4096}}
        equal(none, 0) equal(gaps, {{no_access, no_access + 4096}})
        fails("EFAULT", game.hash, game, no_access, 16)
        refused("byte count expected", game.hash, game, scratch)
        refused("goes with an address only", game.hash, game, region, 5)
        refused("say which mappings", game.hash, game, {})
        """#)
    }

    @Test("dumps and loads")
    func files() throws {
      let game = try Game("no-access", "read-only")
      game.check(
        #"""
        local path = os.tmpname()
        local length, gaps = game:dump(no_access, 4096, path, {holes=true})
        equal(length, 4096) equal(gaps, {{no_access, no_access + 4096}})
        fails("EFAULT", game.dump, game, no_access, 4096, path)
        equal(io.open(path, "rb"):read("a"), ("\0"):rep(4096))
        equal((game:dump(scratch + 3, 1000, path)), 1000)
        equal(io.open(path, "rb"):read("a"), pattern(3, 1000))
        fails("EFAULT", game.load, game, path, read_only)
        equal(game:load(path, scratch), 1000)
        equal(game:read(scratch, 1000), pattern(3, 1000))
        fails("EINVAL", game.dump, game, scratch, 16, "/dev/null")
        os.remove(path)
        fails("ENOENT", game.load, game, path, scratch)
        """#)
    }
  }
}
