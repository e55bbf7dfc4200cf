import LuaHost

/// The declarations the tests run: a module `crate` with the classes `box` and `lid`.
struct TestModule {
  let population = Population()

  var declaration: ModuleDeclaration {
    ModuleDeclaration(
      "crate", "Boxes for the tests.", functions: [makers, echoes, callbacks, tasks, failing],
      classes: [box, ClassDeclaration(Lid.self, "lid", "The lid of a box.", [])],
      constants: [("version", "1.0", "of the module"), ("quote", "a \"b\"\n\\", "hard to quote")],
      features: [("paint", true), ("wheels", false)])
  }

  // MARK: Functions

  private var makers: [Declaration] {
    let population = population
    return [
      .function(
        "box", "Makes a box.", Parameter("value", .integer, "what is in it", default: 0),
        BoxOptions.parameter,
        returns: ResultType<Box>.object("box", "the box"),
        about: About(example: "local b = crate.box(1)\nprint(b.value)  --> 1", seeAlso: ["box:add"])
      ) { _, value, options in
        let box = Box(value, in: population)
        box.label = options.label
        return box
      },
      .function("lid", "Makes a lid.", returns: ResultType<Lid>.object("lid", "the lid")) { _ in
        Lid()
      },
      .function(
        "boxes", "Makes boxes in nested tables.",
        Parameter("count", .integer(0...100_000), "how many"),
        returns: .written(ResultText("boxes", annotation: "{ list: box[], first: box? }", note: ""))
      ) { call, count in
        call.reply.table(recordCount: 2) { reply in
          reply.key("first")
          reply.object(Box(0, in: population))
          reply.key("list")
          reply.table(arrayCount: Int(count)) { reply in
            for i in 0..<count { reply.object(Box(i, in: population)) }
          }
        }
      },
      .function(
        "everything", "Uses every operation of a reply.",
        Parameter("any", .any, "comes back"), Parameter("f", .function, "comes back kept"),
        returns: .written(ResultText("...", annotation: "any", note: "all of it"))
      ) { call, _, function in
        everything(call, function, population)
      },
    ]
  }

  private var echoes: [Declaration] {
    [
      .function(
        "echo", "Copies a value there and back.", Parameter("value", .any, "anything"),
        returns: ResultType<LuaValue>.value("any", "its copy")
      ) { _, value in value },
      .function(
        "sum", "Adds.", Parameter("a", .integer, "one"),
        Parameter("b", .integer, "other", default: 2),
        returns: ResultType<Int64>.integer("the sum")
      ) { _, a, b in a &+ b },
      .function(
        "ratio", "A number.", Parameter("x", .number, "any"),
        returns: ResultType<Double>.number("the same")
      ) { _, x in x },
      .function(
        "flag", "A boolean.", Parameter("x", .boolean, "any"),
        returns: ResultType<Bool>.boolean("the other")
      ) { _, x in !x },
      .function(
        "bytes", "Bytes.", Parameter("x", .bytes, "any"),
        returns: ResultType<[UInt8]>.bytes("the same")
      ) { _, x in x },
      .function(
        "size", "Counts.", Parameter("t", .table, "any"), returns: ResultType<Int>.count("entries")
      ) { _, value in
        guard case .table(let table) = value else { return -1 }
        return table.array.count + table.fields.count + table.others.count
      },
      .function(
        "levels", "Nests tables.", Parameter("count", .integer(0...1000), "how deep"),
        returns: ResultType<LuaValue>.value("table", "the outermost")
      ) { _, count in
        var value = LuaValue.integer(0)
        for _ in 0..<count {
          var table = LuaTable()
          table.array = [value]
          value = .table(table)
        }
        return value
      },
      .function(
        "fill", "Makes a string in place.", Parameter("count", .integer(0...1 << 40), "bytes"),
        returns: .written(ResultText("bytes", annotation: "string", note: "zeros"))
      ) { call, count in
        unsafe call.reply.bytes(capacity: Int(count)) { buffer in
          unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
          return Int(count)
        }
      },
      .function(
        "second", "Answers with its second argument.", returns: .written()
      ) { call in call.reply.argument(2) },
    ]
  }

  private var callbacks: [Declaration] {
    [
      .function(
        "call", "Calls a function.", Parameter("f", .function, "called with x"),
        Parameter("x", .any, "passed on", default: .null),
        returns: ResultType<LuaValue>.value("any", "what it returned"),
        about: About(fails: ["EBOX"])
      ) { call, function, value in
        try function(in: call, results: 1, arguments: { $0.value(value) }) { try $0.value(at: -1) }
      },
      .function(
        "close_during", "Calls a function with a box held meanwhile.",
        Parameter("b", .box, "closed by the function"), Parameter("f", .function, "called"),
        returns: ResultType<Int64>.integer("the box's value after that")
      ) { call, box, function in
        try function(in: call) { _ in }
        return box.value
      },
    ]
  }

  private var tasks: [Declaration] {
    [
      .function(
        "task", "Runs a task until it ends.",
        Parameter("f", .calledFunction(signature: "fun(...)"), "what to run"),
        Parameter("...", .rest, "its arguments"),
        returns: ResultType<Int>.count("how often it waited")
      ) { call, function, _ in try waits(of: call.task(at: function), call) },
      .function(
        "twice", "Runs a function with a box, twice on one task.",
        Parameter("f", .function, "what to run"),
        returns: ResultType<Int>.count("how often it waited")
      ) { [population] call, function in
        let task = try call.idleTask()
        return try (0..<2).reduce(0) { sum, value in
          try task.load(function, in: call) { $0.object(Box(Int64(value), in: population)) }
          return try sum + waits(of: task, call)
        }
      },
      .function(
        "abandon", "Runs a task until it waits, and ends it there.",
        Parameter("f", .calledFunction(signature: "fun()"), "what to run"),
        returns: ResultType<Bool>.boolean("whether it waited")
      ) { call, function in
        let task = try call.task(at: function)
        let isWaiting = try task.resume(in: call) == .waiting
        try task.close(in: call)
        return isWaiting
      },
      .function(
        "wait", "Waits where it can.", returns: .written()
      ) { call in
        if call.mayWait { return call.reply.wait() }
        call.reply.boolean(false)
      },
    ]
  }

  private func waits(of task: LuaTask, _ call: borrowing Call) throws -> Int {
    var count = 0
    while try task.resume(in: call) == .waiting { count += 1 }
    return count
  }

  private var failing: [Declaration] {
    [
      .function(
        "fail", "Fails.", Parameter("message", .text, "why", default: "no box"),
        Parameter.optional("hint", .text, "what to do"),
        returns: .values(ResultType<Int64>.integer("never"), ResultType<Bool>.boolean("never")),
        about: About(fails: ["EBOX", "ELID"], source: ["box(2)"], notes: "Always.\nReally.")
      ) { _, message, hint in
        throw BoxError(message: message, hint: hint, inner: 16)
      },
      .function(
        "check", "Fails for an odd number.", Parameter("n", .integer, "any"), returns: .nothing,
        about: About(fails: ["EBOX"])
      ) { _, n in
        if n & 1 == 1 { throw BoxError(message: "\(n) is odd") }
      },
    ]
  }
}

/// Every kind of operation, more of them than fit into the frame of a call.
private func everything(_ call: borrowing Call, _ function: KeptFunction, _ population: Population)
{
  let reply = call.reply
  reply.null()
  reply.boolean(true)
  reply.integer(.min)
  reply.number(0.5)
  reply.bytes([0, 255, 10])
  unsafe reply.bytes(capacity: 4000) { buffer in
    unsafe buffer.initializeMemory(as: UInt8.self, repeating: 65)
    return 3000
  }
  reply.object(Box(7, in: population))
  reply.argument(1)
  reply.function(function)
  reply.table(arrayCount: 4, recordCount: 4) { reply in
    for i in 0..<8 { reply.object(Box(Int64(i), in: population)) }
    reply.key("inner")
    reply.table { reply in
      reply.key(1 << 40)
      reply.text("far")
      reply.key("box")
      reply.object(Box(1, in: population))
    }
  }
  for i in 0..<40 { reply.integer(Int64(i)) }
}

extension ArgumentType where Value == Box {
  /// A box that is open.
  static var box: ArgumentType<Box> {
    ArgumentType("box", annotation: "box") { call, index in
      guard case .object(let object, _) = try call.value(at: index), let box = object as? Box else {
        throw call.mismatch("box", at: index)
      }
      return box
    }
  }
}

/// What `crate.box` takes beside the value.
private struct BoxOptions {
  let label: String
  let limit: Int64
  let mode: String

  static var parameter: Parameter<BoxOptions> {
    Parameter<(String, Int64, String)>.options(
      "how to make it", Parameter("label", .text, "what stands on it", default: "plain"),
      Parameter("limit", .integer(1...9, "limit"), "how many fit", default: 4),
      Parameter("mode", .word(["open", "shut"]), "how it stands", default: "open")
    ).map { BoxOptions(label: $0.0, limit: $0.1, mode: $0.2) }
  }
}
