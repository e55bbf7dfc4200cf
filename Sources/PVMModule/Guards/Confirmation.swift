import LuaHost
import MemoryModel
import RemoteMemory

/// A function of a script that is asked before each write to a process: it can refuse.
///
/// The process knows it weakly: Lua's functions are given back on Lua's thread, and a process may be
/// let go on any.
final class Confirmation: @unchecked Sendable {
  private let function: KeptFunction

  init(_ function: KeptFunction) { self.function = function }

  /// What the core asks.
  var approve: @Sendable (ProposedWrite) throws(RemoteMemoryError) -> Void {
    { [weak self] (write) throws(RemoteMemoryError) in
      guard let self else {
        throw Self.refusal(write, "the process that was attached with confirm= was let go")
      }
      try self.ask(write)
    }
  }

  /// Asks, on Lua's thread.
  /// - Throws: `EREFUSED`. An error of the function becomes that of the call that wants to write.
  private func ask(_ write: ProposedWrite) throws(RemoteMemoryError) {
    guard let state = function.state, state.isRunningHere, let running = state.runningCall,
      let session = state.context as? Session
    else { throw Self.refusal(write, "the confirm function cannot be asked from another thread") }
    guard !session.isConfirming else {
      throw Self.refusal(write, "a confirm function cannot write where it would be asked itself")
    }
    session.isConfirming = true
    defer { session.isConfirming = false }
    guard try agrees(to: write, running, state) else {
      throw Self.refusal(write, "the confirm function said no")
    }
  }

  private func agrees(to write: ProposedWrite, _ running: RunningCall, _ state: LuaState)
    throws(RemoteMemoryError) -> Bool
  {
    do {
      return try running { call in
        try function(
          in: call, results: 1, arguments: { $0.value(write.luaValue) },
          read: { call in call.truth(at: -1) })
      }
    } catch ScriptFailure.raised(let index) {
      state.pendingError = try? running { call in try call.keep(at: index) }
      throw Self.refusal(write, "the confirm function failed")
    } catch {
      throw Self.refusal(write, "the confirm function could not be called: \(error)")
    }
  }

  private static func refusal(_ write: ProposedWrite, _ reason: String) -> RemoteMemoryError {
    RemoteMemoryError(
      .write, .refused, process: write.process.id, address: write.address,
      requestedBytes: write.byteCount, detail: reason)
  }
}

extension ProposedWrite {
  /// As a confirm function gets it.
  fileprivate var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("pid", .integer(Int64(process.id.rawValue))), ("name", .bytes(process.nameBytes)),
      ("address", .integer(address.luaInteger)), ("size", .integer(Int64(byteCount))),
      ("old", .bytes(old)), ("new", .bytes(new)),
      ("process", .object(ProcessHandle(process), className: "pvm.process")),
    ]
    if let purpose { fields.append(("purpose", .text(purpose))) }
    return .table(LuaTable(fields))
  }
}
