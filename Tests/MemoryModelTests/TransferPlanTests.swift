import MemoryModel
import Testing

@Suite("Transfer plans")
struct TransferPlanTests {
  private func item(_ address: UInt64, _ byteCount: Int) -> TransferPlan.Item {
    .init(address: Address(address), byteCount: byteCount)
  }

  @Test("merges items up to the gap and no further")
  func gap() throws {
    let near = try TransferPlan([item(0, 8), item(16, 8)], mergeGap: 8)
    #expect(near.spans.map(\.byteCount) == [24])
    let far = try TransferPlan([item(0, 8), item(17, 8)], mergeGap: 8)
    #expect(far.spans.map(\.byteCount) == [8, 8])
    #expect(far.spans.map(\.bufferOffset) == [0, 8])
    let touching = try TransferPlan([item(8, 8), item(0, 8)], mergeGap: 0)
    #expect(touching.spans.map(\.byteCount) == [16])
    #expect(touching.placements.map(\.bufferOffset) == [8, 0])
  }

  @Test("by default merges within 2048 bytes and calls with 1024 elements")
  func defaults() throws {
    let plan = try TransferPlan((0..<3000).map { item($0 * (8 + 2049), 8) })
    #expect(plan.spans.count == 3000)
    #expect(plan.batches == [0..<1024, 1024..<2048, 2048..<3000])
    #expect(try TransferPlan((0..<3000).map { item($0 * (8 + 2048), 8) }).batches == [0..<1])
  }

  @Test("needs nothing for nothing")
  func empty() throws {
    for items in [[], [item(5, 0)], [item(5, -3), item(.max, 0)]] {
      let plan = try TransferPlan(items)
      #expect(plan.spans.isEmpty && plan.batches.isEmpty)
      #expect(plan.bufferByteCount == 0)
      #expect(plan.placements.count == items.count)
      #expect(plan.placements.allSatisfy { $0.spans.isEmpty })
    }
  }

  @Test("keeps spans and calls within the byte limit")
  func byteLimit() throws {
    let plan = try TransferPlan([item(0, 60), item(60, 60), item(1000, 250)], byteLimit: 100)
    #expect(plan.spans.map(\.byteCount) == [60, 60, 100, 100, 50])
    #expect(plan.spans.map(\.address.rawValue) == [0, 60, 1000, 1100, 1200])
    #expect(plan.placements[2].spans == 2..<5)
    #expect(plan.placements[2].bufferOffset == 120)
    #expect(plan.batches == [0..<1, 1..<2, 2..<3, 3..<4, 4..<5])
  }

  @Test(
    "refuses a buffer beyond its limit before allocating it",
    arguments: [
      [(0, .max)], [(0, 1 << 29), (1 << 40, 1 << 29), (1 << 50, 1)],
      [(.max, .max), (.max - 1, .max)],
      Array(repeating: (0, .max), count: 9),
    ] as [[(UInt64, Int)]])
  func tooLarge(_ items: [(UInt64, Int)]) {
    #expect(throws: TransferPlan.Failure.tooLarge(limitBytes: 1 << 30)) {
      try TransferPlan(items.map { item($0.0, $0.1) })
    }
    #expect(throws: TransferPlan.Failure.tooLarge(limitBytes: 1 << 30)) {
      try TransferPlan([item(0, 1), item(1 << 62, .max)], byteLimit: 1)
    }
  }

  @Test("plans items at the end of the address space")
  func top() throws {
    let plan = try TransferPlan([item(.max - 7, 8), item(.max, 8), item(0, 8)])
    #expect(plan.bufferByteCount == 23)
    #expect(plan.placements.map(\.bufferOffset) == [8, 15, 0])
  }

  @Test("odd limits count as the least possible")
  func limits() throws {
    let plan = try TransferPlan([item(0, 3)], mergeGap: -5, elementLimit: 0, byteLimit: -1)
    #expect(plan.spans.map(\.byteCount) == [1, 1, 1])
    #expect(plan.batches.count == 3)
    #expect(try TransferPlan([item(0, 1), item(9000, 1)], mergeGap: .max).spans.count == 1)
  }

  @Test("agrees with a byte-by-byte model", arguments: 0..<60 as Range<UInt64>)
  func model(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let space = 600
    let memory = (0..<space).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let items = (0..<random.next(upTo: 60)).map { _ in
      let start = random.next(upTo: space)
      return item(UInt64(start), random.next(upTo: min(50, space - start) + 1))
    }
    let elementLimit = 1 + random.next(upTo: 5)
    let byteLimit = 1 + random.next(upTo: 64)
    let mergeGap = random.next(upTo: 12)
    let plan = try TransferPlan(
      items, mergeGap: mergeGap, elementLimit: elementLimit, byteLimit: byteLimit)

    var buffer = [UInt8](repeating: 0, count: plan.bufferByteCount)
    var nextSpan = 0
    for batch in plan.batches {
      #expect(batch.lowerBound == nextSpan && batch.count <= elementLimit)
      #expect(plan.spans[batch].reduce(0) { $0 + $1.byteCount } <= byteLimit)
      for span in plan.spans[batch] {
        let start = Int(span.address.rawValue)
        buffer.replaceSubrange(
          span.bufferOffset..<(span.bufferOffset + span.byteCount),
          with: memory[start..<(start + span.byteCount)])
      }
      nextSpan = batch.upperBound
    }
    #expect(nextSpan == plan.spans.count)
    for (item, place) in zip(items, plan.placements) {
      let start = Int(item.address.rawValue)
      let found = buffer[place.bufferOffset..<(place.bufferOffset + item.byteCount)]
      #expect(Array(found) == Array(memory[start..<(start + item.byteCount)]))
      let held = plan.spans[place.spans].reduce(0) { $0 + $1.byteCount }
      #expect(held >= item.byteCount, "its spans hold the whole item")
      if let first = plan.spans[place.spans].first {
        #expect(
          (first.bufferOffset..<(first.bufferOffset + first.byteCount)).contains(place.bufferOffset)
        )
      }
    }
    try expectNoWaste(plan, items, mergeGap)
  }

  /// Every byte read belongs to an item or to a gap that may be merged.
  private func expectNoWaste(
    _ plan: TransferPlan, _ items: [TransferPlan.Item], _ mergeGap: Int
  ) throws {
    var wanted = Set<UInt64>()
    for item in items {
      wanted.formUnion(item.address.rawValue..<(item.address.rawValue + UInt64(item.byteCount)))
    }
    for span in plan.spans {
      var unwanted = 0
      for address in span.address.rawValue..<(span.address.rawValue + UInt64(span.byteCount)) {
        unwanted = wanted.contains(address) ? 0 : unwanted + 1
        #expect(unwanted <= mergeGap)
      }
    }
  }

  @Test("plans 10 000 items")
  func many() throws {
    var random = SplitMix(seed: 9)
    let items = (0..<10_000).map { _ in item(random.next() >> 20, 8) }
    let plan = try TransferPlan(items)
    #expect(plan.placements.count == 10_000)
    #expect(plan.batches.allSatisfy { $0.count <= 1024 })
    for (item, place) in zip(items, plan.placements) {
      let span = plan.spans[place.spans.lowerBound]
      let offset = Int(span.address.distance(to: item.address))
      #expect(span.bufferOffset + offset == place.bufferOffset)
    }
  }
}
