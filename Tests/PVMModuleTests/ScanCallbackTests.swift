import LuaHost
import Testing

extension ModuleTests {
  /// What a script does to a scan from inside: in its progress function and in a filter.
  @Suite("callbacks of scans")
  struct ScanCallbackTests {
    /// A scan of a GiB of zeroes, which takes far longer than the 50 ms after which progress is
    /// told; and a few hits to filter.
    static let words = #"""
      whole = {range={reservation, reservation + reservation_bytes}, unpopulated=true}
      function slow(progress, more)
        local options = {progress=progress, threads=1, align=1}
        for k, v in pairs(whole) do options[k] = v end
        for k, v in pairs(more or {}) do options[k] = v end
        return game:scan("u64", 12345678901, options)
      end
      game:fill(scratch, 4096)
      for i = 0, 99 do game:write_i32(scratch + 4 * i, 4242) end
      function few() return game:scan("i32", 4242, {range={scratch, scratch + 4096}}) end
      """#

    private func game() throws -> Game {
      let game = try Game("reservation=1")
      game.check(Self.words)
      return game
    }

    @Test("progress is told, and false stops", arguments: [1, 2])
    func stops(_ threads: Int) throws {
      let game = try game()
      game.check(
        #"""
        local told
        local hits = slow(function(p) told = p return false end, {threads=\#(threads)})
        equal(told.total, reservation_bytes) assert(told.done < told.total and told.seconds > 0)
        equal(told.hits, 0) equal(hits.complete, false)
        assert(hits.stats.bytes_read < reservation_bytes)
        assert(tostring(hits):find("interrupted", 1, true), tostring(hits))
        -- Nothing and true go on.
        local calls = 0
        hits = slow(function() calls = calls + 1 return calls < 3 or false end)
        equal(calls, 3) equal(hits.complete, false)
        """#)
    }

    @Test("errors end the scan and travel unchanged", arguments: [1, 2])
    func errors(_ threads: Int) throws {
      let game = try game()
      game.check(
        #"""
        local mine = setmetatable({}, {__tostring=function() return "mine" end})
        local ok, err = pcall(slow, function() error(mine) end, {threads=\#(threads)})
        assert(not ok and rawequal(err, mine), tostring(err))
        refused("attempt to index", slow, function() local x x.y = 1 end)
        fails("EFAULT", slow, function() game:read_u8(16) end)
        ok, err = pcall(few().filter, few(), function() error(mine) end)
        assert(not ok and rawequal(err, mine), tostring(err))
        fails("EFAULT", few().filter, few(), function() game:read_u8(16) end)
        """#)
    }

    @Test("yields are refused, coroutines inside are not")
    func yields() throws {
      let game = try game()
      game.check(
        #"""
        refused("yield", slow, coroutine.yield)
        refused("yield", coroutine.wrap(function() slow(coroutine.yield) end))
        refused("yield", coroutine.wrap(function() few():filter(coroutine.yield) end))
        refused("yield", few().filter, few(), coroutine.yield)
        local hits = coroutine.wrap(function()
          return slow(coroutine.wrap(function() coroutine.yield(false) end))
        end)()
        equal(hits.complete, false)
        local kept = few():filter(coroutine.wrap(function() coroutine.yield({true}) end))
        equal(#kept, 1)
        """#)
    }

    @Test("closing the handle inside does not disturb the scan")
    func closes() throws {
      let game = try game()
      game.check(
        #"""
        local mine = game
        game = pvm.attach(mine.pid)
        local calls = 0
        local hits = slow(function()
          calls = calls + 1
          game:close() collectgarbage()
          return calls < 2
        end)
        equal(calls, 2) equal(hits.complete, false)
        refused("pvm.process is closed", slow, print)
        game = pvm.attach(mine.pid)
        hits = few()
        local kept = hits:filter(function(values)
          game:close() hits = nil collectgarbage()
          return {[1]=true, [100]=true}
        end)
        equal(#kept, 2) equal(kept[2].address, scratch + 396) equal(kept[2].value, 4242)
        game = mine
        equal(#few(), 100)
        """#)
    }

    @Test("the target ends inside")
    func kills() throws {
      let game = try game()
      game.check(
        #"""
        local child = pvm.spawn({"sleep", "60"})
        local hits = child:scan("u8", {unknown=true})
        assert(#hits > 0)
        local old = hits[1].old
        local calls = 0
        fails("ESRCH", hits.filter, hits, function(values)
          calls = calls + 1
          child:kill("KILL") child:wait_exit(20)
          return values
        end)
        equal(calls, 1) equal(hits[1].old, old)
        fails("ESRCH", hits.unchanged, hits)
        """#)
    }

    @Test("other scans inside, of the same and of other hits")
    func nested() throws {
      let game = try game()
      game.check(
        #"""
        local inner
        local hits = slow(function() inner = few() collectgarbage() return false end)
        equal(hits.complete, false) equal(#inner, 100)
        local kept = few():filter(function(values, addresses, type)
          equal(#values, 100) equal(#addresses, 100) equal(type, "i32")
          return few():filter(function() return {true, true} end):values()
        end)
        equal(#kept, 2)
        for _, answer in ipairs{5, "x", false, print} do
          refused("a filter answers a table", few().filter, few(), function() return answer end)
        end
        refused("a filter answers a table", few().filter, few(), function() end)
        equal(#few():filter(function() return {} end), 0)
        equal(#few():filter(function() return {[0]=true, [101]=true, x=true, [2.0]=1} end), 1)
        """#)
    }
  }
}
