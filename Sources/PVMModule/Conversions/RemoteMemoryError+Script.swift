public import LuaHost
import MemoryModel
public import RemoteMemory

extension RemoteMemoryError: ScriptError {
  /// What a script finds in a raised error beside code, message and hint: `op`, `pid`, `address`,
  /// `requested`, `transferred`, and for ambiguous names `candidates`.
  public var fields: [(name: String, value: LuaValue)] {
    var fields: [(name: String, value: LuaValue)] = [
      ("op", .text(operation.rawValue)),
      ("requested", .integer(Int64(clamping: requestedBytes))),
      ("transferred", .integer(Int64(clamping: completedBytes))),
    ]
    if let process { fields.append(("pid", .integer(Int64(process.rawValue)))) }
    if let address { fields.append(("address", .integer(address.luaInteger))) }
    if case .ambiguous(let candidates) = cause {
      var table = LuaTable()
      table.array = candidates.map(\.luaValue)
      fields.append(("candidates", .table(table)))
    }
    return fields
  }
}

/// An error of a read that still got something: the bytes travel with it.
struct ReadStopped: ScriptError {
  let error: RemoteMemoryError
  let bytes: [UInt8]

  var code: String { error.code }
  var message: String { error.message }
  var hint: String? { error.hint }
  var fields: [(name: String, value: LuaValue)] { error.fields + [("data", .bytes(bytes))] }
}
