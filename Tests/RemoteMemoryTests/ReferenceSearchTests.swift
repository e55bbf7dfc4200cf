import MemoryModel
import Testing

@testable import RemoteMemory

/// Who points where, against a slow obvious search.
@Suite struct ReferenceSearchTests {
  @Test(arguments: PointerWidth.allCases, [(64, 3), (512 << 10, 1)])
  func referencesAreFoundAtAnyAlignment(
    _ width: PointerWidth, _ way: (block: Int, threads: Int)
  ) throws {
    let source = RecordPointerTests.memory(width, 9)
    for (range, pointerWidth) in [
      (AddressRange(start: Address(0x7003), count: 1), nil),
      (AddressRange(start: Address(0x7010), count: 0x200), nil),
      (AddressRange(start: Address(0x7010), count: 0x200), PointerWidth.four),
      (AddressRange(start: Address(0x7010), count: 0x200), PointerWidth.eight),
      (AddressRange(start: .zero, count: .max), nil),
    ] {
      let wide = (pointerWidth ?? width).bytes
      for alignment in [nil, 1, 2, 8] {
        let hits = try source.findReferences(
          to: range, alignment: alignment, pointerWidth: pointerWidth,
          in: RecordSearchTests.everywhere,
          options: ScanOptions(threads: way.threads, blockBytes: way.block))
        let wanted = RecordSearchTests.oracle(source, wide, alignment ?? wide) {
          range.contains(Address(RecordSearchTests.number($0, 0, wide)))
        }
        #expect(RecordSearchTests.found(hits) == wanted, "\(range) every \(alignment ?? 0)")
        for index in 0..<hits.count {
          let hit = try #require(hits.hit(at: index))
          let bytes = try #require(source.bytes(at: hit.address.rawValue, wide))
          let number = RecordSearchTests.number(bytes, 0, wide)
          #expect(
            hit.old == .unsigned(number) || hit.old == .integer(Int64(bitPattern: number)))
        }
      }
    }
  }

  @Test func theHighestAddressesArePointedAtToo() throws {
    let source = BufferSource([(0x1000, [UInt8](repeating: 0xFF, count: 16))])
    #expect(
      try source.findReferences(to: Address(.max), in: RecordSearchTests.everywhere).count == 2)
    #expect(
      try source.findReferences(
        to: Address(0xFFFF_FFFF), pointerWidth: .four, in: RecordSearchTests.everywhere
      ).count == 4)
    #expect(
      try source.findReferences(
        to: AddressRange(start: Address(0xF000_0000), count: 1 << 40), pointerWidth: .four,
        in: RecordSearchTests.everywhere
      ).count == 4)
  }

  @Test func whatMakesNoSenseIsRefused() {
    let source = BufferSource([(0x1000, [0, 0, 0, 0])], pointerWidth: .four)
    func message(_ body: () throws -> Hits) -> String {
      (#expect(throws: RemoteMemoryError.self) { _ = try body() })?.message ?? ""
    }
    #expect(
      message { try source.findReferences(to: AddressRange(start: .zero, count: 0)) }
        .contains("empty range"))
    #expect(
      message { try source.findReferences(to: Address(1 << 32)) }.contains("32 bits"))
    #expect(
      message { try source.findReferences(to: Address(1), alignment: 0) }.contains("alignment"))
  }
}
