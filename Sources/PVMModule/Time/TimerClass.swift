import LuaHost
import RemoteMemory

extension PVMModule {
  static var timerClass: ClassDeclaration {
    ClassDeclaration(
      TimerObject.self, "pvm.timer",
      "What pvm.run looks after: a function that is called at its times, or a task.",
      [
        [
          .method(
            "cancel", "End it. A function that waits is not gone on with.",
            returns: .nothing,
            about: About(
              example: """
                local timer = pvm.every(0.01, function(timer) if timer.count == 3 then timer:cancel() end end)
                print(pvm.run(), timer.count)  --> done 3
                """,
              notes: """
                Again is harmless. A variable declared `<close>` calls it by itself. Where its function \
                waits in `pvm.sleep`, the variables it has declared `<close>` are closed.
                """, seeAlso: ["pvm.every", "pvm.task"])
          ) { (call, timer: TimerObject) in try timer.cancel(in: call) }.atEndOfScope()
        ],
        timerFields,
      ])
  }

  private static var timerFields: [Declaration] {
    [
      .field("kind", .text("every, after or task", name: "kind")) { (timer: TimerObject) in
        timer.kind.word
      },
      .field("active", .boolean("whether anything is left to do", name: "active")) {
        (timer: TimerObject) in timer.isActive
      },
      .field(
        "due",
        ResultType<Double>.number(
          "when it is looked after next, as pvm.now counts; nil when it is over", name: "due"
        ).optional()
      ) { (timer: TimerObject) in timer.isActive ? Double(timer.due) / 1e9 : nil },
      .field("count", .count("how often the function was called", name: "count")) {
        (timer: TimerObject) in timer.count
      },
      .field("missed", .count("ticks dropped because something took too long", name: "missed")) {
        (timer: TimerObject) in Int(clamping: timer.missed)
      },
      .field("late", .number("how late the last call was, in seconds", name: "late")) {
        (timer: TimerObject) in timer.late
      },
      .field("worst", .number("the latest of all calls, in seconds", name: "worst")) {
        (timer: TimerObject) in timer.worst
      },
      .metamethod("__tostring", .text("its kind and how it does")) { (_, timer: TimerObject) in
        let state = timer.isActive ? "" : ", over"
        return "\(timer.kind.word): called \(timer.count) times, \(timer.missed) missed\(state)"
      },
    ]
  }
}
