import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// The class of search results: what `process.scan` and `process.find` give.
  static var hitsClass: ClassDeclaration {
    ClassDeclaration(
      HitsObject.self, "pvm.hits",
      "What a search found. It never changes: every step gives a new one, and the old ones stay good.",
      [
        hitsAccess, hitsValues, hitsRefining, hitsChanges, hitsSets, hitsGroups, hitsLabelling,
        hitsExports, hitsFields, hitsMetamethods,
      ])
  }

  /// A result that is a new set of hits.
  static func hits(_ note: String) -> ResultType<HitsObject> {
    .object("pvm.hits", note, name: "hits", weight: { $0.hits.memoryByteCount })
  }

  private static var hitsMetamethods: [Declaration] {
    [
      .item(
        ResultType<CellObject>.object("pvm.cell", "the i-th hit as a typed place; nil outside")
          .optional()
      ) { (object: HitsObject, index: Int64) in object.cell(index) },
      .metamethod("__eq", .boolean("whether both are the same step of one search")) {
        (call, object: HitsObject) in
        let other = try? ArgumentType<HitsObject>.object("pvm.hits").read(call, 2)
        return other?.hits === object.hits
      },
      .metamethod("__len", .count("how many hits")) { (_, object: HitsObject) in
        object.hits.count
      },
      .metamethod("__tostring", .text("a table of the first 20")) { (_, object: HitsObject) in
        object.text(0..<20)
      },
    ]
  }

  private static var hitsFields: [Declaration] {
    [
      .field("title", .text("what this step asked for", name: "title")) { (o: HitsObject) in
        o.hits.title
      },
      .field(
        "parent", ResultType<HitsObject>.object("pvm.hits", "the step before: undo").optional()
      ) { (o: HitsObject) in
        o.hits.parent.map { HitsObject(handle: o.handle, hits: $0) }
      },
      .field("first", .object("pvm.hits", "the first scan of this history")) { (o: HitsObject) in
        HitsObject(handle: o.handle, hits: o.hits.first)
      },
      .field(
        "complete",
        .boolean("false when it was interrupted and more may be found", name: "complete")
      ) { (o: HitsObject) in o.hits.outcome.isComplete },
      .field(
        "stats",
        .value(
          "table",
          "{bytes_read=, bytes_skipped=, bytes_left_out=, bytes_unreadable=, seconds=, "
            + "gb_per_second=, threads=, regions=, lost_hits=, memory=, disk=}", name: "stats")
      ) { (o: HitsObject) in o.hits.statisticsValue },
      .field(
        "holes",
        .value("table[]", "what could not be read: {address=, size=, reason=} each", name: "holes")
      ) { (o: HitsObject) in try o.hits.holesValue() },
      .field(
        "left_out",
        .value(
          "table[]", "what was not searched for its own sake: {region=, size=, reason=} each",
          name: "left_out")
      ) { (o: HitsObject) in o.hits.leftOutValue },
      .field("types", .value("table<string, integer>", "how many hits of each type", name: "types"))
      { (o: HitsObject) in
        .table(LuaTable(o.hits.lanes.map { ($0.label, .integer(Int64($0.count))) }))
      },
    ]
  }
}

extension Hits {
  fileprivate var statisticsValue: LuaValue {
    let s = outcome.statistics
    return .table(
      LuaTable([
        ("bytes_read", .integer(Int64(clamping: s.bytesRead))),
        ("bytes_skipped", .integer(Int64(clamping: s.bytesUnpopulated))),
        ("bytes_left_out", .integer(Int64(clamping: s.bytesLeftOut))),
        ("bytes_unreadable", .integer(Int64(clamping: s.bytesUnreadable))),
        ("seconds", .number(s.seconds)), ("gb_per_second", .number(s.gigabytesPerSecond)),
        ("threads", .integer(Int64(s.threads))), ("regions", .integer(Int64(s.regions))),
        ("lost_hits", .integer(Int64(s.lostHits))),
        ("memory", .integer(Int64(memoryByteCount))), ("disk", .integer(Int64(diskByteCount))),
      ]))
  }

  fileprivate func holesValue() throws -> LuaValue {
    let map = try? source.regionMap()
    var list = LuaTable()
    list.array = outcome.holes.map { hole in
      let region = map?.region(containing: hole.start)
      let reason =
        region.map { "in \($0), which cannot be read there (guard page, or past its file's end)" }
        ?? "not mapped any more"
      return .table(
        LuaTable([
          ("address", .integer(hole.start.luaInteger)),
          ("size", .integer(Int64(clamping: hole.count))), ("reason", .text(reason)),
        ]))
    }
    return .table(list)
  }

  fileprivate var leftOutValue: LuaValue {
    var list = LuaTable()
    list.array = outcome.leftOut.map { part in
      .table(
        LuaTable([
          ("region", .object(RegionObject(part.region), className: "pvm.region")),
          ("size", .integer(Int64(clamping: part.byteCount))),
          ("reason", .text("\(part.reason)")),
        ]))
    }
    return .table(list)
  }
}
