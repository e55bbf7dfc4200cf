public import CLuaBridge

/// One call from Lua under way: its arguments, which are read without raising, and its reply.
///
/// Valid only until the declared function returns.
@safe
public struct Call: ~Copyable {
  @usableFromInline let state: OpaquePointer
  @usableFromInline let answer: OpaquePointer
  /// How many arguments the script passed, the receiver of a method included.
  public let argumentCount: Int32
  /// The Lua state that this call belongs to. Not retained: it outlives the call it makes.
  public unowned(unsafe) let host: LuaState

  @inlinable
  init(state: OpaquePointer, answer: OpaquePointer, argumentCount: Int32, host: LuaState) {
    unsafe self.state = state
    unsafe self.answer = answer
    self.argumentCount = argumentCount
    unsafe self.host = host
  }

  /// The reply being written.
  @inlinable public var reply: Reply { unsafe Reply(pointer: answer, host: host) }

  /// What kind of value is at a stack index.
  public enum Kind: Sendable {
    case none, null, boolean, integer, number, string, table, callable, object, other
  }

  public func kind(at index: Int32) -> Kind {
    switch unsafe pvl_type_at(state, index) {
    case PVL_NONE: .none
    case PVL_NIL: .null
    case PVL_BOOLEAN: .boolean
    case PVL_INTEGER: .integer
    case PVL_NUMBER: .number
    case PVL_STRING: .string
    case PVL_TABLE: .table
    case PVL_CALLABLE: .callable
    case PVL_OBJECT: .object
    default: .other
    }
  }

  /// True for nil and for an argument that was not passed.
  public func isAbsent(at index: Int32) -> Bool {
    let type = unsafe pvl_type_at(state, index)
    return type == PVL_NONE || type == PVL_NIL
  }

  /// "number expected, got string", in Lua's own wording.
  public func mismatch(_ expected: String, at index: Int32) -> ArgumentMismatch {
    let got = unsafe String(cString: pvl_type_name(state, index))
    return ArgumentMismatch("\(expected) expected, got \(got)")
  }

  @inlinable
  public func integer(at index: Int32) throws -> Int64 {
    var value: Int64 = 0
    if unsafe pvl_integer_at(state, index, &value) { return value }
    throw integerMismatch(at: index)
  }

  @usableFromInline
  func integerMismatch(at index: Int32) -> ArgumentMismatch {
    kind(at: index) == .number
      ? ArgumentMismatch("number has no integer representation") : mismatch("number", at: index)
  }

  public func number(at index: Int32) throws -> Double {
    var value = 0.0
    guard unsafe pvl_number_at(state, index, &value) else { throw mismatch("number", at: index) }
    return value
  }

  public func truth(at index: Int32) -> Bool { unsafe pvl_truth_at(state, index) }

  /// The bytes of a string; a number gives its decimal text.
  public func bytes(at index: Int32) throws -> [UInt8] {
    var count = 0
    if let start = unsafe pvl_bytes_at(state, index, &count) {
      return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
    let text = unsafe [UInt8](unsafeUninitializedCapacity: Int(PVL_NUMBER_TEXT)) { buffer, count in
      unsafe count = buffer.withMemoryRebound(to: CChar.self) {
        unsafe pvl_number_text_at(state, index, $0.baseAddress)
      }
    }
    guard !text.isEmpty else { throw mismatch("string", at: index) }
    return text
  }

  /// The object behind a handle of its class. Fails for other values and for closed handles.
  @inlinable
  public func object<Object: AnyObject>(
    _ type: Object.Type, class classID: Int32, at index: Int32
  ) throws -> Object {
    var pointer: UnsafeMutableRawPointer?
    let found = unsafe pvl_object_at(state, index, classID, &pointer)
    guard found == PVL_HANDLE_OPEN, let pointer = unsafe pointer else {
      throw objectMismatch(class: classID, isClosed: found == PVL_HANDLE_CLOSED, at: index)
    }
    return unsafe Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
  }

  @usableFromInline
  func objectMismatch(class classID: Int32, isClosed: Bool, at index: Int32) -> ArgumentMismatch {
    let name = unsafe host.className(classID)
    return isClosed ? ArgumentMismatch("\(name) is closed") : mismatch(name, at: index)
  }

  /// Whether there is a handle of a class that has been closed.
  public func isClosedHandle(class classID: Int32, at index: Int32) -> Bool {
    var pointer: UnsafeMutableRawPointer?
    return unsafe pvl_object_at(state, index, classID, &pointer) == PVL_HANDLE_CLOSED
  }

  /// Releases what the handle at an index holds; every later use of it says "closed".
  public func closeHandle(at index: Int32) { unsafe pvl_close_handle(state, index) }

  /// Keeps a function beyond this call.
  public func keep(at index: Int32) throws -> KeptFunction {
    let reference = unsafe pvl_keep(state, index)
    guard reference > 0 else { throw ScriptFailure.misuse("not enough memory") }
    return unsafe KeptFunction(reference: reference, host: host)
  }
}

/// A call under way, for closures that run before it returns and cannot borrow it.
@safe
public struct RunningCall {
  private let state: OpaquePointer
  private let answer: OpaquePointer
  private let argumentCount: Int32
  private unowned(unsafe) let host: LuaState

  fileprivate init(_ call: borrowing Call) {
    unsafe state = call.state
    unsafe answer = call.answer
    argumentCount = call.argumentCount
    unsafe host = call.host
  }

  /// Lends the call. Not to be used once the declared function has returned.
  public func callAsFunction<Result>(_ body: (borrowing Call) throws -> Result) rethrows -> Result {
    try body(unsafe Call(state: state, answer: answer, argumentCount: argumentCount, host: host))
  }
}

extension Call {
  /// This call, for closures.
  public var running: RunningCall { RunningCall(self) }
}
