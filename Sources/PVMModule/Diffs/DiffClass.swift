import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of comparisons: what `process.diff` gives.
  static var diffClass: ClassDeclaration {
    ClassDeclaration(
      DiffObject.self, "pvm.diff",
      "What is not the same in two memories: cells with old and new value. It never changes.",
      [diffAccess, diffFilters, diffSets, diffShowing, diffFields, diffMetamethods])
  }

  /// What `each` of a diff gives.
  static var diffWalkClass: ClassDeclaration {
    ClassDeclaration(
      DiffWalk.self, "pvm.diff_walk", "A walk over the cells of a diff, for a `for` loop.",
      [
        [
          .metamethod(
            "__call",
            ResultType<Void>.written(
              ResultText("address", annotation: "integer?", note: "of the next cell"),
              ResultText("old", annotation: "any", note: "what it was"),
              ResultText("new", annotation: "any", note: "what it is"))
          ) { (call, walk: DiffWalk) in
            guard let cell = try walk.next() else { return call.reply.null() }
            call.reply.integer(cell.address.luaInteger)
            if let old = cell.old { old.write(to: call.reply) } else { call.reply.null() }
            if let new = cell.new { new.write(to: call.reply) } else { call.reply.null() }
          }
        ]
      ])
  }

  /// What `ranges` of a diff gives.
  static var diffRangesClass: ClassDeclaration {
    ClassDeclaration(
      DiffRangeWalk.self, "pvm.diff_ranges", "A walk over runs of changed bytes, for a `for` loop.",
      [
        [
          .metamethod(
            "__call",
            ResultType<Void>.written(
              ResultText("address", annotation: "integer?", note: "of the next run"),
              ResultText("size", annotation: "integer", note: "its length in bytes"),
              ResultText("old", annotation: "string", note: "the bytes that were there"),
              ResultText("new", annotation: "string", note: "the bytes that are there"))
          ) { (call, walk: DiffRangeWalk) in
            guard let (span, old, new) = try walk.next() else { return call.reply.null() }
            call.reply.integer(span.range.start.luaInteger)
            call.reply.integer(Int64(clamping: span.range.count))
            call.reply.bytes(old)
            call.reply.bytes(new)
          }
        ]
      ])
  }

  private static var diffAccess: [Declaration] {
    [
      .method(
        "at", "Find the cell at an address.",
        Parameter("address", .address, "its first byte in the later memory"),
        returns: .value("table?", "{address=, old=, new=, size=, region=}; nil when there is none"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(gold, game:read_i32(gold) + 10)
            local d = before:diff(game, {type="i32"})
            print(d:at(gold).new - d:at(gold).old, d:at(8))  --> 10 nil
            """)
      ) { (_, object: DiffObject, address: Address) in
        try object.diff.hits.index(of: address).map { try object.cellValue($0) } ?? .null
      },
      .method(
        "each", "Go over all cells: address, old and new value of each, read in batches.",
        returns: .object("pvm.diff_walk", "for a `for` loop", name: "iterator"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(gold, game:read_i32(gold) + 10)
            for address, old, new in before:diff(game, {type="i32"}):each() do
              if address == gold then print(new - old) end  --> 10
            end
            """, notes: "No table is built.")
      ) { (_, object: DiffObject) in DiffWalk(object) },
      .method(
        "ranges", "Go over runs of changed bytes: address, size, old and new bytes of each.",
        Parameter<Int>(
          "gap", .count("gap", upTo: 1 << 20),
          "runs with no more equal bytes between them are one", default: 0),
        returns: .object("pvm.diff_ranges", "for a `for` loop", name: "iterator"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            game:write(scratch, "hello")
            for address, size, old, new in before:diff(game):ranges() do
              if address == scratch then print(size, new) end  --> 5 hello
            end
            """, notes: "A run of more than 1 MiB comes in pieces.")
      ) { (_, object: DiffObject, gap: Int) in DiffRangeWalk(object.diff, gap: gap) },
      .method(
        "before_address", "Where a byte of the later memory lay in the earlier.",
        Parameter("address", .address, "in the later memory"),
        returns: ResultType<Address>.address("nil where it goes with none").optional(),
        about: About(
          example: """
            local before = game:snapshot{perms="rw"}
            print(before:diff(game):before_address(gold) == gold)  --> true
            """)
      ) { (_, object: DiffObject, address: Address) in object.diff.beforeAddress(of: address) },
      .method(
        "hits",
        "The cells as a search, to go on narrowing: their remembered values are the new ones.",
        Parameter<ProcessHandle?>.optional(
          "live", .object("pvm.process"),
          "where the search goes on; by default the process that was compared"),
        returns: hits("with no history"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(gold, game:read_i32(gold) + 10)
            local hits = before:diff(game, {type="i32"}):hits()
            game:write_i32(gold, game:read_i32(gold) + 3)
            print(hits:increased_by(3):has(gold))  --> true
            """, seeAlso: ["process.scan"])
      ) { (_, object: DiffObject, live: ProcessHandle?) -> HitsObject in
        let handle = live ?? object.live ?? object.after
        return HitsObject(handle: handle, hits: try object.diff.search(in: handle.source))
      },
    ]
  }

  private static var diffMetamethods: [Declaration] {
    [
      .item(
        ResultType<LuaValue>.value(
          "table?", "the i-th cell: {address=, old=, new=, size=, region=}; nil outside")
      ) { (object: DiffObject, index: Int64) in
        guard index >= 1, index <= Int64(object.diff.count) else { return .null }
        return try object.cellValue(Int(index) - 1)
      },
      .metamethod("__len", .count("how many cells")) { (_, object: DiffObject) in
        object.diff.count
      },
      .metamethod("__tostring", .text("regions, and the first cells")) { (_, object: DiffObject) in
        try object.text()
      },
    ]
  }
}

extension DiffObject {
  /// A cell as a table.
  fileprivate func cellValue(_ number: Int) throws -> LuaValue {
    guard let cell = try cells(number..<(number + 1)).first else { return .null }
    let region = diff.map.region(containing: cell.address)
    return .table(
      LuaTable([
        ("address", .integer(cell.address.luaInteger)),
        ("old", cell.old?.luaValue ?? .null),
        ("new", cell.new?.luaValue ?? .null),
        ("size", .integer(Int64(diff.width))),
        (
          "region",
          region.map { .object(RegionObject($0), className: "pvm.region") } ?? .null
        ),
      ]))
  }
}
