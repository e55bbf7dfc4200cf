import LuaHost
import MemoryModel
import RemoteMemory

/// A place as a script says it: a number, or a path to it.
enum PlaceArgument {
  case number(Address)
  case path(AddressPath)

  /// The address at this moment.
  func address(in source: any MemorySource) throws(RemoteMemoryError) -> Address {
    switch self {
    case .number(let address): address
    case .path(let path): try source.resolve(path)
    }
  }

  /// The place that an entry of a table is; `path` names the entry in messages.
  static func read(_ value: LuaValue, path: String) throws -> PlaceArgument? {
    do { return try PlaceArgument(value) } catch let mismatch as ArgumentMismatch {
      throw ArgumentMismatch("\(path): \(mismatch.reason)")
    }
  }

  /// A Lua value that is a place: an integer, an expression, a `pvm.path`; nil for anything else.
  init?(_ value: LuaValue) throws {
    switch value {
    case .bytes(let text):
      self = .path(try AddressPath(text: String(decoding: text, as: UTF8.self)))
    case .object(let object as PathObject, _): self = .path(object.path)
    default:
      guard let number = value.wholeNumber else { return nil }
      self = .number(Address(luaInteger: number))
    }
  }
}

extension AddressPath {
  /// Parses what a script wrote.
  init(text: String) throws {
    do { try self.init(parsing: text) } catch {
      throw ArgumentMismatch("'\(text)', \(error)")
    }
  }
}

extension ArgumentType where Value == PlaceArgument {
  /// An integer, an expression such as "libc.so.6+0x12", or a `pvm.path`.
  static var place: ArgumentType<PlaceArgument> {
    ArgumentType("address, expression or pvm.path", annotation: "integer|string|pvm.path") {
      call, index in
      guard call.kind(at: index) == .string || call.kind(at: index) == .object else {
        return .number(try ArgumentType<Address>.address.read(call, index))
      }
      guard let place = try PlaceArgument(call.value(at: index)) else {
        throw call.mismatch("address, expression or pvm.path", at: index)
      }
      return place
    }
  }
}

extension ArgumentType where Value == AddressPath {
  /// "[[game+0x1234]+0x10]+8", or a `pvm.path`.
  static var path: ArgumentType<AddressPath> {
    ArgumentType("address expression or pvm.path", annotation: "string|pvm.path") { call, index in
      if call.kind(at: index) == .object {
        return try ArgumentType<PathObject>.object("pvm.path").read(call, index).path
      }
      return try AddressPath(text: String(decoding: call.bytes(at: index), as: UTF8.self))
    }
  }
}

/// A path as scripts hold it: parsed once.
public final class PathObject {
  let path: AddressPath

  init(_ path: AddressPath) { self.path = path }
}

/// A chain `{base, offset, ...}` or a path, of many that are followed together.
enum Route {
  case chain(PointerChain)
  case path(AddressPath)

  /// The same as a path: `[[base]+first]+second`.
  var path: AddressPath {
    switch self {
    case .path(let path): return path
    case .chain(let chain): return AddressPath(base: chain.base, offsets: chain.offsets)
    }
  }
}
