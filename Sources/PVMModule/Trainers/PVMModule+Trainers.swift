import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var trainerFunctions: [Declaration] {
    [
      .function(
        "trainer", "Declare a trainer: a game, and what can be switched on in it.",
        TrainerRequest.parameter,
        returns: .object("pvm.trainer", "run when the script has ended", name: "trainer"),
        about: About(
          fails: [],
          example: """
            local trainer = pvm.trainer{
              name="Target Trainer", process=game, author="pvmlua",
              cheats={
                {name="no damage", key="n", patch={at=take_damage_sub, expect="29 f0", bytes="90 90", code=true}},
                {name="health", path=health, type="i32", freeze=999},
                {name="all the gold", path=gold, type="i32", write=100000},
              },
            }
            trainer:attach()
            trainer:enable("health")
            print(game:read_i32(health), trainer.cheats[2].state)  --> 999 on
            trainer:detach()
            """,
          notes: """
            A script that declares one, and is given to pvmlua, shows a menu when it has ended: \
            `pvmlua mygame.lua` waits for the game, attaches, checks the version, and switches cheats by \
            their keys. It starts over with the next run of the game, switches on again what was on, and \
            takes everything back at its end: q, Ctrl-C, SIGTERM, an error. Where input or output is no \
            terminal it reports events as JSON lines instead.

            A script run so takes `--enable NAME,NAME` (or `all`), `--any-version`, `--once` (end with the \
            game), `--pid PID`, `--json` and `--help`, unless it has called pvm.args itself.

            Each cheat is a table, with one of `patch`, `freeze`, `write`, `on`, or with a `path` alone, \
            whose value is shown:

            \(CheatRequest.parameter.optionNotes)

            Functions get the process, and the cell at `path` if there is one. Without `versions` any is \
            taken; a version that is not among them raises EMISMATCH, unless any_version=true.
            """,
          seeAlso: ["trainer.run", "trainer.lint", "pvm.args", "process.patch", "cell.freeze"])
      ) { (call, request: TrainerRequest) in
        let trainer = TrainerObject(request)
        call.session.trainers.append(trainer)
        return trainer
      },
      .function(
        "trainers", "List the trainers that were declared and neither run nor attached.",
        returns: .value("pvm.trainer[]", "in the order they were declared", name: "trainers"),
        about: About(
          example: "print(#pvm.trainers())  --> 0", seeAlso: ["pvm.trainer", "trainer.run"])
      ) { call in
        var list = LuaTable()
        list.array = call.session.trainers.filter { !$0.isUsed }
          .map { .object($0, className: "pvm.trainer") }
        return .table(list)
      },
    ]
  }

  /// The class of what `pvm.trainer` gives.
  static var trainerClass: ClassDeclaration {
    ClassDeclaration(
      TrainerObject.self, "pvm.trainer", "A game, and what can be switched on in it.",
      [trainerWork, trainerSwitches, trainerFields])
  }

  private static var trainerWork: [Declaration] {
    [
      .method(
        "run", "Show the menu, or report, until it is ended; then take everything back.",
        TrainerOptions.parameter,
        returns: .text("stopped, exited or terminated", name: "ending"),
        about: About(
          fails: trainerErrors,
          example: """
            local trainer = pvm.trainer{name="t", process=game, cheats={
              {name="health", path=health, type="i32", freeze=777} }}
            pvm.after(0.05, function()
              print(game:read_i32(health))  --> 777
              trainer:stop()
            end)
            print(trainer:run{enable="health"})  --> stopped
            """,
          notes: """
            Timers and tasks have their turn meanwhile, and what they raise ends it. A script that has \
            declared one trainer and not used it runs it by itself when it has ended, with the options \
            of its command line.
            """, seeAlso: ["pvm.trainer", "trainer.stop"])
      ) { (call, trainer: TrainerObject, options: TrainerOptions) in
        try call.session.run(trainer, call.isAbsent(at: 2) ? nil : options, in: call)
      },
      .method(
        "stop", "End `run`, from a timer, a task or a cheat's function.",
        returns: .nothing,
        about: About(
          example:
            "pvm.trainer{name=\"t\", process=game, cheats={{name=\"x\", on=function() end}}}:stop()"
        )
      ) { (_, trainer: TrainerObject) in trainer.isStopping = true },
      .method(
        "attach",
        "Attach it to its game without a menu, for scripts that switch cheats themselves.",
        Parameter<Bool>.options(
          "what is taken",
          Parameter(
            "any_version", .boolean, "go on with a version that is not known", default: false)),
        returns: .process("the game"),
        about: About(
          fails: trainerErrors,
          example: """
            local trainer = pvm.trainer{name="t", process=game.pid, cheats={
              {name="health", path=health, type="i32"} }}
            print(trainer:attach().pid == game.pid, trainer.cheats[1].value)  --> true 100
            """,
          seeAlso: ["trainer.enable", "trainer.detach"])
      ) { (call, trainer: TrainerObject, anyVersion: Bool) in
        let game = try trainer.findGame(call.session.attachOptions)
        try trainer.attach(game, anyVersion: anyVersion, in: call.session)
        return game
      },
      .method(
        "detach", "Switch all cheats off and let the game go. Again is harmless.",
        returns: .nothing,
        about: About(
          example: """
            local trainer = pvm.trainer{name="t", process=game, cheats={
              {name="health", path=health, type="i32", freeze=5} }}
            trainer:attach()
            trainer:detach()
            """,
          notes: "A variable declared `<close>` calls it by itself.", seeAlso: ["trainer.attach"])
      ) { (call, trainer: TrainerObject) in
        let problems = trainer.letGo(in: call)
        if let first = problems.first { throw ScriptFailure.misuse(first) }
      }.atEndOfScope(),
      .method(
        "lint",
        "Check what it says against a game, a core or a program's file; nothing is changed.",
        Parameter<ProcessHandle?>.optional(
          "game", .object("pvm.process"), "what to hold it against; its running game when left out"),
        returns: .value(
          "table[]",
          "{subject= (\"version\" or a cheat's name), outcome=\"ok\"|\"failed\"|\"unchecked\", text=} each",
          name: "findings"),
        about: About(
          fails: trainerErrors,
          example: """
            local trainer = pvm.trainer{name="t", process=game, cheats={
              {name="health", path=health, type="i32"},
              {name="lost", patch={find="12 34 56 78 9a bc de f0", bytes="90", code=true}} }}
            for _, finding in ipairs(trainer:lint()) do print(finding.subject, finding.outcome) end
            """,
          notes: """
            `pvmlua -m lint FILE` does this and says it in words. Of a program on disk \
            (`pvm.open("/usr/games/x")`) patterns, expected bytes and plain places are checked; places \
            behind pointers are not.
            """, seeAlso: ["pvm.trainer", "pvm.open"])
      ) { (call, trainer: TrainerObject, game: ProcessHandle?) in
        trainer.isUsed = true
        var options = call.session.attachOptions
        options.mode = .readOnly
        let game = try game ?? trainer.findGame(options)
        var list = LuaTable()
        list.array = TrainerLint(request: trainer.request, game: game).findings().map(\.luaValue)
        return .table(list)
      },
    ]
  }

  private static var trainerSwitches: [Declaration] {
    [
      .method(
        "enable", "Switch a cheat on, or do what it does once.",
        Parameter("name", .text, "of the cheat"),
        returns: .nothing,
        about: About(
          fails: patchErrors + ["ENOENT", "ERANGE"],
          example: """
            local trainer = pvm.trainer{name="t", process=game, cheats={
              {name="rich", path=gold, type="i32", write=777} }}
            trainer:attach()
            trainer:enable("rich")
            print(game:read_i32(gold))  --> 777
            """, seeAlso: ["trainer.disable", "trainer.attach"])
      ) { (call, trainer: TrainerObject, name: String) in
        try trainer.set(trainer.cheat(named: name), true, in: call)
      },
      .method(
        "disable", "Switch a cheat off. Nothing happens where it is off.",
        Parameter("name", .text, "of the cheat"),
        returns: .nothing,
        about: About(
          fails: patchErrors + ["ENOENT", "ERANGE"],
          example: """
            local trainer = pvm.trainer{name="t", process=game, cheats={
              {name="rich", path=gold, type="i32", freeze=777} }}
            trainer:attach()
            trainer:enable("rich")
            trainer:disable("rich")
            print(trainer.cheats[1].state)  --> off
            """, seeAlso: ["trainer.enable"])
      ) { (call, trainer: TrainerObject, name: String) in
        let cheat = try trainer.cheat(named: name)
        if cheat.isOn { try trainer.set(cheat, false, in: call) }
      },
    ]
  }

  private static var trainerFields: [Declaration] {
    [
      .field("name", .text("its title", name: "name")) { (trainer: TrainerObject) in
        trainer.request.name
      },
      .field("author", ResultType<String>.text("who made it", name: "author").optional()) {
        (trainer: TrainerObject) in trainer.request.author
      },
      .field("process", .text("which process it is for, in words", name: "process")) {
        (trainer: TrainerObject) in trainer.request.target.label
      },
      .field("game", ResultType<ProcessHandle>.process("what it is attached to, or nil").optional())
      {
        (trainer: TrainerObject) in trainer.game
      },
      .field(
        "cheats",
        .value(
          "table[]",
          "{name=, key=, state=\"on\"|\"off\"|\"ready\"|\"unavailable\"|\"shown\", value= (as text), "
            + "problem= (why it is not available)} each", name: "cheats")
      ) { (trainer: TrainerObject) in
        var list = LuaTable()
        list.array = trainer.cheats.map(\.luaValue)
        return .table(list)
      },
      .metamethod("__tostring", .text("its title and what it is for")) {
        (_, trainer: TrainerObject) in
        let count = trainer.cheats.count
        return "trainer \"\(trainer.request.name)\" for \(trainer.request.target.label): "
          + "\(count) cheat\(count == 1 ? "" : "s")"
      },
    ]
  }

  private static let trainerErrors = accessErrors + ["EMISMATCH", "ENOENT", "EAMBIGUOUS"]
}

extension Cheat {
  fileprivate var luaValue: LuaValue {
    var fields: [(name: String, value: LuaValue)] = [
      ("name", .text(name)), ("state", .text(state.rawValue)),
    ]
    if let key { fields.append(("key", .text(key.text))) }
    if let value { fields.append(("value", .text(value))) }
    if let problem { fields.append(("problem", .text(problem))) }
    return .table(LuaTable(fields))
  }
}

extension TrainerObject {
  /// Its game as it runs at this moment.
  fileprivate func findGame(_ options: AttachOptions) throws -> ProcessHandle {
    switch request.target {
    case .handle(let handle): handle
    case .query(let query, _): ProcessHandle(try RemoteProcess.attach(query, options: options))
    }
  }
}
