/// A Lua value as a person is shown it: cut to limits, read without running code of the script but
/// for a `__tostring`, which is called under protection.
public indirect enum InspectedValue {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// A float, as tostring writes it.
  case number(String)
  /// The first bytes of a string, and how many it has.
  case bytes([UInt8], count: Int)
  case table(InspectedTable)
  /// A table that contains itself, met again so many levels further in.
  case cycle(levels: Int)
  /// A table that lies too deep to be shown.
  case deeper(entries: Int)
  /// A declared function of the module.
  case declared(ManualPlace)
  case function(FunctionText)
  /// An object of a declared class; nil: it is closed.
  case object(AnyObject?, className: String)
  /// What a `__tostring` says, or else the type of something that has no other form.
  case described([UInt8], count: Int)
  /// A `__tostring` failed with this message.
  case failed([UInt8], typeName: String)
}

/// A table, cut to limits.
public struct InspectedTable {
  /// t[1] to t[n], as many as are shown.
  public var items: [InspectedValue] = []
  /// How many items there are in all.
  public var itemCount = 0
  /// All other entries that are shown, in the order of their keys.
  public var fields: [(key: InspectedValue, value: InspectedValue)] = []
  /// How many of those there are in all.
  public var fieldCount = 0

  public var isEmpty: Bool { itemCount == 0 && fieldCount == 0 }

  public init() {}

  /// The value of a text key.
  public subscript(name: String) -> InspectedValue? {
    fields.first { field in
      if case .bytes(let bytes, _) = field.key { return bytes.elementsEqual(name.utf8) }
      return false
    }?.value
  }
}

/// How much of a value is looked at.
public struct InspectionLimits {
  /// Levels of tables.
  public var depth = 6
  /// Entries of one table, of each of its two parts.
  public var entries = 1000
  /// Entries of all tables together.
  public var total = 5000
  /// Bytes of one string.
  public var bytes = 1 << 16
  /// Which objects of declared classes say themselves what they are; the others stay objects.
  public var describesObject: (AnyObject) -> Bool = { _ in false }

  public init() {}
}

extension InspectedValue {
  /// The type's name as Lua gives it.
  public var typeName: String {
    switch self {
    case .null: "nil"
    case .boolean: "boolean"
    case .integer, .number: "number"
    case .bytes: "string"
    case .table, .cycle, .deeper: "table"
    case .declared, .function: "function"
    case .object(_, let name), .failed(_, let name): name
    case .described: "value"
    }
  }
}
