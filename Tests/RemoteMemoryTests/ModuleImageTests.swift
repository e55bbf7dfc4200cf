import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

@Suite("modules by their headers") struct ModuleImageTests {
  @Test("what a program of the system says of itself", .needs("bash"))
  func stranger() throws {
    let child = try Target.start(["bash", "-c", "echo $$; read line"])
    defer {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
    }
    _ = try child.receiveLine(seconds: 20)
    let process = try RemoteProcess.attach(child.id)
    let module = try #require(try process.moduleIndex().match("bash").candidates.first)
    let image = process.image(of: module)
    #expect(image.format == .elf)
    #expect(image.machine == process.machine)
    #expect(image.pointerWidth == process.pointerWidth)
    #expect(image.buildID?.isEmpty == false)
    #expect(image.fileState(process) == .same)
    let text = try #require(image.sections(process).first { $0.name == ".text" })
    let bss = try #require(image.sections(process).first { $0.name == ".bss" })
    #expect(module.range.contains(text.range))
    #expect(module.range.contains(bss.range))
    let code = try #require(image.segments.first { $0.permissions.contains(.execute) })
    #expect(code.range.contains(text.range))
    // What is behind it is not its own: the end is that of bss, to the page.
    #expect(module.end.rawValue - bss.range.end.rawValue < 4096)
  }

  @Test("memory behind a library is not the library's", .needs("python3"))
  func heapOfPython() throws {
    let child = try Target.start([
      "python3", "-c",
      "import zlib, ctypes, sys; x = [bytes(70000) for _ in range(200)]; print(flush=True); sys.stdin.read()",
    ])
    defer {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
    }
    _ = try child.receiveLine(seconds: 20)
    let process = try RemoteProcess.attach(child.id)
    for module in try process.moduleIndex().modules where module.hasCode {
      let image = process.image(of: module)
      guard image.format == .elf, let last = image.segments.map(\.range.end).max() else { continue }
      #expect(module.end.rawValue < last.rawValue + 4096, "\(module.name)")
    }
  }

  /// A library for Windows with two exported functions, one that is another module's, and a name for
  /// its debug information.
  static func exporting() -> TestPE {
    var image = TestPE()
    let directory = 0x98 + 112
    image.file.put(0x2200, 4, at: directory)
    image.file.put(0x100, 4, at: directory + 4)
    image.file.put(0x2380, 4, at: directory + 48)
    image.file.put(28, 4, at: directory + 52)
    // The directory lies at 0x2200, 0xC00 in the file.
    let start = 0xC00
    for (offset, value) in [
      (16, 1), (20, 3), (24, 3), (28, 0x2228), (32, 0x2234), (36, 0x2240),
      (0x28, 0x1010), (0x2C, 0x1200), (0x30, 0x2250),
      (0x34, 0x2260), (0x38, 0x2270), (0x3C, 0x2280),
    ] as [(Int, UInt64)] {
      image.file.put(value, 4, at: start + offset)
    }
    for index in 0..<3 { image.file.put(UInt64(index), 2, at: start + 0x40 + 2 * index) }
    image.file.put("other.Function\0", at: start + 0x50)
    image.file.put("Attack\0", at: start + 0x60)
    image.file.put("Defend\0", at: start + 0x70)
    image.file.put("Forward\0", at: start + 0x80)
    let debug = 0xD80
    image.file.put(2, 4, at: debug + 12)
    image.file.put(40, 4, at: debug + 16)
    image.file.put(0x23A0, 4, at: debug + 20)
    image.file.put("RSDS", at: 0xDA0)
    for index in 0..<20 { image.file.bytes[0xDA4 + index] = UInt8(index + 1) }
    return image
  }

  @Test("an image of Windows, mapped as Wine does it")
  func windows() throws {
    let image = Self.exporting()
    let file = ScratchFile(image.file.bytes)
    let base: UInt64 = 0x2_0000_0000
    let source = image.source(at: base, path: file.path)
    var map = try source.regionMap()
    map.findImageEnds { source.gatherHeaders($0, $1) }
    let index = ModuleIndex(map)
    let module = try #require(index.modules.first)
    #expect(module.range == AddressRange(start: Address(base), count: 0x5000))
    #expect(module.regions.count == 5)
    let headers = source.image(of: module)
    #expect(headers.format == .pe)
    #expect(headers.machine == "x86_64")
    #expect(headers.buildIDText == "0102030405060708090a0b0c0d0e0f1011121314")
    #expect(headers.sections(source).map(\.name) == [".text", ".rdata", ".data", ".reloc"])
    #expect(headers.sections(source).first?.range.start == Address(base + 0x1000))
    let symbols = headers.symbols(source)
    #expect(symbols.table.count == 2)
    #expect(source.placeName(of: Address(base + 0x1014), in: index)?.symbol == "Attack")
    #expect(source.placeName(of: Address(base + 0x1014), in: index)?.offset == 4)
    #expect(source.placeName(of: Address(base + 0x1200), in: index)?.symbol == "Defend")
    #expect(source.placeName(of: Address(base + 0x3010), in: index)?.symbol == nil)
  }

  @Test("an image of Windows in a running process", .needs("gcc"))
  func windowsLive() throws {
    let text = """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <stdio.h>
      #include <string.h>
      #include <sys/mman.h>
      #include <unistd.h>
      static int hit(void) { return 1; }
      int main(int count, char **words) {
        static unsigned char file[0x1200];
        char path[4096], line[8];
        snprintf(path, sizeof path, "%s.dll", words[0]);
        int descriptor = open(path, O_RDONLY);
        if (read(descriptor, file, sizeof file) != sizeof file) return 1;
        char *base = mmap(0, 0x9000, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mmap(base, 0x1000, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0);
        mmap(base + 0x1000, 0x8000, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
        memcpy(base + 0x1000, file + 0x400, 0x600);
        memcpy(base + 0x2000, file + 0xA00, 0x400);
        mprotect(base + 0x1000, 0x1000, PROT_READ | PROT_EXEC);
        mprotect(base + 0x2000, 0x1000, PROT_READ);
        printf("hit=%p\\nbase=%p\\nready\\n", (void *)hit, (void *)base);
        fflush(stdout);
        return fgets(line, sizeof line, stdin) == 0 && count < 0;
      }
      """
    let octal = Self.exporting().file.bytes.map { "\\0" + String($0, radix: 8) }.joined()
    let game = try CompiledProgram.start(text, [], after: "printf '%b' '\(octal)' > game.dll")
    let process = try game.attach()
    let module = try #require(try process.moduleIndex().match("game.dll").candidates.first)
    // Its pages are followed by memory of the same kind, which is not its own.
    #expect(module.range == AddressRange(start: game("base"), count: 0x5000))
    #expect(process.image(of: module).format == .pe)
    #expect(
      try process.symbol(named: "game.dll!Attack")?.address == game("base").offset(by: 0x1010))
    #expect(try process.address("game.dll!Defend+4") == game("base").offset(by: 0x1204))
    #expect(try process.name(of: game("base").offset(by: 0x1011)) == "game.dll!Attack+0x1")
  }

  @Test("many mappings are listed once, and not again")
  func many() throws {
    let target = try Target("many-mappings=5000")
    let process = try target.attach()
    let first = try process.moduleIndex()
    #expect(first.map.count > 5000)
    #expect(try process.moduleIndex() === first)
    #expect(first.module(containing: target("take_damage"))?.name == "pvm-target")
    #expect(first.module(containing: target("many")) == nil)
  }
}
