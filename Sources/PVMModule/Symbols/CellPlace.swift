import LuaHost
import MemoryModel
import RemoteMemory

/// Where a cell is to be: a place, or text that is a path to one or the name of a variable.
enum CellPlace {
  case place(PlaceArgument)
  case text(String)

  /// The cell there.
  /// - Parameters:
  ///   - format: what it is; nil for what debug information says of the variable of the name.
  ///   - seconds: for which the address that a path leads to is believed.
  func cell(
    _ format: ScalarFormat?, in handle: ProcessHandle, holdSeconds seconds: Double
  ) throws -> CellObject {
    guard let format else { return try variable(in: handle) }
    switch try placeArgument() {
    case .number(let address):
      return CellObject(handle: handle, address: address, format: format)
    case .path(let path):
      return CellObject(
        handle: handle, address: .zero, format: format, path: path, holdSeconds: seconds)
    }
  }

  private func placeArgument() throws -> PlaceArgument {
    switch self {
    case .place(let place): place
    case .text(let text): .path(try AddressPath(text: text))
    }
  }

  private func variable(in handle: ProcessHandle) throws -> CellObject {
    guard case .text(let name) = self else {
      throw ScriptFailure.badArgument(3, "type name expected: an address alone does not tell it")
    }
    let found = try handle.source.variable(named: name)
    return CellObject(handle: handle, address: found.address, format: try found.format())
  }
}

extension DebugVariable {
  /// The type of a variable that is a single value.
  func format() throws -> ScalarFormat {
    if bits != nil {
      throw ArgumentMismatch("\(name) has only some bits of a number; read them with the number")
    }
    switch type {
    case .scalar(let format): return format
    case .pointer: return ScalarFormat(.ptr)
    case .record(let record):
      let known = record.memberNames.prefix(20).joined(separator: ", ")
      throw ArgumentMismatch(
        "\(name) is a struct of \(record.byteCount) bytes; name a member: \(known)")
    case .array(_, let count, _):
      throw ArgumentMismatch("\(name) is an array of \(count); name an element, as \(name)[0]")
    case .bytes(let count):
      throw ArgumentMismatch("the type of \(name) is none of ours (\(count) bytes); give one")
    }
  }
}

extension ArgumentType where Value == CellPlace {
  /// An address, an address expression, a `pvm.path`, or the name of a variable.
  static var cellPlace: ArgumentType<CellPlace> {
    ArgumentType("address, expression or pvm.path", annotation: "integer|string|pvm.path") {
      call, index in
      guard call.kind(at: index) == .string else {
        return .place(try ArgumentType<PlaceArgument>.place.read(call, index))
      }
      return .text(String(decoding: try call.bytes(at: index), as: UTF8.self))
    }
  }
}
