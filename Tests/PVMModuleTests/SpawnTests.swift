import Foundation
import Testing

extension ModuleTests {
  @Suite("children")
  struct SpawnTests {
    @Test("pipes, environment and folder")
    func streams() throws {
      let game = try Game()
      game.check(
        #"""
        local cat <close> = pvm.spawn({"cat"}, {stdin="pipe", stdout="pipe"})
        cat:send("one\ntwo\nthree") cat:send("") cat:close_input()
        equal(cat:receive_line(20), "one") equal(cat:receive_line(20), "two")
        equal(cat:receive_line(20), "three") equal(cat:receive_line(20), nil)
        equal(cat:wait_exit(20).code, 0)
        refused("its standard input is no pipe", function() local ok,
          err = cat:try_send("x") error(tostring(err)) end)

        local env = pvm.spawn({"sh", "-c", "echo \"$A|$HOME|$PATH\"; pwd"},
          {env={A="x y", PATH="/bin:/usr/bin"}, cwd="/", stdout="pipe"})
        equal(env:receive_line(20), "x y||/bin:/usr/bin") equal(env:receive_line(20), "/")
        equal(env:wait_exit(20).code, 0)

        local quiet = pvm.spawn({"sh", "-c", "read line; echo $?; echo oops >&2"},
          {stdin="null", stdout="pipe", stderr="null"})
        equal(quiet:receive_line(20), "1") quiet:wait_exit(20)
        local words = pvm.spawn({"printf", "%s\n", "a b", 7, 1.5}, {stdout="pipe"})
        equal(words:receive_line(20), "a b") equal(words:receive_line(20), "7")
        equal(words:receive_line(20), "1.5")
        words:wait_exit(20)
        """#)
    }

    @Test("a program that ends at once still tells how")
    func shortLives() throws {
      let game = try Game()
      game.check(
        """
        for i = 1, 30 do
          local child = pvm.spawn{"sh", "-c", "exit " .. i}
          equal(child:wait_exit(20), {code=i, text="exited with code " .. i})
          equal(child.alive, false) equal(child.exit_status.code, i)
          fails("ESRCH", child.read_u8, child, 4096) fails("ESRCH", child.regions, child)
          fails("ESRCH", child.write_u8, child, 4096, 1) fails("ESRCH", child.read, child, 4096, 0)
          fails("ESRCH", child.resolve, child, 4096, 0) fails("ESRCH", child.kill, child)
          fails("ESRCH", child.readv, child, {1}, {{4096, 1}})
          child:close()
        end
        """)
    }

    @Test("what cannot be started")
    func failures() throws {
      let game = try Game()
      game.check(
        #"""
        local err = fails("ENOENT", pvm.spawn, {"/no-such-program-anywhere"})
        equal(err.op, "spawn")
        assert(err.message:find("no-such-program-anywhere", 1, true), err.message)
        fails("EACCES", pvm.spawn, {"/"})
        err = fails("ENOENT", pvm.spawn, {"true"}, {cwd="/no/such/folder"})
        assert(err.message:find("/no/such/folder", 1, true), err.message)
        fails("EINVAL", pvm.spawn, {""}) fails("EINVAL", pvm.spawn, {"a\0b"})
        fails("EINVAL", pvm.spawn, {"true"}, {env={A="x\0y"}})
        refused("a command is {program, argument, ...}", pvm.spawn, {})
        refused("a command is {program, argument, ...}", pvm.spawn, {"true", x=1})
        refused("argument 2 is a table, not a string", pvm.spawn, {"true", {}})
        refused("table expected, got string", pvm.spawn, "true")
        refused("unknown option 'stdn' (did you mean 'stdin'?)", pvm.spawn, {"true"}, {stdn="pipe"})
        refused("option 'stdin': unknown value 'pip' (did you mean 'pipe'?)", pvm.spawn, {"true"},
          {stdin="pip"})
        refused("option 'env': 'A' is a number, not a string", pvm.spawn, {"true"}, {env={A=1}})
        refused("an environment is {NAME=value}", pvm.spawn, {"true"}, {env={"A=1"}})
        """#)
    }

    @Test("tells code and signal, and signals children only")
    func endings() throws {
      let game = try Game()
      game.check(
        #"""
        local child = pvm.spawn{"sleep", "60"}
        equal(child.alive, true) equal(child.exit_status, nil) equal(child:wait_exit(0), nil)
        child:kill("STOP") child:kill("SIGCONT") child:kill(9)
        local status = child:wait_exit(20)
        equal(status, {signal=9, text="was ended by signal 9"}) equal(child.exit_status, status)
        equal(child.alive, false)
        fails("ESRCH", child.kill, child)
        child = pvm.spawn{"sleep", "60"}
        child:kill() equal(child:wait_exit(20).signal, 15)
        child = pvm.spawn{"sh", "-c", "kill -USR1 $$"}
        equal(child:wait_exit(20).signal, 10)

        refused("was not started by this script", game.kill, game)
        refused("was not started by this script", game.kill, game, "KILL")
        refused("was not started by this script", game.send, game, "quit\n")
        refused("was not started by this script", game.receive_line, game, 0)
        refused("was not started by this script", game.close_input, game)
        refused("unknown signal 'TREM' (did you mean 'TERM'?)", game.kill, game, "TREM")
        refused("signal must be at most 64", game.kill, game, 65)
        refused("signal must be at least 1", game.kill, game, 0)
        equal(game.alive, true)
        """#)
      #expect(try game.target.ask("state").hasPrefix("tick 0"))
    }

    @Test("a line that does not come")
    func timeouts() throws {
      let game = try Game()
      game.check(
        #"""
        local child = pvm.spawn({"sh", "-c", "printf half; exec sleep 60"}, {stdout="pipe"})
        fails("ETIMEDOUT", child.receive_line, child, 0.05)
        child:kill("KILL")
        equal(child:receive_line(20), "half") equal(child:receive_line(20), nil)
        child:wait_exit(20)
        local plain = pvm.spawn{"sleep", "60"}
        fails("EINVAL", plain.receive_line, plain, 1)
        fails("EINVAL", plain.send, plain, "x")
        plain:kill(9) plain:wait_exit(20)
        local deaf = pvm.spawn({"true"}, {stdin="pipe"})
        deaf:wait_exit(20)
        fails("EPIPE", deaf.send, deaf, "x")
        """#)
    }

    @Test("a child's memory is read and written like any other")
    func memory() throws {
      let game = try Game()
      game.check(
        #"""
        local child = pvm.spawn({pvm.target_path(), "--addresses", "--rate", "0", "--until-eof"},
          {stdin="pipe", stdout="pipe"})
        local places = {}
        for line in function() return child:receive_line(20) end do
          if line == "ready" then break end
          local key, value = line:match("^([%w_]+)=(0x%x+)$")
          if key then places[key] = math.tointeger(tonumber(value)) end
        end
        equal(child:read_i32(places.gold), 250)
        child:write_i32(places.gold, 12)
        child:send("state\n")
        assert(child:receive_line(20):find("gold 12", 1, true))
        child:close_input()
        equal(child:wait_exit(20).code, 0)
        """#)
    }
  }
}
