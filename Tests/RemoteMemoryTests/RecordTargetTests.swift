import MemoryModel
import RemoteMemory
import Testing

/// Structs, groups and references in a process.
@Suite struct RecordTargetTests {
  private static func value(_ type: ScalarType, _ comparison: ValueCondition.Comparison)
    -> GroupPattern.Item
  {
    GroupPattern.Item(ScalarFormat(type), ValueCondition(comparison))
  }

  private static func addresses(_ hits: Hits) -> [Address] {
    (0..<hits.count).compactMap { hits.hit(at: $0)?.address }
  }

  @Test("the table of entities is found by its shape")
  func entities() throws {
    let target = try Target()
    let process = try target.attach()
    let player = PointeeCondition.value(ScalarFormat(.i32), ValueCondition(.equal(.integer(100))))
    let pattern = RecordPattern(
      byteCount: 0x40,
      fields: [
        RecordField(
          offset: 4,
          .value(ScalarFormat(.i32), ValueCondition(.between(.integer(100), .integer(330))))),
        RecordField(
          offset: 0x18,
          .pointer(
            PointerCondition(into: RegionFilter(kinds: [.heap]), to: player, isNullable: true))),
        RecordField(offset: 0x20, .bytes(try BytePattern(parsing: "'imp-'"))),
      ])
    let hits = try process.findRecords(pattern)
    let table = target("entities")
    #expect(Self.addresses(hits) == (0..<24).map { table.offset(by: 0x40 * $0) })
    #expect(
      hits.title == """
        struct of 64 bytes: i32 between 100 and 330 at 4, pointer into heap to i32 = 100 or null \
        at 24, 69 6d 70 2d at 32
        """)
    // Of the entities every other one points at the player, whose health now differs.
    try process.writeScalar(.integer(99), as: ScalarFormat(.i32), at: target("player"))
    let again = try process.findRecords(pattern)
    #expect(Self.addresses(again) == (0..<12).map { table.offset(by: 0x40 * (2 * $0 + 1)) })
  }

  @Test("the player is found by values near each other, and by who points there")
  func player() throws {
    let target = try Target()
    let process = try target.attach()
    let player = target("player")
    let found = try process.findGroups(
      GroupPattern(
        [
          Self.value(.f32, .equal(.real(1.5))), Self.value(.i32, .equal(.integer(250))),
          Self.value(.i32, .equal(.integer(12))), Self.value(.i32, .equal(.integer(100))),
        ], within: 0x20))
    #expect(
      found.groups.contains(
        FoundGroup(members: [0x1C, 4, 8, 0].map { player.offset(by: $0) })))
    let references = try process.findReferences(to: player)
    let places = Set(Self.addresses(references))
    let table = target("entities")
    for id: Int64 in 0..<24 {
      #expect(places.contains(table.offset(by: 0x40 * id + 0x18)) == (id % 2 == 0))
    }
  }
}
