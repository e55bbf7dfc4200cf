import Foundation
import LuaHost
import Testing

/// Interrupts a state again and again until it is told to end.
private final class Interrupter: @unchecked Sendable {
  private let ended = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  init(_ state: LuaState) {
    nonisolated(unsafe) let state = state
    Thread.detachNewThread { [ended, done] in
      while ended.wait(timeout: .now() + .milliseconds(10)) == .timedOut { state.interrupt() }
      done.signal()
    }
  }

  func join() {
    ended.signal()
    done.wait()
  }
}

extension ModuleTests {
  @Suite("Ctrl-C")
  struct InterruptTests {
    @Test(
      "ends loops and waits",
      arguments: [
        "while true do pcall(game.read_u32, game, gold) end",
        "while true do pcall(game.read_u32, game, 0x10) end",
        "while true do game:try_read(0x10, 4) end",
        "coroutine.wrap(function() while true do pcall(game.regions, game) end end)()",
        "local w = game:watch{ {gold, 'i32'} } while true do pcall(w.update, w) end",
        "game:track({block, 1 << 20}, 1e9)", "while true do game:track({gold, 4}, 0) end",
        "local plan = game:scatter{ {gold, 'i32'} } while true do pcall(plan.read, plan) end",
        "while true do pcall(pvm.sleep, 60) end", "pvm.sleep(1e9)",
        "pvm.every(60, print) while true do pcall(pvm.run) end",
        "pvm.run(function() while true do pcall(pvm.sleep, 60) end end)",
        "pvm.task(function() while true do coroutine.yield() end end) pvm.run()",
        "pvm.every(0.001, function() while true do end end) pvm.run()",
        "pvm.wait('no such program')",
        "while true do pcall(pvm.wait, 'no such program', 60) end", "game:wait_exit()",
        "child:wait_exit()", "child:receive_line()",
        "child:send(('x'):rep(1 << 20))", "while true do pcall(child.send, child, 'xxxxxxxx') end",
        "while true do pcall(child.receive_line, child, 60) end",
        "while true do pcall(pvm.ps) end",
        "while true do pcall(game.compare, game, block, block, block_bytes) end",
        "while true do pcall(game.pointers_to, game, gold) end",
      ])
    func ends(_ chunk: String) throws {
      let game = try Game("block=16")
      game.check("child = pvm.spawn({'sleep', '60'}, {stdin='pipe', stdout='pipe'})")
      let interrupter = Interrupter(game.state)
      let outcome = game.run(chunk)
      interrupter.join()
      guard case .interrupted = outcome else {
        Issue.record("\(outcome.text)")
        return
      }
      game.check("equal(game:read_i32(gold), 250) child:kill(9) child:wait_exit(20)")
    }
  }
}
