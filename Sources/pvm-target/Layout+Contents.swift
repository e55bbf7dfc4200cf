import Glibc

extension Layout {
  /// The i32 that the layouts of many equal values repeat.
  private static let repeatedValue: Int32 = 1_234_567
  /// How many islands `islands` has, and the bytes of each.
  private static let islandCount = 1024
  private static let islandBytes = 0x1_0000

  /// Large memory to search, with known things in it.
  static let contents: [Layout] = [
    Layout("contents", default: 64, "contents= N MiB as in a program, with needles (see above)") {
      stage, count in addContents("contents", count, to: stage) { Needle.plant(in: $0) }
    },
    Layout("quarter", default: 64, "quarter= the same, a quarter of all i32 \(repeatedValue)") {
      stage, count in
      addContents("quarter", count, to: stage) {
        repeatValue(in: $0, chance: 64)
        Needle.plant(in: $0)
      }
    },
    Layout("dense", default: 64, "dense= the same, two fifths of all i32 \(repeatedValue)") {
      stage, count in
      addContents("dense", count, to: stage) {
        repeatValue(in: $0, chance: 102)
        Needle.plant(in: $0)
      }
    },
    Layout("scattered", default: 64, "scattered= the same, one i32 a KiB \(repeatedValue)") {
      stage, count in
      addContents("scattered", count, to: stage) { block in
        Needle.plant(in: block)
        for offset in stride(from: 512, to: block.byteCount, by: 1024) {
          block.store(repeatedValue, at: offset)
        }
      }
    },
    Layout("packed", default: 16, "packed= N MiB, all i32 \(repeatedValue)") {
      stage, count in
      addContents("packed", count, to: stage) { block in
        for offset in stride(from: 0, to: block.byteCount, by: 4) {
          block.store(repeatedValue, at: offset)
        }
      }
    },
    Layout(
      "islands", default: 64,
      "islands= N GiB, \(islandCount) islands of 64 KiB with the needles, the rest untouched"
    ) {
      stage, count in addIslands(count << 30, to: stage)
    },
  ]

  private static func addContents(
    _ key: String, _ megabytes: Int, to stage: Stage, _ change: (Block) -> Void
  ) {
    let block = Block.pages(megabytes << 20)
    block.chooseHugePages(stage.usesHugePages)
    Contents().fill(block)
    change(block)
    stage.add(key, block)
    stage.changeable.append(block)
  }

  /// Sets about `chance` of 256 i32 to the repeated value.
  private static func repeatValue(in block: Block, chance: UInt8) {
    var random = RandomBits(seed: UInt64(chance))
    for start in stride(from: 0, to: block.byteCount, by: 32) {
      var bits = random.next()
      for offset in stride(from: start, to: start + 32, by: 4) {
        if UInt8(truncatingIfNeeded: bits) < chance { block.store(repeatedValue, at: offset) }
        bits >>= 8
      }
    }
  }

  private static func addIslands(_ byteCount: Int, to stage: Stage) {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let block = Block.mapped(byteCount, PROT_READ | PROT_WRITE, flags, -1)
    block.chooseHugePages(false)
    let contents = Contents()
    for number in 0..<islandCount {
      let island = Block(
        base: block.base + byteCount / islandCount * number, byteCount: islandBytes)
      contents.fill(island, first: number * (islandBytes / 4096))
      if number % (islandCount / Needle.count) == 0 {
        let needle = number / (islandCount / Needle.count)
        Needle.plant(needle, in: island, at: islandBytes / 2 - 8 * needle)
      }
      stage.changeable.append(island)
    }
    stage.add("islands", block)
    stage.book.add("islands_touched", UInt64(islandCount * islandBytes))
  }
}

extension Block {
  /// MADV_HUGEPAGE or MADV_NOHUGEPAGE of madvise(2). A kernel without huge pages says no to both.
  fileprivate func chooseHugePages(_ wanted: Bool) {
    madvise(base, byteCount, wanted ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)
  }

  /// Adds to the middle one of every `count` i32, wrapping.
  /// Returns how many that were.
  func add(_ addend: Int32, toOneIn count: Int) -> Int {
    let step = count * 4
    let places = stride(from: (count - 1) / 2 * 4, to: byteCount / step * step, by: step)
    for offset in places { store(load(offset, as: Int32.self) &+ addend, at: offset) }
    return byteCount / step
  }
}
