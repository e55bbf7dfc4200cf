internal import CLuaBridge

/// A Lua function that outlives the call that passed it. Given back when the last reference goes.
public final class KeptFunction {
  let reference: Int32
  private weak var host: LuaState?
  /// The state it belongs to; nil once that has gone.
  public var state: LuaState? { host }

  init(reference: Int32, host: LuaState) {
    self.reference = reference
    self.host = host
  }

  deinit {
    guard let pointer = unsafe host?.pointer else { return }
    unsafe pvl_forget(pointer, reference)
  }

  /// Calls it under protection, from within another call.
  ///
  /// - Parameters:
  ///   - arguments: writes the arguments into a reply.
  ///   - results: how many results `read` will find, at the negative indices -results ... -1.
  /// - Throws: ``ScriptFailure/raised`` with the script's own error value, which then travels on.
  public func callAsFunction<Result>(
    in call: borrowing Call, results: Int32 = 0, arguments: (Reply) -> Void = { _ in },
    read: (borrowing Call) throws -> Result
  ) throws -> Result {
    guard let builder = unsafe pvl_arguments_begin(call.state) else {
      throw ScriptFailure.misuse("not enough memory")
    }
    arguments(unsafe Reply(pointer: builder, host: call.host))
    let status = unsafe pvl_call_kept(call.state, reference, builder, results)
    guard status == PVL_OK else {
      throw ScriptFailure.raised(stackIndex: unsafe pvl_top(call.state))
    }
    defer { unsafe pvl_set_top(call.state, pvl_top(call.state) - results) }
    return try read(call)
  }
}

extension Call {
  /// Calls the function among the arguments with all arguments behind it, under protection.
  ///
  /// - Parameter index: where the function is, from 1.
  /// - Returns: the places of its results, for `Reply.argument`; they stay to the end of this call.
  /// - Throws: ``ScriptFailure/raised`` with the script's own error value, which then travels on.
  public func callArgument(_ index: Int32) throws -> Range<Int32> {
    var count: Int32 = 0
    let status = unsafe pvl_call_rest(state, index, &count)
    let top = unsafe pvl_top(state)
    guard status == PVL_OK else { throw ScriptFailure.raised(stackIndex: top) }
    return (top - count + 1)..<(top + 1)
  }
}

extension KeptFunction {
  /// Calls it under protection as the outermost run, from Swift: Ctrl-C stops it.
  ///
  /// - Returns: how it ended, and its first result where that is a string.
  public func run(arguments: (Reply) -> Void = { _ in }) -> (outcome: Outcome, text: [UInt8]?) {
    guard let host, let pointer = unsafe host.pointer else { return (.failed([]), nil) }
    let builder = unsafe pvl_run_arguments_begin(pointer)
    if let builder = unsafe builder { arguments(unsafe Reply(pointer: builder, host: host)) }
    var hasText = false
    let outcome = host.outcome(unsafe pvl_run_kept(pointer, reference, builder, &hasText))
    return (outcome, hasText ? host.lastError : nil)
  }
}

extension Call {
  /// What a script's own function raised, in words, for those who go on after it: the value is taken
  /// off the stack.
  ///
  /// - Parameter stackIndex: as ``ScriptFailure/raised`` says.
  public func dismissRaised(at stackIndex: Int32) -> String {
    defer { unsafe pvl_set_top(state, stackIndex - 1) }
    switch try? value(at: stackIndex) {
    case .bytes(let text): return String(decoding: text, as: UTF8.self)
    case .integer(let number): return "\(number)"
    case .number(let number): return "\(number)"
    case .table(let table):
      guard case .bytes(let text) = table["message"] else { break }
      return String(decoding: text, as: UTF8.self)
    default: break
    }
    return unsafe "(error object is a \(String(cString: pvl_type_name(state, stackIndex))) value)"
  }
}
