import MemoryModel
import Testing

@Suite struct RecordPatternTests {
  @Test(
    "printable characters are counted",
    arguments: [
      ("Bob", TextEncoding.utf8, 3), ("B\u{f6}b\u{1}x", .utf8, 3), ("a\tb\r\nc", .utf8, 6),
      ("", .utf8, 0), ("\u{20ac}\u{1F600}", .utf8, 2), ("\u{e000}", .utf8, 0),
      ("\u{7f}", .utf8, 0), ("B\u{f6}b", .bytes, 1), ("B\u{f6}b\0", .latin1, 3),
      ("B\u{f6}b\0x", .utf16le, 3), ("\u{1F600}b", .utf16be, 2), ("\u{1F600}b\u{2}", .utf32le, 2),
    ])
  func printable(_ text: String, _ encoding: TextEncoding, _ count: Int) throws {
    let bytes = try encoding.encode(Array(text.utf8))
    #expect(bytes.withUnsafeBytes { encoding.printableCount(in: $0, limit: 100) } == count)
    #expect(
      bytes.withUnsafeBytes { encoding.printableCount(in: $0, limit: 2) } == min(count, 2))
  }

  @Test(
    "what is no text is not printable",
    arguments: [
      ([0xFF, 0x41], TextEncoding.utf8), ([0xC3], .utf8), ([0x00, 0xD8, 0x41, 0x00], .utf16le),
      ([0x41], .utf16le), ([0x80], .latin1), ([0, 0, 0x11, 0], .utf32le),
    ])
  func noText(_ bytes: [UInt8], _ encoding: TextEncoding) {
    #expect(bytes.withUnsafeBytes { encoding.printableCount(in: $0, limit: 100) } == 0)
  }

  @Test("conditions are called in words")
  func words() throws {
    let one = ValueCondition(.equal(.integer(1)))
    let text = PointeeCondition.text(Array("Bob\n".utf8), .utf16le, isTerminated: false)
    let conditions: [(RecordCondition, String)] = [
      (.not(.value(ScalarFormat(.i32), one)), "not i32 = 1"),
      (.bytes(try BytePattern(parsing: "488b ??")), "48 8b ??"),
      (.pointer(PointerCondition(isNullable: true)), "pointer or null"),
      (.pointer(PointerCondition(to: text)), "pointer to utf16le \"Bob\\n\" and more"),
      (
        .pointer(
          PointerCondition(
            into: RegionFilter(
              permissions: PermissionFilter("rw"), kinds: [.heap, .anonymous],
              module: "libc.so.6"),
            to: .printableText(minimumCount: 4, .utf8))),
        "pointer into anon or heap in libc.so.6 in rw regions to 4 printable utf8 characters"
      ),
    ]
    for (condition, words) in conditions { #expect("\(condition)" == words) }
    #expect(
      "\(GroupPattern([.init(ScalarFormat(.i32), one), .init(ScalarFormat(.f32), one)], within: 9, isOrdered: true))"
        == "i32 = 1, f32 = 1 in this order within 9 bytes")
  }

  @Test("bytes a condition looks at")
  func widths() throws {
    let pointer = RecordCondition.not(.pointer(PointerCondition()))
    #expect(pointer.byteCount(pointerWidth: .four) == 4)
    #expect(pointer.byteCount(pointerWidth: .eight) == 8)
    let text = PointeeCondition.text(Array("Bob".utf8), .utf16le, isTerminated: true)
    #expect(text.byteCount(pointerWidth: .eight) == 8)
  }
}
