import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// Structs whose fields point somewhere, against a slow obvious search.
@Suite struct RecordPointerTests {
  /// A stretch of words, many of them addresses in a second stretch that holds texts and numbers,
  /// and a third of nothing else than one text that ends with it.
  static func memory(_ width: PointerWidth, _ seed: UInt64) -> BufferSource {
    var random = SplitMix(seed)
    let names = ["Bob", "Bobby", "Alice", "", "B\u{f6}b", "Bo\u{1}b"]
    var texts: [UInt8] = []
    var places: [UInt64] = [0, 0, 1, 0x1000, 0x5FFF_FFFF, 0x7003, 0x8000, 0x8001, 0x8005, 0x8006]
    while texts.count < 700 {
      places.append(0x7000 + UInt64(texts.count))
      texts += Array(names[Int(random.next() % UInt64(names.count))].utf8) + [0]
    }
    var words: [UInt8] = []
    for _ in 0..<300 {
      let place = places[Int(random.next() % UInt64(places.count))]
      for byte in 0..<width.bytes { words.append(UInt8(truncatingIfNeeded: place >> (8 * byte))) }
    }
    return BufferSource(
      [(0x1000, words), (0x7000, texts), (0x8000, Array("Bob\0Bo".utf8))],
      holes: [AddressRange(start: Address(0x7040), count: 20)], pointerWidth: width)
  }

  /// Up to so many bytes from an address, as far as they can be read.
  static func readable(_ source: BufferSource, _ address: UInt64, _ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count, let byte = source.byte(at: address &+ UInt64(bytes.count)) {
      bytes.append(byte)
    }
    return bytes
  }

  struct Case: Sendable {
    let condition: RecordCondition
    let holds: @Sendable (BufferSource, UInt64) -> Bool

    init(
      _ condition: RecordCondition, _ holds: @escaping @Sendable (BufferSource, UInt64) -> Bool
    ) {
      self.condition = condition
      self.holds = holds
    }
  }

  static func isMapped(_ source: BufferSource, _ address: UInt64) -> Bool {
    source.stretches.contains { address >= $0.start && address < $0.start + UInt64($0.bytes.count) }
  }

  static func text(_ name: String, isTerminated: Bool = true) -> PointeeCondition {
    .text(Array(name.utf8), .utf8, isTerminated: isTerminated)
  }

  static let window = RegionFilter(range: AddressRange(start: Address(0x7010), count: 0x1000))

  static let cases: [Case] = [
    Case(.pointer(PointerCondition())) { isMapped($0, $1) },
    Case(.pointer(PointerCondition(isNullable: true))) { $1 == 0 || isMapped($0, $1) },
    Case(.not(.pointer(PointerCondition(isNullable: true)))) { $1 != 0 && !isMapped($0, $1) },
    Case(.pointer(PointerCondition(into: window))) {
      isMapped($0, $1) && $1 >= 0x7010 && $1 < 0x8010
    },
    Case(.pointer(PointerCondition(to: text("Bob")))) {
      readable($0, $1, 4) == Array("Bob\0".utf8)
    },
    Case(.pointer(PointerCondition(to: text("Bob", isTerminated: false)))) {
      readable($0, $1, 3) == Array("Bob".utf8)
    },
    Case(.pointer(PointerCondition(into: window, to: text("Bob")))) {
      $1 >= 0x7010 && readable($0, $1, 4) == Array("Bob\0".utf8)
    },
    Case(.pointer(PointerCondition(to: text("Alice"), isNullable: true))) {
      $1 == 0 || readable($0, $1, 6) == Array("Alice\0".utf8)
    },
    Case(.not(.pointer(PointerCondition(to: text("Bob"))))) {
      readable($0, $1, 4) != Array("Bob\0".utf8)
    },
    Case(.not(.pointer(PointerCondition(to: text("Bob"), isNullable: true)))) {
      $1 != 0 && readable($0, $1, 4) != Array("Bob\0".utf8)
    },
    Case(.pointer(PointerCondition(to: .printableText(minimumCount: 3, .utf8)))) {
      let bytes = readable($0, $1, 12)
      let ascii = bytes.prefix { 0x20..<0x7F ~= $0 }.count
      return ascii >= 3 || bytes.starts(with: "B\u{f6}b".utf8)
    },
    Case(
      .pointer(
        PointerCondition(
          to: .value(
            ScalarFormat(.u16, byteOrder: .little), ValueCondition(.equal(.integer(0x6f42))))))
    ) { readable($0, $1, 2) == [0x42, 0x6f] },
    Case(.pointer(PointerCondition(to: .bytes(try! BytePattern(parsing: "'B' ?? 62 00"))))) {
      let bytes = readable($0, $1, 4)
      return bytes.count == 4 && bytes[0] == 0x42 && bytes[2] == 0x62 && bytes[3] == 0
    },
  ]

  static func pointer(_ bytes: [UInt8], _ offset: Int, _ width: PointerWidth) -> UInt64 {
    RecordSearchTests.number(bytes, offset, width.bytes)
  }

  @Test(arguments: PointerWidth.allCases, [(64, 1), (100, 3), (512 << 10, 1)])
  func pointersAreFollowed(_ width: PointerWidth, _ way: (block: Int, threads: Int)) throws {
    for (number, test) in Self.cases.enumerated() {
      for step in [1, width.bytes] {
        let source = Self.memory(width, UInt64(number))
        let offset = number % 3
        let hits = try source.findRecords(
          RecordPattern(
            byteCount: 12, alignment: step,
            fields: [RecordField(offset: offset, test.condition)]),
          in: RecordSearchTests.everywhere,
          options: ScanOptions(threads: way.threads, blockBytes: way.block))
        let wanted = RecordSearchTests.oracle(source, 12, step) {
          test.holds(source, Self.pointer($0, offset, width))
        }
        #expect(RecordSearchTests.found(hits) == wanted, "case \(number) step \(step)")
        #expect(hits.parent == nil)
      }
    }
  }

  @Test func severalPointersAndAValueMustAllHold() throws {
    let source = Self.memory(.eight, 77)
    let fields = [
      RecordField(offset: 0, .pointer(PointerCondition(to: Self.text("Bob")))),
      RecordField(offset: 8, .not(.pointer(PointerCondition(to: Self.text("Alice"))))),
      RecordField(
        offset: 16, .value(ScalarFormat(.u64), ValueCondition(.notEqual(.integer(1))))),
    ]
    let hits = try source.findRecords(
      RecordPattern(byteCount: 24, fields: fields), in: RecordSearchTests.everywhere)
    let wanted = RecordSearchTests.oracle(source, 24, 8) {
      Self.readable(source, Self.pointer($0, 0, .eight), 4) == Array("Bob\0".utf8)
        && Self.readable(source, Self.pointer($0, 8, .eight), 6) != Array("Alice\0".utf8)
        && Self.pointer($0, 16, .eight) != 1
    }
    #expect(!wanted.isEmpty)
    #expect(RecordSearchTests.found(hits) == wanted)
  }

  @Test func refiningFollowsPointersAgain() throws {
    for (block, threads) in [(64, 3), (512 << 10, 1)] {
      let source = Self.memory(.eight, 5)
      let first = try source.findRecords(
        RecordPattern(
          byteCount: 8,
          fields: [RecordField(offset: 0, .pointer(PointerCondition(to: Self.text("Bob"))))]),
        in: RecordSearchTests.everywhere,
        options: ScanOptions(threads: threads, blockBytes: block))
      let before = RecordSearchTests.found(first)
      // Half of the texts change, and so do some of the pointers.
      for index in 0..<300 { source.stretches[1].bytes[index] = 0 }
      for index in 0..<80 { source.stretches[0].bytes[8 * index] = 0xFF }
      let now = Set(
        RecordSearchTests.oracle(source, 8, 8) {
          Self.readable(source, Self.pointer($0, 0, .eight), 4) == Array("Bob\0".utf8)
        })
      let same = try first.stillThere(true, progress: nil)
      #expect(RecordSearchTests.found(same) == before.filter { now.contains($0) })
      #expect(same.parent === first)
      let other = try first.stillThere(false, progress: nil)
      #expect(RecordSearchTests.found(other) == before.filter { !now.contains($0) })
      #expect(same.count > 0 && other.count > 0)
    }
  }

  @Test func whatIsMappedLaterIsFollowedToo() throws {
    func words(_ pointer: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: pointer >> (8 * $0)) }
    }
    let source = BufferSource([(0x1000, words(0x7000)), (0x7000, Array("Bob\0".utf8))])
    let hits = try source.findRecords(
      RecordPattern(
        byteCount: 8,
        fields: [RecordField(offset: 0, .pointer(PointerCondition(to: Self.text("Bob"))))]),
      in: RecordSearchTests.everywhere)
    #expect(hits.count == 1)
    source.stretches = [(0x1000, words(0x9000)), (0x9000, Array("Bob\0".utf8))]
    #expect(try hits.stillThere(true, progress: nil).count == 1)
    source.stretches = [(0x1000, words(0x9000))]
    #expect(try hits.stillThere(true, progress: nil).count == 0)
  }

  @Test func manyTargetsAreReadTogether() throws {
    var words: [UInt8] = []
    var texts: [UInt8] = []
    for index in 0..<2000 {
      let place = 0x10_0000 + UInt64(4 * (index * 7 % 2000))
      words += (0..<8).map { UInt8(truncatingIfNeeded: place >> (8 * $0)) }
      texts += index % 2 == 0 ? Array("Bob\0".utf8) : Array("Ann\0".utf8)
    }
    let source = BufferSource([(0x1000, words), (0x10_0000, texts)])
    let hits = try source.findRecords(
      RecordPattern(
        byteCount: 8,
        fields: [RecordField(offset: 0, .pointer(PointerCondition(to: Self.text("Bob"))))]),
      in: RecordSearchTests.everywhere, options: ScanOptions(threads: 1))
    #expect(hits.count == 1000)
    #expect(source.gathers.load(ordering: .relaxed) < 10)
  }

  @Test func manyFarTargetsAreReadInBatches() throws {
    let stretches = (0..<600).map { index in
      (start: 0x10_0000 + 0x10_000 * UInt64(index), bytes: Array("Bob\0".utf8))
    }
    let words = stretches.flatMap { stretch in
      (0..<8).map { UInt8(truncatingIfNeeded: stretch.start >> (8 * $0)) }
    }
    let source = BufferSource([(0x1000, words)] + stretches)
    let hits = try source.findRecords(
      RecordPattern(
        byteCount: 8,
        fields: [RecordField(offset: 0, .pointer(PointerCondition(to: Self.text("Bob"))))]),
      in: RecordSearchTests.everywhere, options: ScanOptions(threads: 1))
    #expect(hits.count == 600)
    #expect(source.gathers.load(ordering: .relaxed) < 12)
  }
}
