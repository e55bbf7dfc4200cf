internal import CLuaBridge

/// Looks at a Lua value within limits.
struct Inspector {
  let stack: RawStack
  let host: LuaState
  let limits: InspectionLimits
  private var left: Int
  /// The tables around the value being looked at.
  private var path: [UInt] = []

  init(_ stack: RawStack, _ host: LuaState, _ limits: InspectionLimits) {
    self.stack = stack
    self.host = host
    self.limits = limits
    left = limits.total
  }

  mutating func value(_ index: Int32) -> InspectedValue {
    let index = stack.absolute(index)
    switch stack.type(index) {
    case PVL_NONE, PVL_NIL: return .null
    case PVL_BOOLEAN: return .boolean(stack.truth(index))
    case PVL_INTEGER: return .integer(stack.integer(index))
    case PVL_NUMBER: return .number(stack.numberText(index))
    case PVL_STRING:
      let (bytes, count) = stack.bytes(index, limit: limits.bytes) ?? ([], 0)
      return .bytes(bytes, count: count)
    case PVL_TABLE: return hasText(index) ? described(index) : table(index)
    case PVL_CALLABLE: return function(index)
    case PVL_OBJECT:
      let object = stack.object(index)
      if let object, limits.describesObject(object) { return described(index) }
      return .object(object, className: host.className(stack.classID(index)))
    default: return described(index)
    }
  }

  private func function(_ index: Int32) -> InspectedValue {
    if let place = host.manualPlace(stack.declaredFunction(index)) { return .declared(place) }
    guard var text = stack.functionText(index) else { return .null }
    if text.place == nil { text.name = stack.standardName(index) }
    return .function(text)
  }

  // MARK: What the value says of itself

  private func hasText(_ index: Int32) -> Bool {
    stack.scoped {
      guard stack.pushMetatable(index) else { return false }
      stack.pushField(-1, "__tostring")
      return stack.type(-1) != PVL_NIL
    } ?? false
  }

  /// Calls `__tostring`, which may fail, and takes what it says.
  private func described(_ index: Int32) -> InspectedValue {
    let typeName = stack.typeName(index)
    return stack.scoped {
      let top = stack.top
      let status = unsafe pvl_push_text(stack.state, index)
      // A __tostring may answer a number.
      if status == PVL_OK, [PVL_INTEGER, PVL_NUMBER].contains(stack.type(-1)) {
        let text = Array(stack.numberText(-1).utf8)
        return .described(text, count: text.count)
      }
      guard stack.top > top, let (bytes, count) = stack.bytes(-1, limit: limits.bytes) else {
        return .failed(Array("no text".utf8), typeName: typeName)
      }
      return status == PVL_OK
        ? .described(bytes, count: count) : .failed(bytes, typeName: typeName)
    } ?? .failed(Array("not enough memory".utf8), typeName: typeName)
  }

  // MARK: Tables

  private mutating func table(_ index: Int32) -> InspectedValue {
    let identity = stack.identity(index)
    if let place = path.lastIndex(of: identity) { return .cycle(levels: path.count - place) }
    guard path.count < limits.depth, left > 0 else {
      return .deeper(entries: stack.scoped { stack.entryCount(index) } ?? 0)
    }
    path.append(identity)
    defer { path.removeLast() }
    var table = InspectedTable()
    items(index, into: &table)
    fields(index, into: &table)
    return .table(table)
  }

  /// The part from 1 on without a gap.
  private mutating func items(_ index: Int32, into table: inout InspectedTable) {
    table.itemCount = stack.length(index)
    let shown = min(table.itemCount, limits.entries)
    for number in stride(from: 0, to: shown, by: 1) where left > 0 {
      left -= 1
      table.items.append(
        pushed { inspector in
          inspector.stack.pushItem(index, Int64(number) + 1)
        })
    }
  }

  private mutating func pushed(_ push: (borrowing Inspector) -> Void) -> InspectedValue {
    guard unsafe pvl_reserve_stack(stack.state, 20) else { return .null }
    let top = stack.top
    defer { stack.pop(to: top) }
    push(self)
    return value(-1)
  }

  /// All entries are put on the stack first, since a `__tostring` may change the table, which a
  /// traversal must not meet.
  private mutating func fields(_ index: Int32, into table: inout InspectedTable) {
    let top = stack.top
    defer { stack.pop(to: top) }
    var entries: [(key: SortedKey, slot: Int32)] = []
    table.fieldCount = collect(index, beyond: Int64(table.itemCount), into: &entries)
    entries.sort { $0.key < $1.key }
    for entry in entries.prefix(limits.entries) where left > 0 {
      left -= 1
      table.fields.append((entry.key.value, pushed { $0.stack.pushCopy(entry.slot) }))
    }
  }

  /// Leaves keys and values on the stack, of so many entries as can be sorted quickly.
  /// - Returns: how many there are.
  private func collect(
    _ index: Int32, beyond items: Int64, into entries: inout [(key: SortedKey, slot: Int32)]
  ) -> Int {
    let most = limits.entries * 4
    var count = 0
    unsafe pvl_push_nil(stack.state)
    while unsafe pvl_reserve_stack(stack.state, 20) && pvl_next(stack.state, index) {
      let value = stack.top
      if stack.type(-2) == PVL_INTEGER, (1...max(items, 1)).contains(stack.integer(-2)), items > 0 {
        stack.pop(to: value - 1)
        continue
      }
      count += 1
      guard entries.count < most else {
        stack.pop(to: value - 1)
        if LuaState.isInterrupted { break }
        continue
      }
      entries.append((SortedKey(stack, -2), value))
      stack.pushCopy(value - 1)
    }
    return count
  }
}
