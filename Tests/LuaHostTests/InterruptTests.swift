import Foundation
import LuaHost
import Testing

extension LuaTests {
  @Suite("Interrupts")
  struct InterruptTests {
    @Test(
      "every kind of loop stops, and the next run is as if nothing had been",
      arguments: [
        "while true do end",
        "local function f() return f() end f()",
        "while true do local x = ('x'):rep(10) .. 'y' end",
        "while true do crate.sum(1) end",
        "while true do pcall(function() while true do end end) end",
        "while true do xpcall(function() while true do end end, function(e) return e end) end",
        "while true do pcall(error) end",
        "coroutine.wrap(function() while true do end end)()",
        "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
        "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
        """
        local function nest(n)
          while true do
            pcall(function()
              if n == 0 then while true do end end
              coroutine.wrap(nest)(n - 1)
            end)
          end
        end
        nest(5)
        """,
        "debug.sethook() while true do end",
        "debug.sethook(function() end, 'l') while true do end",
        "while true do debug.sethook() pcall(function() while true do debug.sethook() end end) end",
        "crate.call(function() while true do end end)",
        "while true do pcall(crate.call, function() while true do end end) end",
        "while true do crate.try_call(function() while true do end end) end",
        "while true do local b <close> = crate.box(1) end",
        """
        local co = coroutine.create(function()
          local x <close> = setmetatable({}, {__close = function() while true do end end})
          coroutine.yield()
        end)
        coroutine.resume(co)
        coroutine.close(co)
        """,
        """
        local x <close> = setmetatable({}, {__close = function() while true do end end})
        while true do end
        """,
        """
        coroutine.wrap(function()
          local x <close> = setmetatable({}, {__close = function() while true do end end})
          error("x")
        end)()
        """,
        "setmetatable(_G, {__index = function() while true do end end}) return nothing",
        "table.sort({3, 2, 1, 5, 4}, function() while true do end end)",
        "string.gsub('x', 'x', function() while true do end end)",
        "for _ in function() return 1 end do end",
        "goto again ::again:: goto again",
        "load(function() while true do end end)",
      ])
    func stops(_ loop: String) throws {
      let fixture = try Fixture()
      let outcome = fixture.interrupted(loop)
      guard case .interrupted(let text) = outcome else {
        Issue.record("\(outcome.text)")
        return
      }
      #expect(String(decoding: text, as: UTF8.self).contains("interrupted!"))
      fixture.check("setmetatable(_G, nil) local n = 0 for i = 1, 100000 do n = n + i end")
      fixture.check("assert(coroutine.wrap(function() return crate.sum(1, 1) end)() == 2)")
      #expect(fixture.state.memoryUsage.parcels == 0)
    }

    @Test("a coroutine that was stopped inside is dead; one that waited goes on in the next run")
    func coroutinesAfter() throws {
      let fixture = try Fixture()
      fixture.check("waiting = coroutine.create(function() coroutine.yield(1) return 2 end)")
      fixture.check("coroutine.resume(waiting)")
      let outcome = fixture.interrupted(
        "looping = coroutine.create(function() while true do end end) coroutine.resume(looping)")
      #expect(
        outcome == .interrupted(Array("interrupted!".utf8)) || outcome.text.contains("interrupted!")
      )
      fixture.check("assert(coroutine.status(looping) == 'dead')")
      fixture.check("assert(select(2, coroutine.resume(waiting)) == 2)")
    }

    @Test("an interrupt while idle stops nothing")
    func idle() throws {
      let fixture = try Fixture()
      fixture.state.interrupt()
      #expect(!LuaState.isInterrupted)
      fixture.check("for i = 1, 1000 do crate.sum(i) end")
    }

    @Test("one state's interrupt leaves another state alone")
    func others() throws {
      let (one, other) = (try Fixture(), try Fixture())
      #expect(one.interrupted("while true do end").text.contains("interrupted!"))
      let thread = Interrupter(one.state)
      other.check("local n = 0 for i = 1, 1000000 do n = n + i end")
      thread.join()
    }

    @Test("many interrupts one after the other")
    func many() throws {
      let fixture = try Fixture()
      for _ in 0..<50 {
        #expect(
          fixture.interrupted("while true do pcall(crate.sum) end").text.contains("interrupted!"))
      }
      fixture.check("assert(crate.sum(1, 1) == 2)")
    }
  }
}

/// Interrupts a state from another thread, over and over until told to end: the first may come
/// before the run has begun.
private final class Interrupter: @unchecked Sendable {
  private let state: LuaState
  private let ended = DispatchSemaphore(value: 0)
  private let end = DispatchSemaphore(value: 0)

  init(_ state: LuaState) {
    self.state = state
    Thread.detachNewThread { [self] in
      while end.wait(timeout: .now() + .milliseconds(10)) == .timedOut { self.state.interrupt() }
      ended.signal()
    }
  }

  func join() {
    end.signal()
    ended.wait()
  }
}

extension Fixture {
  /// Runs a chunk that never ends, and stops it.
  fileprivate func interrupted(_ loop: String) -> Outcome {
    let interrupter = Interrupter(state)
    defer { interrupter.join() }
    return run(loop)
  }
}
