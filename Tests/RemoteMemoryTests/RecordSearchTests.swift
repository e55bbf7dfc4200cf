import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// Struct-shaped search against a slow obvious one.
@Suite struct RecordSearchTests {
  /// A condition, and the same in plain words of Swift about the bytes of a struct.
  struct Case: Sendable {
    let fields: [RecordField]
    let holds: @Sendable ([UInt8]) -> Bool
  }

  static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    bytes[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  static func value(_ type: ScalarType, _ comparison: ValueCondition.Comparison) -> RecordCondition
  {
    .value(ScalarFormat(type, byteOrder: .little), ValueCondition(comparison))
  }

  static func bytes(_ text: String) throws -> RecordCondition {
    .bytes(try BytePattern(parsing: text))
  }

  static func cases() throws -> [Case] {
    [
      Case(fields: [RecordField(offset: 0, value(.u16, .equal(.integer(0x0201))))]) {
        $0[0] == 1 && $0[1] == 2
      },
      Case(fields: [
        RecordField(offset: 3, value(.u8, .notEqual(.integer(0)))),
        RecordField(offset: 4, value(.u16, .between(.integer(1), .integer(0x0101)))),
        RecordField(offset: 6, value(.u8, .equal(.integer(2)))),
      ]) { $0[3] != 0 && 1...0x0101 ~= number($0, 4, 2) && $0[6] == 2 },
      Case(fields: [
        RecordField(offset: 1, try bytes("01 ?? 02")),
        RecordField(offset: 0, .not(value(.u8, .equal(.integer(0))))),
      ]) { $0[1] == 1 && $0[3] == 2 && $0[0] != 0 },
      Case(fields: [RecordField(offset: 2, .not(try bytes("?? 00 ?1 02 : ff ff 01 ff")))]) {
        !($0[3] == 0 && $0[4] & 1 == 1 && $0[5] == 2)
      },
      Case(fields: [
        RecordField(offset: 0, .not(.not(value(.u8, .less(.integer(2)))))),
        RecordField(offset: 0, try bytes("?? ?? ?? ?? ?? ?? ?? 01")),
      ]) { $0[0] < 2 && $0[7] == 1 },
      Case(fields: [RecordField(offset: 0, value(.u32, .unknown))]) { _ in true },
    ]
  }

  static func oracle(
    _ source: BufferSource, _ size: Int, _ step: Int, _ holds: ([UInt8]) -> Bool
  ) -> [UInt64] {
    var found: [UInt64] = []
    for stretch in source.stretches {
      for address in stretch.start..<(stretch.start + UInt64(stretch.bytes.count))
      where address % UInt64(step) == 0 {
        guard let bytes = source.bytes(at: address, size), holds(bytes) else { continue }
        found.append(address)
      }
    }
    return found
  }

  static func found(_ hits: Hits) -> [UInt64] {
    (0..<hits.lanes[0].count).map { hits.lanes[0].address(at: $0).rawValue }
  }

  static let everywhere = ScanScope(filter: RegionFilter())

  @Test(arguments: [(64, 1), (100, 3), (512 << 10, 1)])
  func structsAreFoundAsTheSearchFindsThem(_ way: (block: Int, threads: Int)) throws {
    let (block, threads) = way
    for (number, test) in try Self.cases().enumerated() {
      for (size, step) in [(8, 1), (8, 4), (24, 8), (97, 3), (300, 1)] {
        let source = ScanEngineTests.memory(UInt64(100 * number + size))
        let pattern = RecordPattern(byteCount: size, alignment: step, fields: test.fields)
        let hits = try source.findRecords(
          pattern, in: Self.everywhere,
          options: ScanOptions(threads: threads, blockBytes: block))
        let wanted = Self.oracle(source, size, step, test.holds)
        #expect(Self.found(hits) == wanted, "case \(number) size \(size) step \(step)")
        #expect(hits.outcome.isComplete)
        #expect(hits.title == "\(pattern)")
        #expect(hits.hit(at: 0)?.element ?? .record(byteCount: size) == .record(byteCount: size))
      }
    }
  }

  @Test func aStructAtTheLastAddressAndAcrossTouchingRegionsIsFound() throws {
    var bytes = [UInt8](repeating: 0, count: 64)
    bytes[56] = 9
    let source = BufferSource(
      [(0x1000, bytes), (0x1040, [UInt8](repeating: 0, count: 4) + [9] + [0, 0, 0])])
    let field = RecordField(offset: 0, Self.value(.u8, .equal(.integer(9))))
    let whole = try source.findRecords(
      RecordPattern(byteCount: 16, fields: [field]), in: Self.everywhere)
    #expect(Self.found(whole) == [0x1038])
    let tail = try source.findRecords(
      RecordPattern(byteCount: 4, alignment: 4, fields: [field]), in: Self.everywhere)
    #expect(Self.found(tail) == [0x1038, 0x1044])
    let tooLong = try source.findRecords(
      RecordPattern(byteCount: 17, fields: [field]), in: Self.everywhere)
    #expect(tooLong.count == 0)
  }

  @Test func manyFieldsAreTestedWhicheverLeavesTheFewest() throws {
    var random = SplitMix(5)
    let memory = (0..<30_000).map { _ in UInt8(random.next() % 2) }
    let source = BufferSource([(0x10000, memory)])
    let fields = (0..<12).map {
      RecordField(offset: 5 * $0, Self.value(.u8, .equal(.integer(Int64($0 % 2)))))
    }
    for alignment in [1, 8] {
      let hits = try source.findRecords(
        RecordPattern(byteCount: 60, alignment: alignment, fields: fields), in: Self.everywhere)
      let wanted = Self.oracle(source, 60, alignment) { bytes in
        (0..<12).allSatisfy { bytes[5 * $0] == UInt8($0 % 2) }
      }
      #expect(Self.found(hits) == wanted)
    }
  }

  @Test func refiningTestsTheSameConditions() throws {
    for (block, threads) in [(64, 3), (512 << 10, 1)] {
      let source = ScanEngineTests.memory(3)
      let test = try Self.cases()[1]
      let first = try source.findRecords(
        RecordPattern(byteCount: 12, alignment: 1, fields: test.fields), in: Self.everywhere,
        options: ScanOptions(threads: threads, blockBytes: block))
      for index in 0..<600 where index % 3 == 0 { source.stretches[0].bytes[index] = 0 }
      let now = Set(Self.oracle(source, 12, 1, test.holds))
      let before = Self.found(first)
      let same = try first.stillThere(true, progress: nil)
      #expect(Self.found(same) == before.filter { now.contains($0) })
      let other = try first.stillThere(false, progress: nil)
      #expect(Self.found(other) == before.filter { !now.contains($0) })
    }
  }

  @Test(arguments: [
    (RecordPattern(byteCount: 0, fields: []), "1 to 65536 bytes"),
    (RecordPattern(byteCount: 65_537, fields: []), "1 to 65536 bytes"),
    (RecordPattern(byteCount: 8, fields: []), "at least one field"),
    (
      RecordPattern(
        byteCount: 8, alignment: 0, fields: [RecordField(offset: 0, value(.u8, .unknown))]),
      "alignment"
    ),
    (
      RecordPattern(byteCount: 8, fields: [RecordField(offset: 5, value(.u32, .unknown))]),
      "the field at 5 is 4 bytes wide"
    ),
    (
      RecordPattern(byteCount: 8, fields: [RecordField(offset: -1, value(.u32, .unknown))]),
      "the field at -1"
    ),
    (
      RecordPattern(byteCount: 8, fields: [RecordField(offset: .max, value(.u32, .unknown))]),
      "does not fit"
    ),
    (
      RecordPattern(
        byteCount: 8, fields: [RecordField(offset: 4, value(.u8, .equal(.integer(300))))]),
      "the field at 4: 300"
    ),
    (
      RecordPattern(
        byteCount: 8,
        fields: [
          RecordField(
            offset: 0, .pointer(PointerCondition(to: .text([], .utf8, isTerminated: true))))
        ]), "the field at 0: a text pointed at"
    ),
    (
      RecordPattern(
        byteCount: 8,
        fields: [
          RecordField(
            offset: 0, .pointer(PointerCondition(into: RegionFilter(kinds: [.heap]))))
        ]), "the field at 0, pointer into heap: nothing"
    ),
  ])
  func whatMakesNoSenseIsRefused(_ pattern: RecordPattern, _ words: String) {
    let source = ScanEngineTests.memory(1)
    let error = #expect(throws: RemoteMemoryError.self) {
      try source.findRecords(pattern, in: Self.everywhere)
    }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
