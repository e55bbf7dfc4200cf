import MemoryModel
import Testing

/// What became of mappings, told from two maps.
@Suite struct RegionChangesTests {
  static let all = """
    00400000-00401000 r-xp 00000000 08:01 11 /bin/game
    00500000-00510000 rw-p 00000000 00:00 0 [heap]
    00600000-00610000 rw-p 00000000 00:00 0
    00700000-00702000 r--p 00002000 08:01 22 /lib/libx.so

    """

  static func changes(_ before: String, _ after: String) throws -> [String] {
    let changes = RegionChanges(
      before: try RegionMap(mapsText: bytes(before)), after: try RegionMap(mapsText: bytes(after)))
    return changes.changes.map { change in
      "\(change.kind.rawValue) \(change.range) \(change.before.map { "\($0.start)" } ?? "-") "
        + "\(change.after.map { "\($0.start)" } ?? "-")"
    }
  }

  @Test func nothingChanges() throws { #expect(try Self.changes(Self.all, Self.all).isEmpty) }

  @Test(arguments: [
    (
      "00500000-00510000 rw-p", "00500000-00518000 rw-p", "grew 0x510000-0x518000 0x500000 0x500000"
    ),
    (
      "00500000-00510000 rw-p", "00500000-0050f000 rw-p",
      "shrank 0x50f000-0x510000 0x500000 0x500000"
    ),
    (
      "00600000-00610000 rw-p", "005ff000-00610000 rw-p",
      "grew 0x5ff000-0x600000 0x600000 0x5ff000"
    ),
    (
      "00600000-00610000 rw-p", "00600000-00610000 r--p",
      "permissions 0x600000-0x610000 0x600000 0x600000"
    ),
    (
      "00700000-00702000 r--p", "00800000-00802000 r--p",
      "moved 0x800000-0x802000 0x700000 0x800000"
    ),
    ("00600000-00610000 rw-p 00000000 00:00 0\n", "", "vanished 0x600000-0x610000 0x600000 -"),
    (
      "00600000-00610000 rw-p 00000000 00:00 0\n",
      "00600000-00610000 rw-p 00000000 00:00 0\n00620000-00621000 rw-p 00000000 00:00 0\n",
      "appeared 0x620000-0x621000 - 0x620000"
    ),
  ])
  func oneThingChanges(_ text: String, _ other: String, _ wanted: String) throws {
    let later = String(Self.all.replacing(text, with: other))
    #expect(later != Self.all)
    #expect(try Self.changes(Self.all, later) == [wanted])
  }

  @Test func aPageWithOtherPermissionsIsOneChange() throws {
    let later = String(
      Self.all.replacing(
        "00600000-00610000 rw-p 00000000 00:00 0\n",
        with: """
          00600000-00605000 rw-p 00000000 00:00 0
          00605000-00606000 r-xp 00000000 00:00 0
          00606000-00610000 rw-p 00000000 00:00 0

          """))
    #expect(
      try Self.changes(Self.all, later) == ["permissions 0x605000-0x606000 0x600000 0x605000"])
    #expect(
      try Self.changes(later, Self.all) == ["permissions 0x605000-0x606000 0x605000 0x600000"])
  }

  @Test func anotherObjectInThePlaceIsAnotherMapping() throws {
    let later = String(Self.all.replacing("08:01 22 /lib/libx.so", with: "08:01 23 /lib/liby.so"))
    #expect(
      try Self.changes(Self.all, later) == [
        "appeared 0x700000-0x702000 - 0x700000", "vanished 0x700000-0x702000 0x700000 -",
      ])
  }

  @Test func memoryWithoutAFileIsKnownByItsContent() throws {
    let later = String(Self.all.replacing("00600000-00610000", with: "00900000-00920000"))
    let before = try RegionMap(mapsText: bytes(Self.all))
    let after = try RegionMap(mapsText: bytes(later))
    for (content, wanted) in [
      ([0x600000: 5, 0x900000: 5], ["moved"]),
      ([0x600000: 5, 0x900000: 6], ["vanished", "appeared"]),
      ([:], ["vanished", "appeared"]),
    ] as [([UInt64: UInt64], [String])] {
      let changes = RegionChanges(before: before, after: after) { region, _ in
        content[region.start.rawValue]
      }
      #expect(changes.changes.map(\.kind.rawValue) == wanted)
    }
  }

  @Test func nothingMovesForWhoComparesByModule() throws {
    let shifted = """
      00a00000-00a01000 r-xp 00000000 08:01 11 /bin/game
      00b00000-00b20000 rw-p 00000000 00:00 0 [heap]
      00c00000-00c10000 rw-p 00000000 00:00 0
      00d00000-00d02000 r--p 00002000 08:01 22 /lib/libx.so

      """
    let before = try RegionMap(mapsText: bytes(Self.all))
    let after = try RegionMap(mapsText: bytes(shifted))
    let changes = RegionChanges(
      before: before, after: after, alignment: .modules(before: before, after: after))
    #expect(
      changes.changes.map { "\($0)" } == [
        "grew by 64.0 KiB: 0xb00000-0xb20000 rw-p [heap]"
      ])
  }

  @Test func bordersNeverTrap() throws {
    let high = Region(
      range: AddressRange(start: Address(.max - 4095), count: 4096), permissions: .read)
    let low = Region(range: AddressRange(start: .zero, count: .max), permissions: .read)
    for (one, two) in [([high], [low]), ([low], [high]), ([], [low]), ([high], [])] {
      _ = RegionChanges(before: RegionMap(one), after: RegionMap(two)).changes.map { "\($0)" }
      let alignment = RegionAlignment.modules(before: RegionMap(one), after: RegionMap(two))
      _ = RegionChanges(before: RegionMap(one), after: RegionMap(two), alignment: alignment)
    }
  }
}
