internal import CLuaBridge

/// Declared options in tables that lie inside an argument, beside numbered entries:
/// `{ {"i32", 5}, {"f32", 1.5, digits=1} }`.
extension Call {
  /// Reads declared options from a table. Unknown names are refused with the nearest known one.
  ///
  /// - Parameters:
  ///   - options: made by `.options` or `.optionGroups`.
  ///   - index: where the table lies; nothing there gives every option its default.
  ///   - items: the numbers that entries beside the options may have; nil: there are none.
  /// - Throws: `ArgumentMismatch`.
  public func readOptions<Value>(
    _ options: Parameter<Value>, at index: Int32, allowingItems items: ClosedRange<Int64>? = nil
  ) throws -> Value {
    guard let readFields = options.readFields else { return try options.type.read(self, index) }
    let index = unsafe pvl_absolute_index(state, index)
    let names = options.options.map(\.name)
    let hasTable = try checkOptions(names, at: index, allowingItems: items)
    return try readFields(self, index, hasTable)
  }

  /// Whether a table has entries under anything but whole numbers.
  public func hasNamedEntries(at table: Int32) throws -> Bool {
    var isNamed = false
    try forEachKey(of: table) { call in
      isNamed = isNamed || call.kind(at: -1) != .integer
    }
    return isNamed
  }

  /// The whole numbers under which a table has entries, ascending.
  public func itemNumbers(of table: Int32) throws -> [Int64] {
    var numbers: [Int64] = []
    try forEachKey(of: table) { call in
      if call.kind(at: -1) == .integer { numbers.append(try call.integer(at: -1)) }
    }
    return numbers.sorted()
  }

  /// Lends the stack index of t[number], where nil lies when there is no such entry.
  public func item<Result>(
    _ number: Int64, of table: Int32, _ body: (borrowing Call, Int32) throws -> Result
  ) throws -> Result {
    guard unsafe pvl_reserve_stack(state, 8) else { throw ArgumentMismatch("not enough memory") }
    let base = unsafe pvl_top(state)
    defer { unsafe pvl_set_top(state, base) }
    unsafe pvl_push_item(state, table, number)
    return try body(self, base + 1)
  }

  /// Calls `body` with each key on top of the stack.
  private func forEachKey(of table: Int32, _ body: (borrowing Call) throws -> Void) throws {
    guard kind(at: table) == .table else { throw mismatch("table", at: table) }
    guard unsafe pvl_reserve_stack(state, 8) else { throw ArgumentMismatch("not enough memory") }
    let table = unsafe pvl_absolute_index(state, table)
    let base = unsafe pvl_top(state)
    defer { unsafe pvl_set_top(state, base) }
    unsafe pvl_push_nil(state)
    while unsafe pvl_next(state, table) {
      unsafe pvl_set_top(state, base + 1)
      try body(self)
    }
  }
}

extension Parameter {
  /// The names and notes of the options of a table, a line each: for the notes of a function that
  /// reads them from tables inside an argument.
  public var optionNotes: String {
    options.map { "- `\($0.name)`: \($0.note)" }.joined(separator: "\n")
  }
}
