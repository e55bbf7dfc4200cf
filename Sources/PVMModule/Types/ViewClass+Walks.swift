import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var viewWalks: [Declaration] {
    [
      .method(
        "list", "The structs of a linked list, from this one on: one read for each.",
        Parameter("link", .text, "the field that points at the next: \"next\", \"links.next\""),
        WalkSettings.options,
        returns: .written(
          ResultText("structs", annotation: "pvm.view[]", note: "in order, each as it was read"),
          ResultText("broken", annotation: "pvm.error?", note: "why the list ended early, or nil")),
        about: About(
          fails: accessErrors, source: ["process_vm_readv(2)"],
          example: """
            local Item = pvm.struct("item", { {"next", "item*"}, {"count", "i32"}, {"pad", "u32"}, {"name", "cstr", 16} })
            local items = game:view(game:read_ptr(inventory), Item):list("next")
            print(#items, items[1].name, items[5].count)  --> 5 sword 13
            """,
          notes: """
            It ends at a null pointer, and where it leads back to its first struct. A pointer that \
            cannot be followed, one that leads back into the middle (ELOOP) and too many structs \
            (E2BIG) end it too; then the second result says so.
            """, seeAlso: ["view.tree"])
      ) { (call, view: ViewObject, link: String, settings: WalkSettings) in
        let links = try view.links([link], shift: settings.shift)
        guard links.count == 1 else { throw ScriptFailure.badArgument(2, "'\(link)' is an array") }
        let list = try view.handle.source.followList(
          from: view.address, byteCount: view.byteCount, link: links[0], limit: settings.limit)
        view.write(list, to: call.reply)
        if let error = list.broken.first { call.reply.error(error) } else { call.reply.null() }
      },
      .method(
        "tree", "The structs of a tree, from this one down: one gather for each level.",
        Parameter("links", .words, "the fields that point at children: {\"left\", \"right\"}"),
        WalkSettings.options,
        returns: .written(
          ResultText(
            "structs", annotation: "pvm.view[]", note: "level by level, each as it was read"),
          ResultText(
            "broken", annotation: "pvm.error[]?",
            note: "pointers that could not be followed, or nil"),
          ResultText("levels", annotation: "integer[]", note: "how many there are on each level")),
        about: About(
          fails: accessErrors, source: ["process_vm_readv(2)"],
          example: """
            local Item = pvm.struct("item", { {"next", "item*"}, {"count", "i32"} })
            local items, broken, levels = game:view(game:read_ptr(inventory), Item):tree{"next"}
            print(#items, broken, #levels, items[2].count)  --> 5 nil 5 2
            """,
          notes: """
            A field may be an array of pointers. A struct that several pointers lead to comes once, so \
            that circles end.
            """, seeAlso: ["view.list"])
      ) { (call, view: ViewObject, names: [String], settings: WalkSettings) in
        let links = try view.links(names, shift: settings.shift)
        let tree = try view.handle.source.followTree(
          from: view.address, byteCount: view.byteCount, links: links, limit: settings.limit)
        view.write(tree, to: call.reply)
        if tree.broken.isEmpty {
          call.reply.null()
        } else {
          call.reply.table(arrayCount: tree.broken.count) { reply in
            for error in tree.broken { reply.error(error) }
          }
        }
        call.reply.table(arrayCount: tree.levels.count) { reply in
          for count in tree.levels { reply.integer(Int64(count)) }
        }
      },
    ]
  }

  static var viewMethods: [Declaration] {
    [
      .method(
        "view", "A struct in memory, whose fields are read and assigned by name.",
        Parameter("address", .place, "first byte, or a path to it, which is followed once"),
        Parameter("type", .layout, "a pvm.type, its name, or a layout table"),
        Parameter<Int?>.optional(
          "count", .count("count", from: 0, upTo: 16_777_216), "for an array of so many"),
        returns: .object("pvm.view", "nothing is read there yet"),
        about: About(
          fails: accessErrors + ["EFAULT", "ENOENT", "EAMBIGUOUS"],
          example: """
            local Vector = pvm.struct{ {"x", "f32"}, {"y", "f32"}, {"z", "f32"} }
            local Hero = pvm.struct{ hp={0,"i32"}, pos={0x10,Vector} }
            local hero = game:view(player, Hero)
            hero.pos.y = 7.5
            print(hero.hp, hero.pos.y)  --> 100 7.5
            """,
          notes: """
            Each field is read when it is asked for; `hold` and `table` read all in one transfer. Works \
            on snapshots and cores too, where nothing can be assigned.
            """, seeAlso: ["pvm.struct", "pvm.cdef", "process.views", "process.read_struct"])
      ) { (_, handle: ProcessHandle, place: PlaceArgument, type: TypeArgument, count: Int?) in
        try ViewObject(
          handle, at: place.address(in: handle.source), type.object(in: handle), count: count)
      },
      .method(
        "views", "Structs of one type at many addresses, read in one gather.",
        Parameter("addresses", .addressList, "first bytes, at most a million"),
        Parameter("type", .layout, "a pvm.type, its name, or a layout table"),
        returns: .written(
          ResultText(
            "views", annotation: "(pvm.view|false)[]", note: "as they were read; false: unreadable"),
          ResultText(
            "faults", annotation: "table<integer, pvm.error>?", note: "why some are, or nil")),
        about: About(
          fails: accessErrors + ["E2BIG"], source: ["process_vm_readv(2)"],
          example: """
            local Imp = pvm.struct{ hp={4,"i32"}, size=0x40 }
            local imps = game:views({entities, entities + 0x40}, Imp)
            print(imps[1].hp, imps[2].hp)  --> 100 110
            """, seeAlso: ["process.view"])
      ) { (call, handle: ProcessHandle, addresses: [Address], type: TypeArgument) in
        let type = try type.object(in: handle)
        let size = try type.layout(for: handle.source).byteCount(
          pointerWidth: handle.source.pointerWidth)
        let outcomes = try handle.source.readMany(at: addresses, byteCount: size)
        try call.reply.table(arrayCount: outcomes.count) { reply in
          for (address, outcome) in zip(addresses, outcomes) {
            guard case .success(let bytes) = outcome else {
              reply.boolean(false)
              continue
            }
            let view = try ViewObject(handle, at: address, type)
            reply.object(view.holding(HeldBytes(bytes)), weight: bytes.count)
          }
        }
        write(faultsOf: outcomes, to: call.reply)
      },
    ]
  }

  private static func write(
    faultsOf outcomes: [Result<[UInt8], RemoteMemoryError>], to reply: Reply
  ) {
    var faults: [(Int, RemoteMemoryError)] = []
    for (index, outcome) in outcomes.enumerated() {
      if case .failure(let error) = outcome { faults.append((index + 1, error)) }
    }
    guard !faults.isEmpty else { return reply.null() }
    reply.table { reply in
      for (index, error) in faults {
        reply.key(Int64(index))
        reply.error(error)
      }
    }
  }
}

/// How pointers from struct to struct are followed.
struct WalkSettings {
  let limit: Int
  let shift: Int64

  static var options: Parameter<WalkSettings> {
    Parameter<(Int, Int64)>.options(
      "how to follow it",
      Parameter<Int>(
        "limit", .count("structs", from: 1, upTo: 10_000_000), "so many structs at most",
        default: StructNodes.standardLimit),
      Parameter<Int64>(
        "shift", .integer,
        "added to each pointer, in bytes: below zero where it points into the middle of a struct",
        default: 0)
    ).map { WalkSettings(limit: $0.0, shift: $0.1) }
  }
}

extension ViewObject {
  /// The pointers that fields are: one, or all of an array.
  fileprivate func links(_ names: [String], shift: Int64) throws -> [StructLink] {
    var links: [StructLink] = []
    for name in names {
      let part = try part(along: name)
      switch part.element {
      case .pointer, .scalar(ScalarFormat(.ptr)):
        links.append(StructLink(offset: part.offset, name: name, shift: shift))
      case .array(let inner, let count, _) where inner.isPointer:
        for index in 0..<count {
          links.append(
            StructLink(
              offset: part.offset + index * part.element.stride(width),
              name: "\(name)[\(index + 1)]",
              shift: shift))
        }
      default: throw ArgumentMismatch("\(part.path) is no pointer")
      }
    }
    return links
  }

  /// A table of views of what was reached.
  fileprivate func write(_ found: StructNodes, to reply: Reply) {
    reply.table(arrayCount: found.nodes.count) { reply in
      for node in found.nodes {
        let view = ViewObject(
          handle, at: node.address, element, path: typeName, typeName: typeName, catalog,
          held: HeldBytes(node.bytes))
        reply.object(view, weight: node.bytes.count)
      }
    }
  }
}

extension StructLayout.Element {
  fileprivate var isPointer: Bool {
    switch self {
    case .pointer, .scalar(ScalarFormat(.ptr)): true
    default: false
    }
  }
}
