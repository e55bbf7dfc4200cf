import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

@Suite("modules compared with their files") struct ModuleComparisonTests {
  static let base: UInt64 = 0x5000_0000

  @Test("an unmodified target differs nowhere")
  func unmodified() throws {
    let target = try Target("threads=2")
    let comparison = try target.attach().compareModules()
    #expect(comparison.patches == [])
    #expect(comparison.isComplete)
    let own = try #require(comparison.modules.first { $0.name == "pvm-target" })
    #expect(own.skipped == nil)
    #expect(own.comparedBytes > 10_000)
    #expect(own.relocatedWords > 0)
    #expect(comparison.modules.contains { $0.name.hasPrefix("libc.so") && $0.skipped == nil })
    #expect(comparison.modules.allSatisfy { $0.unreadableBytes == 0 })
  }

  /// Programs that nobody here wrote; each says its number and waits.
  @Test(
    "programs of the system differ nowhere",
    arguments: [
      ["bash", "-c", "echo $$; read line"], ["perl", "-e", "$| = 1; print qq($$\\n); <STDIN>"],
      ["python3", "-c", "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"],
      ["sh", "-c", "echo $$; read line"],
    ].filter { installed($0[0]) != nil })
  func strangers(_ words: [String]) throws {
    let child = try Target.start(words)
    defer {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
    }
    let line = try #require(try child.receiveLine(seconds: 20))
    let id = try #require(Int32(String(decoding: line, as: UTF8.self)))
    let comparison = try RemoteProcess.attach(ProcessID(id)).compareModules()
    #expect(comparison.patches == [])
    #expect(comparison.modules.contains { $0.skipped == nil && $0.comparedBytes > 0 })
  }

  /// A program of C, linked in every way that makes a difference here.
  @Test(
    "however it is linked, a program differs nowhere", .needs("gcc"),
    arguments: [
      ["-pie", "-fPIE"], ["-no-pie"], ["-static"], ["-static-pie"], ["-s"], ["-m32"],
      ["-m32", "-static"], ["-Wl,-z,relro,-z,now"], ["-Wl,-z,lazy,-z,norelro"],
      ["-Wl,-z,pack-relative-relocs"], ["-Wl,-z,noseparate-code"],
    ])
  func linked(_ options: [String]) throws {
    let program = ScratchFile()
    let text = ScratchFile(
      Array(
        """
        #include <stdio.h>
        #include <unistd.h>
        static int (*const table[])(const char *) = {puts, puts};
        const char *const names[] = {"one", "two", "three"};
        int main(void) { table[0]("ready"); fflush(stdout); return (int)read(0, (char[1]){0}, 1) + !names[0]; }
        """.utf8))
    let words = ["gcc", "-x", "c", "-O1", "-o", program.path] + options + [text.path]
    var request = SpawnRequest(words)
    request.error = .null
    request.output = .null
    let compiler = try SpawnedProcess.spawn(request)
    // Not every machine links programs of 32 bits, or knows every option.
    guard try compiler.waitForExit(seconds: 60) == .exited(code: 0) else {
      try Test.cancel("gcc cannot make such a program here")
    }
    let child = try Target.start([program.path])
    defer {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
    }
    // Where programs of 32 bits are linked and cannot run.
    guard try child.receiveLine(seconds: 20) == Array("ready".utf8) else {
      try Test.cancel("such a program does not run here")
    }
    let comparison = try RemoteProcess.attach(child.id).compareModules()
    #expect(comparison.patches == [])
    #expect(comparison.modules.first?.skipped == nil)
    #expect(comparison.modules.first.map { $0.comparedBytes > 100 } == true)
  }

  @Test("one changed byte of code is found, with what it was")
  func oneByte() throws {
    let target = try Target()
    let process = try target.attach()
    let address = target("take_damage")
    let before = try process.readBytes(at: address, count: 1)
    #expect(try target.ask("patch \(address) \(before[0] == 0xC3 ? "90" : "c3")") == "patched 1")
    let found = try process.compareModules(named: "pvm-target").patches
    #expect(found.map(\.address) == [address])
    #expect(found.first?.expected == before)
    #expect(found.first?.found == [before[0] == 0xC3 ? 0x90 : 0xC3])
    #expect(found.first?.section == ".text")
    #expect(found.first?.module == "pvm-target")
    let disk = try #require(FileHandle(forReadingAtPath: Target.program("pvm-target")))
    try disk.seek(toOffset: try #require(found.first).fileOffset)
    #expect(try disk.read(upToCount: 1).map { [UInt8]($0) } == before)
    let digits = String(before[0], radix: 16)
    _ = try target.ask("patch \(address) \(digits.count == 1 ? "0" : "")\(digits)")
    #expect(try process.compareModules(named: "pvm-target").patches == [])
  }

  @Test("a program whose file was removed or replaced is compared with what it was started from")
  func removed() throws {
    let copy = ScratchFile(
      try #require(FileManager.default.contents(atPath: Target.program("pvm-target"))).map { $0 })
    #expect(chmod(copy.path, 0o700) == 0)
    let child = try Target.start([copy.path, "--addresses", "--rate", "0", "--until-eof"])
    defer {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
    }
    _ = try Target.readBlock(child)
    #expect(unlink(copy.path) == 0)
    _ = FileManager.default.createFile(atPath: copy.path, contents: Data([1, 2, 3]))
    let comparison = try RemoteProcess.attach(child.id).compareModules()
    let own = try #require(comparison.modules.first)
    #expect(own.skipped == nil)
    #expect(comparison.patches == [])
  }

  @Test("a name that nothing has, and one of mere data")
  func names() throws {
    let target = try Target("private-file")
    let process = try target.attach()
    #expect(failure { try process.compareModules(named: "no-such-module") }?.code == "ENOENT")
    let data = try process.compareModules(named: "private_file")
    #expect(data.patches == [])
    #expect(data.modules.first?.skipped != nil)
  }

  @Test("relocations are accounted for", arguments: [4, 8])
  func relocated(_ width: Int) throws {
    let image = TestELF(width: width)
    let file = ScratchFile(image.file.bytes)
    let memory = image.loaded(at: Self.base)
    let comparison = try TestELF.source(memory, at: Self.base, path: file.path).compareModules()
    #expect(comparison.patches == [])
    let report = try #require(comparison.modules.first)
    #expect(report.skipped == nil)
    #expect(report.comparedBytes == 0x3000)
    #expect(report.relocatedWords == 4)
    // The other module's address and DT_DEBUG have four bytes each that are not zero.
    #expect(report.uncheckedBytes == 8)
  }

  @Test("words that the loader did not move as it should are found", arguments: [4, 8])
  func wronglyMoved(_ width: Int) throws {
    let image = TestELF(width: width)
    let file = ScratchFile(image.file.bytes)
    for offset in [0x3000, 0x3100, 0x3110, 0x3200] {
      var memory = image.loaded(at: Self.base)
      let right = memory.number(width, at: offset)
      memory.put(right ^ 0xFF, width, at: offset)
      let found = try TestELF.source(memory, at: Self.base, path: file.path).compareModules()
        .patches
      #expect(found.map(\.address) == [Address(Self.base + UInt64(offset))])
      #expect(found.first?.expected == [UInt8(truncatingIfNeeded: right)])
      #expect(found.first?.section == ".relro")
      #expect(found.first?.fileOffset == UInt64(offset - 0x1000))
    }
  }

  @Test("constants beside relocations are compared, but not those of a program that loads itself")
  func constants() throws {
    for needsOthers in [true, false] {
      let image = TestELF(width: 8, needsOthers: needsOthers)
      let file = ScratchFile(image.file.bytes)
      var memory = image.loaded(at: Self.base)
      memory.put(0x77, 1, at: 0x3300)
      memory.put(0x77, 1, at: 0x3100)
      let comparison = try TestELF.source(memory, at: Self.base, path: file.path).compareModules()
      let wanted: [UInt64] = needsOthers ? [0x3100, 0x3300] : []
      #expect(comparison.patches.map(\.address.rawValue) == wanted.map { Self.base + $0 })
      #expect(comparison.modules.first?.relocatedWords == 3)
    }
  }

  @Test(
    "places that lie close together are one", arguments: [(1, 1), (7, 1), (8, 1), (9, 2), (500, 2)])
  func gaps(_ distance: Int, _ count: Int) throws {
    let image = TestELF(width: 8)
    let file = ScratchFile(image.file.bytes)
    var memory = image.loaded(at: Self.base)
    memory.bytes[0x1100] ^= 0xFF
    memory.bytes[0x1100 + distance] ^= 0xFF
    let found = try TestELF.source(memory, at: Self.base, path: file.path).compareModules().patches
    #expect(found.count == count)
    #expect(found.first?.byteCount == (count == 1 ? distance + 1 : 1))
    let range = 0x1100..<(0x1100 + (found.first?.byteCount ?? 0))
    #expect(found.first?.found == Array(memory.bytes[range]))
    #expect(found.first?.expected == Array(image.file.bytes[range]))
  }

  @Test("what cannot be read is counted, and the rest compared")
  func holes() throws {
    let image = TestELF(width: 8)
    let file = ScratchFile(image.file.bytes)
    var memory = image.loaded(at: Self.base)
    memory.bytes[0x1000] ^= 1
    memory.bytes[0x1FFF] ^= 1
    let source = TestELF.source(memory, at: Self.base, path: file.path)
    source.holes = [AddressRange(start: Address(Self.base + 0x1400), count: 0x800)]
    let comparison = try source.compareModules()
    #expect(comparison.patches.map(\.address.rawValue) == [Self.base + 0x1000, Self.base + 0x1FFF])
    #expect(comparison.modules.first?.unreadableBytes == 0x800)
    #expect(comparison.modules.first?.comparedBytes == 0x2800)
  }

  @Test("another file of the same name is noticed")
  func anotherFile() throws {
    let image = TestELF(width: 8)
    var other = image
    other.file.put(0x5678, 8, at: 24)
    let file = ScratchFile(other.file.bytes)
    let source = TestELF.source(image.loaded(at: Self.base), at: Self.base, path: file.path)
    let comparison = try source.compareModules()
    #expect(comparison.patches == [])
    #expect(comparison.modules.first?.skipped?.contains("another") == true)
  }

  @Test("a PE file is compared by sections, but for imports and moved words")
  func windows() throws {
    let image = TestPE()
    let file = ScratchFile(image.file.bytes)
    let same = try image.source(at: 0x2_0000_0000, path: file.path).compareModules()
    #expect(same.patches == [])
    let report = try #require(same.modules.first)
    #expect(report.skipped == nil)
    #expect(report.comparedBytes == 0xA00)
    #expect(report.relocatedWords == 1)
    #expect(report.uncheckedBytes == 4)
    let changed = image.source(at: 0x2_0000_0000, path: file.path) { memory in
      memory.put(0xE9, 1, at: 0x1010)
      memory.put(0x2_0000_2020, 8, at: 0x2100)
    }
    let found = try changed.compareModules().patches
    #expect(found.map(\.address.rawValue) == [0x2_0000_1010, 0x2_0000_2100])
    #expect(found.map(\.section) == [".text", ".rdata"])
    #expect(found.map(\.fileOffset) == [0x410, 0xB00])
  }

  @Test("a PE file that is mapped as data is none that is loaded")
  func windowsData() throws {
    let image = TestPE()
    let file = ScratchFile(image.file.bytes)
    let source = BufferSource([(0x10_0000, image.file.bytes)])
    source.regions = [
      Region(
        range: AddressRange(start: Address(0x10_0000), count: 0x2000), permissions: .read,
        nameBytes: Array(file.path.utf8))
    ]
    #expect(try source.compareModules().modules == [])
  }
}

/// Numbers that are the same in every run: xorshift64.
private struct Noise {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next(below limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }
}

@Suite("hostile program files") struct HostileImageTests {
  /// Changes some bytes, most of them in the first few hundred and in tables; sometimes cuts the
  /// file.
  static func mutated(_ bytes: [UInt8], _ seed: Int) -> [UInt8] {
    var bytes = bytes
    var noise = Noise(seed + 1)
    let tables = [
      0..<0x160, 0x400..<0x440, 0x600..<0x620, 0x2800..<0x2880, 0x3100..<0x3200, 0x1000..<0x1010,
    ]
    for _ in 0...noise.next(below: 6) {
      let table = tables[noise.next(below: tables.count)]
      let place = table.lowerBound + noise.next(below: table.count)
      let value = [0, 1, 0x7F, 0x80, 0xFF, noise.next(below: 256)][noise.next(below: 6)]
      for index in 0..<[1, 2, 4, 8][noise.next(below: 4)] where place + index < bytes.count {
        bytes[place + index] = UInt8(value)
      }
    }
    if noise.next(below: 8) == 0 { bytes.removeLast(noise.next(below: bytes.count)) }
    return bytes
  }

  private static func reader(_ bytes: [UInt8]) -> FileReader {
    { offset, count in
      guard offset < UInt64(bytes.count), count > 0 else { return [] }
      return Array(bytes[Int(offset)...].prefix(count))
    }
  }

  @Test("mean an error or a comparison, never the end", arguments: 0..<20)
  func readsAnything(_ part: Int) {
    let files = [TestELF(width: 8).file.bytes, TestELF(width: 4).file.bytes, TestPE().file.bytes]
    for seed in (part * 100)..<(part * 100 + 100) {
      for file in files {
        let read = Self.reader(Self.mutated(file, seed))
        if let image = try? ELFImage(read), let program = try? image.program(read) {
          #expect(program.fixups.count <= ProgramImage.mostFixups)
          _ = program.section(at: UInt64(seed))
        }
        if let image = try? PEImage(read) { _ = try? image.program(read) }
      }
    }
  }

  @Test("are compared without harm", arguments: 0..<10)
  func comparesAnything(_ part: Int) throws {
    for seed in (part * 15)..<(part * 15 + 15) {
      let image = TestELF(width: seed % 2 == 0 ? 8 : 4)
      let bytes = Self.mutated(image.file.bytes, seed)
      let file = ScratchFile(bytes)
      var memory = image.loaded(at: ModuleComparisonTests.base)
      // The headers in memory are those of the file, so that it is taken for the same.
      let headers = min(0x400, bytes.count)
      memory.bytes.replaceSubrange(0..<headers, with: bytes[..<headers])
      let source = TestELF.source(memory, at: ModuleComparisonTests.base, path: file.path)
      let comparison = try source.compareModules()
      #expect(comparison.modules.count <= 64)
      let windows = TestPE()
      let broken = ScratchFile(Self.mutated(windows.file.bytes, seed))
      _ = try windows.source(at: 0x2_0000_0000, path: broken.path).compareModules()
    }
  }
}
