import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  private static var freezeErrors: [String] {
    accessErrors
      + ["EREADONLY", "EREFUSED", "ESHARED", "ERANGE", "EBUSY", "EINVAL", "EMFILE", "EAGAIN"]
  }

  /// What a cell has of freezes.
  static var freezeCellMethods: [Declaration] {
    [
      .method(
        "freeze", "Hold the place at a value until it is released.",
        Parameter<LuaValue?>.optional(
          "value", .heldValue, "what to hold, or the limit; what is there now when left out"),
        Parameter<FreezeArguments>.optionGroups(
          "how to hold it", alsoBefore: true, FreezeArguments.options),
        returns: .object("pvm.freeze", "what goes on from now", name: "freeze"),
        about: About(
          fails: freezeErrors, source: ["proc_pid_mem(5)", "process_vm_readv(2)"],
          example: """
            local hp = game:cell(health, "i32"):freeze(999)
            local coins = game:cell(gold, "i32"):freeze(100, {mode="min", every=0.02})
            game:write_i32(health, 1)
            pvm.sleep(0.1)
            print(game:read_i32(health), hp.report.resisted >= 1)  --> 999 true
            hp:release() coins:release()
            """,
          notes: """
            The value is written now, and again each time it is found to be another; from one look to \
            the next the program can change it. A thread of its own does this, whatever the script \
            does meanwhile, and also when nobody holds the freeze any more: it ends with `release`, \
            with the process, when that runs another program, and with this program. What the place \
            holds then stays.

            All freezes of a process are read together, and only what differs is written, by a route \
            that reaches no other process and no other program. A place that cannot be held any more, \
            as its memory is gone, is tried again every second; `report.fault` says why.

            Mode "min" writes the value where a lower one is found, "max" where a higher one is, and \
            "range" the limit that was passed. A function is called by `pvm.sleep`, `pvm.poll` and \
            `pvm.run`, at most once in `every` seconds, with the value that is there and the one that is \
            held; what it returns is held from then on, nil changes nothing. Two freezes of the same \
            bytes raise EBUSY.
            """,
          seeAlso: ["freeze.release", "process.freezes"])
      ) { (call, cell: CellObject, value: LuaValue?, arguments: FreezeArguments) in
        var arguments = arguments
        if case .table = value {} else { arguments.value = value }
        return try call.session.freeze(cell, arguments)
      }
    ]
  }

  /// What a process has of freezes.
  static var freezeMethods: [Declaration] {
    [
      .method(
        "freezes", "List the freezes of this process that go on.",
        returns: .written(
          ResultText("freezes", annotation: "pvm.freeze[]", note: "in the order they were made")),
        about: About(
          example: """
            game:cell(health, "i32"):freeze(100)
            for _, freeze in ipairs(game:freezes()) do
              print(freeze.value, freeze.mode)  --> 100 hold
              freeze:release()
            end
            """, seeAlso: ["cell.freeze", "pvm.freezes"])
      ) { (call, handle: ProcessHandle) in
        let all = call.session.activeFreezes.filter { $0.freeze.process === handle.process }
        call.reply.table(arrayCount: all.count) { reply in
          for freeze in all { reply.object(freeze) }
        }
      }
    ]
  }

  /// What the module has of freezes.
  static var freezeFunctions: [Declaration] {
    [
      .function(
        "freezes", "List all freezes that go on, of whatever process.",
        returns: .written(
          ResultText("freezes", annotation: "pvm.freeze[]", note: "in the order they were made")),
        about: About(
          example: """
            game:cell(health, "i32"):freeze(100)
            for _, freeze in ipairs(pvm.freezes()) do freeze:release() end
            print(#pvm.freezes())  --> 0
            """, seeAlso: ["cell.freeze", "process.freezes"])
      ) { call in
        let all = call.session.activeFreezes
        call.reply.table(arrayCount: all.count) { reply in
          for freeze in all { reply.object(freeze) }
        }
      }
    ]
  }

  /// The class of what `cell.freeze` gives.
  static var freezeClass: ClassDeclaration {
    ClassDeclaration(
      FreezeObject.self, "pvm.freeze", "A place that is held at a value.",
      [
        [
          .method(
            "release", "Let the place go: nothing is written there any more. What it holds stays.",
            returns: .nothing,
            about: About(
              example: """
                do
                  local freeze <close> = game:cell(health, "i32"):freeze(100)
                end
                print(#game:freezes())  --> 0
                """,
              notes: "Again is harmless. A variable declared `<close>` calls it by itself.",
              seeAlso: ["cell.freeze"])
          ) { (call, freeze: FreezeObject) in call.session.release(freeze) }.atEndOfScope()
        ],
        freezeFields,
      ])
  }

  private static var freezeFields: [Declaration] {
    [
      .field(
        "value",
        ResultType<HitValue>.cellValue("what is held, or the limit; nil for a range").optional()
      ) { (freeze: FreezeObject) in freeze.value },
      .assignment(
        "value", .any, "what is to be held from now on", about: About(fails: freezeErrors)
      ) {
        (freeze: FreezeObject, value: LuaValue) in try freeze.change(to: value)
      },
      .field(
        "min", ResultType<ScalarValue>.scalar("of a range: the least value, or nil").optional()
      ) { (freeze: FreezeObject) in freeze.low },
      .field(
        "max", ResultType<ScalarValue>.scalar("of a range: the greatest value, or nil").optional()
      ) { (freeze: FreezeObject) in freeze.high },
      .field("mode", .text("hold, min, max, range or function", name: "mode")) {
        (freeze: FreezeObject) in freeze.mode.word
      },
      .field("every", .number("seconds from one look to the next", name: "every")) {
        (freeze: FreezeObject) in freeze.freeze.seconds
      },
      .field("address", .address("first byte")) { (freeze: FreezeObject) in freeze.freeze.address },
      .field("type", .text("the name of its type", name: "type")) { (freeze: FreezeObject) in
        freeze.cell.typeName
      },
      .field("active", .boolean("whether it goes on", name: "active")) { (freeze: FreezeObject) in
        freeze.freeze.isActive
      },
      .field(
        "report",
        .value(
          "table",
          "what it did so far: {writes=, resisted= (looks that found another value), ticks= (looks), "
            + "missed= (looks left out since others took too long), lateness={worst=, p99=} of looks in "
            + "seconds, fault= (why it cannot hold the place now), ended= (\"released\", \"exit\" or "
            + "\"exec\")}",
          name: "report")
      ) { (freeze: FreezeObject) in freeze.freeze.report.luaValue },
      .metamethod("__tostring", .text("one line about it")) { (_, freeze: FreezeObject) in
        freeze.line
      },
    ]
  }
}

extension FreezeObject {
  /// `i32 at 0x5580 held at 100: 3 writes, resisted 2 times`
  fileprivate var line: String {
    let report = freeze.report
    let end = report.end.map { " (\($0.word))" } ?? ""
    let fault = report.fault.map { "; \($0.message)" } ?? ""
    let writes = report.writes == 1 ? "1 write" : "\(report.writes) writes"
    return "\(cell.typeName) at \(freeze.address) \(aim): \(writes), resisted \(report.resisted) "
      + "times\(end)\(fault)"
  }

  private var aim: String {
    let value = value?.text(as: cell.element) ?? ""
    switch mode {
    case .hold, .follow: return "held at \(value)"
    case .least: return "at least \(value)"
    case .most: return "at most \(value)"
    case .range:
      let ends = [low, high].map { $0?.description ?? "" }
      return "within \(ends[0]) ... \(ends[1])"
    }
  }
}

extension FreezeEnd {
  /// The word for scripts.
  fileprivate var word: String {
    switch self {
    case .released: "released"
    case .lost(let error): error.cause == .replaced ? "exec" : "exit"
    }
  }
}

extension FreezeReport {
  fileprivate var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("writes", .integer(Int64(writes))), ("resisted", .integer(Int64(resisted))),
      ("ticks", .integer(Int64(ticks))), ("missed", .integer(Int64(missed))),
      (
        "lateness",
        .table(
          LuaTable([("worst", .number(worstLateness)), ("p99", .number(usualLateness))]))
      ),
    ]
    if let fault { fields.append(("fault", .text(fault.message))) }
    if let end { fields.append(("ended", .text(end.word))) }
    return .table(LuaTable(fields))
  }
}
