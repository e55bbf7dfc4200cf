import MemoryModel
import Testing

/// The text of journals.
@Suite struct JournalTests {
  static let mark = ProcessMark(
    id: ProcessID(4121), startTime: 77, stackStart: 0x7ffd_0000_1000, codeStart: 0x40_1000,
    nameBytes: Array("odd name )\n\u{e9}".utf8))
  static let place = JournalPlace(
    process: 1, address: Address(0xffff_ffff_ff60_0000), isForced: true, old: [0, 0x29, 0xf0],
    new: [0x90, 0x90, 0xff])
  static let entries: [JournalEntry] = [
    .run(JournalRun(id: ProcessID(9), boot: "11-22", namespace: "pid:[1]")),
    .process(number: 1, mark), .place(number: 1, place),
    .process(
      number: 2,
      ProcessMark(
        id: ProcessID(1), startTime: 0, stackStart: 0, codeStart: 0, nameBytes: [])),
    .kept(number: 1), .back(number: 1),
  ]

  @Test(arguments: entries) func aLineIsReadBack(_ entry: JournalEntry) {
    let line = Array(entry.line.utf8)
    #expect(line.last == 10)
    #expect(JournalEntry(line: line.dropLast()) == entry)
  }

  @Test(arguments: entries) func aLineThatIsCutOffOrChangedIsNone(_ entry: JournalEntry) {
    let line = Array(entry.line.utf8.dropLast())
    for count in line.indices { #expect(JournalEntry(line: line[..<count]) == nil) }
    for index in line.indices {
      var changed = line
      changed[index] ^= 1
      #expect(JournalEntry(line: changed) == nil)
    }
  }

  @Test func whatIsOpenIsWhatIsNotBack() throws {
    var second = Self.place
    second.address = Address(16)
    let text = (Self.entries.dropLast(2) + [.place(number: 2, second), .kept(number: 2)])
    let contents = try #require(JournalContents(Array(text.map(\.line).joined().utf8)))
    #expect(contents.run.id == ProcessID(9))
    #expect(contents.processes[1] == Self.mark && contents.processes[2]?.nameBytes == [])
    #expect(contents.open.map(\.number) == [1, 2])
    #expect(contents.open.map(\.place) == [Self.place, second])
    #expect(contents.kept == [2])
    let back = text.map(\.line).joined() + JournalEntry.back(number: 1).line
    #expect(JournalContents(Array(back.utf8))?.open.map(\.number) == [2])
  }

  @Test func readingEndsBeforeADamagedLine() throws {
    let lines = Self.entries.prefix(3).map(\.line).joined()
    let torn = Array(lines.utf8) + Array(JournalEntry.back(number: 1).line.utf8.dropLast(3))
    #expect(JournalContents(torn)?.open.count == 1)
    #expect(JournalContents([]) == nil)
    #expect(JournalContents(Array("hello\n".utf8)) == nil)
    #expect(JournalContents(Array(Self.entries[1].line.utf8)) == nil)
  }
}
