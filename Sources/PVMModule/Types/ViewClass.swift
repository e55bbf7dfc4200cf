import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of views: what `process.view` gives.
  static var viewClass: ClassDeclaration {
    ClassDeclaration(
      ViewObject.self, "pvm.view",
      "A struct or an array in a process: `view.hp`, `view.pos[2] = 1.5`, `view.next.hp`. A field is "
        + "read when it is asked for; a pointer to a struct is followed, and nil when it is null.",
      [viewAccess, viewHolding, viewWalks, viewOperators])
  }

  private static var viewAccess: [Declaration] {
    [
      .method(
        "get", "Read a field by its name, also one that is called like a method.",
        Parameter("field", .text, "its name; \"pos.x\" and \"slots[2]\" reach inside"),
        returns: .content(
          "what it holds; a view of a struct, an array, or what a pointer leads to"),
        about: About(
          fails: readErrors,
          example: """
            local T = pvm.struct{ list={4,"i32"} }
            print(game:view(player, T):get("list"))  --> 250
            """, seeAlso: ["view.set"])
      ) { (_, view: ViewObject, path: String) in try view.content(of: view.part(along: path)) },
      .method(
        "set", "Write a field by its name, also one that is called like a method.",
        Parameter("field", .text, "as for get"),
        Parameter("value", .any, "a number, text, or a table for a struct or an array"),
        returns: .nothing,
        about: About(
          fails: writeErrors + ["EINVAL"],
          example: """
            local T = pvm.struct{ pos={0x10,"f32",3} }
            game:view(player, T):set("pos", {7, 8})
            print(game:read_f32(pos + 4))  --> 8.0
            """, seeAlso: ["view.get"])
      ) { (_, view: ViewObject, path: String, value: LuaValue) in
        try view.assign(value, to: view.part(along: path))
      },
      .method(
        "address_of", "Where it lies, or one of its fields.",
        Parameter<String?>.optional(
          "field", .text, "as for get; without it: the first byte of all"),
        returns: .address("the address"),
        about: About(
          example: """
            local T = pvm.struct{ pos={0x10,"f32",3} }
            print(game:view(player, T):address_of("pos[2]") == pos + 4)  --> true
            """)
      ) { (_, view: ViewObject, path: String?) in
        guard let path else { return view.address }
        return view.address.offset(by: Int64(try view.part(along: path).offset))
      },
      .method(
        "cell", "A field as a typed place, to be frozen, watched or kept.",
        Parameter("field", .text, "as for get; a single number"),
        returns: .object("pvm.cell", "the place"),
        about: About(
          example: """
            local T = pvm.struct{ hp={0,"i32"} }
            local hp = game:view(player, T):cell("hp")
            print(hp.value)  --> 100
            """, seeAlso: ["cell.freeze"])
      ) { (_, view: ViewObject, path: String) in
        let part = try view.part(along: path)
        let format: ScalarFormat
        switch part.element {
        case .scalar(let scalar): format = scalar
        case .pointer: format = ScalarFormat(.ptr)
        default: throw ArgumentMismatch("\(part.path) is no single number of whole bytes")
        }
        return CellObject(
          handle: view.handle, address: view.address.offset(by: Int64(part.offset)), format: format)
      },
    ]
  }

  private static var viewHolding: [Declaration] {
    [
      .method(
        "table", "Everything in it as a plain table, in one read.",
        returns: .value("table", "fields by name; pointers are addresses"),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: """
            local T = pvm.struct{ hp={0,"i32"}, pos={0x10,"f32",3} }
            print(game:view(player, T):table().pos[3])  --> 3.0
            """)
      ) { (_, view: ViewObject) in try view.value(of: view.whole).luaValue },
      .method(
        "hold", "The same as it is now: all is read at once, and every field comes from that.",
        returns: .object("pvm.view", "a view of this moment; what is assigned is written as usual"),
        about: About(
          fails: readErrors, source: ["process_vm_readv(2)"],
          example: """
            local T = pvm.struct{ hp={0,"i32"} }
            local live = game:view(player, T)
            local before = live:hold()
            game:write_i32(health, 55)
            print(before.hp, live.hp)  --> 100 55
            """,
          notes: """
            One read for the whole struct, however many fields are asked for. What its pointers lead \
            to is read anew.
            """)
      ) { (_, view: ViewObject) in try view.holding() },
    ]
  }

  private static var viewOperators: [Declaration] {
    [
      .item(ResultType<ViewObject.Content>.content("of an array: the i-th element; nil outside")) {
        (view: ViewObject, index: Int64) in
        guard let part = view.part(at: index) else { return .nothing }
        return try view.content(of: part)
      },
      .unknownField { (call, view: ViewObject, name: String) in
        do { try view.content(of: view.part(named: name)).write(to: call.reply) } catch let mismatch
          as ArgumentMismatch
        { throw ScriptFailure.misuse(mismatch.reason) }
      },
      .unknownAssignment { (call, view: ViewObject) in
        do { try view.assign(call.value(at: 3), to: view.part(for: call)) } catch let mismatch
          as ArgumentMismatch
        { throw ScriptFailure.misuse(mismatch.reason) }
      },
      .metamethod("__len", .count("how many elements an array has; of a struct its fields")) {
        (_, view: ViewObject) in
        switch view.element {
        case .array(_, let count, _): count
        case .nested(let layout): layout.fields.count
        default: 0
        }
      },
      .metamethod("__tostring", .text("its fields as a table")) { (_, view: ViewObject) in view.text
      },
    ]
  }
}

extension ViewObject {
  /// The part that an assignment names.
  fileprivate func part(for call: borrowing Call) throws -> Part {
    switch call.kind(at: 2) {
    case .integer, .number:
      let index = try call.integer(at: 2)
      guard let part = part(at: index) else {
        guard case .array(_, let count, _) = element else {
          throw ArgumentMismatch("\(path) is no array")
        }
        throw ArgumentMismatch("\(path) has elements 1 to \(count), not \(index)")
      }
      return part
    case .string: return try part(named: String(decoding: call.bytes(at: 2), as: UTF8.self))
    default: throw ArgumentMismatch("a field of \(path) has a name or a number")
    }
  }
}

extension ResultType where Value == ViewObject.Content {
  static func content(_ note: String) -> ResultType<ViewObject.Content> {
    ResultType("value", annotation: "any", note) { call, content in content.write(to: call.reply) }
  }
}
