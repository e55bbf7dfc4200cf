import MemoryModel
import Testing

@Suite("Region maps")
struct RegionMapTests {
  private func map() throws -> RegionMap { try MapsFixture.map() }

  private func region(_ start: UInt64, _ end: UInt64, inode: UInt64 = 0) -> Region {
    Region(
      range: AddressRange(start: Address(start), end: Address(end)), permissions: .read,
      offset: 0x100, deviceMajor: 8, inode: inode, nameBytes: inode == 0 ? [] : bytes("/f"))
  }

  @Test("lists every line")
  func count() throws {
    let map = try map()
    #expect(map.count == 22)
    #expect(!map.isEmpty)
    #expect(try RegionMap(mapsText: []).isEmpty)
  }

  @Test(
    "finds the region of an address",
    arguments: [
      (0, nil), (0x3fffff, nil), (0x400000, 0x400000), (0x400fff, 0x400000), (0x401000, 0x401000),
      (0x408fff, 0x406000), (0x409000, nil), (0x7f00_0000_1fff, 0x7f00_0000_1000),
      (0x7f00_0000_2000, nil), (0xffff_ffff_ff60_0fff, 0xffff_ffff_ff60_0000),
      (0xffff_ffff_ff60_1000, nil), (.max, nil),
    ] as [(UInt64, UInt64?)])
  func containing(_ address: UInt64, _ start: UInt64?) throws {
    #expect(try map().region(containing: Address(address))?.start.rawValue == start)
  }

  @Test(
    "finds the neighbours of an address",
    arguments: [
      (0, nil, 0x400000), (0x400000, nil, 0x401000), (0x401000, 0x400000, 0x405000),
      (0x500000, 0x406000, 0x1000000), (.max, 0xffff_ffff_ff60_0000, nil),
    ] as [(UInt64, UInt64?, UInt64?)])
  func neighbours(_ address: UInt64, _ below: UInt64?, _ above: UInt64?) throws {
    let found = try map().neighbours(of: Address(address))
    #expect(found.below?.start.rawValue == below)
    #expect(found.above?.start.rawValue == above)
  }

  @Test("an empty map has no region and no neighbours")
  func empty() {
    let map = RegionMap([])
    #expect(map.region(containing: .zero) == nil)
    #expect(map.neighbours(of: .zero).below == nil)
    #expect(map.neighbours(of: .zero).above == nil)
    #expect(map.regions(overlapping: AddressRange(start: .zero, count: .max)).isEmpty)
  }

  @Test("finds the regions of a window")
  func window() throws {
    let map = try map()
    let window = AddressRange(start: Address(0x400fff), end: Address(0x405001))
    #expect(
      map.regions(overlapping: window).map(\.start.rawValue) == [0x400000, 0x401000, 0x405000])
    let hole = AddressRange(start: Address(0x500000), count: 16)
    #expect(map.regions(overlapping: hole).isEmpty)
  }

  @Test("sorts regions and cuts those that overlap")
  func overlaps() {
    let map = RegionMap([
      region(0x5000, 0x6000), region(0x1000, 0x3000, inode: 1), region(0x2000, 0x4000, inode: 2),
      region(0x2500, 0x2800),
    ])
    #expect(
      map.regions.map(\.range.description) == ["0x1000-0x3000", "0x3000-0x4000", "0x5000-0x6000"])
    #expect(map.regions[1].offset == 0x1100, "the offset moves with the start")
  }

  @Test("cuts regions that overlap though they are sorted")
  func sortedOverlaps() {
    let map = RegionMap([region(0x1000, 0x3000), region(0x2000, 0x2800), region(0x2000, 0x4000)])
    #expect(map.regions.map(\.range.description) == ["0x1000-0x3000", "0x3000-0x4000"])
  }

  @Test("finds as a plain search does")
  func searchAgrees() throws {
    let map = try map()
    var random = SplitMix(seed: 5)
    for _ in 0..<2000 {
      let near = map.regions[random.next(upTo: map.count)]
      let address = (Bool.random(using: &random) ? near.start : near.end)
        .offset(by: Int64(random.next(upTo: 5)) - 2)
      let expected = map.regions.first { $0.range.contains(address) }
      #expect(map.region(containing: address) == expected)
      #expect(map.neighbours(of: address).below == map.regions.last { $0.end <= address })
      #expect(map.neighbours(of: address).above == map.regions.first { $0.start > address })
    }
  }
}

@Suite("Region filters")
struct RegionFilterTests {
  private func starts(_ filter: RegionFilter) throws -> [UInt64] {
    try MapsFixture.map().filtered(filter).regions.map(\.start.rawValue)
  }

  @Test("without wishes everything passes")
  func everything() throws { #expect(try starts(RegionFilter()).count == 22) }

  @Test(
    "filters by permission",
    arguments: [
      ("rw", ["rw-p", "rwxp", "rw-s"]), ("w", ["rw-p", "rwxp", "rw-s", "-w-p"]), ("", all),
      ("wr", ["rw-p", "rwxp", "rw-s"]), ("x", ["r-xp", "rwxp", "--xp"]), ("s", ["rw-s", "r--s"]),
      ("rwp", ["rw-p", "rwxp"]), ("r-x", ["r-xp"]), ("r-xp", ["r-xp"]), ("rw-p", ["rw-p"]),
      ("rw-", ["rw-p", "rw-s"]), ("r--", ["r--p", "r--s"]), ("---", ["---p"]),
      ("..x", ["r-xp", "rwxp", "--xp"]), ("r??s", ["rw-s", "r--s"]),
      ("-..", ["--xp", "-w-p", "---p"]),
    ])
  func permissions(_ text: String, _ expected: [String]) throws {
    let filter = try #require(PermissionFilter(text))
    let passed = Self.all.filter { filter.matches(Permissions($0)!) }
    #expect(Set(passed) == Set(expected))
  }

  private static let all = [
    "r--p", "rw-p", "r-xp", "rwxp", "--xp", "-w-p", "---p", "rw-s", "r--s",
  ]

  @Test(
    "refuses what describes no permissions",
    arguments: ["q", "rw ", "sp", "r-", "-", "xr-", "r-x-p", "rw-q", "rw--", "R"])
  func badPermissions(_ text: String) { #expect(PermissionFilter(text) == nil) }

  @Test("reads and writes permissions", arguments: all)
  func permissionText(_ text: String) { #expect(Permissions(text)?.description == text) }

  @Test("refuses other permissions", arguments: ["", "rw-", "rw-px", "wr-p", "rw-x", "r w p"])
  func otherPermissions(_ text: String) { #expect(Permissions(text) == nil) }

  @Test("filters by kind, size and window")
  func kinds() throws {
    #expect(try starts(RegionFilter(kinds: [.heap, .stack])) == [0x1000000, 0x7ffe_0000_0000])
    #expect(
      try starts(RegionFilter(kinds: [.anonymous], minimumSize: 0x3001)) == [0x7f00_0001_1000])
    #expect(try starts(RegionFilter(kinds: [.anonymous], maximumSize: 0x3000)) == [0x406000])
    let window = AddressRange(start: Address(0x405fff), end: Address(0x406001))
    #expect(try starts(RegionFilter(range: window)) == [0x405000, 0x406000])
  }

  @Test("leaves out what is excluded")
  func exclusions() throws {
    let window = AddressRange(start: Address(0x400000), end: Address(0x7f00_0000_0000))
    let filter = RegionFilter(
      permissions: PermissionFilter("w"),
      exclusions: [.range(window), .kind(.anonymous), .kind(.memfd)])
    #expect(try starts(filter) == [0x7f00_0001_0000, 0x7f00_0009_0000, 0x7ffe_0000_0000])
  }

  @Test("filters by module")
  func modules() throws {
    #expect(try starts(RegionFilter(module: "game")) == [0x400000, 0x401000, 0x405000, 0x406000])
    let code = RegionFilter(permissions: PermissionFilter("x"), module: "libplug.so")
    #expect(try starts(code) == [0x7f00_0004_0000, 0x7f00_0005_0000])
    #expect(try starts(RegionFilter(module: "nothing")) == [])
  }

  @Test(
    "matches names",
    arguments: [
      ("libc", "/usr/lib/libc.so.6", true), ("usr/lib", "/usr/lib/libc.so.6", true),
      ("libd", "/usr/lib/libc.so.6", false), ("*.so", "/usr/lib/a.so", true),
      ("*.so", "/usr/lib/a.so.6", false), ("lib*.so*", "/usr/lib/libc.so.6", true),
      ("/usr/*", "/usr/lib/libc.so.6", true), ("?eap", "heap", true), ("[heap]", "[heap]", true),
      ("lib?.so", "/x/libc.so", true), ("lib?.so", "/x/libcc.so", false), ("*", "/x", true),
      ("*", "", false), ("", "/x", true), ("", "", false), ("**a*", "/xa", true),
      ("a*b*c", "/aXbYbZc", true),
      ("a*b*c", "/aXbYbZ", false), ("?", "/xy", false),
    ])
  func names(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(NamePattern(pattern).matches(bytes(path)) == expected)
  }

  @Test("a pattern with many stars ends soon")
  func manyStars() {
    let pattern = NamePattern(String(repeating: "*a", count: 200) + "b")
    #expect(!pattern.matches([UInt8](repeating: 0x61, count: 4000)))
  }
}
