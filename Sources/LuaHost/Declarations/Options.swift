internal import CLuaBridge

extension Parameter {
  /// A trailing table of options, each declared like a parameter. Its value is the tuple of theirs;
  /// unknown names are refused with the nearest known one. Without the table every option has its
  /// default, so each must have one.
  public static func options<each Option>(
    _ note: String = "options", _ option: repeat Parameter<each Option>
  ) -> Parameter where Value == (repeat each Option) {
    var texts: [ParameterText] = []
    repeat texts.append((each option).text)
    return table(note, texts) { call, index, hasTable in
      (repeat try call.option(each option, at: index, hasTable: hasTable))
    }
  }

  /// Several declared tables of options that a script gives as one.
  ///
  /// - Parameter alsoBefore: whether the table may stand in the place of the parameter before, so
  ///   that `f(x, {...})` and `f(x, y, {...})` both go.
  public static func optionGroups<each Group>(
    _ note: String, alsoBefore: Bool = false, _ group: repeat Parameter<each Group>
  ) -> Parameter where Value == (repeat each Group) {
    var texts: [ParameterText] = []
    repeat texts.append(contentsOf: (each group).options)
    return table(note, texts, alsoBefore: alsoBefore) { call, index, hasTable in
      (repeat try (each group).fields(call, index, hasTable))
    }
  }

  private static func table(
    _ note: String, _ texts: [ParameterText], alsoBefore: Bool = false,
    read: @escaping (borrowing Call, Int32, Bool) throws -> Value
  ) -> Parameter {
    let names = texts.map(\.name)
    let type = ArgumentType<Value>("table of options", annotation: "table") { call, index in
      let isBefore = alsoBefore && call.isAbsent(at: index) && call.kind(at: index - 1) == .table
      let index = isBefore ? index - 1 : index
      return try read(call, index, try call.checkOptions(names, at: index))
    }
    var parameter = Parameter(
      name: "options", type: type, note: note, absent: nil, defaultText: nil)
    parameter.options = texts
    parameter.readFields = read
    return parameter
  }

  private func fields(_ call: borrowing Call, _ index: Int32, _ hasTable: Bool) throws -> Value {
    guard let readFields else { return try type.read(call, index) }
    return try readFields(call, index, hasTable)
  }
}

extension Call {
  /// False where the table was left out.
  ///
  /// - Parameter items: the numbers that entries beside the options may have; nil: there are none.
  func checkOptions(
    _ names: [String], at index: Int32, allowingItems items: ClosedRange<Int64>? = nil
  ) throws -> Bool {
    if isAbsent(at: index) { return false }
    guard kind(at: index) == .table else { throw mismatch("table of options", at: index) }
    guard unsafe pvl_reserve_stack(state, 8) else { throw ArgumentMismatch("not enough memory") }
    let base = unsafe pvl_top(state)
    defer { unsafe pvl_set_top(state, base) }
    unsafe pvl_push_nil(state)
    while unsafe pvl_next(state, index) {
      if let items, kind(at: -2) == .integer {
        try check(integer(at: -2), among: items)
      } else {
        try checkOption(among: names)
      }
      unsafe pvl_set_top(state, base + 1)
    }
    return true
  }

  private func check(_ number: Int64, among items: ClosedRange<Int64>) throws {
    guard !items.contains(number) else { return }
    throw ArgumentMismatch(
      "entries have numbers from \(items.lowerBound) to \(items.upperBound), got \(number)")
  }

  /// The name lies below the top of the stack.
  private func checkOption(among names: [String]) throws {
    guard kind(at: -2) == .string else {
      throw ArgumentMismatch("option names are strings, got a \(mismatchName(at: -2))")
    }
    let name = String(decoding: try bytes(at: -2), as: UTF8.self)
    guard names.contains(name) else {
      throw ArgumentMismatch(Spelling.unknown("option", name, among: names))
    }
  }

  private func mismatchName(at index: Int32) -> String {
    unsafe String(cString: pvl_type_name(state, index))
  }

  fileprivate func option<Value>(
    _ option: Parameter<Value>, at index: Int32, hasTable: Bool
  ) throws -> Value {
    guard hasTable else {
      if let value = option.defaultValue { return value }
      throw ArgumentMismatch("option '\(option.name)' is missing")
    }
    return try field(option.name, of: index) { call, field in
      if call.isAbsent(at: field) {
        if let value = option.defaultValue { return value }
        throw ArgumentMismatch("option '\(option.name)' is missing")
      }
      do { return try option.type.read(call, field) } catch let mismatch as ArgumentMismatch {
        throw ArgumentMismatch("option '\(option.name)': \(mismatch.reason)")
      }
    }
  }

  /// Lends the stack index of a table's field (nil where it is absent).
  public func field<Result>(
    _ name: String, of table: Int32, _ body: (borrowing Call, Int32) throws -> Result
  ) throws -> Result {
    guard unsafe pvl_reserve_stack(state, 8) else { throw ArgumentMismatch("not enough memory") }
    let base = unsafe pvl_top(state)
    defer { unsafe pvl_set_top(state, base) }
    unsafe name.withCStringAndCount { unsafe pvl_push_field(state, table, $0, $1) }
    return try body(self, base + 1)
  }
}

extension Parameter {
  /// The same parameter with its value turned into something else.
  public func map<Other>(_ transform: @escaping (Value) throws -> Other) -> Parameter<Other> {
    var parameter = Parameter<Other>(
      name: name, type: type.map { try transform($0) }, note: note,
      absent: absent.flatMap { try? transform($0) }, defaultText: defaultText)
    parameter.options = options
    if let readFields {
      parameter.readFields = { call, index, hasTable in
        try transform(readFields(call, index, hasTable))
      }
    }
    return parameter
  }
}
