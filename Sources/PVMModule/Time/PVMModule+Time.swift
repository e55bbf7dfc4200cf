import LuaHost
import RemoteMemory

extension PVMModule {
  static var timeFunctions: [Declaration] { clockFunctions + scheduleFunctions }

  private static var clockFunctions: [Declaration] {
    [
      .function(
        "sleep", "Do nothing for a while. Ctrl-C ends it.",
        Parameter("seconds", .seconds, "how long; 0.05 is 50 ms"),
        returns: .nothing,
        about: About(
          source: ["clock_nanosleep(2)"], example: "pvm.sleep(0.01)",
          notes: """
            In a task or a timer's function the other tasks and timers go on meanwhile, unless it is \
            called from within a C function such as `table.sort`, or from a coroutine of the script's \
            own. Everywhere else everything waits; the functions given to `on_exit` are called.
            """, seeAlso: ["pvm.run", "pvm.task"])
      ) { (call, seconds: Double) in
        let moment = Clock.nanoseconds &+ Clock.nanoseconds(of: seconds)
        let session = call.session
        if call.mayWait, let timer = session.schedule.current {
          timer.wakeTime = moment
          return call.reply.wait()
        }
        try session.rest(until: moment, in: call)
      },
      .function(
        "poll", "Call the functions given to on_exit whose process has ended.",
        returns: .nothing, about: About(example: "pvm.poll()", seeAlso: ["process.on_exit"])
      ) { call in try call.session.attend(call) },
      .function(
        "now", "The time in seconds since boot, for measuring.",
        returns: .number("never goes backwards; stands still while the machine is suspended"),
        about: About(
          source: ["clock_gettime(2)"],
          example: """
            local before = pvm.now()
            pvm.sleep(0.01)
            print(pvm.now() - before >= 0.01)  --> true
            """)
      ) { _ in Clock.now },
    ]
  }

  private static var scheduleFunctions: [Declaration] {
    [
      .function(
        "every", "Have a function called again and again, while pvm.run runs.",
        Parameter("seconds", period, "from one call to the next, 0.0001 or more"),
        Parameter("fn", .function(signature: "fun(timer: pvm.timer)"), "gets the timer"),
        returns: .object("pvm.timer", "to look at and to cancel", name: "timer"),
        about: About(
          example: """
            local start = game:read_i32(health)
            pvm.every(0.01, function(timer)
              game:write_i32(health, start - timer.count)
              if timer.count == 5 then timer:cancel() end
            end)
            pvm.run()
            print(start - game:read_i32(health))  --> 5
            """,
          notes: """
            The first call is one period from now. The times of the calls lie on a grid: a late call \
            does not shift those after it. When several are due at once, one is made and the others \
            count as `missed`. The function may wait with `pvm.sleep`.
            """, seeAlso: ["pvm.run", "pvm.after", "timer.cancel"])
      ) { (call, seconds: Double, function: KeptFunction) in
        try add(.every(seconds), seconds, function, call)
      },
      .function(
        "after", "Have a function called once, while pvm.run runs.",
        Parameter("seconds", .seconds, "from now"),
        Parameter("fn", .function(signature: "fun(timer: pvm.timer)"), "gets the timer"),
        returns: .object("pvm.timer", "to look at and to cancel", name: "timer"),
        about: About(
          example: """
            pvm.after(0.02, function() print("second") end)
            pvm.after(0.01, function() print("first") end)
            pvm.run()
            """, seeAlso: ["pvm.run", "pvm.every"])
      ) { (call, seconds: Double, function: KeptFunction) in
        try add(.after, seconds, function, call)
      },
      .function(
        "task", "Have a function run beside others, while pvm.run runs.",
        Parameter("fn", .calledFunction(signature: "fun(...)"), "what to run"),
        Parameter("...", .rest, "its arguments"),
        returns: .object("pvm.timer", "to look at and to cancel", name: "timer"),
        about: About(
          example: """
            local log = {}
            local function worker(name)
              for step = 1, 2 do log[#log + 1] = name .. step pvm.sleep(0.001) end
            end
            pvm.task(worker, "a") pvm.task(worker, "b")
            pvm.run()
            print(table.concat(log, " "))  --> a1 b1 a2 b2
            """,
          notes: """
            One task runs at a time, and the others when it waits: in `pvm.sleep`, or by \
            `coroutine.yield()`, which lets each of the others have a turn.
            """, seeAlso: ["pvm.run", "pvm.sleep"])
      ) { (call, function: Int32, _: Void) in
        let timer = TimerObject(try call.task(at: function))
        call.session.schedule.add(timer)
        return timer
      },
      .function(
        "run", "Look after timers and tasks until none is left.",
        Parameter.optional(
          "limit", .runLimit,
          "seconds after which it ends; or a function that it runs, and ends with"),
        returns: .text("done, stopped by pvm.stop, or time", name: "ending"),
        about: About(
          example: """
            pvm.every(0.01, function() end)
            print(pvm.run(0.05))  --> time
            print(pvm.run(function() pvm.sleep(0.02) end))  --> done
            """,
          notes: """
            What a function raises ends the run and goes on to the caller, a text with a traceback; the \
            function is over then, and the others go on in the next run. Ctrl-C ends it. The functions \
            given to `on_exit` are called within 50 ms.
            """, seeAlso: ["pvm.every", "pvm.after", "pvm.task", "pvm.stop"])
      ) { (call, limit: RunLimit?) in try run(limit, call).rawValue },
      .function(
        "stop", "End pvm.run, once the function that calls this has returned or waits.",
        returns: .nothing,
        about: About(
          example: """
            pvm.every(0.01, function() pvm.stop() end)
            print(pvm.run())  --> stopped
            """,
          notes: "What is left goes on in the next run. Nothing happens where none is under way.",
          seeAlso: ["pvm.run"])
      ) { call in call.session.schedule.stop() },
    ]
  }

  /// More often would leave no time for anything else.
  private static var period: ArgumentType<Double> {
    ArgumentType<Double>.seconds.map { seconds in
      guard seconds >= 0.0001 else {
        throw ArgumentMismatch("seconds must be at least 0.0001, got \(seconds)")
      }
      return seconds
    }
  }

  private static func add(
    _ kind: TimerObject.Kind, _ seconds: Double, _ function: KeptFunction, _ call: borrowing Call
  ) throws -> TimerObject {
    let timer = TimerObject(kind, function, due: seconds, task: try call.idleTask())
    call.session.schedule.add(timer)
    return timer
  }

  private static func run(_ limit: RunLimit?, _ call: borrowing Call) throws -> Schedule.Ending {
    let schedule = call.session.schedule
    switch limit {
    case nil: return try schedule.run(until: nil, main: nil, in: call)
    case .seconds(let seconds):
      let deadline = Clock.nanoseconds &+ Clock.nanoseconds(of: seconds)
      return try schedule.run(until: deadline, main: nil, in: call)
    case .function(let index):
      guard !schedule.isRunning else { throw Schedule.isRunningAlready }
      let main = TimerObject(try call.task(at: index))
      schedule.add(main)
      return try schedule.run(until: nil, main: main, in: call)
    }
  }
}

/// What ends a run early.
enum RunLimit {
  case seconds(Double)
  /// Where a function lies among the arguments.
  case function(Int32)
}

extension ArgumentType where Value == RunLimit {
  fileprivate static var runLimit: ArgumentType<RunLimit> {
    ArgumentType("seconds or function", annotation: "number|fun()") { call, index in
      if call.kind(at: index) == .callable { return .function(index) }
      guard [.integer, .number, .string].contains(call.kind(at: index)) else {
        throw call.mismatch("number or function", at: index)
      }
      return .seconds(try ArgumentType<Double>.seconds.read(call, index))
    }
  }
}
