internal import CLuaBridge

/// A Lua function on a coroutine of its own, which Swift resumes: it may wait while others go on.
/// Given back when the last reference goes; pending `<close>` variables are closed by ``close(in:)``
/// only.
public final class LuaTask {
  private let reference: Int32
  private weak var host: LuaState?

  fileprivate init(reference: Int32, host: LuaState) {
    self.reference = reference
    self.host = host
  }

  deinit {
    guard let pointer = unsafe host?.pointer else { return }
    unsafe pvl_forget(pointer, reference)
  }

  /// Where a task is after it has run.
  public enum Progress: Equatable, Sendable {
    /// It has nothing to do.
    case ended
    /// It waits to be resumed.
    case waiting
  }

  /// Gives a task that has nothing to do a function to call.
  ///
  /// - Parameter arguments: writes the function's arguments into a reply.
  public func load(
    _ function: KeptFunction, in call: borrowing Call, arguments: (Reply) -> Void = { _ in }
  ) throws {
    guard let builder = unsafe pvl_arguments_begin(call.state) else { throw Self.noMemory }
    arguments(unsafe Reply(pointer: builder, host: call.host))
    guard unsafe pvl_task_load(call.state, reference, function.reference, builder) else {
      throw Self.noMemory
    }
  }

  /// Runs it, from within another call, until it waits, yields or ends. What it returns or yields is
  /// dropped.
  ///
  /// - Throws: ``ScriptFailure/raised`` with the script's own error value; a text has the task's
  ///   traceback behind it. The task has nothing to do then.
  public func resume(in call: borrowing Call) throws -> Progress {
    try progress(unsafe pvl_task_resume(call.state, reference), call)
  }

  /// Ends it where it waits, and closes its pending variables.
  ///
  /// - Returns: `waiting` when it is running just now and so cannot be ended.
  /// - Throws: as ``resume(in:)``, when that fails.
  @discardableResult
  public func close(in call: borrowing Call) throws -> Progress {
    try progress(unsafe pvl_task_close(call.state, reference), call)
  }

  private func progress(_ state: pvl_task_state, _ call: borrowing Call) throws -> Progress {
    switch state {
    case PVL_TASK_ENDED: return .ended
    case PVL_TASK_WAITS: return .waiting
    default: throw ScriptFailure.raised(stackIndex: unsafe pvl_top(call.state))
    }
  }

  fileprivate static var noMemory: ScriptFailure { .misuse("not enough memory") }
}

extension Call {
  /// A task that has nothing to do.
  public func idleTask() throws -> LuaTask { try task(at: 0) }

  /// A task that will call the function at an index with all arguments behind it.
  ///
  /// - Parameter index: where the function is, from 1.
  public func task(at index: Int32) throws -> LuaTask {
    let reference = unsafe pvl_task_begin(state, index)
    guard reference > 0 else { throw LuaTask.noMemory }
    return unsafe LuaTask(reference: reference, host: host)
  }

  /// Whether this call was made by a task, and from where it can wait: not across a C function such as
  /// `table.sort`, nor within a coroutine of the script's own.
  public var mayWait: Bool { unsafe pvl_may_wait(state) }
}

extension Reply {
  /// Lets the task wait, where ``Call/mayWait`` says that it can. The call answers nothing, once the
  /// task is resumed.
  public func wait() { unsafe pvl_reply_wait(pointer) }
}
