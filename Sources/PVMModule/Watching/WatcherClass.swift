import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of watchers: what `pvm.watch` gives.
  static var watcherClass: ClassDeclaration {
    ClassDeclaration(
      WatcherObject.self, "pvm.watcher",
      "Typed places that are read together again and again: `watcher.name` is the value of the last update, nil where it could not be read.",
      [watcherUpdate, watcherQuestions, watcherFields, watcherMembers])
  }

  private static var watcherUpdate: [Declaration] {
    [
      .method(
        "update", "Read all places anew; what was new is old then.",
        returns: .boolean("whether anything has changed", name: "changed"),
        about: About(
          fails: accessErrors, source: ["process_vm_readv(2)"],
          example: """
            local w = pvm.watch{ hp={game, health, "i32"} }
            game:write_i32(health, 88)
            print(w:update(), w.old.hp, w.new.hp)  --> true 100 88
            print(w:update())  --> false
            """,
          notes: """
            One gather for each process, and one more for each level of pointer chains: cheap enough \
            for some hundred times a second. A place that cannot be read has changed when it could be \
            read before. Raises only when none of the processes can be read any more; `lost` tells of \
            one among several.
            """, seeAlso: ["pvm.watch", "watcher.changes"])
      ) { (_, object: WatcherObject) in try object.watch.update() }
    ]
  }

  private static var placeName: Parameter<PlaceKey> {
    Parameter("name", .placeKey, "the place, by the key it has in the watcher")
  }

  private static var watcherQuestions: [Declaration] {
    [
      .method(
        "changed", "Tell whether the last update found a place changed.",
        Parameter<PlaceKey?>.optional("name", .placeKey, "the place; without it: any of them"),
        returns: .boolean("whether it did"),
        about: About(
          example: """
            local w = pvm.watch{ hp={game, health, "i32"}, gold={game, gold, "i32"} }
            game:write_i32(health, 88)
            w:update()
            print(w:changed("hp"), w:changed("gold"), w:changed())  --> true false true
            """)
      ) { (_, object: WatcherObject, key: PlaceKey?) in
        guard let key else { return object.watch.hasChanged }
        return object.watch.hasChanged(at: try object.names.position(of: key))
      },
      .method(
        "rose", "Tell whether a value is greater than at the update before.", placeName,
        returns: .boolean("whether it is; true is greater than false"),
        about: About(
          example: """
            local w = pvm.watch{ gold={game, gold, "i32"} }
            game:write_i32(gold, 300)
            w:update()
            print(w:rose("gold"), w:fell("gold"))  --> true false
            """, seeAlso: ["watcher.fell"])
      ) { (_, object: WatcherObject, key: PlaceKey) in
        try object.moved(key) { old, new in old.isLess(than: new) }
      },
      .method(
        "fell", "Tell whether a value is less than at the update before.", placeName,
        returns: .boolean("whether it is"),
        about: About(
          example: """
            local w = pvm.watch{ hp={game, health, "i32"} }
            game:write_i32(health, 1)
            w:update()
            print(w:fell("hp"))  --> true
            """, seeAlso: ["watcher.rose"])
      ) { (_, object: WatcherObject, key: PlaceKey) in
        try object.moved(key) { old, new in new.isLess(than: old) }
      },
      .method(
        "changed_to", "Tell whether the last update found a place changed, and to a certain value.",
        placeName,
        Parameter("value", .any, "what it is to be now; nil: unreadable; a table for an array"),
        returns: .boolean("whether it did and is"),
        about: About(
          example: """
            local w = pvm.watch{ hp={game, health, "i32"} }
            game:write_i32(health, 0)
            w:update()
            print(w:changed_to("hp", 0))  --> true
            w:update()
            print(w.hp, w:changed_to("hp", 0))  --> 0 false
            """, notes: "A number for an f32 is rounded to one first, so 1.1 is found.")
      ) { (_, object: WatcherObject, key: PlaceKey, value: LuaValue) in
        try object.changed(key, to: value)
      },
      .method(
        "changes", "List what the last update found changed.",
        returns: .written(
          ResultText(
            "changes", annotation: "{name: string|integer, old: any, new: any}[]",
            note: "numbered places first, then by name; old or new is nil where unreadable")),
        about: About(
          example: """
            local w = pvm.watch{ hp={game, health, "i32"}, gold={game, gold, "i32"} }
            game:write_i32(gold, 9)
            w:update()
            for _, c in ipairs(w:changes()) do print(c.name, c.old, c.new) end  --> gold 250 9
            """)
      ) { (call, object: WatcherObject) in
        let changes = object.watch.changes
        call.reply.table(arrayCount: changes.count) { reply in
          for index in changes { object.writeChange(of: index, to: reply) }
        }
      },
      .method(
        "faults", "The errors of the places that the last update could not read.",
        returns: .written(
          ResultText(
            "faults", annotation: "table<any, pvm.error>?",
            note: "by the keys of the watcher; nil when all was read")),
        about: About(
          example: """
            local w = pvm.watch{ good={game, gold, "i32"}, bad={game, 0x10, "i32"} }
            print(w.good, w.bad, w:faults().bad.code)  --> 250 nil EFAULT
            """)
      ) { (call, object: WatcherObject) in object.writeFaults(to: call.reply) },
      .method(
        "address", "Tell where a place lay when it was last read.", placeName,
        returns: ResultType<Address>.address("nil at the end of a chain that is broken")
          .optional(),
        about: About(
          example: """
            local w = pvm.watch{ hp={game, {root, 0x10, 0x8, 0}, "i32"} }
            print(w:address("hp") == health)  --> true
            """)
      ) { (_, object: WatcherObject, key: PlaceKey) in
        object.watch.address(at: try object.names.position(of: key))
      },
    ]
  }

  private static var watcherFields: [Declaration] {
    [
      .field("new", .object("pvm.moment", "what the last update read", name: "new")) {
        (object: WatcherObject) in MomentObject(object, .new)
      },
      .field("old", .object("pvm.moment", "what the update before read", name: "old")) {
        (object: WatcherObject) in MomentObject(object, .old)
      },
      .field("updates", .count("how often it was updated", name: "updates")) {
        (object: WatcherObject) in object.watch.updateCount
      },
      .field(
        "lost",
        .value(
          "{pid: integer?, code: string, error: string}[]?",
          "the processes of which the last update could read nothing, since they have ended or for another reason; nil when there is none",
          name: "lost")
      ) { (object: WatcherObject) in
        let lost = object.watch.lost
        if lost.isEmpty { return .null }
        var list = LuaTable()
        list.array = lost.map { source, error in
          var fields: [(name: String, value: LuaValue)] = [
            ("code", .text(error.code)), ("error", .text(error.message)),
          ]
          if let id = source.processID { fields.append(("pid", .integer(Int64(id.rawValue)))) }
          return .table(LuaTable(fields))
        }
        return .table(list)
      },
    ]
  }

  private static var watcherMembers: [Declaration] {
    [
      .item(ResultType<ScatterOutcome?>.outcome("the i-th value; nil: outside, or unreadable")) {
        (object: WatcherObject, index: Int64) in
        guard index >= 1, index <= object.names.numbered else { return nil }
        return object.watch.new(at: Int(index) - 1)
      },
      .metamethod("__len", .count("how many numbered places")) { (_, object: WatcherObject) in
        object.names.numbered
      },
      .metamethod("__tostring", .text("a table of all places; what has changed has a *")) {
        (_, object: WatcherObject) in object.text
      },
      .unknownField { (call, object: WatcherObject, name: String) in
        guard let index = object.names.positions[name] else {
          throw ScriptFailure.misuse(
            Spelling.unknown("place", name, among: object.names.named) + " of a watcher")
        }
        object.watch.new(at: index).write(to: call.reply)
      },
    ]
  }
}

extension WatcherObject {
  /// `{name=, old=, new=}`.
  fileprivate func writeChange(of index: Int, to reply: Reply) {
    reply.table(recordCount: 3) { reply in
      reply.key("name")
      if index < names.numbered {
        reply.integer(Int64(index + 1))
      } else {
        reply.text(names.label(index))
      }
      reply.key("old")
      watch.old(at: index).write(to: reply)
      reply.key("new")
      watch.new(at: index).write(to: reply)
    }
  }

  fileprivate func writeFaults(to reply: Reply) {
    let failures = (0..<watch.count).compactMap { index in
      if case .failure(let error) = watch.new(at: index) { (index, error) } else { nil }
    }
    if failures.isEmpty { return reply.null() }
    reply.table { reply in
      for (index, error) in failures {
        names.write(index, as: reply)
        reply.error(error)
      }
    }
  }
}
