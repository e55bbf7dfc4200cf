import MemoryModel
import Testing

@Suite("Hexdumps")
struct HexdumpTests {
  @Test("lays bytes out in rows")
  func rows() {
    let dump = Hexdump(
      start: Address(0x401000), bytes: bytes("Hello, world! \u{7F}") + [0, 1, 0xFF, 0x80],
      unreadable: [18..<19])
    #expect(
      dump.description == """
        0x00401000  +0000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 20 7f 00  |Hello, world! ..|
        0x00401010  +0010  01 ff ??                                          |..?|

        """)
  }

  @Test("shows the real addresses, aligned or not")
  func addresses() {
    let dump = Hexdump(start: Address(0x7ffd_0000_0ffd), bytes: [UInt8](repeating: 0, count: 33))
    #expect(
      dump.rows.map(\.address.rawValue) == [0x7ffd_0000_0ffd, 0x7ffd_0000_100d, 0x7ffd_0000_101d])
    #expect(dump.rows.map(\.offset) == [0, 16, 32])
    #expect(dump.rows.map(\.cells.count) == [16, 16, 1])
    #expect(dump.description.hasPrefix("0x7ffd00000ffd  +0000  00"))
    let lines = dump.description.split(separator: "\n")
    #expect(Set(lines.map { $0.prefix { $0 != "|" }.count }).count == 1)
  }

  @Test(
    "gives addresses as many digits as the highest needs",
    arguments: [
      (0, 8), (0xFFFF_FFE0, 8), (0xFFFF_FFF0, 12), (1 << 40, 12), (0xFFFF_FFFF_FFF0, 16),
    ] as [(UInt64, Int)])
  func digits(_ start: UInt64, _ digits: Int) {
    let dump = Hexdump(start: Address(start), bytes: [UInt8](repeating: 0, count: 32))
    #expect(dump.addressDigits == digits)
  }

  @Test("a dump over the end of the address space goes on at zero")
  func wraps() {
    let dump = Hexdump(start: Address(.max - 15), bytes: [UInt8](repeating: 0, count: 17))
    #expect(dump.rows.map(\.address.rawValue) == [.max - 15, 0])
    #expect(dump.addressDigits == 16)
  }

  @Test("of nothing is nothing")
  func empty() {
    #expect(Hexdump(start: .zero, bytes: []).description == "")
  }

  @Test("ignores unreadable parts outside of the bytes")
  func outside() {
    let dump = Hexdump(
      start: .zero, bytes: [1, 2, 3], unreadable: [-5..<1, 2..<90, 100..<200, Int.min..<Int.min])
    #expect(dump.rows[0].cells.map(\.byte) == [nil, 2, nil])
  }

  @Test(
    "sorts bytes into classes",
    arguments: [
      (0, .zero), (1, .control), (0x1F, .control), (0x20, .printable), (0x7E, .printable),
      (0x7F, .control),
      (0x80, .high), (0xFE, .high), (0xFF, .ones), (nil, .unreadable),
    ] as [(UInt8?, Hexdump.CellClass)])
  func classes(_ byte: UInt8?, _ expected: Hexdump.CellClass) {
    let unreadable = byte == nil ? [0..<1] : []
    let cell = Hexdump(start: .zero, bytes: [byte ?? 0], unreadable: unreadable).rows[0].cells[0]
    #expect(cell.cellClass == expected)
    #expect(cell.hexadecimal.count == 2 && cell.character.count == 1)
  }
}
