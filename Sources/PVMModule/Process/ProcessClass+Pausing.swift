import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  private static let pauseErrors = [
    "EINVAL", "EPERM", "ESRCH", "EXEC", "ETIMEDOUT", "EINTERRUPTED",
  ]

  static var pauseMethods: [Declaration] {
    [
      .method(
        "pause", "Stop every thread of the process until the pause ends.",
        Parameter<Double>.options(
          "how long",
          Parameter(
            "timeout", .seconds, "when it goes on by itself", default: Pause.standardSeconds,
            "\(Int(Pause.standardSeconds))")),
        returns: .object(
          "pvm.pause", "the pause", name: "pause", weight: { _ in 65_536 }),
        about: About(
          fails: pauseErrors, source: ["ptrace(2)"],
          example: """
            do
              local pause <close> = game:pause{timeout=2}
              print(#pause.threads, pause.holding)  --> 1 true
              -- all that is read here is of one moment
            end
            """,
          notes: """
            It ends with `resume`, at the end of the scope of a variable declared `<close>`, when the \
            collector takes it, when its time is up, and when this program ends, by whatever: nothing \
            leaves the process stopped. No signal is sent and none is lost; a process that SIGSTOP had \
            stopped stays so. Several pauses hold it until the last one ends. It may be read and \
            written meanwhile.

            A few calls in which the process waits then fail with EINTR, as after any stop: \
            epoll_wait, semop, sigtimedwait, and reading a socket with a timeout. What runs under a \
            debugger cannot be paused, nor can this program and the shell or terminal it runs in.
            """, seeAlso: ["process.paused", "pause.resume"])
      ) { (_, handle: ProcessHandle, seconds: Double) in
        try handle.live().pause(seconds: seconds)
      },
      .method(
        "paused", "Call a function while every thread of the process stands still.",
        Parameter("fn", .calledFunction(signature: "fun(...)"), "what is to be done"),
        Parameter("...", ArgumentType<Void>.rest, "its arguments"),
        returns: .written(
          ResultText("...", annotation: "any", note: "what the function returned")),
        about: About(
          fails: pauseErrors, source: ["ptrace(2)"],
          example: """
            local hp, gold = game:paused(function()
              return game:read_i32(health), game:read_i32(gold)
            end)
            """,
          notes: """
            The process goes on when the function returns or raises. The function has \
            \(Int(Pause.standardSeconds)) seconds: what takes longer raises ETIMEDOUT when it returns, \
            since the process went on meanwhile. For more time there is `pause`. The function cannot \
            yield.
            """, seeAlso: ["process.pause"])
      ) { (call, handle: ProcessHandle, function: Int32, _: Void) in
        let pause = try handle.live().pause()
        defer { pause.resume() }
        let results = try call.callArgument(function)
        try pause.checkHeld()
        for place in results { call.reply.argument(place) }
      },
    ]
  }

  /// The class of what `process.pause` gives.
  static var pauseClass: ClassDeclaration {
    ClassDeclaration(
      Pause.self, "pvm.pause", "A process that stands still.",
      [
        [
          .method(
            "resume", "Let the process go on, unless another pause holds it too.",
            returns: .boolean("true when it had stood still up to now", name: "held"),
            about: About(
              source: ["ptrace(2)"],
              example: """
                local pause = game:pause()
                print(pause:resume(), pause.ended)  --> true resumed
                """,
              notes: """
                Again is harmless. A variable declared `<close>` calls it by itself. False when the \
                time was up or the process ended: what was read is then of more than one moment.
                """, seeAlso: ["process.pause"])
          ) { (_, pause: Pause) in pause.resume() == .resumed }.atEndOfScope()
        ],
        pauseFields,
      ])
  }

  private static var pauseFields: [Declaration] {
    [
      .field("pid", .count("number of the process", name: "pid")) { (pause: Pause) in
        Int(pause.process.rawValue)
      },
      .field("holding", .boolean("whether the process stands still by it", name: "holding")) {
        (pause: Pause) in pause.isHolding
      },
      .field(
        "ended",
        ResultType<String>.text(
          "how it ended: resumed, timeout or exit; nil while it holds", name: "ended"
        ).optional()
      ) { (pause: Pause) in pause.end?.word },
      .field("seconds", .number("how long it lasts so far, or lasted", name: "seconds")) {
        (pause: Pause) in pause.seconds
      },
      .field(
        "threads",
        .value(
          "table[]",
          "each thread as it was stopped, the first one of the process first: {id=, ip=, sp=, "
            + "registers=, float_registers=}; the latter two are bytes as PTRACE_GETREGSET gives them, "
            + "and missing where a thread waits inside the kernel",
          name: "threads")
      ) { (pause: Pause) in
        var list = LuaTable()
        list.array = pause.threads.map(\.luaValue)
        return .table(list)
      },
      .metamethod("__tostring", .text("one line about it")) { (_, pause: Pause) in pause.line },
    ]
  }
}

extension PauseEnd {
  /// The word for scripts.
  fileprivate var word: String {
    switch self {
    case .resumed: "resumed"
    case .deadline: "timeout"
    case .targetEnded: "exit"
    }
  }
}

extension Pause {
  /// `pause of process 4121 (3 threads), for 12.3 ms so far`
  fileprivate var line: String {
    let count = threads.count == 1 ? "1 thread" : "\(threads.count) threads"
    let time = "\((seconds * 10_000).rounded() / 10) ms"
    let state = end.map { "for \(time) (\($0.word))" } ?? "for \(time) so far"
    return "pause of process \(process) (\(count)), \(state)"
  }
}

extension ThreadNote {
  fileprivate var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [("id", .integer(Int64(id.rawValue)))]
    if let pointer = instructionPointer { fields.append(("ip", .integer(pointer.luaInteger))) }
    if let pointer = stackPointer { fields.append(("sp", .integer(pointer.luaInteger))) }
    if let registers { fields.append(("registers", .bytes(registers))) }
    if let floatRegisters { fields.append(("float_registers", .bytes(floatRegisters))) }
    return .table(LuaTable(fields))
  }
}
