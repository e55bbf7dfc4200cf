internal import CLuaBridge

/// A Lua value as Swift holds it: scalars and copies.
public enum LuaValue {
  case null
  case boolean(Bool)
  case integer(Int64)
  case number(Double)
  case bytes([UInt8])
  case table(LuaTable)
  case function(KeptFunction)
  /// An object of a declared class.
  case object(AnyObject, className: String)

  /// Text as bytes.
  public static func text(_ text: String) -> LuaValue { .bytes(Array(text.utf8)) }

  /// The type's name as Lua gives it.
  public var typeName: String {
    switch self {
    case .null: "nil"
    case .boolean: "boolean"
    case .integer, .number: "number"
    case .bytes: "string"
    case .table: "table"
    case .function: "function"
    case .object(_, let name): name
    }
  }
}

/// A copied Lua table: its array part, its text keys, and the rest.
public struct LuaTable {
  /// t[1] to t[#t] without a gap.
  public var array: [LuaValue] = []
  /// Text keys, in the order of traversal (which is Lua's, and has no meaning).
  public var fields: [(name: String, value: LuaValue)] = []
  /// Every other key.
  public var others: [(key: LuaValue, value: LuaValue)] = []

  public init() {}

  public init(_ fields: [(name: String, value: LuaValue)]) { self.fields = fields }

  /// The value of a text key.
  public subscript(name: String) -> LuaValue? { fields.first { $0.name == name }?.value }
}

/// Entries one copied table may have in all, its inner tables included.
private let entryLimit = 4_000_000
private let depthLimit = 100
/// A table takes the memory of about so many entries, also an empty one.
private let tableCost = 8

extension Call {
  /// Copies a value out of Lua. Tables are read raw: no metamethod runs. A cycle ends in the error
  /// that the table is too deep.
  public func value(at index: Int32) throws -> LuaValue {
    var budget = entryLimit
    return try value(at: index, depth: 0, budget: &budget)
  }

  private func value(at index: Int32, depth: Int, budget: inout Int) throws -> LuaValue {
    switch kind(at: index) {
    case .none, .null: return .null
    case .boolean: return .boolean(truth(at: index))
    case .integer: return .integer(try integer(at: index))
    case .number: return .number(try number(at: index))
    case .string: return .bytes(try bytes(at: index))
    case .table: return .table(try table(at: index, depth: depth, budget: &budget))
    case .callable: return .function(try keep(at: index))
    case .object: return try objectValue(at: index)
    case .other: throw mismatch("plain value", at: index)
    }
  }

  private func objectValue(at index: Int32) throws -> LuaValue {
    let classID = unsafe pvl_class_at(state, index)
    let object = try object(AnyObject.self, class: classID, at: index)
    return unsafe .object(object, className: host.className(classID))
  }

  private func table(at index: Int32, depth: Int, budget: inout Int) throws -> LuaTable {
    guard depth < depthLimit, unsafe pvl_reserve_stack(state, 8) else {
      throw ArgumentMismatch("table is too deep (or contains itself)")
    }
    let index = unsafe pvl_absolute_index(state, index)
    let base = unsafe pvl_top(state)
    defer { unsafe pvl_set_top(state, base) }
    var table = LuaTable()
    let count = Int64(clamping: unsafe pvl_length_at(state, index))
    guard count <= Int64(budget) else { throw ArgumentMismatch("table has too many entries") }
    budget -= Int(count) + tableCost
    table.array.reserveCapacity(Int(count))
    for i in stride(from: Int64(1), through: count, by: 1) {
      unsafe pvl_push_item(state, index, i)
      table.array.append(try value(at: -1, depth: depth + 1, budget: &budget))
      unsafe pvl_set_top(state, base)
    }
    unsafe pvl_push_nil(state)
    while unsafe pvl_next(state, index) {
      try entry(into: &table, arrayCount: count, depth: depth, budget: &budget)
      unsafe pvl_set_top(state, base + 1)
    }
    return table
  }

  /// Key at -2, value at -1.
  private func entry(
    into table: inout LuaTable, arrayCount: Int64, depth: Int, budget: inout Int
  ) throws {
    if kind(at: -2) == .integer, case let key = try integer(at: -2), key >= 1, key <= arrayCount {
      return
    }
    budget -= 1
    guard budget > 0 else { throw ArgumentMismatch("table has too many entries") }
    let value = try value(at: -1, depth: depth + 1, budget: &budget)
    if kind(at: -2) == .string {
      table.fields.append((String(decoding: try bytes(at: -2), as: UTF8.self), value))
    } else {
      table.others.append((try self.value(at: -2, depth: depth + 1, budget: &budget), value))
    }
  }
}
