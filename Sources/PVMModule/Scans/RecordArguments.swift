import LuaHost
import MemoryModel

extension ArgumentType where Value == RecordPattern {
  /// `{ size=64, align=8, [0]={"i32", 5}, [8]={"ptr", into="heap"} }`.
  static var recordPattern: ArgumentType<RecordPattern> {
    ArgumentType(
      "table of fields by their offsets",
      annotation: "{ size: integer, align: integer?, [integer]: table }"
    ) { call, index in
      guard call.kind(at: index) == .table else {
        throw call.mismatch("table of fields", at: index)
      }
      let offsets = 0...Int64(RecordPattern.mostBytes - 1)
      let shape = try call.readOptions(RecordShape.parameter, at: index, allowingItems: offsets)
      let numbers = try call.itemNumbers(of: index)
      guard numbers.count <= RecordPattern.mostFields else {
        throw ArgumentMismatch("\(RecordPatternError.fieldCount(numbers.count))")
      }
      let fields = try numbers.map { offset in
        try ArgumentMismatch.at("field at \(offset)") {
          RecordField(
            offset: Int(offset),
            try call.item(offset, of: index) { try RecordCondition($0, at: $1) })
        }
      }
      return RecordPattern(byteCount: shape.size, alignment: shape.alignment, fields: fields)
    }
  }
}

/// What a script says of a struct beside its fields.
struct RecordShape {
  let size: Int
  let alignment: Int?

  static var parameter: Parameter<RecordShape> {
    let limit = Int64(RecordPattern.mostBytes)
    return Parameter<(Int, Int?)>.options(
      "",
      Parameter("size", ArgumentType<Int>.count("size", from: 1, upTo: limit), "bytes"),
      .optional(
        "align", ArgumentType<Int>.count("align", from: 1, upTo: limit),
        "structs lie at multiples of so many bytes; by default the width of a pointer")
    ).map(RecordShape.init)
  }
}

extension RecordCondition {
  /// What a field's table asks: `{"i32", 5}`, `{"ptr", into="heap"}`, `{"bytes", "48 8b ??"}`.
  fileprivate init(_ call: borrowing Call, at table: Int32) throws {
    switch try call.itemType(.fieldType, at: table) {
    case .bytes:
      let isInverted = try call.readOptions(
        FieldOptions.inverted, at: table, allowingItems: Call.itemNumbers)
      let condition = RecordCondition.bytes(try call.itemPattern(at: table))
      self = isInverted ? .not(condition) : condition
    case .scalar(let format):
      let (value, options) = try call.itemValue(FieldOptions.parameter, at: table)
      self = try options.condition(format, value)
    }
  }
}

/// What the table of a field, or of what a pointer leads to, begins with.
enum FieldType {
  case scalar(ScalarFormat)
  case bytes
}

extension ArgumentType where Value == FieldType {
  /// A scalar type, or "bytes".
  static var fieldType: ArgumentType<FieldType> {
    let names = ScalarFormat.all.map(\.name) + ["bytes"]
    return ArgumentType<String>.text.map(
      "type name or \"bytes\"", annotation: "pvm.scalar|\"bytes\"", choices: names
    ) { name in
      if name == "bytes" { return .bytes }
      guard let format = ScalarFormat(name: name) else {
        throw ArgumentMismatch(Spelling.unknown("type", name, among: names))
      }
      return .scalar(format)
    }
  }
}
