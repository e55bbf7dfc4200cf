import CScanKernels
import MemoryModel
import Testing

@testable import RemoteMemory

/// The engine against a slow obvious search, over memory in an array.
@Suite struct ScanEngineTests {
  /// Three stretches, two of which touch, with a hole, filled with small numbers.
  static func memory(_ seed: UInt64) -> BufferSource {
    var random = SplitMix(seed)
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.next() % 3) } }
    return BufferSource(
      [(0x1000, bytes(600)), (0x1000 + 600, bytes(451)), (0x9003, bytes(300))],
      holes: [AddressRange(start: Address(0x1100), count: 7)])
  }

  static func lane(_ type: ScalarType, _ low: UInt64, _ span: UInt64, step: Int) -> ScanLane {
    let width = type.byteCount(pointerWidth: .eight)
    let test = pvk_test(
      width: UInt8(width), real: false, swapped: false, inverted: false, rotate: 0, key: 0,
      mask: .max, intervals: nil, interval_count: 0)
    let matcher = ValueMatcher(
      test, [pvk_interval(low: low, span: span, low_real: 0, high_real: 0)])
    return ScanLane(
      label: type.rawValue, element: .scalar(ScalarFormat(type)), step: step, width: width,
      matcher: matcher, remembering: .values)
  }

  /// One value, some, all.
  static func intervals(_ width: Int) -> [(low: UInt64, span: UInt64)] {
    [(0, 0), (1, width == 1 ? 100 : 1 << 8), (0, UInt64.max >> UInt64(64 - 8 * width))]
  }

  static func oracle(
    _ source: BufferSource, _ width: Int, _ step: UInt64, _ accept: (UInt64) -> Bool
  )
    -> [UInt64: UInt64]
  {
    var found: [UInt64: UInt64] = [:]
    for stretch in source.stretches {
      for address in stretch.start..<(stretch.start + UInt64(stretch.bytes.count))
      where address % step == 0 {
        guard let bytes = source.bytes(at: address, width) else { continue }
        let word = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if accept(word) { found[address] = word }
      }
    }
    return found
  }

  static func found(_ hits: Hits) -> [UInt64: UInt64] {
    var found: [UInt64: UInt64] = [:]
    let lane = hits.lanes[0]
    for index in 0..<lane.count {
      found[lane.address(at: index).rawValue] = lane.keptWord(at: index) ?? 0
      #expect(lane.index(of: lane.address(at: index)) == index)
    }
    #expect(found.count == lane.count)
    return found
  }

  static let scope = ScanScope(filter: RegionFilter())

  @Test(arguments: [1, 2, 4, 8], [(64, 1), (100, 3), (512 << 10, 1)])
  func aFirstScanFindsWhatTheSearchFinds(_ width: Int, _ way: (block: Int, threads: Int)) throws {
    let (block, threads) = way
    let type: ScalarType = [1: .u8, 2: .u16, 4: .u32, 8: .u64][width]!
    for step in [1, 2, 3, 4, 8] {
      let source = Self.memory(UInt64(width * step))
      for (low, span) in Self.intervals(width) {
        let hits = try FirstScan.run(
          source, [Self.lane(type, low, span, step: step)], in: Self.scope, title: "test",
          options: ScanOptions(threads: threads, blockBytes: block))
        let wanted = Self.oracle(source, width, UInt64(step)) { $0 &- low <= span }
        #expect(Self.found(hits) == wanted, "width \(width) step \(step) low \(low) span \(span)")
        #expect(hits.outcome.isComplete)
        #expect(hits.outcome.holes == source.holes)
      }
    }
  }

  @Test(arguments: [1, 2, 4, 8], [(64, 3), (512 << 10, 1)])
  func refiningKeepsWhatTheSearchKeeps(_ width: Int, _ way: (block: Int, threads: Int)) throws {
    let (block, threads) = way
    let type: ScalarType = [1: .u8, 2: .u16, 4: .u32, 8: .u64][width]!
    for step in [1, 3, 8] {
      for unknown in [false, true] {
        let source = Self.memory(UInt64(7 * width + step))
        let lane =
          unknown
          ? ScanLane(
            label: "x", element: .scalar(ScalarFormat(type)), step: step, width: width,
            matcher: nil, remembering: .values)
          : Self.lane(type, 1, 200, step: step)
        var hits = try FirstScan.run(
          source, [lane], in: Self.scope, title: "test",
          options: ScanOptions(threads: threads, blockBytes: block))
        let first = Self.oracle(source, width, UInt64(step)) { unknown || $0 &- 1 <= 200 }
        var wanted = first
        var random = SplitMix(99)
        for relation in [PVK_EQUAL, PVK_GREATER, PVK_EQUAL, PVK_LESS, PVK_EQUAL] {
          for _ in 0..<40 {
            source.stretches[0].bytes[Int(random.next() % 600)] = UInt8(random.next() % 3)
          }
          var change = pvk_change()
          change.width = UInt8(width)
          change.relation = UInt8(relation.rawValue)
          change.inverted = random.next() % 3 == 0
          let against = random.next() % 2 == 0 ? hits.first : nil
          let earlier = against == nil ? wanted : first
          hits = try NextScan.run(
            hits, [.compare(ValueComparison(change: change, other: against))], title: "next",
            progress: nil)
          let now = Self.oracle(source, width, UInt64(step)) { _ in true }
          wanted = wanted.keys.reduce(into: [:]) { kept, address in
            let (value, old) = (now[address]!, earlier[address]!)
            let holds =
              switch relation {
              case PVK_EQUAL: value == old
              case PVK_GREATER: value > old
              default: value < old
              }
            if holds != change.inverted { kept[address] = value }
          }
          #expect(Self.found(hits) == wanted, "width \(width) step \(step) \(relation)")
        }
      }
    }
  }
}

/// A small generator of the same numbers each time.
struct SplitMix {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
