import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// Looking at a diff.
  static var diffShowing: [Declaration] {
    [
      .method(
        "page", "Lay some cells out as a table: number, place, old and new value.",
        Parameter<Int>("page", .count("page", from: 1, upTo: 1 << 40), "which, from 1", default: 1),
        Parameter<Int>("size", .count("size", from: 1, upTo: 10_000), "cells a page", default: 20),
        returns: .text("lines", name: "text"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(gold, 1)
            print(before:diff(game, {type="i32"}):page(1, 5))
            """)
      ) { (_, object: DiffObject, page: Int, size: Int) in
        let (start, overflow) = (page - 1).multipliedReportingOverflow(by: size)
        let first = overflow ? object.diff.count : min(start, object.diff.count)
        return try object.lines(first..<min(first + size, object.diff.count))
          .plainText
      },
      .method(
        "regions",
        "List the mappings that cells lie in, with how many, and a strip that shows where.",
        Parameter<Int>(
          "columns", .count("columns", from: 1, upTo: 1024), "parts of each strip at most",
          default: 32),
        returns: .value("table[]", "{region=, cells=, pages=, strip=} each"),
        about: About(
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(gold, 1)
            for _, r in ipairs(before:diff(game):regions()) do print(r.region, r.cells, r.strip) end
            """,
          notes: "A character is a dot where nothing has changed, and a block where all has.")
      ) { (_, object: DiffObject, columns: Int) in
        var list = LuaTable()
        list.array = object.diff.regionDiffs(columns: columns).map { part in
          .table(
            LuaTable([
              ("region", .object(RegionObject(part.region), className: "pvm.region")),
              ("cells", .integer(Int64(part.cellCount))),
              ("pages", .integer(Int64(part.pageCount))), ("strip", .text("\(part.strip)")),
            ]))
        }
        return .table(list)
      },
      .method(
        "hexdump", "Show changed bytes as hexadecimal and text: what was, and below it what is.",
        Parameter<Int>(
          "rows", .count("rows", from: 1, upTo: 10_000), "how many rows with changes at most",
          default: 16),
        Parameter<Address>("from", .address, "the first address", default: .zero, "0"),
        Parameter<Bool>("color", .boolean, "also mark with terminal colours", default: false),
        returns: .text("lines", name: "text"),
        about: About(
          fails: scanErrors,
          example: """
            local before = game:snapshot{perms="rw"}
            game:write(scratch, "hello")
            print(before:diff(game):hexdump(1, scratch))
            """,
          notes: "Of the new bytes those that have not changed are dots.",
          seeAlso: ["process.hexdump"])
      ) { (_, object: DiffObject, rows: Int, from: Address, color: Bool) in
        try object.diff.dump(rows: rows, from: from).text(colors: color)
      },
      .method(
        "json", "Write all cells as JSON lines; of bytes, runs.",
        Parameter("path", .path, "a file, which is replaced; \"-\" for standard output"),
        returns: .count("how many lines were written"),
        about: About(
          fails: scanErrors + ["EACCES", "ENOENT"],
          example: """
            local before = game:snapshot{perms="rw"}
            game:write_i32(gold, 1)
            print(before:diff(game, {type="i32"}):json("/dev/null") >= 1)  --> true
            """,
          notes: """
            Each line: address as text, size, type, old, new, place; runs of bytes have old and new in \
            hexadecimal.
            """)
      ) { (call, object: DiffObject, path: String) in
        if path == "-" {
          guard let output = call.session.output else {
            throw ScriptFailure.badArgument(2, "this host has no standard output")
          }
          return try object.export(to: output)
        }
        let file = try OutputFile(path: path)
        defer { file.close() }
        return try object.export(to: file.write)
      },
    ]
  }

  static var diffFields: [Declaration] {
    [
      .field("title", .text("what it holds, in words", name: "title")) { (o: DiffObject) in
        o.diff.hits.title
      },
      .field("type", .text("the type of the cells", name: "type")) { (o: DiffObject) in
        o.diff.format.name
      },
      .field(
        "complete",
        .boolean("false when it was interrupted and there may be more", name: "complete")
      ) { (o: DiffObject) in o.diff.hits.outcome.isComplete },
      .field("before", .process("the earlier memory")) { (o: DiffObject) in o.before },
      .field("after", .process("the later memory; of a live process the snapshot taken of it")) {
        (o: DiffObject) in o.after
      },
      .field(
        "map_changes",
        .value(
          "table[]",
          "mappings that are not what they were: {kind=, address=, size=, before=, after=, text=} "
            + "each; kinds are appeared, vanished, grew, shrank, moved, permissions",
          name: "map_changes")
      ) { (o: DiffObject) in o.mapChangesValue },
      .field(
        "stats",
        .value(
          "table",
          "{bytes_compared=, bytes_shared=, bytes_unreadable=, bytes_only_before=, "
            + "bytes_only_after=, seconds=, gb_per_second=, threads=, memory=, disk=}",
          name: "stats")
      ) { (o: DiffObject) in o.statisticsValue },
    ]
  }
}

extension Diff {
  /// The first rows with changes from an address on.
  fileprivate func dump(rows most: Int, from first: Address) throws -> DiffDump {
    let cursor = DiffSpanCursor(self, gap: 16, longest: 1 << 16)
    var dump = DiffDump(start: first, old: [], new: [])
    var count = 0
    while count < most, let span = cursor.next() {
      guard span.range.end > first else { continue }
      // Whole rows, and nothing beyond what is wanted.
      let low = max(span.range.start, first).rawValue & ~15
      let high = min((span.range.end.rawValue &+ 15) & ~15, low &+ UInt64(most) * 16)
      let (old, new) = try bytes(of: AddressRange(start: Address(low), end: Address(high)))
      let part = DiffDump(start: Address(low), old: old, new: new).changedRows(most - count)
      count += part.rows.count
      dump = dump.appending(part)
    }
    return dump
  }
}

extension DiffObject {
  fileprivate var mapChangesValue: LuaValue {
    func region(_ region: Region?) -> LuaValue {
      region.map { .object(RegionObject($0), className: "pvm.region") } ?? .null
    }
    var list = LuaTable()
    list.array = diff.mapChanges.changes.map { change in
      .table(
        LuaTable([
          ("kind", .text(change.kind.rawValue)),
          ("address", .integer(change.range.start.luaInteger)),
          ("size", .integer(Int64(clamping: change.range.count))),
          ("before", region(change.before)), ("after", region(change.after)),
          ("text", .text("\(change)")),
        ]))
    }
    return .table(list)
  }

  fileprivate var statisticsValue: LuaValue {
    let s = diff.statistics
    func count(_ number: UInt64) -> LuaValue { .integer(Int64(clamping: number)) }
    let speed = s.seconds > 0 ? Double(s.bytesCompared) / s.seconds / 1e9 : 0
    return .table(
      LuaTable([
        ("bytes_compared", count(s.bytesCompared)), ("bytes_shared", count(s.bytesShared)),
        ("bytes_unreadable", count(s.bytesUnreadable)),
        ("bytes_only_before", count(s.bytesOnlyBefore)),
        ("bytes_only_after", count(s.bytesOnlyAfter)), ("seconds", .number(s.seconds)),
        ("gb_per_second", .number(speed)), ("threads", .integer(Int64(s.threads))),
        ("memory", .integer(Int64(diff.hits.memoryByteCount))),
        ("disk", .integer(Int64(diff.hits.diskByteCount))),
      ]))
  }
}
