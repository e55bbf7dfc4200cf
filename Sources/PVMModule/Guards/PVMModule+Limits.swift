import LuaHost
import RemoteMemory

extension PVMModule {
  static var limitFunctions: [Declaration] {
    [
      .function(
        "limits", "Limit what this script may use, for good; tell what is left.",
        limitOptions,
        returns: .value(
          "table",
          "{memory=, memory_used=, seconds= (left), writes= (left)}; what is not limited is nil"),
        about: About(
          example: """
            local limits = pvm.limits{memory=48 << 20, writes=1000}
            print(limits.memory, limits.writes)  --> 50331648 1000
            """,
          notes: """
            When the time is up every run ends with an error, whatever catches it; a finalizer or a \
            pattern match that goes on is ended with the program, 2 seconds later. A patch counts as a \
            write for each of its places and a freeze as one; taking back what was changed is always \
            allowed. Buffers and searches keep to half of the machine's free memory by themselves.
            """, seeAlso: ["pvm.attach"])
      ) { (call, limits: TighterLimits) in
        let session = call.session
        try call.host.tighten(memory: limits.memory, seconds: limits.seconds)
        if let writes = limits.writes, !session.allowance.limit(to: Int(clamping: writes)) {
          throw tighter("writes", "\(session.allowance.left ?? 0) are left")
        }
        return call.host.limits(session.allowance)
      }
    ]
  }

  fileprivate static var limitOptions: Parameter<TighterLimits> {
    Parameter<(Int64?, Double?, Int64?)>.options(
      "limits can only be made tighter",
      Parameter<Int64?>.optional(
        "memory", ArgumentType<Int64>.integer(Int64(1)...Int64.max, "bytes"),
        "bytes that Lua may hold"),
      Parameter<Double?>.optional(
        "seconds", ArgumentType<Double>.seconds,
        "how long it may compute from now on, in seconds of the processor; waiting is free"),
      Parameter<Int64?>.optional(
        "writes", ArgumentType<Int64>.integer(Int64(0)...Int64.max, "writes"),
        "how many writes may still be made, to all processes together")
    ).map(TighterLimits.init)
  }

  fileprivate static func tighter(_ name: String, _ now: String) -> ScriptFailure {
    .badArgument(1, "option '\(name)': a limit can only be made tighter (\(now))")
  }
}

/// What a script wants to be held to.
private struct TighterLimits {
  let memory: Int64?
  let seconds: Double?
  let writes: Int64?

  init(_ memory: Int64?, _ seconds: Double?, _ writes: Int64?) {
    self.memory = memory
    self.seconds = seconds
    self.writes = writes
  }
}

extension LuaState {
  /// - Throws: where a limit would allow more than now.
  fileprivate func tighten(memory: Int64?, seconds: Double?) throws {
    let bytes = memory.map { Int(clamping: $0) }
    if let bytes, let now = memoryLimit, bytes > now {
      throw PVMModule.tighter("memory", "it is \(now) bytes")
    }
    if let seconds, let left = secondsLeft, seconds > left {
      throw PVMModule.tighter("seconds", "\(left) are left")
    }
    if let seconds, !limitTime(seconds: seconds) {
      throw ScriptFailure.misuse("cannot watch over the time: no thread to be had")
    }
    if let bytes { setMemoryLimit(bytes) }
  }

  fileprivate func limits(_ allowance: WriteAllowance) -> LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("memory_used", .integer(Int64(memoryUsage.bytesNow)))
    ]
    if let memoryLimit { fields.append(("memory", .integer(Int64(memoryLimit)))) }
    if let secondsLeft { fields.append(("seconds", .number(secondsLeft))) }
    if let left = allowance.left { fields.append(("writes", .integer(Int64(left)))) }
    return .table(LuaTable(fields))
  }
}
