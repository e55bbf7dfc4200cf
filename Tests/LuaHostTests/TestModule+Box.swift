import LuaHost

extension TestModule {
  /// The class `box`: fields, items, operators and methods.
  var box: ClassDeclaration {
    ClassDeclaration(
      Box.self, "box", "A box with a number in it.", [fields, operators, methods, listeners])
  }

  private var fields: [Declaration] {
    [
      .field("value", ResultType<Int64>.integer("what is in the box")) { (box: Box) in box.value },
      .assignment("value", .integer(0...1000, "value"), "0 to 1000") { (box: Box, value) in
        box.value = value
      },
      .field("label", ResultType<String>.text("what stands on it")) { (box: Box) in box.label },
      .assignment("label", .text, "any text") { (box: Box, value) in box.label = value },
      .field("size", ResultType<Int>.count("always 3")) { (_: Box) in 3 },
    ]
  }

  private var operators: [Declaration] {
    [
      .item(ResultType<Int64>.integer("value + i").optional()) { (box: Box, i) in
        (1...3).contains(i) ? box.value &+ i : nil
      },
      .metamethod("__len", ResultType<Int>.count("3")) { (_, _: Box) in 3 },
      .metamethod("__tostring", ResultType<String>.text("its value")) { (_, box: Box) in
        "box(\(box.value))"
      },
      .metamethod("__call", ResultType<Int64>.integer("value + argument")) { (call, box: Box) in
        box.value &+ (try call.integer(at: 2))
      },
    ]
  }

  private var methods: [Declaration] {
    let population = population
    return [
      .method(
        "add", "Adds to the value.", Parameter("n", .integer, "how much"),
        returns: ResultType<Int64>.integer("the new value"),
        about: About(seeAlso: ["box:take", "print"])
      ) { (_, box: Box, n) in
        box.value &+= n
        return box.value
      },
      .method(
        "take", "Takes from the value.",
        Parameter("n", .integer(0...Int64.max, "amount"), "how much"),
        returns: ResultType<Int64>.integer("what is left"), about: About(fails: ["EBOX"])
      ) { (_, box: Box, n) in
        guard n <= box.value else {
          throw BoxError(message: "take \(n) of \(box.value)", hint: "take less")
        }
        box.value &-= n
        return box.value
      },
      .method(
        "pair", "Itself's value in two new boxes.",
        returns: .values(
          ResultType<Box>.object("box", "one"), ResultType<Box>.object("box", "other"))
      ) { (_, box: Box) in
        (Box(box.value, in: population), Box(box.value, in: population))
      },
      .method("same", "The same box, a new handle.", returns: ResultType<Box>.object("box", "it")) {
        (_, box: Box) in box
      },
      .close("Gives the box up.") { (_, _: Box) in },
    ]
  }

  private var listeners: [Declaration] {
    [
      .method(
        "on", "Keeps a function.", Parameter("f", .function, "called by fire"), returns: .nothing
      ) { (_, box: Box, function) in box.listener = function },
      .method(
        "fire", "Calls the kept function.", Parameter("x", .any, "passed on", default: .null),
        returns: ResultType<LuaValue>.value("any", "what it returned")
      ) { (call, box: Box, value) in
        guard let listener = box.listener else { return .null }
        return try listener(in: call, results: 1, arguments: { $0.value(value) }) {
          try $0.value(at: -1)
        }
      },
    ]
  }
}
