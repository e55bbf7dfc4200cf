import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var hitsGroups: [Declaration] {
    [
      .method(
        "grouped", "Keep the hits of `find_group` that are still part of a group.",
        Parameter("values", .groupItems, "those that `find_group` was asked for"),
        GroupSettings.Nearness.parameter,
        returns: .groups,
        about: About(
          fails: scanErrors,
          example: """
            local values = { {"i32", game:read_i32(health)}, {"i32", game:read_i32(gold)} }
            local hits = game:find_group(values, {within=16})
            local left, groups = hits:unchanged():grouped(values, {within=16})
            print(left:has(health), #groups >= 1)  --> true true
            """,
          notes: """
            After a step that lost some of the values. Nothing is read. The distance, the order and how \
            many there are of each value may differ from the first search.
            """,
          seeAlso: ["process.find_group"])
      ) {
        (
          _, object: HitsObject, items: [GroupPattern.Item], nearness: GroupSettings.Nearness
        ) -> GroupAnswer in
        let pattern = GroupPattern(
          items, within: nearness.within, isOrdered: nearness.isOrdered)
        let found = try object.hits.grouped(pattern, limit: nearness.limit)
        return GroupAnswer(
          hits: HitsObject(handle: object.handle, hits: found.hits), groups: found.groups,
          isCutShort: found.isCutShort)
      }
    ]
  }
}
