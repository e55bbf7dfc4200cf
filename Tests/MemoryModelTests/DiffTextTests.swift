import MemoryModel
import Testing

/// How differences are shown.
@Suite struct DiffTextTests {
  @Test func aStripShowsOneOfMany() {
    #expect("\(HeatStrip(counts: [0, 1, 1024, 512, 0], most: 1024))" == "·▁█▆·")
    #expect("\(HeatStrip(counts: [], most: 0))" == "")
    #expect("\(HeatStrip(counts: [5], most: 0))" == "█")
    let rising = (0..<11).map { UInt64(1) << UInt64($0) }
    let strip = "\(HeatStrip(counts: rising, most: 1 << 10))"
    #expect(strip.first == "▁" && strip.last == "█")
    #expect(Array(strip) == Array(strip).sorted())
  }

  @Test func aDumpMarksWhatIsNotTheSame() {
    let old: [UInt8?] = Array(bytes("Hello, world!...0123"))
    var new = old
    new[1] = UInt8(ascii: "a")
    new[19] = nil
    let dump = DiffDump(start: Address(0x1000), old: old, new: new)
    #expect(
      dump.text() == """
        0x1000         - 48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 2e 2e 2e  |Hello, world!...|
                       + .. 61 .. .. .. .. .. ..  .. .. .. .. .. .. .. ..  |.a..............|
        0x1010         - 30 31 32 33                                       |0123            |
                       + .. .. .. ??                                       |...?            |

        """)
    #expect(dump.rows.map(\.isChanged) == [true, true])
    let plain = dump.text(colors: true)
    #expect(plain.contains("\u{1b}[31m65\u{1b}[0m") && plain.contains("\u{1b}[1;32m61\u{1b}[0m"))
  }

  @Test func rowsBeginAtMultiplesOfSixteen() {
    let dump = DiffDump(
      start: Address(0x100d), old: [1, 2, 3, 4], new: [1, 2, 3, 5])
    #expect(dump.rows.map(\.address.rawValue) == [0x100d, 0x1010])
    #expect(dump.rows.map(\.isChanged) == [false, true])
    #expect(
      dump.text().split(separator: "\n")[0]
        == "0x100d           " + String(repeating: "   ", count: 8) + " "
        + String(repeating: "   ", count: 5) + "01 02 03  |             ...|")
  }
}
