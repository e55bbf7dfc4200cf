import MemoryModel
import Testing

/// Ranges against plain sets of small addresses.
@Suite struct AddressRangesTests {
  static func random(_ random: inout SplitMix) -> (ranges: AddressRanges, bytes: Set<UInt64>) {
    var bytes: Set<UInt64> = []
    var list: [AddressRange] = []
    for _ in 0..<random.next(upTo: 7) {
      let start = UInt64(random.next(upTo: 60))
      let count = UInt64(random.next(upTo: 12))
      list.append(AddressRange(start: Address(start), count: count))
      bytes.formUnion(start..<(start + count))
    }
    return (AddressRanges(list), bytes)
  }

  static func bytes(_ ranges: AddressRanges) -> Set<UInt64> {
    Set(ranges.ranges.flatMap { $0.start.rawValue..<$0.end.rawValue })
  }

  @Test func setsAreWhatSetsOfBytesAre() {
    var random = SplitMix(seed: 7)
    for _ in 0..<500 {
      let (one, first) = Self.random(&random)
      let (two, second) = Self.random(&random)
      #expect(Self.bytes(one) == first)
      #expect(Self.bytes(one.union(two)) == first.union(second))
      #expect(Self.bytes(one.intersection(two)) == first.intersection(second))
      #expect(Self.bytes(one.subtracting(two)) == first.subtracting(second))
      #expect(one.byteCount == UInt64(first.count))
      for window in two.ranges {
        let inside = first.intersection(window.start.rawValue..<window.end.rawValue)
        #expect(Self.bytes(one.clipped(to: window)) == inside)
      }
      for address in UInt64(0)..<80 {
        #expect(one.contains(Address(address)) == first.contains(address))
      }
      for ranges in [one, one.union(two), one.intersection(two), one.subtracting(two)] {
        for (low, high) in zip(ranges.ranges, ranges.ranges.dropFirst()) {
          #expect(low.end < high.start)
        }
      }
    }
  }

  @Test func theEndOfAllAddressesIsNoTrap() {
    let all = AddressRanges([AddressRange(start: .zero, count: .max)])
    let top = AddressRanges([AddressRange(start: Address(.max - 10), count: 11)])
    #expect(all.intersection(top).byteCount == 10)
    #expect(all.subtracting(top).byteCount == UInt64.max - 10)
    #expect(all.union(top) == all)
  }
}
