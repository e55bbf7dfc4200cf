import MemoryModel
import Testing

@testable import RemoteMemory

/// Operations on hits against sets and dictionaries.
@Suite struct HitSetTests {
  typealias Lane = RandomHits.Lane

  static let source = BufferSource([(0x1000, [1, 2, 3])])

  /// Pairs of lanes that meet in every way: the same candidates, others, between each other.
  static let pairs: [([Lane], [Lane])] = [
    ([Lane()], [Lane()]),
    ([Lane(constant: 5)], [Lane(constant: 6)]),
    ([Lane(keeping: .constant)], [Lane(keeping: .constant)]),
    ([Lane(constant: 1, keeping: .constant)], [Lane(constant: 2, keeping: .constant)]),
    ([Lane(keeping: .nothing)], [Lane(keeping: .nothing)]),
    ([Lane(keeping: .nothing)], [Lane(keeping: .packed)]),
    ([Lane(step: 4)], [Lane(step: 1)]),
    ([Lane(step: 3)], [Lane(step: 7)]),
    ([Lane(step: 6)], [Lane(step: 4, phase: 2)]),
    ([Lane(step: 4)], [Lane(step: 4, phase: 2)]),
    ([Lane(step: 8, phase: 3)], [Lane(step: 8)]),
    ([Lane(step: 1, mostSlots: 5000)], [Lane(step: 1, mostSlots: 300, chunks: 150)]),
    ([Lane(mostSlots: 65_536, chunks: 2)], [Lane(mostSlots: 65_536, chunks: 2)]),
    ([Lane(step: 5, mostSlots: 20_000, chunks: 4)], [Lane(step: 2, mostSlots: 40_000, chunks: 4)]),
    (
      [Lane(type: .u8, step: 1), Lane(type: .f64, step: 8)],
      [Lane(type: .f64, step: 4), Lane(type: .u16, step: 2)]
    ),
    ([Lane()], []),
    ([], [Lane(type: .i16, step: 1)]),
  ]

  @Test(arguments: pairs.indices, [1, 2])
  func setsOfTwo(_ pair: Int, _ seed: UInt64) throws {
    let one = try RandomHits(Self.source, Self.pairs[pair].0, seed: seed)
    let two = try RandomHits(Self.source, Self.pairs[pair].1, seed: seed + 100, title: "two")
    let comment: Comment = "pair \(pair) seed \(seed)"

    let union = try one.hits.union(two.hits)
    var expected = one.model
    for (label, other) in two.model {
      expected[label, default: [:]].merge(other) { $0 ?? $1 }
    }
    RandomHits.check(union, expected, comment)
    #expect(union.parent === one.hits)
    #expect(union.title == "union with two")

    let common = try one.hits.intersection(two.hits)
    expected = one.model.mapValues { _ in [:] }
    for (label, hits) in one.model {
      for (address, word) in hits {
        guard let other = two.model[label]?[address] else { continue }
        expected[label]![address] = .some(word ?? other)
      }
    }
    RandomHits.check(common, expected, comment)
    #expect(common.parent === one.hits)

    let rest = try one.hits.minus(two.hits)
    expected = one.model
    for (label, hits) in one.model {
      expected[label] = hits.filter { two.model[label]?[$0.key] == nil }
    }
    RandomHits.check(rest, expected, comment)
    #expect(rest.parent === one.hits)
    #expect(common.count + rest.count == one.hits.count)
  }

  @Test(arguments: pairs.indices, [0, 9, 300])
  func hitsNearOthers(_ pair: Int, _ distance: UInt64) throws {
    let one = try RandomHits(Self.source, Self.pairs[pair].0, seed: 11)
    let two = try RandomHits(Self.source, Self.pairs[pair].1, seed: 12, from: 0x1400)
    let near = try one.hits.near(two.hits, distance: distance)
    let others = two.model.values.flatMap(\.keys).sorted()
    let expected = one.model.mapValues { hits in
      hits.filter { hit in
        let low = hit.key - min(distance, hit.key)
        let index = others.partitioningIndex { $0 >= low }
        return index < others.count && others[index] <= hit.key + distance
      }
    }
    RandomHits.check(near, expected, "pair \(pair) distance \(distance)")
  }

  static let lanes = [
    Lane(), Lane(type: .u8, step: 1, mostSlots: 3000), Lane(type: .f64, step: 3, chunks: 40),
    Lane(type: .i16, step: 2, mostSlots: 9000, chunks: 3), Lane(type: .u64, step: 8, chunks: 0),
  ]

  @Test(arguments: [1, 2])
  func partsOfOne(_ seed: UInt64) throws {
    let made = try RandomHits(Self.source, Self.lanes, seed: seed)
    let hits = made.hits
    let all = (0..<hits.count).map { hits.hit(at: $0)! }
    func model(_ numbers: some Sequence<Int>) -> HitModel {
      numbers.reduce(into: [:]) { model, number in
        let label = hits.lanes[all[number].lane].label
        let address = all[number].address.rawValue
        model[label, default: [:]][address] = made.model[label]![address]!
      }
    }
    var random = SplitMix(seed)
    func number() -> Int { Int(random.next() % UInt64(hits.count)) }

    for _ in 0..<6 {
      let (first, count) = (number(), number() % 5000)
      RandomHits.check(
        try hits.limited(to: count, from: first),
        model(first..<min(first + count, hits.count)), "limit \(count) from \(first)")
      #expect(
        hits.addresses(from: first, count: count)
          == all[first..<min(first + count, hits.count)].map(\.address))
      let cursor = HitCursor(hits, from: first)
      #expect(cursor.next(count) == Array(all[first..<min(first + count, hits.count)]))
    }
    #expect(try hits.limited(to: -1, from: -5).count == 0)
    #expect(try hits.limited(to: .max, from: 0).count == hits.count)
    #expect(try hits.limited(to: 5, from: .max).count == 0)

    for _ in 0..<6 {
      let index = number()
      RandomHits.check(
        try hits.removing(at: index), model((0..<hits.count).filter { $0 != index }), "remove")
      let address = all[index].address
      RandomHits.check(
        try hits.removing(address), model((0..<hits.count).filter { all[$0].address != address }),
        "remove \(address)")
      let label = hits.lanes[all[index].lane].label
      RandomHits.check(
        try hits.removing(address, lane: label),
        model((0..<hits.count).filter { $0 != index }), "remove \(address) of \(label)")
    }
    #expect(throws: RemoteMemoryError.self) { try hits.removing(at: hits.count) }
    #expect(throws: RemoteMemoryError.self) { try hits.removing(at: -1) }
    #expect(throws: RemoteMemoryError.self) { try hits.removing(Address(3)) }

    for label in ["u8", "u64"] {
      let kept = try hits.keeping(lane: label)
      RandomHits.check(kept, [label: made.model[label]!], "lane")
      #expect(kept.lanes.map(\.label) == [label])
    }
    #expect(throws: RemoteMemoryError.self) { try hits.keeping(lane: "i8") }

    for (address, distance) in [(0x1234, 100), (0x1000, 0), (0x2001, 4000), (5, UInt64.max)] {
      let near = try hits.near(Address(UInt64(address)), distance: distance)
      RandomHits.check(
        near,
        model(
          (0..<hits.count).filter {
            let place = all[$0].address.rawValue
            return max(place, UInt64(address)) - min(place, UInt64(address)) <= distance
          }), "near \(address) \(distance)")
      let order = (0..<hits.count).sorted {
        let one = all[$0].address.distance(to: Address(UInt64(address))).magnitude
        let two = all[$1].address.distance(to: Address(UInt64(address))).magnitude
        return (one, $0) < (two, $1)
      }
      for count in [0, 1, 5, 1000, .max] {
        #expect(hits.nearest(to: Address(UInt64(address)), count) == Array(order.prefix(count)))
      }
    }
  }

  @Test func aSampleHasItsSizeAndIsRepeated() throws {
    let hits = try RandomHits(Self.source, Self.lanes, seed: 5).hits
    for count in [0, 1, 7, 1000, hits.count - 1, hits.count, hits.count + 1] {
      let sample = try hits.sampled(count, seed: 42)
      #expect(sample.count == min(count, hits.count))
      #expect(try sample.minus(hits).count == 0)
      #expect(try hits.sampled(count, seed: 42).addresses() == sample.addresses())
    }
    #expect(try hits.sampled(50, seed: 1).addresses() != hits.sampled(50, seed: 2).addresses())
    // Each half of the hits gets about half of a sample.
    let half = try hits.limited(to: hits.count / 2)
    let share = try hits.sampled(2000, seed: 3).intersection(half).count
    #expect(share > 900 && share < 1100)
  }

  @Test(arguments: [1, 2])
  func aPredicateSeesBatchesOfOneLane(_ seed: UInt64) throws {
    let made = try RandomHits(Self.source, Self.lanes, seed: seed)
    let hits = made.hits
    var next = 0
    var batches = 0
    let kept = try hits.keeping("thirds") { numbers in
      #expect(numbers.lowerBound == next)
      #expect(!numbers.isEmpty && numbers.count <= Hits.batchCount)
      #expect(
        hits.place(of: numbers.lowerBound)!.lane == hits.place(of: numbers.upperBound - 1)!.lane)
      next = numbers.upperBound
      batches += 1
      return hits.addresses(from: numbers.lowerBound, count: numbers.count).map {
        $0.rawValue % 3 == 0
      }
    }
    #expect(next == hits.count)
    #expect(batches <= hits.count / Hits.batchCount + hits.lanes.count)
    RandomHits.check(kept, made.model.mapValues { $0.filter { $0.key % 3 == 0 } }, "predicate")
    #expect(kept.title == "thirds")
  }

  struct Refusal: Error, Equatable {}

  @Test func whatAPredicateThrowsIsThrown() throws {
    let hits = try RandomHits(Self.source, Self.lanes, seed: 1).hits
    #expect(throws: Refusal()) { try hits.keeping { _ in throw Refusal() } }
    #expect(throws: RemoteMemoryError.self) { try hits.keeping { _ in [true] } }
  }

  @Test func hitsOfOtherMemoryAreRefused() throws {
    let one = try RandomHits(Self.source, [Lane()], seed: 1).hits
    let two = try RandomHits(BufferSource([]), [Lane()], seed: 1).hits
    for step in [Hits.union, Hits.intersection, Hits.minus] {
      let error = #expect(throws: RemoteMemoryError.self) { try step(one)(two) }
      #expect(error?.code == "EINVAL")
    }
    #expect(throws: RemoteMemoryError.self) { try one.near(two, distance: 1) }
  }

  @Test func anInterruptEndsAStep() throws {
    let source = BufferSource([], interrupt: InterruptCheck { true })
    let hits = try RandomHits(source, [Lane()], seed: 1).hits
    let error = #expect(throws: RemoteMemoryError.self) { try hits.limited(to: 1) }
    #expect(error?.cause == .interrupted)
    #expect(throws: RemoteMemoryError.self) { try hits.union(hits) }
  }

  /// Regions that touch, one that does not, and hits across their borders.
  @Test func regionsAreKeptToTheByte() throws {
    let source = BufferSource(
      [
        (0x1000, .init(repeating: 0, count: 300)), (0x112c, .init(repeating: 0, count: 100)),
        (0x2000, .init(repeating: 0, count: 1000)),
      ])
    let made = try RandomHits(source, [Lane(step: 1, mostSlots: 5000, chunks: 3)], seed: 3)
    let window = AddressRange(start: Address(0x1010), end: Address(0x2100))
    let hole = AddressRange(start: Address(0x1100), end: Address(0x1107))
    for filter in [
      RegionFilter(), RegionFilter(range: window), RegionFilter(exclusions: [.range(hole)]),
      RegionFilter(minimumSize: 200, exclusions: [.range(hole)]),
    ] {
      let kept = try made.hits.inRegions(filter)
      let expected = made.model.mapValues { hits in
        hits.filter { hit in
          (hit.key..<hit.key + 4).allSatisfy { address in
            guard let stretch = source.stretches.last(where: { $0.start <= address }),
              address < stretch.start + UInt64(stretch.bytes.count)
            else { return false }
            if let size = filter.minimumSize, UInt64(stretch.bytes.count) < size { return false }
            if let range = filter.range, !range.contains(Address(address)) { return false }
            return filter.exclusions.isEmpty || !hole.contains(Address(address))
          }
        }
      }
      RandomHits.check(kept, expected, "\(filter)")
    }
  }

  @Test(arguments: [0, 1, -1, 8, -24, 300, -5000, Int64.max, Int64.min])
  func shiftingReadsAnew(_ distance: Int64) throws {
    var random = SplitMix(8)
    let bytes = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let source = BufferSource(
      [(0x1000, bytes), (0x9000, Array(bytes[..<3000]))],
      holes: [AddressRange(start: Address(0x1800), count: 9)])
    let made = try RandomHits(
      source, [Lane(step: 3, mostSlots: 2000), Lane(type: .u64, step: 8)], seed: 4)
    let shifted = try made.hits.shifted(by: distance)
    let widths = ["u32": 4, "u64": 8]
    var expected: HitModel = [:]
    for (label, hits) in made.model {
      expected[label] = [:]
      for address in hits.keys {
        let (sum, overflow) = Int64(address).addingReportingOverflow(distance)
        guard !overflow, sum >= 0, let bytes = source.bytes(at: UInt64(sum), widths[label]!) else {
          continue
        }
        expected[label]![UInt64(sum)] = .some(bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
      }
    }
    RandomHits.check(shifted, expected, "shift \(distance)")
    #expect(shifted.outcome.statistics.lostHits == made.hits.count - shifted.count)
    #expect(shifted.parent === made.hits)
  }

  @Test func currentValuesAreReadInBulk() throws {
    var random = SplitMix(8)
    let bytes = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let source = BufferSource(
      [(0x1000, bytes), (0x9000, Array(bytes[..<3000]))],
      holes: [AddressRange(start: Address(0x1800), count: 9)])
    let made = try RandomHits(
      source, [Lane(step: 3, mostSlots: 4000), Lane(type: .i64, step: 8, chunks: 60)], seed: 4)
    let hits = made.hits
    let expected: [HitValue?] = (0..<hits.count).map {
      let hit = hits.hit(at: $0)!
      return source.bytes(at: hit.address.rawValue, hit.byteCount).map {
        .scalar(hit.element.format!.decode($0, pointerWidth: .eight)!)
      }
    }
    #expect(try hits.readValues() == expected)
    #expect(expected.contains(nil))
    for _ in 0..<6 {
      let first = Int(random.next() % UInt64(hits.count))
      let end = min(first + Int(random.next() % 100), hits.count)
      #expect(try hits.readValues(from: first, count: end - first) == Array(expected[first..<end]))
    }
  }

  /// A small part of a large scan does not keep the large one's memory, a large part does.
  @Test func resultsKeepNoMoreThanTheyNeed() throws {
    var budget: MemoryBudget?
    weak var store: MemoryStore?
    var small: Hits?
    do {
      let made = try RandomHits(
        Self.source, [Lane(step: 4, keeping: .block, mostSlots: 30_000, chunks: 30)], seed: 2)
      budget = made.hits.budget
      store = made.hits.store
      small = try made.hits.limited(to: 5, from: 1000).forgettingHistory()
      let rest = try made.hits.removing(at: 0).forgettingHistory()
      #expect(rest.memoryByteCount < made.hits.memoryByteCount / 4)
    }
    #expect(store == nil)
    #expect(small?.count == 5)
    #expect(budget!.used == small!.memoryByteCount)
  }

  /// A long chain of steps ends without recursion.
  @Test func manyStepsAreNoBurden() throws {
    var hits = try RandomHits(Self.source, [Lane(mostSlots: 500)], seed: 2).hits
    let count = hits.count
    let steps = min(count - 1, 500)
    for _ in 0..<steps { hits = try hits.removing(at: 0).forgettingHistory() }
    #expect(hits.count == count - steps)
  }
}

extension Array {
  /// The first index at which a condition holds that holds for all behind it.
  func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
