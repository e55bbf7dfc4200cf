import LuaHost
import MemoryModel
import RemoteMemory

/// The items of a plan as a script gave them.
struct ScatterRequest {
  /// The places; those at the end of a path have no address yet.
  let items: [ScatterItem]
  let names: ItemNames
  /// The paths that lead to places, with the positions of those.
  let routes: [(index: Int, path: AddressPath)]
}

extension ArgumentType where Value == ScatterRequest {
  static var scatterItems: ArgumentType<ScatterRequest> {
    ArgumentType<LuaValue>.table.map("table of places", annotation: "table") { value in
      guard case .table(let table) = value, table.others.isEmpty else {
        throw ArgumentMismatch("keys are names, or numbers from 1 without a gap")
      }
      let named = table.fields.sorted { $0.name < $1.name }
      let places =
        try table.array.enumerated().map { try ScatterPlace($1, path: "item \($0 + 1)") }
        + named.map { try ScatterPlace($0.value, path: "item '\($0.name)'") }
      return ScatterRequest(
        items: places.map(\.item),
        names: ItemNames(numbered: table.array.count, named: named.map(\.name)),
        routes: places.enumerated().compactMap { index, place in place.path.map { (index, $0) } })
    }
  }
}

/// One place of a plan, and perhaps the path that leads to it.
private struct ScatterPlace {
  let item: ScatterItem
  let path: AddressPath?

  init(_ value: LuaValue, path: String) throws {
    guard case .table(let table) = value, let first = table.array.first,
      let place = try PlaceArgument.read(first, path: path)
    else { throw ArgumentMismatch("\(path) must be {address, type [, count]}") }
    let element = try ScatterItem.Element(TypedItem(table, path: path), path: path)
    switch place {
    case .number(let address):
      item = ScatterItem(address: address, element: element)
      self.path = nil
    case .path(let way):
      item = ScatterItem(address: .zero, element: element)
      self.path = way
    }
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
    case (.pointer, nil): self = .scalar(ScalarFormat(.ptr))
    case (.pointer, let count?): self = .array(ScalarFormat(.ptr), count: count)
    case (.bits, _), (.array, _):
      throw ArgumentMismatch("\(path): a plan takes no bits; read the whole word")
    case (.nested, _):
      throw ArgumentMismatch("\(path): a plan takes no nested layout; name its fields one by one")
    }
  }
}
