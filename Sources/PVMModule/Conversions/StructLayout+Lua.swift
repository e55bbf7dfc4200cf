import LuaHost
import MemoryModel

extension ArgumentType where Value == StructLayout {
  /// A table of fields: `{ hp={0,"i32"}, pos={4,"f32",3}, name={16,"utf8",32}, size=64 }` with
  /// offsets, or `{ {"hp","i32"}, {"pos","f32",3} }` one behind the other as a C compiler lays them.
  static var layout: ArgumentType<StructLayout> {
    ArgumentType("layout table", annotation: "table") { call, index in
      guard case .table(let table) = try call.value(at: index) else {
        throw call.mismatch("layout table", at: index)
      }
      return try StructLayout(table, path: "layout")
    }
  }
}

extension StructLayout {
  /// Reads a layout; `path` names the place in messages.
  init(_ table: LuaTable, path: String) throws {
    var fields = try table.array.enumerated().map { index, value in
      try Field(inOrder: value, path: "\(path)[\(index + 1)]")
    }
    var byteCount: Int?
    for (name, value) in table.fields.sorted(by: { $0.name < $1.name }) {
      if name == "size", let size = value.wholeNumber {
        byteCount = Int(clamping: size)
      } else {
        fields.append(try Field(named: name, value, path: "\(path).\(name)"))
      }
    }
    guard table.others.isEmpty else {
      throw ArgumentMismatch("\(path): a field is named by text, not by another kind of key")
    }
    do { self = try StructLayout(fields: fields, byteCount: byteCount) } catch {
      throw ArgumentMismatch("\(path): \(error)")
    }
  }
}

extension StructLayout.Field {
  /// `{"hp", "i32"}`: a name, then what an item says.
  fileprivate init(inOrder value: LuaValue, path: String) throws {
    guard case .table(let table) = value, case .bytes(let name)? = table.array.first else {
      throw ArgumentMismatch("\(path) must be {name, type [, count]}")
    }
    let item = try TypedItem(table, path: path)
    self.init(
      key: .name(String(decoding: name, as: UTF8.self)), element: item.element,
      count: item.count, stride: item.stride)
  }

  /// `hp = {0, "i32"}`: an offset, then what an item says.
  fileprivate init(named name: String, _ value: LuaValue, path: String) throws {
    guard case .table(let table) = value, let offset = table.array.first?.wholeNumber else {
      throw ArgumentMismatch("\(path) must be {offset, type [, count]}")
    }
    let item = try TypedItem(table, path: path)
    self.init(
      key: .name(name), offset: Int(clamping: offset), element: item.element, count: item.count,
      stride: item.stride)
  }
}

/// What a table says from its second entry on: `{_, type, count, stride=}`.
struct TypedItem {
  let element: StructLayout.Element
  let count: Int?
  let stride: Int?

  init(_ table: LuaTable, path: String) throws {
    let length = try Self.number(table.array.dropFirst(2).first, path + ": count")
    stride = try Self.number(table["stride"], path + ": stride")
    for (name, _) in table.fields where name != "stride" {
      throw ArgumentMismatch(
        "\(path): " + Spelling.unknown("option", name, among: ["stride"]))
    }
    switch table.array.dropFirst().first {
    case .table(let inner)?:
      element = .nested(try StructLayout(inner, path: path))
      count = length
    case .bytes(let bytes)?:
      (element, count) = try Self.element(
        String(decoding: bytes, as: UTF8.self), length, path: path)
    default:
      throw ArgumentMismatch("\(path): the type is missing")
    }
  }

  /// A scalar with perhaps a count of elements; or text or bytes, whose number is their size.
  private static func element(
    _ name: String, _ length: Int?, path: String
  ) throws -> (StructLayout.Element, Int?) {
    if let format = ScalarFormat(name: name) { return (.scalar(format), length) }
    let isText = name == "cstr" || TextEncoding(rawValue: name) != nil
    guard isText else {
      let names = ScalarFormat.all.map(\.name) + TextEncoding.allCases.map(\.rawValue) + ["cstr"]
      throw ArgumentMismatch("\(path): " + Spelling.unknown("type", name, among: names))
    }
    guard let length else {
      throw ArgumentMismatch("\(path): \(name) needs its size in bytes as the third entry")
    }
    if name == "bytes" { return (.bytes(length), nil) }
    return (.text(TextEncoding(rawValue: name) ?? .bytes, byteCount: length), nil)
  }

  private static func number(_ value: LuaValue?, _ what: String) throws -> Int? {
    switch value {
    case nil, .null?: return nil
    case let value?:
      guard let number = value.wholeNumber, (0...Int64(StructLayout.byteLimit)).contains(number)
      else {
        throw ArgumentMismatch("\(what) must be an integer of 0 to \(StructLayout.byteLimit)")
      }
      return Int(number)
    }
  }
}

extension StructValue {
  /// The content of a Lua value that is to be written; its shape is checked against the layout later.
  init(_ value: LuaValue, path: String) throws {
    if let scalar = ScalarValue(value) {
      self = .scalar(scalar)
      return
    }
    switch value {
    case .bytes(let bytes): self = .bytes(bytes)
    case .table(let table) where table.fields.isEmpty && !table.array.isEmpty:
      self = .list(try table.array.map { try StructValue($0, path: path) })
    case .table(let table):
      guard table.array.isEmpty, table.others.isEmpty else {
        throw ArgumentMismatch("\(path): fields have names, got other keys too")
      }
      self = .record(
        try table.fields.map { field in
          Member(
            key: .name(field.name),
            value: try StructValue(field.value, path: "\(path).\(field.name)"))
        })
    default: throw ArgumentMismatch("\(path): a \(value.typeName) cannot be written")
    }
  }
}
