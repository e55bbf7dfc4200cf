import LuaHost
import MemoryModel
import RemoteMemory

/// One cheat as a trainer declares it.
struct CheatRequest {
  /// What it does when it is switched.
  enum Action {
    /// Nothing: its value is shown.
    case none
    case patch(PatchRequest)
    case freeze(FreezeArguments)
    /// Written each time its key is pressed.
    case write(LuaValue)
    case functions(on: KeptFunction, off: KeptFunction?)
  }

  let name: String
  let key: MenuKey?
  let about: String?
  /// The place whose value is shown, and held or written.
  let place: CheatPlace?
  let action: Action

  /// Whether it can be on and off; what only writes, or has nothing to undo it, cannot.
  var isSwitch: Bool {
    switch action {
    case .patch, .freeze, .functions(_, _?): true
    case .none, .write, .functions(_, nil): false
    }
  }

  private init(_ head: Head, _ effects: Effects) throws {
    name = head.name
    key = head.key
    about = head.about
    guard !name.isEmpty, name.utf8.count <= 200 else {
      throw ArgumentMismatch("option 'name': 1 to 200 bytes are expected")
    }
    switch (head.path, head.type) {
    case (nil, nil): place = nil
    case (let path?, let type?): place = CheatPlace(path: path, type: type)
    case (_?, nil): throw ArgumentMismatch("option 'type' is missing: path= needs it")
    case (nil, _?): throw ArgumentMismatch("option 'path' is missing: type= goes with it")
    }
    action = try effects.action(at: place)
  }

  static var parameter: Parameter<CheatRequest> {
    Parameter<(Head, Effects)>.optionGroups("", Head.parameter, Effects.parameter)
      .map(CheatRequest.init)
  }

  /// What every cheat may have.
  fileprivate struct Head {
    let name: String
    let key: MenuKey?
    let about: String?
    let path: PlaceArgument?
    let type: ScalarFormat?

    init(
      _ name: String, _ key: MenuKey?, _ about: String?, _ path: PlaceArgument?,
      _ type: ScalarFormat?
    ) {
      self.name = name
      self.key = key
      self.about = about
      self.path = path
      self.type = type
    }

    static var parameter: Parameter<Head> {
      Parameter<(String, MenuKey?, String?, PlaceArgument?, ScalarFormat?)>.options(
        "",
        Parameter<String>("name", .text, "what the menu and --enable call it"),
        .optional(
          "key", .menuKey,
          "what switches it: one character, or \"f1\" to \"f12\"; the next free one when left out"),
        .optional("about", .text, "a line more about it"),
        .optional(
          "path", .place,
          "where its value is: an address expression, `\"[[game+0x12]+0x8]+4\"`, followed anew each "
            + "time; shown in the menu"),
        .optional("type", .scalar, "of the value at `path`")
      ).map(Head.init)
    }
  }

  /// The options of which each cheat has at most one.
  fileprivate struct Effects {
    let patch: PatchRequest?
    let freeze: FreezeArguments?
    let write: LuaValue?
    let on: KeptFunction?
    let off: KeptFunction?

    init(
      _ patch: PatchRequest?, _ freeze: FreezeArguments?, _ write: LuaValue?, _ on: KeptFunction?,
      _ off: KeptFunction?
    ) {
      self.patch = patch
      self.freeze = freeze
      self.write = write
      self.on = on
      self.off = off
    }

    static var parameter: Parameter<Effects> {
      Parameter<(PatchRequest?, FreezeArguments?, LuaValue?, KeptFunction?, KeptFunction?)>.options(
        "",
        .optional("patch", .patch, "what to change, as process.patch takes it"),
        .optional(
          "freeze", .cheatFreeze,
          "hold the value at `path`: a value, true for what is there then, or a table of `value` and "
            + "the options of cell.freeze"),
        .optional("write", .cheatValue, "write this at `path` each time the key is pressed"),
        .optional(
          "on", .function(signature: "fun(game: pvm.process, cell: pvm.cell?)"),
          "called to switch it on; without `off`, each time the key is pressed"),
        .optional(
          "off", .function(signature: "fun(game: pvm.process, cell: pvm.cell?)"),
          "called to switch it off, also at the end")
      ).map(Effects.init)
    }

    func action(at place: CheatPlace?) throws -> Action {
      let given = [
        ("patch", patch != nil), ("freeze", freeze != nil), ("write", write != nil),
        ("on", on != nil),
      ].filter(\.1).map(\.0)
      guard given.count <= 1 else {
        throw ArgumentMismatch("options '\(given[0])' and '\(given[1])' exclude each other")
      }
      if off != nil, on == nil { throw ArgumentMismatch("option 'off' goes with 'on'") }
      if let patch { return .patch(patch) }
      if let on { return .functions(on: on, off: off) }
      guard let place else {
        guard let first = given.first else {
          throw ArgumentMismatch("give one of patch=, freeze=, write=, on= or path=")
        }
        throw ArgumentMismatch("option 'path' is missing: \(first)= needs it")
      }
      if let freeze { return .freeze(try place.checked(freeze)) }
      if let write { return .write(try place.checked(write, "write")) }
      return .none
    }
  }
}

/// Where the value of a cheat is.
struct CheatPlace {
  let path: PlaceArgument
  let type: ScalarFormat

  /// The place at this moment.
  func cell(in handle: ProcessHandle) throws -> CellObject {
    CellObject(handle: handle, address: try address(in: handle.source), format: type)
  }

  /// Its address at this moment.
  func address(in source: any MemorySource) throws -> Address { try path.address(in: source) }

  /// As the file writes it, plainly.
  var text: String {
    switch path {
    case .number(let address): "\(address)"
    case .path(let path): "\(path)"
    }
  }

  /// Whether only a running process can tell it.
  var needsProcess: Bool { path.needsProcess }

  /// A freeze whose value fits; `true` holds what is there.
  fileprivate func checked(_ freeze: FreezeArguments) throws -> FreezeArguments {
    var freeze = freeze
    if case .boolean(true) = freeze.value, type.name != "bool" { freeze.value = nil }
    for value in [freeze.value, freeze.low, freeze.high] {
      if let value { _ = try checked(value, "freeze") }
    }
    return freeze
  }

  /// A value that the type can hold in any process.
  fileprivate func checked(_ value: LuaValue, _ option: String) throws -> LuaValue {
    guard let scalar = ScalarValue(value) else {
      throw ArgumentMismatch(
        "option '\(option)': number or boolean expected, got \(value.typeName)")
    }
    do { _ = try type.encode(scalar, pointerWidth: .eight, targetOrder: .little) } catch {
      throw ArgumentMismatch("option '\(option)': \(error)")
    }
    return value
  }
}

extension ArgumentType where Value == LuaValue {
  /// What can be written at a place.
  fileprivate static var cheatValue: ArgumentType<LuaValue> {
    ArgumentType("number or boolean", annotation: "number|boolean") { call, index in
      switch call.kind(at: index) {
      case .boolean, .integer, .number: return try call.value(at: index)
      default: throw call.mismatch("number or boolean", at: index)
      }
    }
  }
}

extension ArgumentType where Value == FreezeArguments {
  /// A value, or `{value=, mode=, every=, min=, max=, shared=}`.
  fileprivate static var cheatFreeze: ArgumentType<FreezeArguments> {
    ArgumentType("value or table", annotation: "number|boolean|table") { call, index in
      guard call.kind(at: index) == .table else {
        return FreezeArguments(holding: try ArgumentType<LuaValue>.cheatValue.read(call, index))
      }
      return try call.readOptions(whole, at: index)
    }
  }

  private static var whole: Parameter<FreezeArguments> {
    Parameter<(LuaValue?, FreezeArguments)>.optionGroups(
      "",
      Parameter<LuaValue?>.options(
        "", .optional("value", .cheatValue, "what to hold; what is there then")),
      FreezeArguments.options
    ).map { value, arguments in
      var arguments = arguments
      arguments.value = value
      return arguments
    }
  }
}
