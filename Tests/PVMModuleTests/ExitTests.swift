import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("ends of processes")
  struct ExitTests {
    @Test("calls those who asked, once, in their order")
    func callbacks() throws {
      let game = try Game()
      game.check(
        #"""
        local heard = {}
        local child = pvm.spawn{"sh", "-c", "exit 3"}
        child:on_exit(function(status) heard[#heard + 1] = "a" .. status.code end)
        child:on_exit(function(status) heard[#heard + 1] = "b" .. status.text end)
        local killed = pvm.spawn{"sleep", "60"}
        killed:on_exit(function(status) heard[#heard + 1] = "c" .. status.signal end)
        game:on_exit(function() heard[#heard + 1] = "never" end)
        equal(heard, {})
        child:wait_exit(20)
        killed:kill(9)
        killed:wait_exit(20)
        equal(heard, {"a3", "bexited with code 3", "c9"})
        pvm.poll() pvm.sleep(0.01)
        equal(#heard, 3)
        child:on_exit(function() heard[#heard + 1] = "late" end)
        pvm.poll()
        equal(heard[4], "late")
        """#)
    }

    @Test("callbacks that raise, close, or ask again")
    func hostileCallbacks() throws {
      let game = try Game()
      game.check(
        #"""
        local heard = {}
        local child = pvm.spawn{"true"}
        child:on_exit(function() error({mine=true}) end)
        child:on_exit(function() heard[#heard + 1] = "second" end)
        while child.alive do end
        local ok, err = pcall(pvm.poll)
        if ok then ok, err = pcall(pvm.poll) end
        equal(ok, false) equal(err, {mine=true}) equal(heard, {})
        pvm.poll()
        equal(heard, {"second"})

        child = pvm.spawn{"true"}
        child:on_exit(function() child:close() heard[#heard + 1] = "closed" end)
        child:on_exit(function() heard[#heard + 1] = "after close" end)
        while child.alive do end
        pvm.poll() pvm.poll()
        equal(heard, {"second", "closed"})
        refused("pvm.process is closed", function() return child.pid end)

        child = pvm.spawn{"true"}
        local function again() heard[#heard + 1] = "again" child:on_exit(again) end
        child:on_exit(again)
        while child.alive do end
        pvm.poll()
        equal(#heard, 3)
        pvm.poll()
        equal(#heard, 4)
        child:close()
        pvm.poll()
        equal(#heard, 4)

        child = pvm.spawn{"true"}
        child:on_exit(function() pvm.poll() coroutine.yield() end)
        while child.alive do end
        refused("yield", coroutine.wrap(function() pvm.poll() end))
        child:close()
        """#)
    }

    @Test("a process that is no child of ours")
    func strangers() throws {
      let game = try Game()
      game.check(
        #"""
        heard = {}
        game:on_exit(function(status) heard[#heard + 1] = status.text end)
        pvm.poll()
        equal(heard, {})
        """#)
      try game.target.child.send(Array("exit 7\n".utf8))
      _ = try game.target.child.waitForExit(seconds: 20)
      game.check(
        #"""
        local status = game:wait_exit(20)
        assert(status.code == 7 or status.text == "has exited", status.text)
        equal(game.alive, false) equal(heard, {status.text})
        local before = pvm.now()
        for _, call in ipairs{
          function() game:read(scratch, 4) end, function() game:read(scratch, 0) end,
          function() game:write(scratch, "x") end, function() game:write(scratch, "") end,
          function() game:read_u32(gold) end, function() game:regions() end,
          function() game:resolve(root, 0) end, function() game:readv({1}, {{scratch, 1}}) end,
          function() game:readv({}, {}) end, function() game:writev({}, {}) end,
          function() game:scatter{ {gold, "i32"} }:read() end, function() game:hexdump(gold, 4) end,
          function() game:read_string(gold) end, function() game:fill(scratch, 4) end,
        } do
          local err = fails("ESRCH", call)
          assert(err.message:find(status.text, 1, true), err.message)
        end
        assert(pvm.now() - before < 5)
        """#)
    }

    @Test("a process killed in the middle of a script")
    func killedMeanwhile() throws {
      let game = try Game()
      game.check("equal(game:read_i32(gold), 250)")
      game.target.end()
      game.check(
        """
        local err = fails("ESRCH", game.read_i32, game, gold)
        assert(err.message:find("signal 9") or err.message:find("has exited"), err.message)
        local value, why = game:try_read_i32(gold)
        equal(value, nil) equal(why.code, "ESRCH")
        fails("ESRCH", pvm.attach, game.pid)
        """)
    }

    @Test("a zombie")
    func zombie() throws {
      let game = try Game("zombie")
      game.check(
        """
        local err = fails("ESRCH", pvm.attach, zombie)
        assert(err.message:find("zombie", 1, true), err.message)
        """)
    }

    @Test("another program in the same process")
    func exec() throws {
      let game = try Game()
      _ = try game.target.ask("exec")
      while let line = try game.target.child.receiveLine(seconds: 20), line != Array("ready".utf8) {
      }
      game.check(
        #"""
        equal(game.alive, true)
        for _, call in ipairs{
          function() game:read_i32(gold) end, function() game:read(scratch, 100000) end,
          function() game:write_i32(gold, 1) end, function() game:scatter{ {gold, "i32"} }:read()
          end,
          function() game:read(scratch, 0) end, function() game:resolve(root, 0) end,
          function() game:readv({1}, {{scratch, 1}}) end,
        } do
          local err = fails("EXEC", call)
          assert(err.hint:find("attach again", 1, true), err.hint)
        end
        local again <close> = pvm.attach(game.pid)
        assert(again:module("pvm-target"))
        """#)
    }

    @Test("kernel threads and ourselves")
    func others() throws {
      let game = try Game()
      game.check(
        #"""
        local file = io.open("/proc/self/stat")
        local own = math.tointeger(tonumber(file:read("a"):match("^%d+")))
        file:close()
        local me <close> = pvm.attach(own)
        equal(me.pid, own)
        equal(me:read(me:module("libc").base, 4), "\x7fELF")
        if pvm.ps{pid=2}[1] and pvm.ps{pid=2}[1].kernel then fails("ESRCH", pvm.attach, 2) end
        """#)
    }
  }
}
