import LuaHost
import MemoryModel
import RemoteMemory

/// The places of a watcher as a script gave them.
struct WatchRequest {
  let places: [WatchPlace]
  let names: ItemNames
  /// The processes of the places, held as long as they are watched.
  let handles: [ProcessHandle]

  /// - Parameter process: where places lie that name no process; nil when each has to name one.
  init(_ table: LuaTable, in process: ProcessHandle?) throws {
    guard table.others.isEmpty else {
      throw ArgumentMismatch("keys are names, or numbers from 1 without a gap")
    }
    let named = table.fields.sorted { $0.name < $1.name }
    var places: [WatchPlace] = []
    var handles: [ProcessHandle] = []
    let items =
      table.array.enumerated().map { ("place \($0 + 1)", $1) }
      + named.map { ("place '\($0.name)'", $0.value) }
    for (path, value) in items {
      let (place, handle) = try Self.place(value, in: process, path: path)
      places.append(place)
      if !handles.contains(where: { $0 === handle }) { handles.append(handle) }
    }
    self.places = places
    self.handles = handles
    names = ItemNames(numbered: table.array.count, named: named.map(\.name))
  }

  private static func place(
    _ value: LuaValue, in process: ProcessHandle?, path: String
  ) throws -> (WatchPlace, ProcessHandle) {
    switch value {
    case .object(let object, _):
      guard let cell = object as? CellObject else { break }
      return (WatchPlace(cell), cell.handle)
    case .table(var table):
      var handle = process
      if case .object(let object, _)? = table.array.first, let named = object as? ProcessHandle {
        handle = named
        table.array.removeFirst()
      }
      guard let handle, let location = try location(table.array.first, path) else { break }
      let element = try ScatterItem.Element(TypedItem(table, path: path), path: path)
      return (WatchPlace(in: handle.source, at: location, element), handle)
    default: break
    }
    throw ArgumentMismatch(
      "\(path) must be a pvm.cell or "
        + (process == nil ? "{process, address, type [, count]}" : "{address, type [, count]}"))
  }

  /// An address; {base, offset, ...}: the end of a chain of pointers; or a path.
  private static func location(_ value: LuaValue?, _ path: String) throws -> WatchPlace.Location? {
    switch try value.flatMap({ try PlaceArgument.read($0, path: path) }) {
    case .number(let address)?: return .address(address)
    case .path(let way)?: return .path(way)
    case nil: break
    }
    guard case .table(let chain)? = value, !chain.array.isEmpty else { return nil }
    let numbers = chain.array.compactMap(\.wholeNumber)
    guard numbers.count == chain.array.count, numbers.count <= 256 else {
      throw ArgumentMismatch("\(path): a chain is {base, offset, ...}, at most 256 integers")
    }
    return .chain(
      PointerChain(base: Address(luaInteger: numbers[0]), offsets: Array(numbers.dropFirst())))
  }
}

extension WatchPlace {
  /// The place of a cell, read as the cell reads it.
  init(_ cell: CellObject) {
    let element: ScatterItem.Element =
      switch cell.element {
      case .scalar(let format): .scalar(format)
      case .text(let encoding, _), .match(let encoding?):
        .text(encoding, byteCount: cell.byteCount)
      case .bytes, .match, .record: .bytes(count: cell.byteCount)
      }
    let location = cell.path.map { Location.path($0) } ?? .address(cell.address)
    self.init(in: cell.handle.source, at: location, element, encoding: cell.encoding)
  }
}

/// The name or number of a place, as a script gives it.
enum PlaceKey {
  case name(String)
  case number(Int64)
}

extension ArgumentType where Value == PlaceKey {
  static var placeKey: ArgumentType<PlaceKey> {
    ArgumentType("name or number of a place", annotation: "string|integer") { call, index in
      if call.kind(at: index) == .string {
        return .name(String(decoding: try call.bytes(at: index), as: UTF8.self))
      }
      return .number(try call.integer(at: index))
    }
  }
}

extension ItemNames {
  /// The position of the place that an argument names.
  func position(of key: PlaceKey, argument: Int32 = 2) throws -> Int {
    switch key {
    case .name(let name):
      if let position = positions[name] { return position }
      throw ScriptFailure.badArgument(argument, Spelling.unknown("place", name, among: named))
    case .number(let number):
      if number >= 1, number <= numbered { return Int(number) - 1 }
      throw ScriptFailure.badArgument(argument, "there is no place \(number)")
    }
  }

  /// What a person calls an item: its name or its number.
  func label(_ index: Int) -> String {
    index < numbered ? "\(index + 1)" : named[index - numbered]
  }
}
