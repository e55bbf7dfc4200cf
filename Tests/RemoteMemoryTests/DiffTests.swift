import MemoryModel
import Testing

@testable import RemoteMemory

/// Diffs against a slow obvious comparison, over memory in arrays.
@Suite struct DiffTests {
  /// What a diff should give: the old bits of each cell that changed, by its address after.
  static func oracle(
    _ before: BufferSource, _ after: BufferSource, width: Int, step: UInt64, shift: UInt64 = 0
  ) -> [UInt64: UInt64] {
    var found: [UInt64: UInt64] = [:]
    for stretch in after.stretches {
      for address in stretch.start..<(stretch.start + UInt64(stretch.bytes.count))
      where address % step == 0 {
        guard let new = after.bytes(at: address, width),
          let old = before.bytes(at: address &- shift, width), old != new
        else { continue }
        found[address] = old.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
    }
    return found
  }

  static func found(_ diff: Diff) -> [UInt64: UInt64] {
    let lane = diff.hits.lanes[0]
    var found: [UInt64: UInt64] = [:]
    for index in 0..<lane.count {
      found[lane.address(at: index).rawValue] = lane.keptWord(at: index) ?? .max
    }
    #expect(found.count == diff.count)
    return found
  }

  /// Three stretches with holes, and the same with some bytes changed and another hole.
  static func memories(_ seed: UInt64, changed: Int = 40) -> (BufferSource, BufferSource) {
    var random = SplitMix(seed)
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.next() % 5) } }
    var stretches: [(start: UInt64, bytes: [UInt8])] = [
      (0x1000, bytes(600)), (0x1000 + 600, bytes(451)), (0x9003, bytes(300)),
    ]
    let before = BufferSource(
      stretches, holes: [AddressRange(start: Address(0x1100), count: 7)])
    for _ in 0..<changed {
      let stretch = Int(random.next() % 3)
      let place = Int(random.next() % UInt64(stretches[stretch].bytes.count))
      stretches[stretch].bytes[place] = UInt8(random.next() % 5)
    }
    stretches[2].bytes.removeLast(20)
    let after = BufferSource(
      stretches,
      holes: [
        AddressRange(start: Address(0x1104), count: 9),
        AddressRange(start: Address(0x1250), count: 1),
      ])
    return (before, after)
  }

  @Test(
    arguments: [ScalarType.u8, .u16, .i32, .u64, .f32, .f64], [(64, 1), (100, 3), (1 << 20, 1)])
  func aDiffFindsWhatTheComparisonFinds(_ type: ScalarType, _ way: (block: Int, threads: Int))
    throws
  {
    let width = type.byteCount(pointerWidth: .eight)
    for step in [1, 2, 3, 4, 8] {
      let (before, after) = Self.memories(UInt64(width * step))
      let diff = try Diff.compare(
        before, after,
        DiffOptions(
          format: ScalarFormat(type), step: step,
          scan: ScanOptions(threads: way.threads, blockBytes: way.block)))
      #expect(
        Self.found(diff) == Self.oracle(before, after, width: width, step: UInt64(step)),
        "step \(step)")
      #expect(diff.hits.outcome.isComplete)
      #expect(diff.statistics.bytesUnreadable == 14)
      #expect(diff.statistics.bytesCompared == 600 + 451 + 280 - 14)
      #expect(diff.statistics.bytesOnlyBefore == 20 && diff.statistics.bytesOnlyAfter == 0)
    }
  }

  @Test func equalMemoriesHaveNoDiff() throws {
    let (before, _) = Self.memories(1)
    let diff = try Diff.compare(before, before)
    #expect(diff.count == 0 && diff.mapChanges.changes.isEmpty)
    let same = try Diff.compare(before, before, DiffOptions(unchanged: true))
    #expect(same.count == 600 + 451 + 300 - 7)
  }

  @Test func changedAndUnchangedAreEverything() throws {
    let (before, after) = Self.memories(9)
    let changed = try Diff.compare(before, after)
    let unchanged = try Diff.compare(before, after, DiffOptions(unchanged: true))
    #expect(UInt64(changed.count + unchanged.count) == changed.statistics.bytesCompared)
    #expect(try changed.hits.intersection(unchanged.hits).count == 0)
  }

  @Test func filtersKeepOldValues() throws {
    let start: UInt64 = 0x4000
    let old: [Int32] = [100, 5, -7, 8, 100, 0, .max, 3]
    let new: [Int32] = [95, 5, -2, 108, 105, 1, .min, 3]
    let before = BufferSource([(start, Self.bytes(old))])
    let after = BufferSource([(start, Self.bytes(new))])
    let diff = try Diff.compare(before, after, DiffOptions(format: ScalarFormat(.i32)))
    func cells(_ diff: Diff) -> [Int] {
      let numbers = diff.hits.addresses().map { Int($0.rawValue - start) / 4 }
      let values = diff.hits.oldValues()
      for (number, value) in zip(numbers, values) {
        #expect(value == .integer(Int64(old[number])))
      }
      return numbers
    }
    #expect(cells(diff) == [0, 2, 3, 4, 5, 6])
    #expect(cells(try diff.keeping(.increased)) == [2, 3, 4, 5])
    #expect(cells(try diff.keeping(.decreased)) == [0, 6])
    #expect(cells(try diff.keeping(.increasedBy(.integer(5)))) == [2, 4])
    #expect(cells(try diff.keeping(.decreasedBy(.integer(5)))) == [0])
    #expect(cells(try diff.keeping(atLeast: 5)) == [0, 2, 3, 4])
    #expect(cells(try diff.keeping(atLeast: 5.5)) == [3])
    #expect(cells(try diff.keeping(atLeast: 1)) == [0, 2, 3, 4, 5, 6])
    #expect(cells(try diff.keeping(.increased).keeping(.increasedBy(.integer(5)))) == [2, 4])
    #expect(
      cells(
        try diff.inRegions(
          RegionFilter(range: AddressRange(start: Address(start + 8), count: 8)))) == [2, 3])
    let search = try diff.search(in: after)
    #expect(
      search.oldValues().compactMap { $0 }
        == [95, -2, 108, 105, 1, .min].map {
          ScalarValue.integer(Int64($0 as Int32))
        })
  }

  static func bytes<Value>(_ values: [Value]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  @Test func setsWorkAcrossMoments() throws {
    let a = BufferSource([(0x1000, [1, 1, 1, 1, 1, 1])])
    let b = BufferSource([(0x1000, [2, 2, 1, 1, 2, 1])])
    let c = BufferSource([(0x1000, [3, 2, 3, 1, 2, 1])])
    let first = try Diff.compare(a, b)
    let second = try Diff.compare(b, c)
    func places(_ diff: Diff) -> [UInt64] { diff.hits.addresses().map { $0.rawValue - 0x1000 } }
    #expect(places(first) == [0, 1, 4] && places(second) == [0, 2])
    #expect(places(try first.minus(second)) == [1, 4])
    #expect(places(try second.minus(first)) == [2])
    #expect(places(try first.intersection(second)) == [0])
    #expect(places(try first.union(second)) == [0, 1, 2, 4])
    let words = try Diff.compare(a, b, DiffOptions(format: ScalarFormat(.u16)))
    #expect(failure { try first.minus(words) }?.cause == .invalid)
  }

  @Test func spansJoinWhatIsNear() throws {
    let old = [UInt8](repeating: 0, count: 64)
    var new = old
    for place in [3, 4, 5, 8, 20, 63] { new[place] = 9 }
    let diff = try Diff.compare(BufferSource([(0x1000, old)]), BufferSource([(0x1000, new)]))
    func spans(_ gap: Int) -> [[Int]] {
      let cursor = DiffSpanCursor(diff, gap: gap)
      var found: [[Int]] = []
      while let span = cursor.next() {
        found.append([
          Int(span.range.start.rawValue - 0x1000), Int(span.range.count), span.cellCount,
        ])
      }
      return found
    }
    #expect(spans(0) == [[3, 3, 3], [8, 1, 1], [20, 1, 1], [63, 1, 1]])
    #expect(spans(2) == [[3, 6, 4], [20, 1, 1], [63, 1, 1]])
    #expect(spans(100) == [[3, 61, 6]])
    let (before, after) = try diff.bytes(
      of: AddressRange(start: Address(0x1000 + 62), count: 4))
    #expect(before == [0, 0, nil, nil] && after == [0, 9, nil, nil])
  }

  @Test func regionsAreCounted() throws {
    let old = [UInt8](repeating: 0, count: 10 * 4096)
    var new = old
    for place in [0, 1, 4096, 5 * 4096] { new[place] = 1 }
    let one = BufferSource([(0x10000, old), (0x50000, old)])
    let two = BufferSource([(0x10000, new), (0x50000, old)])
    let diff = try Diff.compare(one, two)
    let regions = diff.regionDiffs(columns: 5)
    #expect(regions.count == 1)
    #expect(regions.first?.cellCount == 4 && regions.first?.pageCount == 3)
    #expect(regions.first?.strip.counts == [3, 0, 1, 0, 0])
    #expect(regions.first?.strip.most == 8192)
  }

  @Test func anInterruptLeavesWhatWasFound() throws {
    let (before, after) = Self.memories(3)
    let stopped = BufferSource(
      after.stretches, holes: after.holes, interrupt: InterruptCheck { true })
    let diff = try Diff.compare(before, stopped)
    #expect(!diff.hits.outcome.isComplete)
  }

  @Test func pointersOfAnotherWidthAreRefused() {
    let (before, after) = Self.memories(3)
    let narrow = BufferSource(after.stretches, pointerWidth: .four)
    #expect(failure { try Diff.compare(before, narrow) }?.cause == .invalid)
  }
}

/// Two runs of one program at other addresses.
@Suite struct AlignedDiffTests {
  static func region(_ start: UInt64, _ count: Int, _ name: String, offset: UInt64 = 0) -> Region {
    Region(
      range: AddressRange(start: Address(start), count: UInt64(count)),
      permissions: [.read, .write], offset: offset, deviceMajor: 8, deviceMinor: 1,
      inode: name.hasPrefix("/") ? 7 : 0, nameBytes: Array(name.utf8))
  }

  /// A module of two pages and a heap of one, with pointers from the heap into the module.
  static func run(_ module: UInt64, _ heap: UInt64, _ words: [UInt64]) -> BufferSource {
    let code = (0..<8192).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var data = DiffTests.bytes(words)
    data += [UInt8](repeating: 0, count: 4096 - data.count)
    let source = BufferSource([(module, code), (heap, data)].sorted { $0.0 < $1.0 })
    source.regions = [region(module, 8192, "/bin/game"), region(heap, 4096, "[heap]")]
      .sorted { $0.start < $1.start }
    return source
  }

  @Test(arguments: [ScalarType.u64, .ptr, .u8, .u32])
  func pointersIntoTheSamePlaceAreEqual(_ type: ScalarType) throws {
    let (m1, h1, m2, h2): (UInt64, UInt64, UInt64, UInt64) = (
      0x400000, 0x900000, 0x7730000, 0x5510000
    )
    let before = Self.run(m1, h1, [m1 + 0x10, h1 + 8, 5, m1 + 0x1234, 0, m1 + 8])
    let after = Self.run(m2, h2, [m2 + 0x10, h2 + 8, 6, m2 + 0x1238, m2, m1 + 8])
    let options = DiffOptions(format: ScalarFormat(type), alignment: .modules, equalPointers: true)
    let width = UInt64(type.byteCount(pointerWidth: .eight))
    let diff = try Diff.compare(before, after, options)
    let words = Set(diff.hits.addresses().map { ($0.rawValue - h2) / 8 })
    #expect(words == [2, 3, 4])
    #expect(diff.hits.addresses().allSatisfy { $0.rawValue % width == 0 })
    #expect(diff.beforeAddress(of: Address(h2 + 16)) == Address(h1 + 16))
    var plain = options
    plain.equalPointers = false
    let all = try Diff.compare(before, after, plain)
    #expect(Set(all.hits.addresses().map { ($0.rawValue - h2) / 8 }) == [0, 1, 2, 3, 4])
    #expect(
      DiffTests.found(all)
        == DiffTests.oracle(before, after, width: Int(width), step: width, shift: h2 &- h1))
  }

  @Test func onlyPointersAreKept() throws {
    let (module, heap): (UInt64, UInt64) = (0x400000, 0x900000)
    let before = Self.run(module, heap, [module, 5, module + 8, 0, heap, 77])
    let after = Self.run(module, heap, [heap, 6, 9, module, 0, heap])
    let diff = try Diff.compare(before, after, DiffOptions(format: ScalarFormat(.ptr)))
    let pointers = try diff.pointers()
    #expect(pointers.hits.addresses().map { ($0.rawValue - heap) / 8 } == [0, 3, 4])
    let bytes = try Diff.compare(before, after)
    #expect(failure { try bytes.pointers() }?.cause == .unsupported)
  }
}

/// Diffs of snapshots, which are compared where they lie.
@Suite struct SnapshotDiffTests {
  /// Changes some bytes of some pages, so that pages become zero and stop being it.
  static func change(_ source: BufferSource, _ seed: UInt64) {
    var random = SplitMix(seed)
    for stretch in source.stretches.indices {
      let pages = source.stretches[stretch].bytes.count / 4096
      for page in 0..<pages where random.next() % 3 == 0 {
        let start = page * 4096
        switch random.next() % 4 {
        case 0:
          for place in start..<(start + 4096) { source.stretches[stretch].bytes[place] = 0 }
        case 1:
          for place in start..<(start + 4096) {
            source.stretches[stretch].bytes[place] = UInt8(truncatingIfNeeded: random.next())
          }
        default:
          for _ in 0..<5 {
            source.stretches[stretch].bytes[start + Int(random.next() % 4096)] ^= 0x11
          }
        }
      }
    }
  }

  static func source() -> BufferSource {
    BufferSource(
      [
        (0x10000, SnapshotTests.pages(1, count: 9)),
        (0x7000_0000, SnapshotTests.pages(2, count: 23)),
      ],
      holes: [AddressRange(start: Address(0x7000_0000 + 5 * 4096), count: 4096)])
  }

  @Test(
    arguments: [(ScalarType.u8, 1), (.i32, 4), (.i32, 1), (.u64, 8), (.u16, 64)], [true, false])
  func aDiffOfSnapshotsIsOneOfTheirSources(_ cells: (ScalarType, Int), _ isBased: Bool) throws {
    let live = Self.source()
    let first = BufferSource(live.stretches, holes: live.holes)
    let before = try Snapshot.capture(live)
    Self.change(live, 3)
    live.holes.append(AddressRange(start: Address(0x12000), count: 4096))
    let after = try Snapshot.capture(live, SnapshotOptions(base: isBased ? before : nil))
    let options = DiffOptions(
      format: ScalarFormat(cells.0), step: cells.1, scan: ScanOptions(threads: 2, blockBytes: 12288)
    )
    let width = cells.0.byteCount(pointerWidth: .eight)
    let wanted = DiffTests.oracle(first, live, width: width, step: UInt64(cells.1))
    let fused = try Diff.compare(before, live: live, options)
    let seen = try #require(fused.after as? Snapshot)
    #expect(seen.keepsChangesOnly == (cells.1 >= width))
    try SnapshotTests().expectEqual(seen, live)
    for diff in [
      try Diff.compare(before, after, options), try Diff.compare(first, live, options),
      try Diff.compare(before, live, options), try Diff.compare(before, seen, options), fused,
    ] {
      #expect(DiffTests.found(diff) == wanted)
      #expect(diff.statistics.bytesUnreadable == 2 * 4096)
      #expect(diff.statistics.bytesCompared == 30 * 4096)
    }
    let diff = try Diff.compare(before, after, options)
    if isBased, cells.1 >= width { #expect(diff.statistics.bytesShared >= 15 * 4096) }
    var inverse = options
    inverse.unchanged = true
    let same = try Diff.compare(before, after, inverse)
    #expect(same.count > 0)
    #expect(try same.hits.intersection(diff.hits).count == 0)
  }

  @Test(arguments: [(ScalarType.u8, 1), (.i32, 4), (.u64, 8), (.u16, 64)])
  func aDiffOfWhatGoesOnIsOfItsMoment(_ cells: (ScalarType, Int)) throws {
    let live = Self.source()
    let before = try Snapshot.capture(live)
    let first = BufferSource(live.stretches, holes: live.holes)
    Self.change(live, 5)
    let moment = BufferSource(live.stretches, holes: live.holes)
    let window = AddressRange(start: Address(0x7000_0000 + 100), count: 9 * 4096 + 77)
    let scope = ScanScope(filter: RegionFilter(range: window))
    let width = cells.0.byteCount(pointerWidth: .eight)
    let wanted = DiffTests.oracle(first, moment, width: width, step: UInt64(cells.1)).filter {
      window.start.rawValue <= $0.key && $0.key + UInt64(width) <= window.end.rawValue
    }
    let options = DiffOptions(
      format: ScalarFormat(cells.0), step: cells.1, filter: scope.filter,
      scan: ScanOptions(threads: 2, blockBytes: 10_000))
    let diff = try Diff.compare(before, live: live, options, taking: SnapshotOptions(scope: scope))
    Self.change(live, 6)
    #expect(DiffTests.found(diff) == wanted)
    for (index, value) in try diff.hits.readValues().enumerated() {
      guard case .scalar(let new)? = value else { throw SnapshotTests.Unexpected() }
      let place = diff.hits.addresses(from: index, count: 1)[0]
      let bytes = try #require(moment.bytes(at: place.rawValue, width))
      #expect(ScalarFormat(cells.0).decode(bytes, at: 0, pointerWidth: .eight) == new)
    }
    // What changes later is another snapshot's; pages are shared with the one that has them.
    let after = try #require(diff.after as? Snapshot)
    try SnapshotTests().expectEqual(
      try Snapshot.capture(live, SnapshotOptions(base: after)), live)
    #expect(failure { try after.readBytes(at: Address(0x10000), count: 1) }?.code == "EFAULT")
  }

  @Test func whatOneDidNotCaptureIsCountedNotCompared() throws {
    let live = Self.source()
    let whole = try Snapshot.capture(live)
    let part = try Snapshot.capture(
      live,
      SnapshotOptions(
        scope: ScanScope(
          filter: RegionFilter(range: AddressRange(start: Address(0x10000), count: 9 * 4096)))))
    let there = try Diff.compare(whole, part)
    #expect(there.count == 0 && there.statistics.bytesCompared == 9 * 4096)
    #expect(there.statistics.bytesOnlyBefore == 23 * 4096)
    #expect(there.statistics.bytesOnlyAfter == 0)
    let back = try Diff.compare(part, whole)
    #expect(back.statistics.bytesOnlyAfter == 23 * 4096)
    #expect(back.statistics.bytesOnlyBefore == 0)
  }
}
