import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  /// What is there, in bulk.
  static var hitsValues: [Declaration] {
    [
      .method(
        "values", "Read many hits at once.",
        firstParameter, lastParameter,
        returns: .written(
          ResultText(
            "values", annotation: "(number|boolean|string|nil)[]",
            note: "by their places in the range; nil where it cannot be read")),
        about: About(
          fails: scanErrors, source: ["process_vm_readv(2)"],
          example:
            #"print(game:scan("i32", game:read_i32(health)):values()[1] == game:read_i32(health))  --> true"#
        )
      ) { (call, object: HitsObject, first: Int64, last: Int64) in
        let values = try object.values(object.range(first, last))
        call.reply.table(arrayCount: values.count) { reply in
          for value in values { value.write(to: reply) }
        }
      },
      .method(
        "addresses", "List where many hits lie.",
        firstParameter, lastParameter,
        returns: .written(ResultText("addresses", annotation: "integer[]", note: "in their order")),
        about: About(
          example: #"print(#game:scan("i32", {unknown=true, kind="heap"}):addresses(1, 5))  --> 5"#)
      ) { (call, object: HitsObject, first: Int64, last: Int64) in
        let range = object.range(first, last)
        call.reply.table(arrayCount: range.count) { reply in
          for address in object.hits.addresses(from: range.lowerBound, count: range.count) {
            reply.integer(address.luaInteger)
          }
        }
      },
      .method(
        "to_table", "Copy hits into a table of {address=, type=, value=, old=}.",
        firstParameter, lastParameter,
        returns: .written(ResultText("rows", annotation: "table[]", note: "a row for each")),
        about: About(
          fails: scanErrors,
          example:
            #"print(game:scan("i32", game:read_i32(health)):to_table(1, 1)[1].type)  --> i32"#)
      ) { (call, object: HitsObject, first: Int64, last: Int64) in
        let rows = try object.rows(object.range(first, last))
        call.reply.table(arrayCount: rows.count) { reply in
          for row in rows {
            reply.table(recordCount: 4) { reply in
              reply.key("address")
              reply.integer(row.hit.address.luaInteger)
              reply.key("type")
              reply.text(object.hits.lanes[row.hit.lane].label)
              reply.key("value")
              row.value.write(to: reply)
              reply.key("old")
              if let old = row.hit.old { old.write(to: reply) } else { reply.null() }
            }
          }
        }
      },
      .method(
        "each", "Go over all hits: address, value and type of each, read in batches.",
        returns: .object("pvm.walk", "for a `for` loop", name: "iterator"),
        about: About(
          fails: scanErrors,
          example: """
            for address, value, type in game:scan("i32", game:read_i32(health)):each() do
              if address == health then print(value == game:read_i32(health), type) end
            end
            """,
          notes: "No table is built. What can no longer be read comes with the value nil.")
      ) { (_, object: HitsObject) in HitWalk(object) },
      .method(
        "filter", "Keep the hits that a function of yours accepts.",
        Parameter(
          "accepts",
          .function(signature: "fun(values: any[], addresses: integer[], type: string): boolean[]"),
          "called with up to 4096 values at a time; answers a table with true for those to keep"),
        returns: hits("those that are left"),
        about: About(
          fails: scanErrors,
          example: """
            local even = game:scan("i32", {between={1, 1000}, kind="heap"}):filter(function(values)
              local keep = {}
              for i, v in ipairs(values) do keep[i] = v % 2 == 0 end
              return keep
            end)
            """,
          notes: "What can no longer be read comes as false. An error ends the filter.")
      ) { (call, object: HitsObject, accepts: KeptFunction) -> HitsObject in
        try object.filtered(in: call, by: accepts)
      },
    ]
  }

  private static var firstParameter: Parameter<Int64> {
    Parameter<Int64>("first", .integer, "the first, from 1", default: 1)
  }

  private static var lastParameter: Parameter<Int64> {
    Parameter<Int64>("last", .integer, "the last", default: .max, "#hits")
  }

  /// What `each` gives: called by a `for` loop again and again.
  static var walkClass: ClassDeclaration {
    ClassDeclaration(
      HitWalk.self, "pvm.walk", "A walk over hits, for a `for` loop.",
      [
        [
          .metamethod(
            "__call",
            ResultType<Void>.written(
              ResultText("address", annotation: "integer?", note: "of the next hit"),
              ResultText("value", annotation: "any", note: "what is there now"),
              ResultText("type", annotation: "string?", note: "its type"))
          ) { (call, walk: HitWalk) in
            guard let row = try walk.next() else { return call.reply.null() }
            call.reply.integer(row.hit.address.luaInteger)
            row.value.write(to: call.reply)
            call.reply.text(walk.label(of: row.hit))
          }
        ]
      ])
  }
}

/// A hit and what is there now.
struct HitRow {
  let hit: Hit
  let value: HitValue?
}

extension HitsObject {
  /// Some hits with what is there now.
  func rows(_ range: Range<Int>) throws -> [HitRow] {
    let cursor = HitCursor(hits, from: range.lowerBound)
    return zip(cursor.next(range.count), try values(range)).map { HitRow(hit: $0, value: $1) }
  }

  /// What is at some hits now; text in UTF-8.
  func values(_ range: Range<Int>) throws -> [HitValue?] {
    var values = try hits.readValues(from: range.lowerBound, count: range.count)
    if hits.lanes.allSatisfy({ $0.element.format != nil }) { return values }
    let cursor = HitCursor(hits, from: range.lowerBound)
    for (index, hit) in cursor.next(range.count).enumerated() {
      values[index] = values[index]?.decoded(hit.element)
    }
    return values
  }

  /// The hits for which a script's function answers true.
  fileprivate func filtered(in call: borrowing Call, by accepts: KeptFunction) throws -> HitsObject
  {
    let running = call.running
    return with(
      try hits.keeping { range in
        let values = try self.values(range)
        let addresses = hits.addresses(from: range.lowerBound, count: range.count)
        let label = hits.hit(at: range.lowerBound).map { hits.lanes[$0.lane].label } ?? ""
        return try running { call in
          try accepts(
            in: call, results: 1,
            arguments: { reply in
              reply.table(arrayCount: values.count) { reply in
                for value in values {
                  if let value { value.write(to: reply) } else { reply.boolean(false) }
                }
              }
              reply.table(arrayCount: addresses.count) { reply in
                for address in addresses { reply.integer(address.luaInteger) }
              }
              reply.text(label)
            },
            read: { call in try Self.answers(call, range.count) })
        }
      })
  }

  /// The answers of a filter, from the table on top of the stack.
  private static func answers(_ call: borrowing Call, _ count: Int) throws -> [Bool] {
    guard call.kind(at: -1) == .table, case .table(let table) = try call.value(at: -1) else {
      throw ScriptFailure.misuse("a filter answers a table with true for those to keep")
    }
    var answers = [Bool](repeating: false, count: count)
    let listed = table.array.enumerated().map { (key: Int64($0 + 1), value: $1) }
    let others = table.others.compactMap { entry in entry.key.wholeNumber.map { ($0, entry.value) }
    }
    for (key, value) in listed + others where key >= 1 && key <= Int64(count) {
      answers[Int(key) - 1] =
        switch value {
        case .null, .boolean(false): false
        default: true
        }
    }
    return answers
  }
}

/// A walk over hits in batches.
public final class HitWalk {
  private let object: HitsObject
  private var batch: ArraySlice<HitRow> = []
  private var number = 0

  init(_ object: HitsObject) { self.object = object }

  /// The next hit; nil at the end.
  func next() throws -> HitRow? {
    if batch.isEmpty {
      let end = min(number + Hits.batchCount, object.hits.count)
      guard number < end else { return nil }
      batch = try object.rows(number..<end)[...]
      number = end
    }
    return batch.popFirst()
  }

  func label(of hit: Hit) -> String { object.hits.lanes[hit.lane].label }
}
