public import CLuaBridge

/// The answer to a call: a list of values that C hands to Lua once Swift has returned.
///
/// Building it never raises. Where memory does not suffice the reply turns into that error by
/// itself, so nothing here has to be checked.
@safe
public struct Reply {
  @usableFromInline let pointer: OpaquePointer
  @usableFromInline unowned(unsafe) let host: LuaState

  @inlinable
  init(pointer: OpaquePointer, host: LuaState) {
    unsafe self.pointer = pointer
    unsafe self.host = host
  }

  @inlinable public func null() { unsafe pvl_reply_nil(pointer) }
  @inlinable public func boolean(_ value: Bool) { unsafe pvl_reply_boolean(pointer, value) }
  @inlinable public func integer(_ value: Int64) { unsafe pvl_reply_integer(pointer, value) }
  @inlinable public func number(_ value: Double) { unsafe pvl_reply_number(pointer, value) }

  public func bytes(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe pvl_reply_bytes(pointer, $0.baseAddress, $0.count) }
  }

  public func bytes(_ bytes: UnsafeRawBufferPointer) {
    unsafe pvl_reply_bytes(pointer, bytes.baseAddress, bytes.count)
  }

  public func text(_ text: String) {
    var text = text
    text.withUTF8 { unsafe pvl_reply_bytes(pointer, $0.baseAddress, $0.count) }
  }

  /// A string filled in place: `body` gets storage of `capacity` bytes and answers how many of them
  /// the string has. Without memory `body` is not called, and the call raises that.
  public func bytes(
    capacity: Int, filledBy body: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows {
    guard let start = unsafe pvl_reply_reserve(pointer, capacity) else { return }
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: start, count: capacity)
    let count = try unsafe body(buffer)
    unsafe pvl_reply_commit(pointer, min(max(0, count), capacity))
  }

  /// A handle to an object of a declared class; the handle keeps one reference. `weight`: bytes it
  /// holds outside Lua, so that the collector hurries as if Lua held them.
  public func object<Object: AnyObject>(_ object: Object, weight: Int = 0) {
    guard let classID = unsafe host.classID(of: Object.self) ?? host.classID(of: object) else {
      return null()
    }
    unsafe pvl_reply_object(
      pointer, classID, Unmanaged.passRetained(object).toOpaque(), max(0, weight))
  }

  /// A copy of one of the call's arguments.
  public func argument(_ index: Int32) { unsafe pvl_reply_argument(pointer, index) }

  /// A kept function.
  public func function(_ function: KeptFunction) {
    // The call's own reference ends before C delivers.
    unsafe pvl_reply_hold(pointer, Unmanaged.passRetained(function).toOpaque())
    unsafe pvl_reply_kept(pointer, function.reference)
  }

  /// A table; values written by `body` are appended, or stored under the key written before them.
  public func table(arrayCount: Int = 0, recordCount: Int = 0, _ body: (Reply) throws -> Void)
    rethrows
  {
    let cap = Int(Int32.max / 64)
    unsafe pvl_reply_open_table(
      pointer, Int32(clamping: min(arrayCount, cap)), Int32(clamping: min(recordCount, cap)))
    try body(self)
    unsafe pvl_reply_close_table(pointer)
  }

  /// The key of the next value of the table being written.
  public func key(_ name: String) {
    unsafe name.withCStringAndCount { unsafe pvl_reply_key(pointer, $0, $1) }
  }

  public func key(_ index: Int64) { unsafe pvl_reply_integer_key(pointer, index) }

  /// A value of any shape.
  public func value(_ value: LuaValue) {
    switch value {
    case .null: null()
    case .boolean(let value): boolean(value)
    case .integer(let value): integer(value)
    case .number(let value): number(value)
    case .bytes(let value): bytes(value)
    case .function(let value): function(value)
    case .table(let table): write(table)
    case .object(let value, _): self.object(value)
    }
  }

  private func write(_ table: LuaTable) {
    self.table(arrayCount: table.array.count, recordCount: table.fields.count) { reply in
      for item in table.array { reply.value(item) }
      for field in table.fields {
        reply.key(field.name)
        reply.value(field.value)
      }
      for entry in table.others {
        guard case .integer(let index) = entry.key else { continue }
        reply.key(index)
        reply.value(entry.value)
      }
    }
  }
}
