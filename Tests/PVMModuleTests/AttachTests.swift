import Foundation
import Testing

extension ModuleTests {
  @Suite("choosing a process")
  struct AttachTests {
    @Test("by number, name and criteria")
    func attaches() throws {
      let own = try OwnName()
      let game = try Game(program: own.path)
      game.check(
        """
        local name = "\(own.name)"
        for _, which in ipairs{
          game.pid, name, {pid=game.pid}, {name=name}, {cmdline=name}, {cmdline="*" .. name .. "*"},
          {exe="pvm-target", name=name}, {name=name, uid=game.uid}, {name=name, newest=true},
          {name=name, oldest=true}, {pid=game.pid, name=name}, game.pid + 0.0,
        } do
          local same <close> = pvm.attach(which)
          equal(same.pid, game.pid)
          equal(same:read_i32(gold), 250)
        end
        equal(game.name, name) equal(game.exe:match("[^/]*$"), "pvm-target")
        assert(game.cmdline:find(name .. " --addresses", 1, true), game.cmdline)
        equal(game.args[2], "--addresses") equal(game.alive, true) equal(game.exit_status, nil)
        equal(game.read_only, false) assert(game.start_time > 0) assert(game.stats.calls > 0)
        equal(game.bits, 64) assert(#game.arch > 0)
        assert(tostring(game):find(tostring(game.pid), 1, true), tostring(game))
        equal(pvm.attach{name=name, read_only=nil}.pid, game.pid)
        """)
    }

    @Test("names that fit nothing, or several")
    func ambiguity() throws {
      let own = try OwnName()
      let game = try Game(program: own.path)
      let other = try Target(program: own.path)
      game.check(
        """
        local name, other = "\(own.name)", \(other.id)
        local err = fails("EAMBIGUOUS", pvm.attach, name)
        local pids = {}
        for _, candidate in ipairs(err.candidates) do pids[candidate.pid] = candidate.cmdline end
        assert(pids[game.pid] and pids[other] and #err.candidates == 2, tostring(err))
        assert(tostring(err):find(tostring(other), 1, true), tostring(err))
        local ps = pvm.ps{name=name}
        equal(#ps, 2)
        equal(pvm.attach{name=name, newest=true}.pid ~= pvm.attach{name=name, oldest=true}.pid,
          true)
        equal(pvm.attach{name=name, pid=other}.pid, other)
        fails("EAMBIGUOUS", pvm.diagnose, name)
        equal(pvm.diagnose{name=name, oldest=true}.access, true)
        fails("ENOENT", pvm.attach, "no such " .. name)
        fails("ENOENT", pvm.attach, {name=name, uid=4294967294})
        fails("ENOENT", pvm.attach, {name=name, pid=1})
        local none, why = pvm.try_attach("no such " .. name)
        equal(none, nil) equal(why.code, "ENOENT")
        """)
    }

    @Test("criteria that make no sense are named")
    func badCriteria() throws {
      let game = try Game()
      game.check(
        """
        refused("unknown criterion 'nmae' (did you mean 'name'?)", pvm.attach, {nmae="x"})
        refused("criterion 'name' cannot be a number", pvm.attach, {name=5})
        refused("criterion 'newest' cannot be a string", pvm.attach, {newest="yes"})
        refused("criteria have names", pvm.attach, {"pvm-target"})
        refused("a pid is 1 to 2147483647, got 0", pvm.attach, 0)
        refused("a pid is 1 to 2147483647, got -1", pvm.attach, -1)
        refused("a pid is 1 to 2147483647, got 4294967297", pvm.attach, {pid=4294967297})
        refused("a uid is 0 to 4294967295, got -1", pvm.ps, {uid=-1})
        refused("pid, name or table expected, got boolean", pvm.attach, true)
        refused("unknown option 'readonly' (did you mean 'read_only'?)", pvm.attach, game.pid,
          {readonly=true})
        refused("bad argument #1 to 'attach' (pid, name or table expected, got no value)",
          function() pvm.attach() end)
        fails("ESRCH", pvm.attach, 2147483647)
        refused("unknown field 'pids' (did you mean 'pid'?) of a pvm.process",
          function() return game.pids end)
        """)
    }

    @Test("a thread's number does for its process's")
    func threads() throws {
      let game = try Game("threads=3")
      game.check(
        """
        for i = 1, 3 do
          local same <close> = pvm.attach(_G["thread_" .. i])
          equal(same.pid, game.pid)
          same:read_u64(_G["thread_count_" .. i])
        end
        """)
    }

    @Test("a process whose first thread has ended")
    func leaderExit() throws {
      let game = try Game("leader-exit")
      game.check(
        """
        equal(game.alive, true)
        equal(game:read_i32(gold), 250)
        game:write_i32(gold, 7)
        equal(game:read_i32(gold), 7)
        equal(game:region(scratch).perms, "rw-p")
        assert(game:module("pvm-target"))
        equal(pvm.attach(worker):read_i32(gold), 7)
        """)
      #expect(try game.target.ask("state").contains("gold 7"))
    }

    @Test("lists processes")
    func lists() throws {
      let own = try OwnName()
      let game = try Game(program: own.path)
      game.check(
        """
        local list = pvm.ps{name="\(own.name)"}
        equal(#list, 1)
        local p = list[1]
        equal(p.pid, game.pid) equal(p.uid, game.uid) equal(p.name, game.name)
        equal(p.kernel, false)
        equal(p.ppid, \(getpid())) equal(p.start_time, game.start_time) assert(p.threads >= 1)
        assert(type(p.user) == "string" and type(p.state) == "string")
        assert(#pvm.ps() >= 2)
        equal(#pvm.ps("no such program"), 0)
        """)
    }

    @Test("waits for one to appear")
    func waits() throws {
      let own = try OwnName()
      let game = try Game()
      game.check(
        """
        local before = pvm.now()
        fails("ETIMEDOUT", pvm.wait, "\(own.name)", 0.05)
        assert(pvm.now() - before >= 0.05)
        equal(pvm.wait(game.pid, 0).pid, game.pid)
        refused("seconds must be 0 to 1e9", pvm.wait, game.pid, -1)
        """)
      let late = try Target(program: own.path)
      game.check(#"equal(pvm.wait("\#(own.name)", 20).pid, \#(late.id))"#)
    }

    @Test("diagnoses what stands in the way")
    func diagnoses() throws {
      let game = try Game("zombie")
      game.check(
        """
        local good = pvm.diagnose(game.pid)
        equal(good.access, true) equal(good.pid, game.pid) equal(good.code, nil)
        for _, check in ipairs(good.checks) do assert(check.name and check.text, check.name) end
        local gone = pvm.diagnose(2147483647)
        equal(gone.access, false) equal(gone.code, "ESRCH") assert(gone.message)
        equal(pvm.diagnose(zombie).access, false)
        """)
    }
  }
}
