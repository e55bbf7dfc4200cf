import Testing

extension ModuleTests {
  @Suite("tracking")
  struct TrackTests {
    /// `watched(where, samples, change, options)`: tracks, and changes something after each sample.
    private static let words = #"""
      function watched(where, samples, change, options)
        local all = {every=0, progress=function(p)
          if p.samples < samples then change(p.samples) end
          return p.samples < samples
        end}
        for k, v in pairs(options or {}) do all[k] = v end
        return game:track(where, 1000, all)
      end
      """#

    private func game(_ layouts: String...) throws -> Game {
      let game = try Game()
      game.check(Self.words)
      return game
    }

    @Test("lists what changed, by behaviour")
    func behaviours() throws {
      let game = try game()
      game.check(
        #"""
        local t = watched({player, 256}, 9, function(n)
          game:write_i32(gold, 250 + n * 10) game:write_i32(health, 100 - n * n)
          game:write_i32(ammo, n % 2) game:write_u32(deaths, n > 4 and 1 or 0)
        end)
        equal(#t, 4) equal(t.counts, {counter=1, falling=1, once=1, noisy=1})
        equal(t.complete, false) equal(t.error, nil) equal(t.stats.samples, 9)
        equal(t.stats.values, 64) equal(t.stats.bytes, 256) equal(t.stats.unreadable, 0)
        equal({t[1].address, t[2].address, t[3].address, t[4].address}, {gold, health, deaths, ammo})
        local c = t[1]
        equal({c.behaviour, c.type, c.first, c.last, c.low, c.high}, {"counter", "i32", 250, 330, 250, 330})
        equal({c.changes, c.rises, c.falls, c.step}, {8, 8, 0, 10.0})
        equal(c.sparkline, "▁▂▃▄▅▆▇██")
        equal(c.cell.value, 330)
        c.cell.value = 5 equal(game:read_i32(gold), 5)
        equal(#t:only("monotone"), 2) equal(#t:only("noisy|once"), 2) equal(#t:only("toggling"), 0)
        equal(#t:cells(), 4) equal(t:cells("counter")[1].address, gold)
        equal(t[0], nil) equal(t[5], nil)
        equal(t:hits():addresses(), {health, gold, ammo, deaths})
        local text = tostring(t)
        assert(text:find("4 of 64 values (1 counter, 1 falling, 1 once, 1 noisy), 9 samples in", 1, true), text)
        assert(text:find("+10 a step  250 -> 330", 1, true), text)
        assert(tostring(c):find("counter", 1, true))
        """#)
    }

    @Test("hits, mappings and chosen mappings can be tracked")
    func targets() throws {
      let game = try game()
      game.check(
        #"""
        local function change(n) game:write_f32(speed, n + 0.5) end
        local hits = game:scan("f32", 1.5, {range={player, player + 64}})
        local t = watched(hits, 4, function(n) change(n + 1) end)
        equal(t:cells("counter")[1].address, speed) equal(t[1].type, "f32")
        for _, where in ipairs{game:region(speed), {range={player, player + 64}}} do
          local t = watched(where, 4, change, {type="f32"})
          equal(t:hits():has(speed), true)
        end
        local t = watched({speed - 1, 6}, 4, change, {type="f32", align=1})
        equal(t.stats.values, 3) equal(t:hits():has(speed), true)
        equal(#watched({player, 64}, 4, change, {cells=0}), 0)
        equal(watched({player, 64}, 4, change, {cells=0}).stats.unfollowed > 0, true)
        t = game:track({scratch, 64}, 0.02, {every=0.01})
        equal(#t, 0) equal(t.complete, true) assert(tostring(t):find("0 of 16 values, ", 1, true))
        equal(#game:track({0x10, 64}, 0), 0)
        """#)
    }

    @Test("the end of the process gives what was found")
    func ended() throws {
      let game = try game()
      game.check(
        #"""
        local child = pvm.spawn({pvm.target_path(), "--addresses", "--rate", "0"},
          {stdin="pipe", stdout="pipe"})
        local at
        for line in function() return child:receive_line(20) end do
          at = at or line:match("^gold=(.*)")
          if line == "ready" then break end
        end
        local t = child:track({math.tointeger(at), 4}, 1000, {every=0, progress=function(p)
          if p.samples == 4 then child:kill(9) child:wait_exit(20)
          elseif p.samples < 4 then child:write_i32(math.tointeger(at), p.samples) end
        end})
        equal(t.complete, false) assert(t.error, "no error") equal(t[1].changes, 3)
        fails("ESRCH", child.track, child, {16, 4}, 0)
        """#)
    }

    @Test("errors in the function end it and travel unchanged")
    func errors() throws {
      let game = try game()
      game.check(
        #"""
        local mine = setmetatable({}, {__tostring=function() return "mine" end})
        local ok, err = pcall(game.track, game, {player, 64}, 1000,
          {every=0, progress=function() error(mine) end})
        assert(not ok and rawequal(err, mine), tostring(err))
        refused("yield", game.track, game, {player, 64}, 1000, {progress=coroutine.yield})
        refused("must be {address, count}", game.track, game, {player}, 1)
        refused("unknown option 'kin'", game.track, game, {kin="heap"}, 1)
        refused("pvm.region or pvm.hits expected, got number", game.track, game, 5, 1)
        refused("unknown behaviour 'steady'", function() game:track({player, 4}, 0):only("steady") end)
        refused("unknown behaviour 'risng' (did you mean 'rising'?)",
          function() game:track({player, 4}, 0):cells("once|risng") end)
        local words = game:find("50 56 4d", {range={world, world + 16}})
        assert(#words > 0) fails("EINVAL", game.track, game, words, 0)
        """#)
    }
  }
}
