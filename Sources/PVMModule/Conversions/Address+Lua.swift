import LuaHost
import MemoryModel
import RemoteMemory

extension Address {
  /// Lua's integers are signed: an address above 2^63 is negative there, with the same 64 bits.
  var luaInteger: Int64 { Int64(bitPattern: rawValue) }
  init(luaInteger: Int64) { self.init(UInt64(bitPattern: luaInteger)) }
}

extension ScalarValue {
  /// u64 above 2^63 becomes the negative integer with the same bits; `math.ult` and `%u` style
  /// formatting (`string.format("%x")`) read it right.
  var luaValue: LuaValue {
    switch self {
    case .integer(let value): .integer(value)
    case .unsigned(let value): .integer(Int64(bitPattern: value))
    case .real(let value): .number(value)
    case .boolean(let value): .boolean(value)
    }
  }

  func write(to reply: Reply) {
    switch self {
    case .integer(let value): reply.integer(value)
    case .unsigned(let value): reply.integer(Int64(bitPattern: value))
    case .real(let value): reply.number(value)
    case .boolean(let value): reply.boolean(value)
    }
  }

  /// The value of a plain Lua number or boolean.
  init?(_ value: LuaValue) {
    switch value {
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .real(value)
    case .boolean(let value): self = .boolean(value)
    default: return nil
    }
  }
}

extension LuaValue {
  /// The integer, also where it is a float with an exact integer value.
  var wholeNumber: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int64(exactly: value)
    default: nil
    }
  }
}

extension StructValue {
  var luaValue: LuaValue {
    switch self {
    case .scalar(let value): return value.luaValue
    case .bytes(let bytes): return .bytes(bytes)
    case .list(let items):
      var table = LuaTable()
      table.array = items.map(\.luaValue)
      return .table(table)
    case .record(let members):
      var table = LuaTable()
      for member in members {
        switch member.key {
        case .name(let name): table.fields.append((name, member.value.luaValue))
        case .index(let index):
          table.others.append((.integer(Int64(index)), member.value.luaValue))
        }
      }
      return .table(table)
    }
  }
}

extension ProcessSummary {
  /// The table that `pvm.ps` lists.
  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("pid", .integer(Int64(id.rawValue))), ("name", .bytes(nameBytes)),
      ("cmdline", .text(commandLine)), ("ppid", .integer(Int64(parent.rawValue))),
      ("threads", .integer(Int64(threadCount))),
      ("start_time", .integer(Int64(clamping: startTime))),
      ("kernel", .boolean(isKernelThread)), ("state", .text("\(state)")),
    ]
    if let executableBytes { fields.append(("exe", .bytes(executableBytes))) }
    if let userID { fields.append(("uid", .integer(Int64(userID)))) }
    if let userName { fields.append(("user", .text(userName))) }
    return .table(LuaTable(fields))
  }
}

extension ExitStatus {
  /// `{code=}` or `{signal=}`, and `text`.
  var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [("text", .text(description))]
    switch self {
    case .exited(let code): fields.append(("code", .integer(Int64(code))))
    case .killed(let signal): fields.append(("signal", .integer(Int64(signal))))
    case .unknown: break
    }
    return .table(LuaTable(fields))
  }
}
