import Testing

extension ModuleTests {
  @Suite("snapshots in scripts")
  struct SnapshotScriptTests {
    @Test("reads, scans and finds as the process did then")
    func alike() throws {
      let game = try Game("contents=1")
      game.check(
        #"""
        local before = game:snapshot()
        assert(before.kind == "snapshot" and game.kind == "process")
        assert(before.pid == game.pid and before.name == game.name and before.arch == game.arch)
        assert(before.bits == game.bits and not before.alive and before.exe == game.exe)
        assert(tostring(before):find("snapshot of process " .. game.pid, 1, true))
        local was = game:read_i32(health)
        game:write_i32(health, was + 5)
        assert(before:read_i32(health) == was and game:read_i32(health) == was + 5)
        assert(before:read_string(name_utf8) == game:read_string(name_utf8))
        assert(#before:regions() > 5 and before:module("pvm-target").base == module)
        local live = game:scan("i32", 1515896030)
        local still = before:scan("i32", 1515896030)
        assert(#live == #still and #live > 0)
        for i = 1, #live do assert(live[i].address == still[i].address) end
        local plan = before:scatter{ hp={health,"i32"}, at={player,"ptr"} }
        assert(plan:read().hp == was)
        assert(before:hexdump(health, 16):find("%x%x %x%x"))
        assert(before:find_string("pvm", {range={module, module + 4096}}) ~= nil)
        assert(math.abs(before.captured_at - os.time()) < 100 and game.captured_at == nil)
        game:write_i32(health, was)
        """#)
    }

    @Test("refuses what only a live process can do, and says why")
    func refusals() throws {
      let game = try Game("contents=1")
      game.check(
        #"""
        local before = game:snapshot{perms="rw"}
        local ok, e = pcall(before.write_i32, before, health, 1)
        assert(not ok and e.code == "EREADONLY" and tostring(e):find("does not change"), tostring(e))
        for _, name in ipairs{"wait_exit", "on_exit", "kill", "send"} do
          local ok, e = pcall(before[name], before, name == "send" and "x" or name == "on_exit" and print or nil)
          assert(not ok and tostring(e):find("not a live process") or tostring(e):find("not started"), name)
        end
        refused("base", function() return game:snapshot{base=game} end)
        refused("did you mean", function() return game:snapshot{pausd=true} end)
        local ok, e = pcall(before.read, before, module, 4)
        assert(not ok and e.code == "EFAULT" and tostring(e):find("does not hold"), tostring(e))
        local ok, e = pcall(before.read, before, 16, 4)
        assert(tostring(e):find("when the snapshot was taken"), tostring(e))
        before:close()
        refused("closed", function() return before:read_u8(health) end)
        """#)
    }

    @Test("a second snapshot shares its pages with the first, and outlives it")
    func sharing() throws {
      let game = try Game("contents=4")
      game.check(
        #"""
        local first = game:snapshot{perms="rw"}
        game:write_i32(health, game:read_i32(health) + 1)
        local second = game:snapshot{perms="rw"}
        assert(second.cost.bytes_stored < first.cost.bytes_stored / 4, second.cost.bytes_stored)
        assert(second.cost.bytes_shared > first.cost.bytes_stored / 2)
        -- One that is dropped at once does not take the earlier one's pages with it.
        game:snapshot{perms="rw"}
        collectgarbage() collectgarbage()
        local third = game:snapshot{perms="rw"}
        assert(third.cost.bytes_stored < first.cost.bytes_stored / 4, third.cost.bytes_stored)
        local was = first:read_i32(health)
        first = nil
        collectgarbage() collectgarbage()
        assert(second:read_i32(health) == was + 1)
        local again = 0
        for address in game:scan("i32", 1515896030):each() do
          again = again + 1
          assert(second:read_i32(address) == 1515896030)
        end
        assert(again > 0)
        """#)
    }

    @Test("a paused snapshot says how long the process stood still")
    func paused() throws {
      let game = try Game("contents=1")
      game.check(
        #"""
        local ok, still = pcall(game.snapshot, game, {paused=true, timeout=20})
        if ok then
          assert(still.cost.paused_seconds > 0 and still.cost.paused_seconds <= still.cost.seconds)
          assert(still:read_i32(health) == game:read_i32(health))
          fails("EINVAL", still.snapshot, still, {paused=true})
        else
          equal(still.code, "EPERM")
        end
        assert(game:snapshot().cost.paused_seconds == 0)
        fails("EINVAL", game.snapshot, game, {paused=true, timeout=0})
        """#)
    }

    @Test("a core file reads like what it was saved from")
    func cores() throws {
      let game = try Game("contents=1")
      game.check(
        #"""
        local path = os.tmpname()
        local still = game:snapshot()
        assert(still:save(path) > 0)
        local core <close> = pvm.open(path)
        os.remove(path) -- an open file stays
        assert(core.kind == "core" and not core.alive and not core.truncated)
        assert(core.pid == game.pid and core.name == game.name and core.arch == game.arch)
        assert(core:read_i32(health) == still:read_i32(health))
        assert(core:read_string(name_utf8) == still:read_string(name_utf8))
        assert(core:module("pvm-target").base == module)
        local live, old = still:scan("i32", 1515896030), core:scan("i32", 1515896030)
        assert(#live == #old and #live > 0 and live[#live].address == old[#old].address)
        fails("EREADONLY", core.write_i32, core, health, 1)
        refused("saved as it is", function() return still:save(path, {perms="rw"}) end)
        fails("EINVAL", pvm.open, "/dev/null")
        fails("ENOENT", pvm.open, path)
        local wrong = fails("EINVAL", pvm.open, arg and arg[-1] or pvm.target_path())
        assert(tostring(wrong):find("core"), tostring(wrong))
        """#)
    }

    @Test("progress is told, and what it raises ends the capture")
    func progress() throws {
      let game = try Game("contents=64")
      game.check(
        #"""
        local ok, e = pcall(game.snapshot, game, {threads=1, progress=function(p) error("enough") end})
        assert(ok or tostring(e):find("enough"), tostring(e))
        local ok, e = pcall(game.snapshot, game, {threads=1, progress=function(p) return false end})
        assert(ok or e.code == "EINTERRUPTED", tostring(e))
        """#)
    }
  }
}
