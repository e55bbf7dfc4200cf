import CScanKernels
import MemoryModel
import Testing

@testable import RemoteMemory

/// Scans by the public functions against `ScanOracle`, for every type, comparison and alignment, on
/// memory with every border there is.
@Suite(.serialized) struct ScanOracleTests {
  typealias Number = ScanOracle.Number

  /// How a scan is carried out, which must not matter.
  struct Way: CustomTestStringConvertible, Sendable {
    var blockBytes = 512 << 10
    var threads = 1
    var level: Int32 = .max

    var testDescription: String { "blocks of \(blockBytes), \(threads) threads, level \(level)" }

    var options: ScanOptions { ScanOptions(threads: threads, blockBytes: blockBytes) }
  }

  /// Every kind of border: of blocks of 64 bytes, of a page, of touching regions, of holes, and of
  /// all addresses.
  static func memory(_ width: PointerWidth, _ seed: UInt64) -> BufferSource {
    var random = SplitMix(seed)
    let pool: [UInt8] = [0, 0, 0, 1, 1, 2, 3, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff, 0xff]
    func bytes(_ count: UInt64) -> [UInt8] {
      (0..<count).map { _ in pool[Int(random.next() % UInt64(pool.count))] }
    }
    let last: UInt64 = width == .four ? 1 << 32 : 0
    return BufferSource(
      [
        (0xfb3, bytes(0x1100 - 0xfb3)), (0x1100, bytes(0x137)), (0x2003, bytes(200)),
        (last &- 150, bytes(150)),
      ],
      holes: [
        AddressRange(start: Address(0x10a1), count: 7),
        AddressRange(start: Address(0x2003), count: 1),
      ], pointerWidth: width)
  }

  /// Where values are planted, before and across each border.
  static func plant(_ word: UInt64, _ width: Int, in source: BufferSource) {
    let last = source.stretches[3]
    let ends: [UInt64] = [
      0xfb3, 0xfc0, 0x1000, 0x1040, 0x1100, 0x1140, 0x10a1, 0x10a8, 0x1237, 0x2003, 0x2040,
      last.start, last.start &+ UInt64(last.bytes.count),
    ]
    for end in ends {
      for back in [UInt64(0), 1, UInt64(width / 2), UInt64(width)] {
        source.plant(word, width, at: end &- back)
      }
    }
  }

  /// Two numbers of a format that lie in memory, of which the first is planted.
  static func operands(
    _ source: BufferSource, _ format: ScalarFormat, _ random: inout SplitMix
  ) -> (Number, Number) {
    let width = ScanOracle.width(format, source)
    func draw() -> UInt64 {
      while true {
        let address = 0x1100 + random.next() % 0x120
        let word = source.word(at: address, width) ?? 0
        if case .real(let real) = ScanOracle.number(word, format, width), !real.isFinite {
          continue
        }
        return word
      }
    }
    let (one, two) = (draw(), draw())
    plant(one, width, in: source)
    return (ScanOracle.number(one, format, width), ScanOracle.number(two, format, width))
  }

  /// Every comparison, as a first scan and as a refining step, and every change.
  static func check(
    _ format: ScalarFormat, alignment: Int?, _ pointerWidth: PointerWidth, _ way: Way,
    seed: UInt64
  ) throws {
    var random = SplitMix(seed)
    let source = memory(pointerWidth, seed)
    let width = ScanOracle.width(format, source)
    let (a, b) = operands(source, format, &random)
    for question in ScanOracle.questions(a, b) {
      let comment: Comment = "\(format) every \(alignment ?? width) \(question.comparison) \(way)"
      let hits = try source.scan(
        .one(format), ValueCondition(question.comparison), alignment: alignment,
        options: way.options)
      let wanted = ScanOracle.scan(source, format, alignment: alignment, question.accepts)
      let found = ScanOracle.found(hits, comment)
      ScanOracle.expect(found, wanted, comment)
      #expect(hits.outcome.isComplete && hits.outcome.holes == source.holes, comment)
      try refine(hits, wanted, source, format, (a, b), &random, comment)
    }
  }

  /// Edits, then a step; several times, on the result of the one before.
  static func refine(
    _ hits: Hits, _ wanted: ScanOracle.Found, _ source: BufferSource, _ format: ScalarFormat,
    _ operands: (Number, Number), _ random: inout SplitMix, _ comment: Comment
  ) throws {
    let width = ScanOracle.width(format, source)
    let before = source.stretches
    defer { source.stretches = before }
    var steps = [(hits: hits, wanted: wanted)]
    for _ in 0..<2 {
      source.edit(60, &random)
      let (last, known) = steps[steps.count - 1]
      let changes = ScanOracle.changes(format, width, by: Int64(1 + random.next() % 3))
      let questions = ScanOracle.questions(operands.0, operands.1)
      let choice = Int(random.next() % UInt64(2 * changes.count + questions.count))
      let next: Hits
      let expected: ScanOracle.Found
      if choice < 2 * changes.count {
        let change = changes[choice % changes.count]
        let other = choice < changes.count ? nil : Int(random.next() % UInt64(steps.count))
        let earlier = other.map { steps[$0].wanted } ?? known
        next = try last.compared(change.change, with: other.map { steps[$0].hits })
        expected = ScanOracle.refine(source, width, known) { address, now in
          earlier[address].map { change.accepts(now, $0) } ?? false
        }
      } else {
        let question = questions[choice - 2 * changes.count]
        next = try last.next(ValueCondition(question.comparison))
        expected = ScanOracle.refine(source, width, known) { _, now in
          question.accepts(ScanOracle.number(now, format, width))
        }
      }
      let comment: Comment = "\(comment), then \(next.title)"
      ScanOracle.expect(ScanOracle.found(next, comment), expected, comment)
      ScanOracle.expect(
        ScanOracle.found(last, comment), known, "\(comment): the step before changed")
      #expect(next.parent === last && next.first === hits, comment)
      steps.append((next, expected))
    }
  }

  /// Every type in both orders; the host's own order by name is the same, which two of them show.
  static let formats = ScalarFormat.all.filter {
    $0.byteOrder != .little || $0.type == .u32 || $0.type == .f64
  }

  @Test("every type, comparison, change and alignment", arguments: formats)
  func everyType(_ format: ScalarFormat) throws {
    for (number, alignment) in [nil, 1].enumerated() {
      try Self.check(
        format, alignment: alignment, .eight, Way(blockBytes: 64), seed: UInt64(number + 1))
    }
    try Self.check(format, alignment: 3, .four, Way(), seed: 9)
  }

  @Test("an alignment of nothing is every byte, and one beyond all addresses finds nothing")
  func oddAlignments() throws {
    let source = BufferSource([(0x1000, [UInt8](repeating: 1, count: 300)), (.max - 9, [1, 1, 1])])
    let one = ValueCondition(.equal(.integer(1)))
    for (alignment, count) in [(0, 303), (-5, 303), (4096, 1), (1 << 40, 0), (.max, 0)] {
      let hits = try source.scan(.one(ScalarFormat(.u8)), one, alignment: alignment)
      #expect(hits.count == count, "every \(alignment)")
      #expect(try hits.compared(.unchanged).count == count)
    }
  }

  static let ways: [Way] = (0..<Int32(pvk_level_count())).flatMap { level in
    [(64, 3), (100, 1)].map { block, threads in
      Way(blockBytes: block, threads: threads, level: level)
    }
  }

  @Test("whatever the blocks, the threads and the CPU", arguments: ways)
  func everyWay(_ way: Way) throws {
    pvk_force_level(way.level)
    defer { pvk_force_level(.max) }
    for name in ["i8", "u16be", "f32", "i64"] {
      let format = try #require(ScalarFormat(name: name))
      for alignment in [nil, 1] {
        try Self.check(format, alignment: alignment, .eight, way, seed: 77)
      }
    }
  }

  @Test("values at the borders of chunks of candidates", arguments: [1, 2, 4])
  func chunkBorders(_ width: Int) throws {
    let format = ScalarFormat([1: .u8, 2: .u16, 4: .u32][width]!)
    let most = HitChunk.mostSlots
    for step in [1, width, 3] {
      let source = BufferSource([
        (0x10_0000 - 5, [UInt8](repeating: 0, count: 2 * most * step + 40))
      ])
      let word = 0x0403_0201 & UInt64.max >> UInt64(64 - 8 * width)
      // The first candidate at a multiple of the step.
      let first = (source.stretches[0].start + UInt64(step - 1)) / UInt64(step) * UInt64(step)
      var planted: Set<UInt64> = []
      for slot in [0, most - 2, most, most + 3, 2 * most - 1, 2 * most + 2] {
        let address = first + UInt64(slot * step)
        guard !planted.contains(where: { address < $0 + 4 }) else { continue }
        source.plant(word, width, at: address)
        planted.insert(address)
      }
      for blockBytes in [100_000, 16 << 20] {
        for threads in [1, 2] {
          let options = ScanOptions(threads: threads, blockBytes: blockBytes)
          let hits = try source.scan(
            .one(format), ValueCondition(.equal(.integer(Int64(word)))), alignment: step,
            options: options)
          #expect(Set(hits.addresses().map(\.rawValue)) == planted, "width \(width) step \(step)")
          let all = try source.scan(
            .one(format), ValueCondition(.unknown), alignment: step, options: options)
          let last = source.stretches[0].start + UInt64(source.stretches[0].bytes.count - width)
          #expect(all.count == Int(last - first) / step + 1)
          let same = try all.next(ValueCondition(.equal(.integer(Int64(word)))))
          #expect(Set(same.addresses().map(\.rawValue)) == planted, "width \(width) step \(step)")
          let changed = planted.sorted()[planted.count / 2]
          source.plant(0, 1, at: changed)
          #expect(try same.compared(.changed).addresses() == [Address(changed)])
          #expect(try all.compared(.changed).addresses().contains(Address(changed)))
          #expect(try all.compared(.unchanged).count < all.count)
          source.plant(word, width, at: changed)
        }
      }
    }
  }

  @Test("a group keeps its types apart", arguments: [Way(), Way(blockBytes: 64, threads: 2)])
  func groups(_ way: Way) throws {
    let source = Self.memory(.eight, 5)
    for (value, group, names) in [
      (5, TypeGroup.any, ["i8", "i16", "i32", "i64", "f32", "f64"]),
      (200, .int, ["u8", "i16", "i32", "i64"]),
      (-3, .any, ["i8", "i16", "i32", "i64", "f32", "f64"]),
      (1, .float, ["f32", "f64"]),
      (70_000, .any, ["i32", "i64", "f32", "f64"]),
    ] as [(Int64, TypeGroup, [String])] {
      for name in names {
        let format = try #require(ScalarFormat(name: name))
        let width = ScanOracle.width(format, source)
        let word = try StoredEncoding.none.encode(
          .integer(value), as: format, pointerWidth: .eight)
        for place in [0xfc8, 0x1120, 0x11fc, 0x2010] as [UInt64] {
          source.plant(word, width, at: place + UInt64(16 * (names.firstIndex(of: name) ?? 0)))
        }
      }
      for alignment in [nil, 1] {
        let hits = try source.scan(
          .group(group), ValueCondition(.equal(.integer(value))), alignment: alignment,
          options: way.options)
        #expect(hits.lanes.map(\.label) == names)
        var wanted: [ScanOracle.Found] = []
        for (lane, name) in names.enumerated() {
          let format = try #require(ScalarFormat(name: name))
          wanted.append(
            ScanOracle.scan(source, format, alignment: alignment) { Self.is($0, value) })
          let comment: Comment = "\(name) \(value)"
          ScanOracle.expect(ScanOracle.found(hits, lane: lane, comment), wanted[lane], comment)
          #expect(!wanted[lane].isEmpty)
        }
        try groupSteps(hits, wanted, source, names)
      }
    }
  }

  private static func `is`(_ number: Number, _ value: Int64) -> Bool {
    switch number {
    case .whole(let whole): whole == Int128(value)
    case .real(let real): real == Double(value)
    case .truth: false
    }
  }

  /// Changed values, then a value that narrow types cannot hold.
  private func groupSteps(
    _ hits: Hits, _ wanted: [ScanOracle.Found], _ source: BufferSource, _ names: [String]
  ) throws {
    let before = source.stretches
    defer { source.stretches = before }
    var random = SplitMix(11)
    source.edit(200, &random)
    let unchanged = try hits.compared(.unchanged)
    let changed = try hits.compared(.changed)
    let big = try hits.next(ValueCondition(.notEqual(.integer(300))))
    for (lane, name) in names.enumerated() {
      let format = try #require(ScalarFormat(name: name))
      let width = ScanOracle.width(format, source)
      #expect(
        ScanOracle.found(unchanged, lane: lane, "unchanged")
          == ScanOracle.refine(source, width, wanted[lane]) { wanted[lane][$0] == $1 })
      #expect(
        ScanOracle.found(changed, lane: lane, "changed")
          == ScanOracle.refine(source, width, wanted[lane]) { wanted[lane][$0] != $1 })
      // A byte is never 300; whether "not 300" holds of it is not asked.
      let left = ScanOracle.refine(source, width, wanted[lane]) {
        !Self.is(ScanOracle.number($1, format, width), 300)
      }
      if width > 1 { #expect(ScanOracle.found(big, lane: lane, "not 300") == left) }
    }
  }
}
