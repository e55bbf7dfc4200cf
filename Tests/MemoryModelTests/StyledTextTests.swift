import MemoryModel
import Testing

@Suite("Text for terminals")
struct StyledTextTests {
  @Test(
    "knows the columns of a text",
    arguments: [
      ("", 0), ("abc", 3), ("Zoë", 3), ("Zoe\u{308}", 3), ("日本", 4), ("한글", 4), ("ｗide", 5),
      ("🎮", 2), ("a\u{200B}b", 2), ("▁█…", 3), ("Ω→", 2),
    ])
  func width(_ text: String, _ columns: Int) { #expect(displayWidth(text) == columns) }

  @Test("never holds a control character")
  func clean() {
    let text = StyledText("a\u{1b}[31mb\n\u{7f}\u{9b}\u{202e}", .error)
    #expect(text.plain == #"a\x1b[31mb\n\x7f\x9b\u{202e}"#)
    #expect(StyledText(bytes: [0, 0xFF, 65]).plain == #"\x00\xffA"#)
    var random = SplitMix(seed: 7)
    for _ in 0..<200 {
      let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = StyledText(bytes: bytes, .string).text(colors: false)
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
    }
  }

  @Test("is coloured only when asked")
  func colors() {
    let text = StyledText("x = ") + StyledText("1", .number)
    #expect(text.text(colors: false) == "x = 1")
    #expect(text.text(colors: true) == "x = \u{1b}[33m1\u{1b}[0m")
  }

  @Test(
    "is cut at the start, in the middle or at the end",
    arguments: [
      (StyledText.Cut.end, 5, "abcd…"), (.start, 5, "…efgh"), (.middle, 5, "ab…gh"),
      (.end, 8, "abcdefgh"), (.end, 1, "…"), (.end, 0, ""),
    ])
  func cut(_ cut: StyledText.Cut, _ width: Int, _ result: String) {
    let text = StyledText("abcd", .string) + StyledText("efgh", .number)
    #expect(text.cut(to: width, cut).plain == result)
  }

  @Test("is never wider than it is cut to, also where characters take two columns")
  func wideCut() {
    let text = StyledText("a日本語b")
    for width in 0...9 {
      for cut in [StyledText.Cut.start, .middle, .end] {
        #expect(text.cut(to: width, cut).width <= width)
      }
    }
  }
}

@Suite("Tables of text")
struct TextTableTests {
  private let table = TextTable(
    [.init("PID", isRightAligned: true), .init("NAME"), .init("COMMAND", cut: .end)],
    rows: [
      [StyledText("1"), StyledText("init"), StyledText("/sbin/init splash quiet")],
      [StyledText("4242"), StyledText("日本"), StyledText("")],
    ])

  @Test("columns are as wide as their widest cell")
  func natural() {
    #expect(
      table.lines().map(\.plain) == [
        " PID  NAME  COMMAND", "   1  init  /sbin/init splash quiet", "4242  日本",
      ])
  }

  @Test("what may be cut gives way to the width", arguments: [10, 20, 26, 34, 80])
  func fitted(_ width: Int) {
    let lines = table.lines(width: width)
    #expect(lines.allSatisfy { $0.width <= width })
    #expect(lines[1].plain.hasSuffix(width < 34 ? "…" : "quiet"))
  }

  @Test("two wide columns give way together")
  func shared() {
    let long = String(repeating: "x", count: 40)
    let table = TextTable(
      [.init(cut: .start), .init(cut: .end)], rows: [[StyledText(long), StyledText(long + "y")]])
    let line = table.lines(width: 42)[0]
    #expect(line.width == 42)
    #expect(line.plain.split(separator: " ").map(\.count) == [20, 20])
  }

  @Test("columns without any text take no room, missing cells are empty")
  func gaps() {
    let table = TextTable(rows: [["a", "", "c"], ["bb"]], indent: 2)
    #expect(table.lines().map(\.plain) == ["  a   c", "  bb"])
    #expect(TextTable([]).lines().isEmpty)
  }
}

@Suite("Dumps of bytes")
struct ByteDumpTests {
  @Test("shows addresses, digits and characters, unreadable bytes as ??")
  func rows() {
    let dump = ByteDump(start: Address(0xFFF8), bytes: Array("Hi!\n".utf8) + [nil, 0, 0xFF])
    #expect(
      dump.lines().map(\.plain) == [
        "0xfff8  48 69 21 0a ?? 00 ff" + String(repeating: " ", count: 30) + "|Hi!.?..|"
      ])
    let long = ByteDump(start: Address(0xFFF8), bytes: Array(repeating: 65, count: 17))
    #expect(long.lines().map { $0.plain.prefix(10) } == ["0xfff8   4", "0x10008  4"])
  }

  @Test("has fewer bytes a row on a narrow terminal")
  func narrow() {
    let dump = ByteDump(start: nil, bytes: Array(repeating: 65, count: 32))
    #expect(dump.lines(width: 80).count == 2)
    #expect(dump.lines(width: 50).count == 4)
    #expect(dump.lines(width: 20).count == 8)
    #expect(dump.lines(width: 80).allSatisfy { $0.width <= 80 })
  }

  @Test("marks what has changed, and colours each class of bytes")
  func changed() {
    let dump = ByteDump(start: nil, bytes: [1, 0x80, 0xFF, 0, 65], old: [1, 0x80, 0xFF, 9, 65])
    let line = dump.lines()[0]
    #expect(dump.changedCount == 1)
    #expect(line.spans.contains { $0.style == .changed && $0.text == "00" })
    #expect(line.spans.contains { $0.style == .highByte && $0.text == "80" })
  }

  @Test("entropy is 0 for equal bytes and 8 for all values alike")
  func entropy() {
    #expect(ByteEntropy.bits([UInt8](repeating: 7, count: 100)) == 0)
    #expect(abs(ByteEntropy.bits((0..<4096).map { UInt8($0 & 255) }) - 8) < 1e-4)
    #expect(abs(ByteEntropy.bits([0, 1, 0, 1]) - 1) < 1e-6)
    let bytes = [UInt8](repeating: 0, count: 512) + (0..<512).map { UInt8(($0 * 37) & 255) }
    #expect(ByteEntropy.strip(bytes, columns: 4) == "▁▁██")
  }
}
