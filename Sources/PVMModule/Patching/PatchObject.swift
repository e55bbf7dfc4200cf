import LuaHost
import MemoryModel
import RemoteMemory

/// A patch as a script holds it.
public final class PatchObject {
  let handle: ProcessHandle
  let patch: Patch

  init(handle: ProcessHandle, patch: Patch) {
    self.handle = handle
    self.patch = patch
  }

  func setEnabled(_ isWanted: Bool) throws {
    if isWanted { try patch.enable() } else { try patch.disable() }
  }

  /// How it stands, in a word.
  var status: String {
    switch patch.status {
    case .off: "off"
    case .on: "on"
    case .changed: "changed"
    case .gone: "gone"
    }
  }

  /// Its places, as tables.
  var places: LuaValue {
    var table = LuaTable()
    table.array = patch.edits.map { edit in
      var fields: [(name: String, value: LuaValue)] = [
        ("address", .integer(edit.address.luaInteger)), ("size", .integer(Int64(edit.byteCount))),
        ("bytes", .text("\(edit.replacement)")),
      ]
      if let expected = edit.expected { fields.append(("expect", .text("\(expected)"))) }
      return .table(LuaTable(fields))
    }
    return .table(table)
  }
}

extension PatchObject: CustomStringConvertible {
  public var description: String {
    let first = patch.edits[0].address
    let place = (try? patch.process.name(of: first)) ?? "\(first)"
    let rest = patch.edits.count - 1
    let more = rest > 0 ? " and \(rest) more place\(rest == 1 ? "" : "s")" : ""
    return "patch \"\(patch.name)\" at \(place)\(more): \(status)"
  }
}
