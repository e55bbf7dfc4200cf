import LuaHost
import MemoryModel
import RemoteMemory

/// The items of a plan as a script gave them.
struct ScatterRequest {
  let items: [ScatterItem]
  let names: ItemNames
}

extension ArgumentType where Value == ScatterRequest {
  static var scatterItems: ArgumentType<ScatterRequest> {
    ArgumentType<LuaValue>.table.map("table of places", annotation: "table") { value in
      guard case .table(let table) = value, table.others.isEmpty else {
        throw ArgumentMismatch("keys are names, or numbers from 1 without a gap")
      }
      let named = table.fields.sorted { $0.name < $1.name }
      let items =
        try table.array.enumerated().map { try ScatterItem($1, path: "item \($0 + 1)") }
        + named.map { try ScatterItem($0.value, path: "item '\($0.name)'") }
      return ScatterRequest(
        items: items,
        names: ItemNames(numbered: table.array.count, named: named.map(\.name)))
    }
  }
}

extension ScatterItem {
  fileprivate init(_ value: LuaValue, path: String) throws {
    guard case .table(let table) = value, let address = table.array.first?.wholeNumber else {
      throw ArgumentMismatch("\(path) must be {address, type [, count]}")
    }
    let item = try TypedItem(table, path: path)
    self.init(
      address: Address(luaInteger: address), element: try Element(item, path: path))
  }
}

extension ScatterItem.Element {
  /// What a table says from its second entry on.
  init(_ item: TypedItem, path: String) throws {
    switch (item.element, item.count) {
    case (.scalar(let format), nil): self = .scalar(format)
    case (.scalar(let format), let count?): self = .array(format, count: count)
    case (.text(let encoding, let byteCount), _): self = .text(encoding, byteCount: byteCount)
    case (.bytes(let count), _): self = .bytes(count: count)
    case (.nested, _):
      throw ArgumentMismatch("\(path): a plan takes no nested layout; name its fields one by one")
    }
  }
}
