internal import CLuaBridge

/// A Lua stack to look at values with: everything is read raw, nothing raises, no code of a script
/// runs.
@safe
struct RawStack {
  let state: OpaquePointer

  init(_ state: OpaquePointer) { unsafe self.state = state }

  /// Runs `body` and takes away all that it left on the stack. Nil where there is no room.
  func scoped<Result>(_ body: () -> Result) -> Result? {
    guard unsafe pvl_reserve_stack(state, 20) else { return nil }
    let top = self.top
    defer { unsafe pvl_set_top(state, top) }
    return body()
  }

  /// Makes room for what one step of a look-up pushes; false: there is none.
  var hasRoom: Bool { unsafe pvl_reserve_stack(state, 64) }
  var top: Int32 { unsafe pvl_top(state) }
  func pop(to top: Int32) { unsafe pvl_set_top(state, top) }
  func absolute(_ index: Int32) -> Int32 { unsafe pvl_absolute_index(state, index) }

  // MARK: Values

  func type(_ index: Int32) -> pvl_type { unsafe pvl_type_at(state, index) }
  func typeName(_ index: Int32) -> String { unsafe String(cString: pvl_type_name(state, index)) }
  func classID(_ index: Int32) -> Int32 { unsafe pvl_class_at(state, index) }
  func truth(_ index: Int32) -> Bool { unsafe pvl_truth_at(state, index) }
  func identity(_ index: Int32) -> UInt {
    unsafe UInt(bitPattern: pvl_identity_at(state, index))
  }

  func integer(_ index: Int32) -> Int64 {
    var value: Int64 = 0
    _ = unsafe pvl_integer_at(state, index, &value)
    return value
  }

  /// The text of a number as tostring gives it.
  func numberText(_ index: Int32) -> String {
    let text = unsafe [UInt8](unsafeUninitializedCapacity: Int(PVL_NUMBER_TEXT)) { buffer, count in
      unsafe count = buffer.withMemoryRebound(to: CChar.self) {
        unsafe pvl_number_text_at(state, index, $0.baseAddress)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The first bytes of a string and how many there are; nil for any other value.
  func bytes(_ index: Int32, limit: Int = .max) -> (bytes: [UInt8], count: Int)? {
    var count = 0
    guard let start = unsafe pvl_bytes_at(state, index, &count) else { return nil }
    let bytes = unsafe [UInt8](
      UnsafeRawBufferPointer(start: start, count: min(count, limit)))
    return (bytes, count)
  }

  func text(_ index: Int32) -> String? {
    bytes(index).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// The object behind a handle that is open.
  func object(_ index: Int32) -> AnyObject? {
    let id = classID(index)
    var pointer: UnsafeMutableRawPointer?
    guard id >= 0, unsafe pvl_object_at(state, index, id, &pointer) == PVL_HANDLE_OPEN,
      let pointer = unsafe pointer
    else { return nil }
    return unsafe Unmanaged<AnyObject>.fromOpaque(pointer).takeUnretainedValue()
  }

  func declaredFunction(_ index: Int32) -> Int32 {
    unsafe pvl_declared_function_at(state, index)
  }

  // MARK: Pushing

  func pushGlobals() { unsafe pvl_push_globals(state) }
  func pushCopy(_ index: Int32) { unsafe pvl_push_copy(state, index) }
  func pushMetatable(_ index: Int32) -> Bool { unsafe pvl_push_metatable(state, index) }

  func pushItem(_ table: Int32, _ number: Int64) { unsafe pvl_push_item(state, table, number) }

  /// Pushes the value of a text key, nil where there is none. The debug library can put anything into
  /// the place of a table.
  func pushField(_ table: Int32, _ name: String) {
    guard type(table) == PVL_TABLE else { return unsafe pvl_push_nil(state) }
    unsafe name.withCStringAndCount { unsafe pvl_push_field(state, table, $0, $1) }
  }

  /// Calls `body` with each key at -2 and its value at -1, until it answers false.
  func forEachEntry(_ table: Int32, _ body: () -> Bool) {
    guard type(table) == PVL_TABLE else { return }
    let table = absolute(table)
    let base = top
    unsafe pvl_push_nil(state)
    while unsafe pvl_next(state, table) {
      guard body() else { break }
      pop(to: base + 1)
    }
    pop(to: base)
  }

  func length(_ table: Int32) -> Int { Int(clamping: unsafe pvl_length_at(state, table)) }
  func entryCount(_ table: Int32) -> Int { Int(clamping: unsafe pvl_count_entries(state, table)) }
}

extension LuaState {
  /// The stack to look at between two runs; nil once closed.
  var idleStack: RawStack? {
    guard let pointer = unsafe pointer, let state = unsafe pvl_idle_state(pointer) else {
      return nil
    }
    return unsafe RawStack(state)
  }
}

extension Call {
  var rawStack: RawStack { unsafe RawStack(state) }
}
