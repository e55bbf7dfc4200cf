import MemoryModel
import Testing

@Suite("Modules")
struct ModuleTests {
  private func map() throws -> RegionMap { try MapsFixture.map() }

  @Test("groups what is mapped from one file")
  func groups() throws {
    let modules = try map().modules()
    #expect(
      modules.map(\.name) == [
        "game", "libc.so.6", "libcrypt.so.1", "ld-2.36.so", "libplug.so", "libplug.so", "libplug",
        "old.so", "memfd:pool", "Engine.DLL",
      ])
    let libc = modules[1]
    #expect(libc.path == "/usr/lib/libc.so.6")
    #expect(libc.base == Address(0x7f00_0000_0000))
    #expect(libc.end == Address(0x7f00_0001_5000), "the data behind the file belongs to it")
    #expect(libc.range.count == 0x15000)
    #expect(libc.regions.count == 4)
    #expect(libc.hasCode)
    #expect(!modules[6].hasCode)
  }

  @Test("knows which files are deleted")
  func deleted() throws {
    let modules = try map().modules()
    #expect(modules.filter(\.isDeleted).map(\.path) == ["/opt/games/old.so", "/memfd:pool"])
  }

  @Test("takes only writable data directly behind the file as its own")
  func tails() throws {
    let text = """
      1000-2000 rw-p 00000000 fe:01 1 /a
      3000-4000 rw-p 00000000 00:00 0 
      5000-6000 r-xp 00000000 fe:01 2 /b
      6000-7000 rw-p 00000000 00:00 0 
      8000-9000 rw-p 00000000 fe:01 3 /c
      9000-a000 rw-p 00000000 00:00 0 
      a000-b000 rw-p 00000000 00:00 0 
      c000-d000 r--p 00000000 fe:01 3 /c

      """
    let modules = try RegionMap(mapsText: bytes(text)).modules()
    #expect(modules.map(\.regions.count) == [1, 1, 2, 1])
  }

  @Test("an image ends where its headers say, not where the memory behind it does")
  func imageEnds() throws {
    let text = """
      1000-2000 r--p 00000000 fe:01 1 /lib/libz.so
      2000-3000 r-xp 00001000 fe:01 1 /lib/libz.so
      4000-5000 rw-p 00002000 fe:01 1 /lib/libz.so
      5000-9000 rw-p 00000000 00:00 0 
      10000-11000 r--p 00000000 fe:01 2 /lib/windows.dll
      11000-13000 r-xp 00000000 00:00 0 
      13000-14000 rw-p 00000000 00:00 0 
      14000-15000 rw-p 00000000 00:00 0 
      20000-21000 r-xp 00000000 fe:01 3 /bin/static
      21000-30000 rw-p 00000000 00:00 0 [heap]

      """
    var map = try RegionMap(mapsText: bytes(text))
    #expect(map.modules().map(\.end.rawValue) == [0x9000, 0x11000, 0x21000])
    map.imageEnds = [
      Address(0x1000): Address(0x6000), Address(0x10000): Address(0x14000),
      Address(0x20000): Address(0x22000),
    ]
    let modules = map.modules()
    #expect(modules.map(\.end.rawValue) == [0x6000, 0x14000, 0x22000])
    #expect(modules.map(\.regions.count) == [4, 3, 2])
    #expect(map.module(containing: Address(0x5800))?.name == "libz.so")
    #expect(map.module(containing: Address(0x7000)) == nil)
    let cut = map.regionsCutAtImages.map { [$0.start.rawValue, $0.end.rawValue] }
    #expect(cut.contains([0x5000, 0x6000]) && cut.contains([0x6000, 0x9000]))
    #expect(cut.contains([0x21000, 0x22000]) && cut.contains([0x22000, 0x30000]))
    #expect(cut.count == map.count + 2)
    // A later load of the same file is a module of its own.
    let twice = """
      1000-2000 r-xp 00000000 fe:01 1 /lib/libz.so
      2000-3000 r-xp 00000000 fe:01 1 /lib/libz.so

      """
    var second = try RegionMap(mapsText: bytes(twice))
    #expect(second.modules().count == 1)
    second.imageEnds = [Address(0x1000): Address(0x2000), Address(0x2000): Address(0x3000)]
    #expect(second.modules().map(\.base.rawValue) == [0x1000, 0x2000])
  }

  @Test(
    "finds by pattern where nothing is called so",
    arguments: ["lib?.so", "/opt/*plug.so", "lib*.so.6"])
  func pattern(_ name: String) throws {
    let match = try map().module(named: name)
    switch name {
    case "lib?.so": #expect(match == .none)
    case "/opt/*plug.so": #expect(match.candidates.count == 2)
    default: #expect(match.candidates.map(\.name) == ["libc.so.6"])
    }
  }

  @Test("keeps a file together across its gaps and its data")
  func gaps() throws {
    let text = """
      1000-2000 rw-p 00000000 fe:01 1 /a
      2000-3000 rw-p 00000000 00:00 0 
      9000-a000 r-xp 00000000 fe:01 1 /a
      b000-c000 r-xp 00000000 fe:01 9 /a

      """
    let modules = try RegionMap(mapsText: bytes(text)).modules()
    #expect(
      modules.map(\.regions.count) == [3, 1], "the same path on another inode is another file")
  }

  @Test(
    "finds by name",
    arguments: [
      ("/usr/lib/libc.so.6", "libc.so.6"), ("libc.so.6", "libc.so.6"), ("libc", "libc.so.6"),
      ("libc.so", "libc.so.6"), ("ld", "ld-2.36.so"), ("game", "game"),
      ("engine.dll", "Engine.DLL"),
      ("Engine", "Engine.DLL"), ("old.so", "old.so"), ("/opt/a/libplug.so", "libplug.so"),
      ("libplug", "libplug"), ("memfd:pool", "memfd:pool"),
    ])
  func named(_ name: String, _ expected: String) throws {
    guard case .one(let module) = try map().module(named: name) else {
      Issue.record("not exactly one")
      return
    }
    #expect(module.name == expected)
  }

  @Test(
    "finds nothing by other names",
    arguments: ["", "lib", "libcryp", "gam", "[heap]", "/usr/lib", "l"])
  func missing(_ name: String) throws { #expect(try map().module(named: name) == .none) }

  @Test("lists the candidates of an ambiguous name")
  func ambiguous() throws {
    let match = try map().module(named: "libplug.so")
    #expect(match.candidates.map(\.path) == ["/opt/a/libplug.so", "/opt/b/libplug.so"])
    guard case .ambiguous = match else {
      Issue.record("not ambiguous")
      return
    }
  }

  @Test("a data file does not hide a program of the same name")
  func runnableWins() throws {
    let text = """
      1000-2000 r--p 00000000 fe:01 1 /share/game
      3000-4000 r-xp 00000000 fe:01 2 /bin/game

      """
    let match = try RegionMap(mapsText: bytes(text)).module(named: "game")
    #expect(match.candidates.map(\.path) == ["/bin/game"])
  }

  @Test("finds the module of an address, not of a gap")
  func containing() throws {
    let map = try map()
    #expect(map.module(containing: Address(0x7f00_0001_0000))?.name == "libc.so.6")
    #expect(map.module(containing: Address(0x7f00_0000_2000)) == nil)
    #expect(map.module(containing: Address(0x7ffe_0000_0000)) == nil)
  }

  @Test(
    "finds places by name",
    arguments: [
      ("heap", 0x1000000), ("[heap]", 0x1000000), ("stack", 0x7ffe_0000_0000),
      ("vdso", 0x7ffe_0003_4000), ("game", 0x400000), ("libc", 0x7f00_0000_0000),
      ("libplug.so", nil), ("nothing", nil), ("", nil), ("[", nil),
    ] as [(String, UInt64?)])
  func places(_ name: String, _ start: UInt64?) throws {
    #expect(try map().place(named: name).start?.rawValue == start)
  }
}
