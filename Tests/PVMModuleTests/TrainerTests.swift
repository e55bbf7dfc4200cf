import LuaHost
import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("trainers")
  struct TrainerTests {
    @Test("switch cheats of every kind, and take them back")
    func kinds() throws {
      try Game().check(
        #"""
        local calls = {}
        local t = pvm.trainer{ name="T", author="me", process=game, cheats={
          {name="no damage", patch={find="8b 07 29 f0 89 07", offset=2, module="pvm-target",
            bytes="90 90", code=true}},
          {name="health", key="h", path=string.format("0x%x", health), type="i32", freeze=777},
          {name="gold", path=gold, type="i32", freeze=true},
          {name="rich", path=gold, type="i32", write=5},
          {name="call", path=health, type="i32", on=function(g, c) calls[#calls + 1] = {g.pid, c.value} end,
            off=function() calls[#calls + 1] = "off" end},
          {name="once", on=function(g, c) calls[#calls + 1] = tostring(c) end},
          {name="seen", path=gold, type="i32"},
          {name="bad", on=function() error("no luck", 0) end, off=function() end},
        } }
        equal({t.name, t.author, tostring(t):match('^trainer "T" for process %d+.*: 8 cheats$') ~= nil},
          {"T", "me", true})
        equal(#pvm.trainers(), 1)
        refused("is not attached", t.enable, t, "health")
        equal(t:attach().pid, game.pid)
        equal(#pvm.trainers(), 0)
        local function states()
          local list = {}
          for i, cheat in ipairs(t.cheats) do list[i] = cheat.state end
          return table.concat(list, " ")
        end
        equal(states(), "off off off ready off ready shown off")
        equal({t.cheats[1].key, t.cheats[2].key, t.cheats[3].key, t.cheats[7].key}, {"1", "h", "2"})
        equal(t.cheats[7].value, "250")
        for _, name in ipairs{"no damage", "health", "GOLD", "call", "once"} do t:enable(name) end
        equal(states(), "on on on ready on ready shown off")
        equal(game:read(take_damage_sub, 2), "\x90\x90")
        equal(calls, {{game.pid, 777}, "nil"})
        refused("no luck", t.enable, t, "bad")
        refused("unknown cheat 'helth' (did you mean 'health'?)", t.enable, t, "helth")
        t:disable("gold")
        t:enable("rich")
        equal(game:read_i32(gold), 5)
        t:detach()
        equal({game:read(take_damage_sub, 2), #game:freezes(), calls[3], t.game}, {"\x29\xf0", 0, "off"})
        t:detach()
        """#)
    }

    @Test("say why a cheat is not available")
    func unavailable() throws {
      try Game().check(
        #"""
        local t = pvm.trainer{ name="T", process=game, cheats={
          {name="lost", patch={find="0f 0b 11 22 33 44 0f 0b", bytes="90", code=true}},
          {name="path", path="[[0x10]+8]", type="i32", freeze=1},
          {name="module", path="no-such-module+4", type="i32"},
        } }
        t:attach()
        for i, word in ipairs{"stands at 0 places", "0x10", "no%-such%-module"} do
          local cheat = t.cheats[i]
          assert(cheat.state == "unavailable" and cheat.problem:find(word), cheat.problem)
        end
        """#)
    }

    @Test(
      "that are declared wrongly name the field",
      arguments: [
        ("{}", "option 'name' is missing"),
        ("{name='T'}", "option 'process' is missing"),
        ("{name='T', process='x'}", "option 'cheats' is missing"),
        ("{name='T', process='x', cheats={}}", "option 'cheats': at least one is expected"),
        ("{name='T', proces='x'}", "unknown option 'proces' (did you mean 'process'?)"),
        (
          "{name='T', process={nmae='x'}, cheats={{}}}",
          "unknown criterion 'nmae' (did you mean 'name'?)"
        ),
        ("{name='T', process='x', cheats={5}}", "cheat 1: table expected, got number"),
        ("{name='T', process='x', cheats={{}}}", "cheat 1: option 'name' is missing"),
        ("{name='T', process='x', cheats={{name='a'}}}", "cheat 1 'a': give one of patch="),
        (
          "{name='T', process='x', cheats={{name='a', patchh={}}}}",
          "cheat 1 'a': unknown option 'patchh' (did you mean 'patch'?)"
        ),
        (
          "{name='T', process='x', cheats={{name='a', patch={at=1, byets='90'}}}}",
          "cheat 1 'a': option 'patch': unknown option 'byets' (did you mean 'bytes'?)"
        ),
        (
          "{name='T', process='x', cheats={{name='a', patch={at=1, bytes='9'}}}}",
          "option 'patch': option 'bytes'"
        ),
        (
          "{name='T', process='x', cheats={{name='a', freeze=1}}}",
          "option 'path' is missing: freeze= needs it"
        ),
        ("{name='T', process='x', cheats={{name='a', path='x+4'}}}", "option 'type' is missing"),
        (
          "{name='T', process='x', cheats={{name='a', path='x+', type='u8'}}}",
          "option 'path': 'x+'"
        ),
        (
          "{name='T', process='x', cheats={{name='a', path='x', type='u9'}}}",
          "option 'type': unknown type 'u9'"
        ),
        (
          "{name='T', process='x', cheats={{name='a', path='x', type='u8', freeze=300}}}",
          "option 'freeze': "
        ),
        (
          "{name='T', process='x', cheats={{name='a', path='x', type='u8', freeze={mdoe='min'}}}}",
          "option 'freeze': unknown option 'mdoe' (did you mean 'mode'?)"
        ),
        (
          "{name='T', process='x', cheats={{name='a', path='x', type='u8', write=1, freeze=1}}}",
          "options 'freeze' and 'write' exclude each other"
        ),
        ("{name='T', process='x', cheats={{name='a', off=print}}}", "option 'off' goes with 'on'"),
        (
          "{name='T', process='x', cheats={{name='a', on=7}}}",
          "option 'on': function expected, got number"
        ),
        (
          "{name='T', process='x', cheats={{name='a', key='ab', on=print}}}",
          "option 'key': a key is one character"
        ),
        (
          "{name='T', process='x', cheats={{name='a', key='q', on=print}}}",
          "the key 'q' ends the menu"
        ),
        (
          "{name='T', process='x', cheats={{name='a', key='f5', on=print}, {name='b', key='F5', on=print}}}",
          "'a' and 'b' have the same key 'F5'"
        ),
        (
          "{name='T', process='x', cheats={{name='a', on=print}, {name='A', on=print}}}",
          "cheats 1 and 2 have the same name 'A'"
        ),
        (
          "{name='T', process='x', versions={'xyz'}, cheats={{name='a', on=print}}}",
          "option 'versions': entry 1"
        ),
        (
          "{name='T', process='x', module='m', cheats={{name='a', on=print}}}",
          "option 'module' goes with 'versions'"
        ),
      ])
    func declarations(_ trainer: String, _ message: String) throws {
      let state = try Game.state()
      defer { state.close() }
      let outcome = state.run(
        .text("refused([==[\(message)]==], pvm.trainer, \(trainer))", name: "=test"))
      #expect(outcome == .completed, "\(outcome.text)")
    }

    @Test("take the versions they were made for, and no other without being told")
    func versions() throws {
      try Game().check(
        #"""
        local function trainer(versions)
          return pvm.trainer{name="T", process=game, versions=versions, cheats={{name="a", on=print}}}
        end
        local err = fails("EMISMATCH", function() trainer{"0123456789abcdef"}:attach() end)
        assert(err.message:find("is not a version that this trainer was made for", 1, true), err.message)
        assert(err.hint:find("--any-version", 1, true), err.hint)
        equal(trainer{"0123456789abcdef"}:attach{any_version=true}.pid, game.pid)
        local hash = err.message:match("SHA%-256 (%x+)")
        local id = err.build_id
        assert(hash or id, err.message)
        if id then
          trainer{["1.0"]=id:upper()}:attach()
          trainer{"0123456789abcdef", id}:attach()
        end
        -- What sha256sum(1) says of the file counts as well.
        local pipe = io.popen("sha256sum " .. pvm.target_path())
        local sum = pipe:read("a"):match("^%x+")
        pipe:close()
        trainer{sum}:attach()
        equal(trainer{sum}:lint()[1].outcome, "ok")
        equal(trainer{"0123456789abcdef"}:lint()[1].outcome, "failed")
        """#)
    }

    @Test("are run with timers, and end with the game")
    func running() throws {
      try Game().check(
        #"""
        local child = pvm.spawn({pvm.target_path(), "--quiet", "--until-eof"}, {stdin="pipe", stdout="pipe"})
        local seen = {}
        local t = pvm.trainer{name="T", process=child, cheats={
          {name="a", on=function() seen[#seen + 1] = "on" end, off=function() seen[#seen + 1] = "off" end} }}
        pvm.after(0, function() t:stop() end)
        equal(t:run{enable={"a"}}, "stopped")
        equal(seen, {"on", "off"})
        pvm.after(0, function() child:kill("KILL") end)
        equal(t:run{enable="A"}, "exited")
        equal(seen, {"on", "off", "on"})
        child:wait_exit(5)
        -- What a timer raises ends it, and all is taken back.
        local t2 = pvm.trainer{name="T", process=game, cheats={
          {name="rich", patch={at=gold, value=9, type="i32"}} }}
        pvm.after(0, function() assert(game:read_i32(gold) == 9) error("enough", 0) end)
        local ok, err = pcall(t2.run, t2, {enable="rich"})
        equal({ok, err:match("^%a+")}, {false, "enough"})
        equal(game:read_i32(gold), 250)
        """#)
    }

    @Test("are held against a process, a core and a program's file")
    func lint() throws {
      try Game().check(
        #"""
        local t = pvm.trainer{name="T", process=game, cheats={
          {name="sub", patch={find="8b 07 29 f0 89 07", offset=2, module="pvm-target", expect="29 f0",
            bytes="90 90", code=true}},
          {name="gone", patch={find="8b 07 29 f0 89 07", offset=2, expect="29 f1", bytes="90 90", code=true}},
          {name="pointers", path="[pvm-target+0x10]+4", type="i32"},
          {name="static", path="pvm-target+1", type="u8", write=1},
          {name="calls", on=function() error("called") end},
        } }
        local function outcomes(source)
          local list = {}
          for i, finding in ipairs(t:lint(source)) do list[i] = finding.subject .. " " .. finding.outcome end
          return table.concat(list, ", ")
        end
        local live = "version unchecked, sub ok, gone failed, pointers failed, static ok, calls unchecked"
        equal(outcomes(), live)
        equal(outcomes(game:snapshot{perms="r"}), live)
        local file = pvm.open(pvm.target_path())
        equal({file.kind, file.alive, file.pid}, {"program", false, 0})
        equal(outcomes(file), (live:gsub("pointers failed", "pointers unchecked")))
        equal(file:module("pvm-target").base + take_damage_sub - game:module("pvm-target").base,
          file:find("8b 07 29 f0 89 07", {perms="x"})[1].address + 2)
        equal(file:read(file:module("pvm-target").base, 4), "\x7fELF")
        fails("EREADONLY", file.write, file, file:module("pvm-target").base, "x")
        fails("EFAULT", file.read, file, -4096, 4)
        """#)
    }
  }
}
