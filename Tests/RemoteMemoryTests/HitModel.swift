import MemoryModel
import Testing

@testable import RemoteMemory

/// What hits should be: for each label the addresses with the values they had.
typealias HitModel = [String: [UInt64: UInt64?]]

/// Hits made up by chance, in every form and way of keeping values, and what they should be.
struct RandomHits {
  /// A lane that is to be made up.
  struct Lane {
    var type = ScalarType.u32
    var step = 4
    /// What is added to all addresses.
    var phase: UInt64 = 0
    var constant: UInt64 = 7
    /// nil for all ways in turn.
    var keeping: HitChunk.Keeping?
    /// The most candidates of a chunk.
    var mostSlots = 200
    var chunks = 12
  }

  private(set) var model: HitModel = [:]
  let hits: Hits

  init(
    _ source: any MemorySource, _ lanes: [Lane], seed: UInt64, title: String = "made up",
    from start: UInt64 = 0x1000
  ) throws {
    var random = SplitMix(seed)
    let store = MemoryStore(budget: MemoryBudget(limit: 1 << 30))
    var slab = MemorySlab(store)
    var made: [HitLane] = []
    for lane in lanes {
      let width = lane.type.byteCount(pointerWidth: source.pointerWidth)
      var chunks: [HitChunk] = []
      var expected: [UInt64: UInt64?] = [:]
      var base = start + lane.phase
      for _ in 0..<lane.chunks {
        let limit = random.next() % 3 == 0 ? 1 : lane.mostSlots
        let slots = 1 + Int(random.next() % UInt64(limit))
        let density = [1, 2, 3, 50, 1000][Int(random.next() % 5)]
        let ways: [HitChunk.Keeping] = [.nothing, .constant, .packed, .block]
        let keeping = lane.keeping ?? ways[Int(random.next() % 4)]
        try Self.add(
          lane, HitGrid(base: base, step: lane.step, slots: slots), density, keeping, width,
          &random,
          &chunks, &expected, &slab)
        let skipped = random.next() % 4 == 0 ? 0 : random.next() % 90
        base += (UInt64(slots) + skipped) * UInt64(lane.step)
      }
      made.append(
        HitLane(
          label: lane.type.rawValue, element: .scalar(ScalarFormat(lane.type)), step: lane.step,
          width: width, matcher: nil, constant: lane.constant, chunks: chunks))
      model[lane.type.rawValue] = expected
    }
    hits = Hits(
      source: source, lanes: made, parent: nil, title: title, store: store,
      outcome: ScanOutcome(), options: ScanOptions(budget: store.budget))
  }

  private static func add(
    _ lane: Lane, _ grid: HitGrid, _ density: Int, _ keeping: HitChunk.Keeping, _ width: Int,
    _ random: inout SplitMix, _ chunks: inout [HitChunk], _ expected: inout [UInt64: UInt64?],
    _ slab: inout MemorySlab
  ) throws {
    let words = HitChunk.words(grid.slots)
    var bits = [UInt64](repeating: 0, count: words)
    let size = (grid.slots - 1) * grid.step + width
    let bytes = try slab.take(size)
    for offset in 0..<size {
      bytes.storeBytes(
        of: UInt8(truncatingIfNeeded: random.next()), toByteOffset: offset, as: UInt8.self)
    }
    var count = 0
    for slot in 0..<grid.slots where random.next() % UInt64(density) == 0 {
      bits[slot / 64] |= 1 << UInt64(slot % 64)
      count += 1
      let address = grid.base + UInt64(slot * grid.step)
      let word: UInt64? =
        switch keeping {
        case .nothing: nil
        case .constant: lane.constant
        default: HitLane.word(bytes + slot * grid.step, width)
        }
      expected[address] = .some(word)
    }
    let recording: HitRecorder.Keeping =
      switch keeping {
      case .nothing: .nothing
      case .constant: .constant
      case .packed: .values
      case .block: .blocks
      }
    var recorder = HitRecorder(step: grid.step, valueWidth: width, keeping: recording)
    try recorder.record(
      base: grid.base, slots: grid.slots, bits: bits, count: count, bytes: bytes, slab: &slab)
    chunks += recorder.chunks
  }

  /// Checks hits against what they should be, by every way of asking.
  static func check(_ hits: Hits, _ model: HitModel, _ comment: Comment) {
    var number = 0
    let cursor = HitCursor(hits)
    let all = hits.addresses()
    let old = hits.oldValues()
    #expect(all.count == hits.count, comment)
    for (laneNumber, lane) in hits.lanes.enumerated() {
      let expected = (model[lane.label] ?? [:]).sorted { $0.key < $1.key }
      #expect(lane.count == expected.count, comment)
      guard lane.count == expected.count else { return }
      for (index, (address, word)) in expected.enumerated() {
        let isRight =
          lane.address(at: index).rawValue == address && lane.index(of: Address(address)) == index
          && all[number].rawValue == address && lane.keptWord(at: index) == word
          && old[number] == word.flatMap { hits.value($0, of: lane) }
          && hits.hit(at: number) == cursor.next()
        if !isRight {
          Issue.record("\(comment): lane \(laneNumber) hit \(index) is wrong")
          return
        }
        number += 1
      }
      for (one, two) in zip(lane.chunks, lane.chunks.dropFirst()) {
        #expect(one.grid(step: lane.step).last < two.base, comment)
      }
    }
    #expect(cursor.next() == nil)
    for (label, expected) in model where !expected.isEmpty {
      #expect(hits.lanes.contains { $0.label == label }, comment)
    }
  }
}
