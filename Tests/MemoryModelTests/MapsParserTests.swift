import MemoryModel
import Testing

@Suite("Parsing maps")
struct MapsParserTests {
  private static let prefix = "7f0000001000-7f0000003000 r-xp 00001000 fe:01 131 "
  private static let padding = String(repeating: " ", count: 22)

  private func region(_ name: [UInt8], prefix: String = prefix) throws -> Region {
    try Region(mapsLine: bytes(prefix + Self.padding) + name + [0x0A])
  }

  @Test("reads every field")
  func fields() throws {
    let region = try region(bytes("/usr/bin/sleep"))
    #expect(region.start == Address(0x7f00_0000_1000))
    #expect(region.end == Address(0x7f00_0000_3000))
    #expect(region.permissions == [.read, .execute])
    #expect(region.offset == 0x1000)
    #expect(region.deviceMajor == 0xfe)
    #expect(region.deviceMinor == 1)
    #expect(region.inode == 131)
    #expect(region.displayName == "/usr/bin/sleep")
    #expect(region.kind == .file)
    #expect(region.description == "0x7f0000001000-0x7f0000003000 r-xp /usr/bin/sleep")
  }

  @Test(
    "tells the kind",
    arguments: [
      ("", "rw-p", "00:00", .anonymous), ("", "rw-s", "00:00", .shared),
      ("[heap]", "rw-p", "00:00", .heap),
      ("[stack]", "rw-p", "00:00", .stack), ("[stack:12]", "rw-p", "00:00", .stack),
      ("[anon:scudo]", "rw-p", "00:00", .anonymous), ("[anon_shmem:x]", "rw-s", "00:01", .shared),
      ("[vdso]", "r-xp", "00:00", .vdso), ("[vvar]", "r--p", "00:00", .vvar),
      ("[vvar_vclock]", "r--p", "00:00", .vvar), ("[vsyscall]", "--xp", "00:00", .vsyscall),
      ("[uprobes]", "--xp", "00:00", .other), ("[heap", "rw-p", "00:00", .other),
      ("/tmp/[heap]", "rw-p", "fe:01", .file), ("/memfd:x (deleted)", "rw-s", "00:01", .memfd),
      ("/memfd:x (deleted)", "rw-s", "fe:01", .file), ("/memfd:x", "rw-s", "00:01", .file),
      ("/dev/zero (deleted)", "rw-s", "00:01", .shared),
      ("/dev/zero (deleted)", "rw-s", "fe:01", .file),
      ("/dev/zero", "rw-p", "00:05", .file), ("/SYSV00000000 (deleted)", "rw-s", "00:01", .shared),
      ("/anon_hugepage (deleted)", "rw-p", "00:0f", .anonymous),
      ("/anon_hugepage (deleted)", "rw-s", "00:0f", .shared),
      ("/[aio] (deleted)", "rw-s", "00:12", .other),
      ("anon_inode:[perf_event]", "rw-s", "00:0e", .other),
      ("socket:[123]", "rw-s", "00:08", .other),
      ("/usr/bin/old (deleted)", "r-xp", "fe:01", .file), ("/dev/shm/x", "rw-s", "00:16", .file),
    ] as [(String, String, String, RegionKind)])
  func kinds(_ name: String, _ permissions: String, _ device: String, _ kind: RegionKind) throws {
    let line = "1000-2000 \(permissions) 00000000 \(device) 7 " + Self.padding
    #expect(try Region(mapsLine: bytes(line + name)).kind == kind)
  }

  @Test(
    "keeps the bytes of a name",
    arguments: [
      "/tmp/with spaces inside", "/tmp/trailing ", "/tmp/trailing  (deleted)", "/tmp/tab\there",
      "/tmp/back\\slash", "/tmp/\\01", "/tmp/\\0123", "/tmp/\\\\012", "/tmp/\u{1F600}", "/tmp/a\rb",
      "/tmp/fake 1000-2000 rw-p 00000000 00:00 0 [heap]",
    ])
  func names(_ name: String) throws {
    let written = name.replacing("\\012", with: "\n")
    #expect(try region(bytes(name)).nameBytes == bytes(written))
  }

  @Test("keeps bytes that are not UTF-8, and shows them escaped")
  func notUTF8() throws {
    let name: [UInt8] = [0x2F, 0xFF, 0xFE, 0xC3, 0x28, 0xED, 0xA0, 0x80]
    let region = try region(name)
    #expect(region.nameBytes == name)
    #expect(region.displayName == "/\\xff\\xfe\\xc3(\\xed\\xa0\\x80")
  }

  @Test("a name cannot forge a line")
  func forged() throws {
    let forgery = "/memfd:x\\012ffff0000-ffff1000 rwxp 00000000 00:00 0 [heap] (deleted)"
    let text =
      "1000-2000 rw-s 00000000 00:01 9 " + forgery + "\n" + "3000-4000 rw-p 00000000 00:00 0 \n"
    let map = try RegionMap(mapsText: bytes(text))
    #expect(map.count == 2)
    #expect(map.regions[0].kind == .memfd)
    #expect(map.regions[0].nameBytes == bytes(forgery.replacing("\\012", with: "\n")))
    #expect(!map.regions[0].displayName.contains("\n"))
  }

  @Test("a terminal cannot be driven by a name")
  func display() {
    let name = bytes("/a\u{1B}[31m\u{7F}\u{9B}\u{202E}\n\t\u{2028}é")
    #expect(printable(name) == "/a\\x1b[31m\\x7f\\x9b\\u{202e}\\n\\x09\\u{2028}é")
  }

  @Test("reads a path of 3525 bytes")
  func longPath() throws {
    let path = bytes("/" + String(repeating: "d/", count: 1762))
    #expect(path.count == 3525)
    #expect(try region(path).nameBytes == path)
  }

  @Test("reads the top of the address space")
  func vsyscall() throws {
    let line = "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]"
    let region = try Region(mapsLine: bytes(line))
    #expect(region.range.count == 4096)
    #expect(region.kind == .vsyscall)
    #expect(region.permissions == .execute)
  }

  @Test(
    "says where a line is wrong",
    arguments: [
      ("", 1), ("x", 1), ("1000", 5), ("1000-", 6), ("1000-g", 6), ("1000-2000", 10),
      ("1000-2000 rw-", 11), ("1000-2000 rwwp 0 0:0 0", 11), ("1000-2000 rw-p", 15),
      ("1000-2000 rw-p 0", 17), ("1000-2000 rw-p 0 00", 20), ("1000-2000 rw-p 0 00:00", 23),
      ("1000-2000 rw-p 0 00:00 ", 24), ("1000-2000 rw-p 0 00:00 99999999999999999999", 43),
      ("12345678901234567-2 rw-p 0 00:00 0", 18), ("1000-2000\trw-p 0 00:00 0", 10),
    ])
  func errors(_ line: String, _ column: Int) {
    #expect { try Region(mapsLine: bytes(line)) } throws: {
      let error = $0 as? MapsSyntaxError
      return error?.line == 1 && error?.column == column
    }
  }

  @Test("a line is one line")
  func oneLine() {
    let line = "1000-2000 rw-p 0 00:00 0\n"
    #expect(throws: Never.self) { try Region(mapsLine: bytes(line)) }
    #expect(throws: MapsSyntaxError.self) { try Region(mapsLine: bytes(line + line)) }
  }

  @Test("names the line in a longer text")
  func lineNumber() {
    let text = "1000-2000 rw-p 0 00:00 0\n3000-4000 rw-p 0 00:00 0\n5000-6000rw-p\n"
    #expect(throws: MapsSyntaxError(line: 3, column: 10, expected: "a space")) {
      try RegionMap(mapsText: bytes(text))
    }
  }

  @Test("never traps on any bytes")
  func anyBytes() {
    var random = SplitMix(seed: 3)
    let line = bytes("7f0000001000-7f0000003000 r-xp 00001000 fe:01 131    /a\\012b\n")
    for _ in 0..<3000 {
      var text = line + line
      for _ in 0..<(1 + random.next(upTo: 4)) {
        text[random.next(upTo: text.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      text.removeLast(random.next(upTo: text.count))
      _ = try? RegionMap(mapsText: text)
      _ = try? Region(mapsLine: text)
    }
  }

  @Test("reads 50 000 lines")
  func manyLines() throws {
    var text: [UInt8] = []
    for index in 0..<50_000 {
      let start = String(0x5500_0000_0000 + index * 0x3000, radix: 16)
      let end = String(0x5500_0000_0000 + index * 0x3000 + 0x2000, radix: 16)
      let name = index % 2 == 0 ? "" : "/usr/lib/x86_64-linux-gnu/libexample.so.\(index / 8)"
      text += bytes("\(start)-\(end) rw-p 00000000 fe:01 \(index)    \(name)\n")
    }
    let map = try RegionMap(mapsText: text)
    #expect(map.count == 50_000)
    #expect(map.byteCount == 50_000 * 0x2000)
    #expect(map.region(containing: Address(0x5500_0000_0000 + 49_999 * 0x3000))?.inode == 49_999)
  }
}
