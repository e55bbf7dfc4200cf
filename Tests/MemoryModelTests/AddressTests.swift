import MemoryModel
import Testing

@Suite("Addresses and ranges")
struct AddressTests {
  private static let top = Address(.max)

  @Test("prints as hexadecimal")
  func prints() {
    #expect(Address(0x7ffd_1234).description == "0x7ffd1234")
    #expect(AddressRange(start: Address(0x1000), count: 16).description == "0x1000-0x1010")
  }

  @Test("adding says when it would wrap, offsetting wraps")
  func arithmetic() {
    #expect(Address(1).adding(2) == Address(3))
    #expect(Self.top.adding(0) == Self.top)
    #expect(Self.top.adding(1) == nil)
    #expect(Self.top.offset(by: 1) == .zero)
    #expect(Address.zero.offset(by: -1) == Self.top)
    #expect(Address(8).offset(by: .min) == Address(0x8000_0000_0000_0008))
    #expect(Address(8).distance(to: Address(3)) == -5)
    #expect(Address.zero.distance(to: Self.top) == -1)
  }

  @Test(
    "finds the block of an address",
    arguments: [
      (0, 0, 4096), (1, 0, 4095), (4095, 0, 1), (4096, 4096, 4096), (.max, .max - 4095, 1),
    ]
      as [(UInt64, UInt64, UInt64)])
  func blocks(_ address: UInt64, _ down: UInt64, _ rest: UInt64) {
    #expect(Address(address).alignedDown(to: 4096) == Address(down))
    #expect(Address(address).bytesToBoundary(of: 4096) == rest)
  }

  @Test("a range is cut at the end of the address space")
  func cut() {
    let range = AddressRange(start: Address(.max - 1), count: 100)
    #expect(range.count == 2)
    #expect(range.end == Self.top)
    #expect(range.contains(Self.top))
    #expect(AddressRange(start: .zero, count: .max).contains(Address(.max - 1)))
    #expect(AddressRange(start: Address(9), end: Address(3)).isEmpty)
  }

  @Test(
    "contains its bytes and no others",
    arguments: [(0x0fff, false), (0x1000, true), (0x1fff, true), (0x2000, false), (.max, false)]
      as [(UInt64, Bool)])
  func contains(_ address: UInt64, _ expected: Bool) {
    let range = AddressRange(start: Address(0x1000), count: 0x1000)
    #expect(range.contains(Address(address)) == expected)
  }

  @Test("small ranges relate as sets of numbers do")
  func sets() {
    for start in 0..<6 as Range<UInt64> {
      for count in 0..<6 as Range<UInt64> {
        let left = AddressRange(start: Address(2), count: 3)
        let right = AddressRange(start: Address(start), count: count)
        let common = Set(2..<5).intersection(Set(start..<(start + count)))
        #expect(left.overlaps(right) == !common.isEmpty)
        #expect(right.overlaps(left) == !common.isEmpty)
        #expect(left.intersection(right)?.start.rawValue == common.min())
        #expect((left.intersection(right)?.count ?? 0) == UInt64(common.count))
        if count > 0 {
          #expect(left.contains(right) == Set(start..<(start + count)).isSubset(of: 2..<5))
        }
      }
    }
  }

  @Test("ranges at the top relate without trapping")
  func top() {
    let high = AddressRange(start: Address(.max - 3), count: 100)
    let all = AddressRange(start: .zero, count: .max)
    #expect(high.overlaps(all))
    #expect(high.intersection(all)?.count == 3)
    #expect(!all.contains(high), "the last byte of all is one too few")
    #expect(high.contains(high))
  }

  @Test("a transfer is complete when nothing is missing")
  func transfer() {
    #expect(Transfer(requestedBytes: 4, completedBytes: 4).isComplete)
    #expect(!Transfer(requestedBytes: 4, completedBytes: 3).isComplete)
    #expect(Transfer(requestedBytes: 0, completedBytes: 0).isComplete)
  }
}
