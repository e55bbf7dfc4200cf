import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

@Suite("symbols of running programs", .needs("gcc")) struct SymbolTests {
  @Test(
    "are found however the program is linked",
    arguments: [
      ["-pie", "-fPIE"], ["-no-pie"], ["-static", "-DALONE"], ["-static-pie", "-DALONE"],
      ["-m32"], ["-m32", "-static", "-DALONE"], ["-s", "-rdynamic"],
      ["-Wl,--hash-style=sysv", "-s", "-rdynamic"], ["-g", "-gz"],
    ])
  func linked(_ options: [String]) throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-O1"] + options)
    let process = try game.attach()
    let hero = try #require(try process.symbol(named: "game!hero"))
    #expect(hero.address == game("hero"))
    #expect(hero.symbol.kind == .data)
    #expect(hero.module.name == "game")
    #expect(try process.symbol(named: "game!hit")?.symbol.kind == .function)
    #expect(try process.address("game!hit+4") == game("hit").offset(by: 4))
    #expect(try process.name(of: game("hit").offset(by: 3)) == "game!hit+0x3")
    #expect(try process.name(of: game("hero")) == "game!hero")
    #expect(try process.symbol(named: "game!nothing of that name") == nil)
    // A symbol without a module is the program's.
    #expect(try process.symbol(named: "hit")?.address == game("hit"))
  }

  @Test("bss belongs to the program, and what lies behind it does not")
  func size() throws {
    for options in [["-pie", "-fPIE"], ["-no-pie"], ["-static", "-DALONE"]] {
      let game = try CompiledProgram.start(CompiledProgram.game, options)
      let index = try game.attach().moduleIndex()
      let module = try #require(index.module(containing: game("hit")))
      #expect(module.name == "game")
      let big = AddressRange(start: game("big"), count: 400_000)
      #expect(module.range.contains(big))
      #expect(module.end.rawValue < big.end.rawValue + 0x10_000)
      #expect(index.module(containing: module.end)?.name != "game")
    }
  }

  @Test("a library is known while it is loaded, and no longer")
  func loading() throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-rdynamic"])
    let process = try game.attach()
    let library = try game.library(
      "libplug", "int data[64] = {1}; int plug(int n) { return n + data[0]; }")
    #expect(try process.symbol(named: "plug") == nil)
    for _ in 0..<3 {
      let place = try #require(UInt64(game.ask("open \(library)").dropFirst(2), radix: 16))
      #expect(try process.name(of: Address(place)) == "libplug.so!plug")
      #expect(try process.symbol(named: "libplug!plug")?.address == Address(place))
      #expect(try process.moduleIndex().match("libplug*").candidates.count == 1)
      #expect(try game.ask("close") == "0")
      #expect(try process.name(of: Address(place)) == nil)
      #expect(try process.symbol(named: "plug") == nil)
    }
  }

  @Test("maps that stayed the same give the same list, and cost no reading")
  func cheap() throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-rdynamic"])
    let process = try game.attach()
    let first = try process.moduleIndex()
    let before = process.statistics.bytesRead
    #expect(try process.moduleIndex() === first)
    #expect(try process.moduleIndex(for: game("hit")) === first)
    #expect(process.statistics.bytesRead == before)
    let library = try game.library("libmore", "int plug(void) { return 1; }")
    _ = try game.ask("open \(library)")
    #expect(try process.moduleIndex() !== first)
  }

  @Test("versions: the name alone means what new programs get")
  func versions() throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-DALONE"])
    let process = try game.attach()
    let malloc = try #require(try process.symbol(named: "libc.so.6!malloc"))
    #expect(malloc.symbol.kind == .function)
    #expect(try process.name(of: try #require(malloc.address)) == "libc.so.6!malloc")
    // On x86_64 there is an old memcpy, which moved, and a new one, which is chosen at run time.
    guard let old = try process.symbol(named: "libc.so.6!memcpy@GLIBC_2.2.5") else { return }
    let new = try #require(try process.symbol(named: "libc.so.6!memcpy"))
    #expect(new.symbol.version == "GLIBC_2.14")
    #expect(new.symbol.kind == .indirect)
    #expect(old.address != new.address)
    let errno = try #require(try process.symbol(named: "libc.so.6!errno"))
    #expect(errno.symbol.kind == .threadLocal)
    #expect(errno.address == nil)
    #expect(failure { try process.address("libc.so.6!errno") }?.code == "EINVAL")
    #expect(failure { try process.address("libc.so.6!no_such_thing") }?.code == "ENOENT")
    #expect(failure { try process.symbol(named: "nosuch!malloc") }?.code == "ENOENT")
  }

  @Test("the kernel's code has names too")
  func vdso() throws {
    let target = try Target()
    let process = try target.attach()
    let module = try #require(try process.regionMap().vdso)
    let found = try process.symbols(matching: NamePattern("*gettime*"), in: "vdso", limit: 100)
    let first = try #require(found.first { $0.symbol.byteCount > 4 })
    #expect(module.range.contains(try #require(first.address)))
    let inside = try #require(first.address).offset(by: 2)
    #expect(try process.name(of: inside)?.hasPrefix("[vdso]!") == true)
  }

  @Test("names of C++ are found and shown as people write them", .needs("g++"))
  func cxx() throws {
    let text = """
      #include <cstdio>
      namespace game {
        struct Base { int first = 1; };
        struct Hero : Base { int health = 100; int hit(int n); };
        int Hero::hit(int n) { return health -= n; }
        Hero hero;
        int score = 5;
      }
      int main() {
        int (game::Hero::*hit)(int) = &game::Hero::hit;
        std::printf("hit=%p\\nscore=%p\\nhero=%p\\nready\\n", *(void **)&hit, (void *)&game::score,
                    (void *)&game::hero);
        std::fflush(stdout);
        return std::getchar();
      }
      """
    let game = try CompiledProgram.start(text, ["-g"], compiler: "g++")
    let process = try game.attach()
    #expect(try process.name(of: game("hit").offset(by: 2)) == "game!game::Hero::hit(int)+0x2")
    #expect(try process.symbol(named: "game!game::Hero::hit")?.address == game("hit"))
    #expect(try process.symbol(named: "game!game::Hero::hit(int)")?.address == game("hit"))
    #expect(try process.symbol(named: "game!_ZN4game4Hero3hitEi")?.address == game("hit"))
    #expect(try process.symbol(named: "game!game::score")?.address == game("score"))
    guard DebugInformation.isBuiltIn else { return }
    #expect(try process.variable(named: "game::score").address == game("score"))
    #expect(try process.variable(named: "game::hero.health").address == game("hero").offset(by: 4))
    #expect(try process.variable(named: "game::hero.first").address == game("hero"))
  }

  @Test("names of Swift are shown as people write them")
  func swift() throws {
    let target = try Target()
    let process = try target.attach()
    let found = try process.symbols(
      matching: NamePattern("*DamageCode.start.getter*"), in: "pvm-target", limit: 10)
    #expect(found.contains { $0.symbol.nameBytes.starts(with: Array("$s".utf8)) })
  }

  @Test("a program whose file is gone keeps its names; so does a snapshot of it, without the file")
  func removed() throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-rdynamic", "-s"])
    let process = try game.attach()
    #expect(unlink(game.path) == 0)
    var module = try #require(try process.moduleIndex().match("game").candidates.first)
    #expect(module.isDeleted)
    #expect(process.image(of: module).fileState(process) == .deleted)
    #expect(try process.symbol(named: "game!hit")?.address == game("hit"))
    _ = FileManager.default.createFile(atPath: game.path, contents: Data("another".utf8))
    let second = try game.attach()
    module = try #require(try second.moduleIndex().match("game").candidates.first)
    #expect(second.image(of: module).fileState(second) == .replaced)
    #expect(try second.name(of: game("hit").offset(by: 1)) == "game!hit+0x1")
    // Nothing but memory is left to read the names from.
    let snapshot = try Snapshot.capture(process)
    #expect(try snapshot.symbol(named: "game!hit")?.address == game("hit"))
    #expect(try snapshot.symbol(named: "game!hero")?.address == game("hero"))
    #expect(try snapshot.name(of: game("hero")) == "game!hero")
  }

  @Test("a core file has the names of the process")
  func core() throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-rdynamic"])
    let process = try game.attach()
    let folder = try CoreFolder()
    try process.saveCore(to: folder.file)
    let core = try CoreFile.open(path: folder.file)
    #expect(try core.symbol(named: "game!hit")?.address == game("hit"))
    #expect(try core.name(of: game("hero")) == "game!hero")
    let live = try process.moduleIndex().match("game").candidates.map(\.range)
    #expect(try core.moduleIndex().match("game").candidates.map(\.range) == live)
  }
}
