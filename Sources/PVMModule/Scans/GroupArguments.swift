import LuaHost
import MemoryModel
import RemoteMemory

extension ArgumentType where Value == [GroupPattern.Item] {
  /// `{ {"i32", 100}, {"f32", between={1, 2}} }`.
  static var groupItems: ArgumentType<[GroupPattern.Item]> {
    ArgumentType("list of {type, value, ...}", annotation: "table[]") { call, index in
      let numbers = try call.itemNumbers(of: index)
      guard try !call.hasNamedEntries(at: index),
        numbers.enumerated().allSatisfy({ $1 == Int64($0) + 1 })
      else { throw ArgumentMismatch("a list of {type, value, ...} without gaps is expected") }
      guard 2...GroupPattern.mostItems ~= numbers.count else {
        throw ArgumentMismatch("\(GroupPatternError.itemCount(numbers.count))")
      }
      return try numbers.map { number in
        try ArgumentMismatch.at("value \(number)") {
          try call.item(number, of: index) { try GroupPattern.Item($0, at: $1) }
        }
      }
    }
  }
}

extension GroupPattern.Item {
  fileprivate init(_ call: borrowing Call, at table: Int32) throws {
    let format = try call.itemType(ArgumentType<ScalarFormat>.scalar, at: table)
    let (value, values) = try call.itemValue(ValueSettings.parameter, at: table)
    self.init(format, try values.condition(value))
  }
}

/// The options of `find_group`.
struct GroupSettings {
  let nearness: Nearness
  let search: SearchSettings

  init(_ nearness: Nearness, _ place: SearchPlace, _ work: SearchWork) {
    self.nearness = nearness
    search = SearchSettings(place: place, work: work)
  }

  static var parameter: Parameter<GroupSettings> {
    Parameter<(Nearness, SearchPlace, SearchWork)>.optionGroups(
      "how near, where and how to search", Nearness.parameter, SearchPlace.parameter,
      SearchWork.parameter
    ).map(GroupSettings.init)
  }

  func pattern(_ items: [GroupPattern.Item]) -> GroupPattern {
    GroupPattern(
      items, within: nearness.within, isOrdered: nearness.isOrdered,
      alignment: search.work.alignment)
  }

  /// How near the values lie.
  struct Nearness {
    let within: Int
    let isOrdered: Bool
    let limit: Int

    static var parameter: Parameter<Nearness> {
      Parameter<(Int, Bool, Int)>.options(
        "how near",
        Parameter<Int>(
          "within", .count("within", from: 1, upTo: Int64(GroupPattern.longestStretch)),
          "all of them lie, whole, in a stretch of so many bytes", default: 256),
        Parameter<Bool>(
          "ordered", .boolean, "they lie in the order given; otherwise in any", default: false),
        Parameter<Int>(
          "limit", .count("limit", upTo: 1_000_000), "the most groups to list", default: 1000)
      ).map(Nearness.init)
    }
  }
}

/// What a search for groups found, as a script gets it.
struct GroupAnswer {
  let hits: HitsObject
  let groups: [FoundGroup]
  let isCutShort: Bool
}

extension ResultType where Value == GroupAnswer {
  /// The hits, the list of groups, and whether that is cut short.
  static var groups: ResultType<GroupAnswer> {
    let hits = PVMModule.hits("every value that is part of a group, kept apart as written")
    let list = ResultText(
      "groups", annotation: "table[]",
      note: "by address, each {first, second, ..., start=}: where each value lies, and the lowest")
    let cut = ResultText(
      "cut_short", annotation: "boolean", note: "whether there are more groups than `limit`")
    return ResultType(hits.texts + [list, cut]) { call, answer in
      try hits.write(call, answer.hits)
      call.reply.table(arrayCount: answer.groups.count) { reply in
        for group in answer.groups { group.write(to: reply) }
      }
      call.reply.boolean(answer.isCutShort)
    }
  }
}

extension FoundGroup {
  fileprivate func write(to reply: Reply) {
    reply.table(arrayCount: members.count, recordCount: 1) { reply in
      for member in members { reply.integer(member.luaInteger) }
      reply.key("start")
      reply.integer(start.luaInteger)
    }
  }
}
