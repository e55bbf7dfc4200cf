import LuaHost
import MemoryModel
import RemoteMemory

/// A type as a script says it: itself, or its name.
enum TypeArgument {
  case object(TypeObject)
  case name(String, TypeCatalog)

  /// The type, for the memory of a process.
  func object(in handle: ProcessHandle) throws -> TypeObject {
    switch self {
    case .object(let object): return object
    case .name(let name, let catalog):
      guard let type = catalog.type(named: name) else {
        throw ArgumentMismatch(Spelling.unknown("type", name, among: catalog.names))
      }
      return TypeObject(type, catalog)
    }
  }

  /// How it lies there.
  func layout(in handle: ProcessHandle) throws -> StructLayout {
    try object(in: handle).layout(for: handle.source)
  }
}

extension ArgumentType where Value == TypeArgument {
  /// A type, its name, or a table of fields: `{ hp={0,"i32"}, pos={4,"f32",3}, size=64 }` with
  /// offsets, or `{ {"hp","i32"}, {"pos","f32",3} }` one behind the other as a C compiler lays them.
  static var layout: ArgumentType<TypeArgument> {
    ArgumentType("pvm.type or layout table", annotation: "pvm.type|table|string") { call, index in
      let catalog = call.session.declarations.catalog
      switch try call.value(at: index) {
      case .table(let table): return .object(try TypeObject(table, name: nil, catalog))
      case .object(let object as TypeObject, _): return .object(object)
      case .bytes(let name): return .name(String(decoding: name, as: UTF8.self), catalog)
      default: throw call.mismatch("layout table or pvm.type", at: index)
      }
    }
  }
}

extension TypeObject {
  /// The type that a table of fields describes; without a name it gets one that nothing else has.
  convenience init(_ table: LuaTable, name: String?, _ catalog: TypeCatalog) throws {
    var catalog = catalog
    table.addTypes(to: &catalog)
    let name = name ?? Self.freshName()
    let wide = try StructLayout(
      table, path: "layout", TypeContext(width: .eight, catalog: catalog, ownName: name))
    let narrow = try? StructLayout(
      table, path: "layout", TypeContext(width: .four, catalog: catalog, ownName: name))
    let type = StructType(name: name, narrow: narrow, wide: wide)
    catalog.add(type)
    self.init(type, catalog)
  }
}

extension LuaTable {
  /// Adds all types that stand in it, with those their pointers lead to.
  fileprivate func addTypes(to catalog: inout TypeCatalog) {
    for value in array + fields.map(\.value) {
      switch value {
      case .table(let table): table.addTypes(to: &catalog)
      case .object(let object as TypeObject, _): catalog.add(object.catalog)
      default: break
      }
    }
  }
}

/// What the names in a table of fields mean.
struct TypeContext {
  var width = PointerWidth.eight
  var catalog = TypeCatalog()
  /// What `to="self"` is.
  var ownName: String?
}

extension StructLayout {
  /// Reads a layout; `path` names the place in messages.
  init(_ table: LuaTable, path: String, _ context: TypeContext) throws {
    var fields = try table.array.enumerated().map { index, value in
      try Field(inOrder: value, path: "\(path)[\(index + 1)]", context)
    }
    var byteCount: Int?
    for (name, value) in table.fields.sorted(by: { $0.name < $1.name }) {
      if name == "size", let size = value.wholeNumber {
        byteCount = Int(clamping: size)
      } else {
        fields.append(try Field(named: name, value, path: "\(path).\(name)", context))
      }
    }
    guard table.others.isEmpty else {
      throw ArgumentMismatch("\(path): a field is named by text, not by another kind of key")
    }
    do {
      self = try StructLayout(fields: fields, byteCount: byteCount, for: context.width)
    } catch {
      throw ArgumentMismatch("\(path): \(error)")
    }
  }
}

extension StructLayout.Field {
  /// `{"hp", "i32"}`: a name, then what an item says.
  fileprivate init(inOrder value: LuaValue, path: String, _ context: TypeContext) throws {
    guard case .table(let table) = value, case .bytes(let name)? = table.array.first else {
      throw ArgumentMismatch("\(path) must be {name, type [, count]}")
    }
    let item = try TypedItem(table, path: path, context)
    self.init(
      key: .name(String(decoding: name, as: UTF8.self)), element: item.element,
      count: item.count, stride: item.stride)
  }

  /// `hp = {0, "i32"}`: an offset, then what an item says.
  fileprivate init(
    named name: String, _ value: LuaValue, path: String, _ context: TypeContext
  ) throws {
    guard case .table(let table) = value, let offset = table.array.first?.wholeNumber else {
      throw ArgumentMismatch("\(path) must be {offset, type [, count]}")
    }
    let item = try TypedItem(table, path: path, context)
    self.init(
      key: .name(name), offset: Int(clamping: offset), element: item.element, count: item.count,
      stride: item.stride)
  }
}

/// What a table says from its second entry on: `{_, type, count, stride=, to=, bit=, bits=}`.
struct TypedItem {
  let element: StructLayout.Element
  let count: Int?
  let stride: Int?
  private static let options = ["stride", "to", "bit", "bits"]

  init(_ table: LuaTable, path: String, _ context: TypeContext = TypeContext()) throws {
    let length = try Self.number(table.array.dropFirst(2).first, path + ": count")
    stride = try Self.number(table["stride"], path + ": stride")
    for (name, _) in table.fields where !Self.options.contains(name) {
      throw ArgumentMismatch(
        "\(path): " + Spelling.unknown("option", name, among: Self.options))
    }
    let bit = try Self.number(table["bit"], path + ": bit")
    let bits = try Self.number(table["bits"], path + ": bits")
    var found: (element: StructLayout.Element, count: Int?)
    switch table.array.dropFirst().first {
    case .table(let inner)?:
      found = (.nested(try StructLayout(inner, path: path, context)), length)
    case .object(let object as TypeObject, _)?:
      found = (.nested(try object.type.layout(context.width, path)), length)
    case .bytes(let bytes)?:
      found = try Self.element(String(decoding: bytes, as: UTF8.self), length, path, context)
    default:
      throw ArgumentMismatch("\(path): the type is missing")
    }
    if let target = table["to"] {
      found.element = try Self.pointer(found.element, to: target, path, context)
    }
    if bit != nil || bits != nil {
      guard case .scalar(let format) = found.element else {
        throw ArgumentMismatch("\(path): only whole numbers have bits")
      }
      found.element = .bits(.init(format: format, first: bit, count: bits ?? 1))
    }
    (element, count) = found
  }

  /// A scalar with perhaps a count of elements; text or bytes, whose number is their size; a type by
  /// its name, or a pointer to one.
  private static func element(
    _ name: String, _ length: Int?, _ path: String, _ context: TypeContext
  ) throws -> (StructLayout.Element, Int?) {
    if let format = ScalarFormat(name: name) { return (.scalar(format), length) }
    if name == "cstr" || TextEncoding(rawValue: name) != nil {
      guard let length else {
        throw ArgumentMismatch("\(path): \(name) needs its size in bytes as the third entry")
      }
      if name == "bytes" { return (.bytes(length), nil) }
      return (.text(TextEncoding(rawValue: name) ?? .bytes, byteCount: length), nil)
    }
    if name.hasSuffix("*") {
      let target = String(name.dropLast().reversed().drop { $0 == " " }.reversed())
      if target == "void" || target.hasSuffix("*") { return (.scalar(ScalarFormat(.ptr)), length) }
      return (.pointer(to: try known(target, path, context)), length)
    }
    if let type = context.catalog.type(named: name) {
      return (.nested(try type.layout(context.width, path)), length)
    }
    throw ArgumentMismatch("\(path): " + unknown(name, context))
  }

  private static func unknown(_ name: String, _ context: TypeContext) -> String {
    let names = ScalarFormat.all.map(\.name) + TextEncoding.allCases.map(\.rawValue) + ["cstr"]
    return Spelling.unknown("type", name, among: names + context.catalog.names)
  }

  /// The name of a type that a pointer leads to.
  private static func known(
    _ name: String, _ path: String, _ context: TypeContext
  ) throws -> String {
    if name == context.ownName { return name }
    if name == "self", let own = context.ownName { return own }
    guard let type = context.catalog.type(named: name) else {
      throw ArgumentMismatch("\(path): " + unknown(name, context))
    }
    return type.name
  }

  /// A pointer that says what it points at.
  private static func pointer(
    _ element: StructLayout.Element, to target: LuaValue, _ path: String, _ context: TypeContext
  ) throws -> StructLayout.Element {
    guard case .scalar(let format) = element, format == ScalarFormat(.ptr) else {
      throw ArgumentMismatch("\(path): to= needs the type \"ptr\"")
    }
    switch target {
    case .object(let object as TypeObject, _): return .pointer(to: object.type.name)
    case .bytes(let name):
      return .pointer(to: try known(String(decoding: name, as: UTF8.self), path, context))
    default: throw ArgumentMismatch("\(path): to= is a pvm.type or its name")
    }
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

extension StructType {
  /// How it lies in memory, as a part of something else.
  fileprivate func layout(_ width: PointerWidth, _ path: String) throws -> StructLayout {
    guard let layout = layout(pointerWidth: width) else {
      throw ArgumentMismatch(
        "\(path): how '\(name)' lies in memory of \(width.bits) bits is not known")
    }
    return layout
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
    case .object(let view as ViewObject, _):
      self = .scalar(.unsigned(view.address.rawValue))
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
