import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var hitsAccess: [Declaration] {
    [
      .method(
        "has", "Tell whether an address is among the hits.",
        Parameter("address", .address, "where"),
        returns: .boolean("whether it is"),
        about: About(
          example: #"print(game:scan("i32", game:read_i32(health)):has(health))  --> true"#)
      ) { (_, object: HitsObject, address: Address) in
        object.hits.index(of: address) != nil
      },
      .method(
        "at", "Find the hit at an address.",
        Parameter("address", .address, "where"),
        returns: ResultType<CellObject>.object("pvm.cell", "the hit; nil when there is none")
          .optional(),
        about: About(
          example: #"print(game:scan("i32", game:read_i32(health)):at(health).type)  --> i32"#)
      ) { (_, object: HitsObject, address: Address) in
        object.hits.index(of: address).flatMap { object.cell(Int64($0) + 1) }
      },
      .method(
        "page", "Lay some hits out as a table: number, place, type, values.",
        Parameter<Int>("page", .count("page", from: 1, upTo: 1 << 40), "which, from 1", default: 1),
        Parameter<Int>("size", .count("size", from: 1, upTo: 10_000), "hits a page", default: 20),
        returns: .text("lines", name: "text"),
        about: About(example: #"print(game:scan("i32", game:read_i32(health)):page(1, 5))"#)
      ) { (_, object: HitsObject, page: Int, size: Int) in
        let (start, overflow) = (page - 1).multipliedReportingOverflow(by: size)
        let first = overflow ? object.hits.count : min(start, object.hits.count)
        return object.text(first..<min(first + size, object.hits.count))
      },
      .method(
        "history", "List the steps from the first scan to this one.",
        returns: .written(
          ResultText("steps", annotation: "pvm.hits[]", note: "the last is this one")),
        about: About(
          example: """
            local hits = game:scan("i32", game:read_i32(health)):unchanged()
            for i, step in ipairs(hits:history()) do print(i, step.title, #step) end
            """)
      ) { (call, object: HitsObject) in
        let steps = object.hits.history
        call.reply.table(arrayCount: steps.count) { reply in
          for step in steps { reply.object(HitsObject(handle: object.handle, hits: step)) }
        }
      },
      .method(
        "forget", "The same hits without their history, whose memory is given back.",
        returns: hits("with no parent; `first` is this step then"),
        about: About(
          example: #"print(game:scan("i32", 1):unchanged():forget().parent)  --> nil"#,
          notes: "A script that refines in an endless loop needs it: every step is kept for undo.")
      ) { (_, object: HitsObject) in
        HitsObject(handle: object.handle, hits: object.hits.forgettingHistory())
      },
    ]
  }
}
