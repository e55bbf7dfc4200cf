import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var momentClass: ClassDeclaration {
    ClassDeclaration(
      MomentObject.self, "pvm.moment",
      "What a watcher read at the last update, or at the one before: `watcher.new` and `.old`.",
      [
        [
          .item(
            ResultType<ScatterOutcome?>.outcome("the i-th value; nil: outside, or unreadable")
          ) { (object: MomentObject, index: Int64) in
            guard index >= 1, index <= object.watcher.names.numbered else { return nil }
            return object.outcome(at: Int(index) - 1)
          },
          .method(
            "get", "Take a value by its name, also one that is called like a method.",
            Parameter("name", .placeKey, "as in the watcher"),
            returns: .outcome("the value; nil when it could not be read"),
            about: About(
              example: """
                local w = pvm.watch{ table={game, gold, "i32"} }
                print(w.new:get("table"))  --> 250
                """)
          ) { (_, object: MomentObject, key: PlaceKey) in
            object.outcome(at: try object.watcher.names.position(of: key))
          },
          .method(
            "table", "All values as a plain table with the keys of the watcher.",
            returns: .written(
              ResultText("values", annotation: "table", note: "unreadable ones are absent")),
            about: About(
              example: """
                local w = pvm.watch{ hp={game, health, "i32"}, gold={game, gold, "i32"} }
                local all = w.new:table()
                print(all.hp, all.gold)  --> 100 250
                """, notes: "A copy: it stays as it is when the watcher goes on.")
          ) { (call, object: MomentObject) in
            let names = object.watcher.names
            call.reply.table(arrayCount: names.numbered, recordCount: names.named.count) { reply in
              for index in 0..<names.count {
                let outcome = object.outcome(at: index)
                if case .failure = outcome { continue }
                names.write(index, as: reply)
                outcome.write(to: reply)
              }
            }
          },
          .metamethod("__len", .count("how many numbered places")) { (_, object: MomentObject) in
            object.watcher.names.numbered
          },
          .metamethod("__tostring", .text("one line about it")) { (_, object: MomentObject) in
            "\(object.moment.rawValue) values of \(object.watcher.names.count) places"
          },
          .unknownField { (call, object: MomentObject, name: String) in
            let names = object.watcher.names
            guard let index = names.positions[name] else {
              throw ScriptFailure.misuse(
                Spelling.unknown("place", name, among: names.named) + " of a watcher")
            }
            object.outcome(at: index).write(to: call.reply)
          },
        ]
      ])
  }
}
