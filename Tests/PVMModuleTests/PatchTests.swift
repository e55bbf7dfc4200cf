import RemoteMemory
import Testing

extension ModuleTests {
  @Suite("patches")
  struct PatchTests {
    @Test("are made, shown and taken back")
    func life() throws {
      try Game().check(
        #"""
        local p = game:patch{name="rich", at=gold, value=777, type="i32", expect="fa 00 00 00"}
        equal({p.name, p.enabled, p.status, p.keep, p.code}, {"rich", false, "off", false, false})
        equal(p.places, { {address=gold, size=4, bytes="09 03 00 00", expect="fa 00 00 00"} })
        equal(p:enable() == p, true)
        equal({game:read_i32(gold), p.enabled, p.status}, {777, true, "on"})
        equal(tostring(p):match('^patch "rich" at .*: on$') ~= nil, true, tostring(p))
        p.enabled = false
        equal({game:read_i32(gold), p.status}, {250, "off"})
        equal({p:toggle(), p:toggle()}, {true, false})
        equal(#game:patches(), 1)
        p:enable()
        p = nil
        collectgarbage() collectgarbage()
        equal(#game:patches(), 1, "one that a script forgot")
        equal(game:read_i32(gold), 777)
        game:patches()[1]:disable()
        """#)
    }

    @Test("of several places change all or none")
    func sets() throws {
      try Game().check(
        #"""
        local p = game:patch{edits={
          {at=gold, value=1, type="i32"}, {at=health, bytes="02 ?? 00 00"},
          {at=string.format("0x%x+4", gold), value=3, type="i32", expect="0c"} }}
        p:enable()
        equal(game:read_array(health, "i32", 3), {2, 1, 3})
        p:disable()
        equal(game:read_array(health, "i32", 3), {100, 250, 12})
        local err = fails("EMISMATCH", game.patch, game, {edits={
          {at=gold, value=1, type="i32"}, {at=health, bytes="02", expect="03"} }})
        equal(err.address, health)
        equal(game:read_array(health, "i32", 3), {100, 250, 12})
        """#)
    }

    @Test("find their place by a pattern, which has to be the only one")
    func finding() throws {
      try Game().check(
        #"""
        local p = game:patch{name="no damage", find="8b 07 29 f0 89 07", offset=2, expect="29 f0",
          bytes="90 90", code=true, module="pvm-target"}
        equal(p.places[1].address, take_damage_sub)
        p:enable()
        equal(game:read(take_damage_sub, 2), "\x90\x90")
        p:disable()
        equal(game:read(take_damage_sub, 2), "\x29\xf0")
        game:write(scratch, "needle needle")
        local where = {scratch, scratch + 64}
        local err = fails("EMISMATCH", game.patch, game,
          {find="'needle'", range=where, bytes="00"})
        equal(tostring(err):find("stands at 2 places, not 1", 1, true) ~= nil, true, tostring(err))
        fails("ENOENT", game.patch, game, {find="'haystack!'", region=where, bytes="00"})
        equal(#game:patch{find="'needle'", region=where, matches=2, bytes="00"}.places, 2)
        local all = game:patch{find="'needle'", region=where, matches="all", bytes="'N'"}:enable()
        equal(game:read(scratch, 13), "Needle Needle")
        all:disable()
        """#)
    }

    @Test("refuse what makes no sense, and say why")
    func refusals() throws {
      try Game().check(
        #"""
        refused("give one place by at= or find=", game.patch, game, {})
        refused("bytes=, value= or asm= is missing", game.patch, game, {at=gold})
        refused("at= and find= exclude each other", game.patch, game,
          {at=gold, find="00", bytes="00"})
        refused("at= or find= is missing", game.patch, game, {bytes="00"})
        refused("value= needs type=", game.patch, game, {at=gold, value=1})
        refused("option 'value'", game.patch, game, {at=gold, value=300, type="u8"})
        refused("number 2: ", game.patch, game, {edits={ {at=gold, bytes="00"}, {at=gold} }})
        refused("did you mean 'bytes'", game.patch, game, {at=gold, byte="00"})
        refused("'matches'", game.patch, game, {find="00", bytes="00", matches=0})
        local err = fails("EFAULT", game.patch, game, {at=take_damage_sub, bytes="90 90"})
        equal(err.hint:find("code=true", 1, true) ~= nil, true)
        fails("EINVAL", game.patch, game,
          {edits={ {at=gold, bytes="00 00"}, {at=gold + 1, bytes="00"} }})
        """#)
    }

    @Test("are refused for what only reads")
    func readOnly() throws {
      let game = try Game(mode: .readOnly)
      game.check(#"fails("EREADONLY", game.patch, game, {at=gold, bytes="00"})"#)
      try Game().check(
        #"refused("is not a live process", game:snapshot().patch, game:snapshot(), {at=gold, bytes="00"})"#
      )
    }
  }
}
