import LuaHost
import MemoryModel
import RemoteMemory

extension ArgumentType where Value == ProcessQuery {
  /// A pid, a name, or a table of criteria.
  static var query: ArgumentType<ProcessQuery> {
    ArgumentType(
      "pid, name or criteria", annotation: "integer|string|pvm.query"
    ) { call, index in
      let value = try call.value(at: index)
      if let pid = value.wholeNumber { return ProcessQuery(id: try ProcessID(lua: pid)) }
      switch value {
      case .bytes(let name): return ProcessQuery(name: String(decoding: name, as: UTF8.self))
      case .table(let table): return try ProcessQuery(table)
      default: throw call.mismatch("pid, name or table", at: index)
      }
    }
  }
}

extension ProcessID {
  init(lua pid: Int64) throws {
    guard let number = Int32(exactly: pid), number > 0 else {
      throw ArgumentMismatch("a pid is 1 to 2147483647, got \(pid)")
    }
    self.init(number)
  }
}

extension ProcessQuery {
  init(_ table: LuaTable) throws {
    self.init()
    guard table.array.isEmpty, table.others.isEmpty else {
      throw ArgumentMismatch("criteria have names: {name=, exe=, cmdline=, uid=}")
    }
    for (name, value) in table.fields { try take(name, value) }
  }

  private mutating func take(_ name: String, _ value: LuaValue) throws {
    switch (name, value) {
    case ("pid", .integer(let pid)): id = try ProcessID(lua: pid)
    case ("name", .bytes(let bytes)): self.name = String(decoding: bytes, as: UTF8.self)
    case ("exe", .bytes(let bytes)): executable = String(decoding: bytes, as: UTF8.self)
    case ("cmdline", .bytes(let bytes)):
      let pattern = NamePattern(bytes)
      commandLine = { pattern.matches($0) }
    case ("uid", .integer(let number)):
      guard let uid = UInt32(exactly: number) else {
        throw ArgumentMismatch("a uid is 0 to 4294967295, got \(number)")
      }
      userID = uid
    case ("newest", .boolean(let wanted)): if wanted { pick = .newest }
    case ("oldest", .boolean(let wanted)): if wanted { pick = .oldest }
    default:
      let known = ["pid", "name", "exe", "cmdline", "uid", "newest", "oldest"]
      guard known.contains(name) else {
        throw ArgumentMismatch(Spelling.unknown("criterion", name, among: known))
      }
      throw ArgumentMismatch("criterion '\(name)' cannot be a \(value.typeName)")
    }
  }
}
