import MemoryModel
import Testing

/// Maps as two runs of one program might have them.
@Suite struct RegionAlignmentTests {
  static func map(_ text: String) throws -> RegionMap { try RegionMap(mapsText: bytes(text)) }

  static let first = """
    55a000000000-55a000001000 r-xp 00000000 08:01 11 /usr/bin/game
    55a000001000-55a000002000 rw-p 00001000 08:01 11 /usr/bin/game
    55a000002000-55a000004000 rw-p 00000000 00:00 0
    55a100000000-55a100010000 rw-p 00000000 00:00 0 [heap]
    7f0000000000-7f0000020000 rw-p 00000000 00:00 0
    7f0000021000-7f0000022000 r--p 00000000 00:00 0
    7f0000100000-7f0000110000 r-xp 00000000 08:01 22 /usr/lib/libc.so.6
    7f0000110000-7f0000111000 rw-p 00010000 08:01 22 /usr/lib/libc.so.6
    7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]

    """
  /// Everything elsewhere, the heap larger, the stack smaller, another mapping in between.
  static let second = """
    561000000000-561000001000 r-xp 00000000 08:01 11 /usr/bin/game
    561000001000-561000002000 rw-p 00001000 08:01 11 /usr/bin/game
    561000002000-561000004000 rw-p 00000000 00:00 0
    561200000000-561200018000 rw-p 00000000 00:00 0 [heap]
    7e0000000000-7e0000003000 rw-p 00000000 00:00 0
    7e0000010000-7e0000030000 rw-p 00000000 00:00 0
    7e0000031000-7e0000032000 r--p 00000000 00:00 0
    7e0000100000-7e0000110000 r-xp 00000000 08:01 22 /usr/lib/libc.so.6
    7e0000110000-7e0000111000 rw-p 00010000 08:01 22 /usr/lib/libc.so.6
    7ffd10000000-7ffd10011000 rw-p 00000000 00:00 0 [stack]

    """

  @Test(
    arguments: [
      (0x55a0_0000_0010, 0x5610_0000_0010), (0x55a0_0000_1ff8, 0x5610_0000_1ff8),
      (0x55a0_0000_3000, 0x5610_0000_3000), (0x55a1_0000_0123, 0x5612_0000_0123),
      (0x7f00_0000_0008, 0x7e00_0001_0008), (0x7f00_0002_1000, 0x7e00_0003_1000),
      (0x7f00_0010_f000, 0x7e00_0010_f000), (0x7f00_0011_0800, 0x7e00_0011_0800),
      (0x7ffc_0002_0ff0, 0x7ffd_1001_0ff0),
    ] as [(UInt64, UInt64)])
  func memoryGoesWithTheSamePlaceOfAnotherRun(_ before: UInt64, _ after: UInt64) throws {
    let alignment = RegionAlignment.modules(
      before: try Self.map(Self.first), after: try Self.map(Self.second))
    #expect(alignment.after(Address(before)) == Address(after))
    #expect(alignment.before(Address(after)) == Address(before))
    #expect(!alignment.isIdentity)
  }

  @Test func whatHasNoCounterpartGoesWithNothing() throws {
    let alignment = RegionAlignment.modules(
      before: try Self.map(Self.first), after: try Self.map(Self.second))
    // The end of the larger heap, the start of the larger stack, the mapping in between.
    #expect(alignment.before(Address(0x5612_0001_0000)) == nil)
    #expect(alignment.after(Address(0x7ffc_0000_0000)) == nil)
    #expect(alignment.before(Address(0x7e00_0000_0000)) == nil)
    #expect(alignment.after(.zero) == nil)
    #expect(alignment.after(Address(.max)) == nil)
  }

  @Test func aMapGoesWithItself() throws {
    let map = try Self.map(Self.first)
    let alignment = RegionAlignment.modules(before: map, after: map)
    for region in map.regions {
      #expect(alignment.after(region.start) == region.start)
      #expect(
        alignment.after(Address(region.end.rawValue - 1))?.rawValue == region.end.rawValue - 1)
    }
    let all = AddressRanges(map.regions.map(\.range))
    #expect(alignment.after(all) == all)
    #expect(alignment.pairs(in: all).reduce(0) { $0 + $1.count } == all.byteCount)
  }

  @Test func pairsAreCutToWhatIsWanted() {
    let alignment = RegionAlignment([
      .init(before: Address(1000), after: Address(5000), count: 100),
      .init(before: Address(1100), after: Address(5100), count: 50),
      .init(before: Address(400), after: Address(9000), count: 10),
      // Overlaps: left out.
      .init(before: Address(1049), after: Address(9500), count: 10),
    ])
    #expect(alignment.pairs.count == 3)
    let wanted = AddressRanges([
      AddressRange(start: Address(5090), count: 30),
      AddressRange(start: Address(9005), count: 1000),
    ])
    #expect(
      alignment.pairs(in: wanted) == [
        .init(before: Address(1090), after: Address(5090), count: 30),
        .init(before: Address(405), after: Address(9005), count: 5),
      ])
    let there = alignment.after(
      AddressRanges([
        AddressRange(start: .zero, count: 405), AddressRange(start: Address(1099), count: 2),
      ]))
    #expect(
      there.ranges == [
        AddressRange(start: Address(5099), count: 2), AddressRange(start: Address(9000), count: 5),
      ])
  }

  @Test func identityIsEveryAddress() {
    let identity = RegionAlignment.identity
    #expect(identity.isIdentity)
    for address in [0, 1, 1 << 47, UInt64.max - 1] {
      #expect(identity.after(Address(address)) == Address(address))
      #expect(identity.before(Address(address)) == Address(address))
    }
  }
}
