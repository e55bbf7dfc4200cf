import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

@Suite("debug information", .needs("gcc"), .enabled(if: DebugInformation.isBuiltIn))
struct DebugInformationTests {
  @Test(
    "tells variables, parts of them and lines",
    arguments: [
      ["-gdwarf-5"], ["-gdwarf-4"], ["-gdwarf-2", "-gstrict-dwarf"], ["-gdwarf-5", "-m32"],
      ["-gdwarf-5", "-gz"], ["-gdwarf-5", "-no-pie"], ["-gdwarf-5", "-static"],
    ])
  func variables(_ options: [String]) throws {
    let game = try CompiledProgram.start(
      CompiledProgram.game, ["-O1", "-DALONE"] + options)
    let process = try game.attach()
    let wide = process.pointerWidth == .eight
    let health = try process.variable(named: "hero.health")
    #expect(health.address == game("hero"))
    #expect(health.type == .scalar(ScalarFormat(.i32)))
    let places: [(String, UInt64, DebugType)] = [
      ("hero.pos[2]", game("hero").rawValue + 12, .scalar(ScalarFormat(.f32))),
      ("hero->health", 0, .bytes(0)),
      ("hero.next->health", game("other").rawValue, .scalar(ScalarFormat(.i32))),
      ("game!hero.nameless", game("hero").rawValue + (wide ? 26 : 22), .scalar(ScalarFormat(.i16))),
      (
        "hero.parts[1].second", game("hero").rawValue + (wide ? 34 : 30), .scalar(ScalarFormat(.i8))
      ),
      ("middle.y", game("middle").rawValue + 8, .scalar(ScalarFormat(.f64))),
      ("grid[2][2]", game("grid").rawValue + 40, .scalar(ScalarFormat(.i32))),
    ]
    for (name, address, type) in places {
      if address == 0 {
        #expect(failure { try process.variable(named: name) }?.code == "ENOENT")
        continue
      }
      let found = try process.variable(named: name)
      #expect(found.address == Address(address), "\(name)")
      #expect(found.type == type, "\(name)")
    }
    let level = try process.variable(named: "hero.level")
    #expect(level.bits == DebugRecord.BitRange(first: 3, count: 5))
    #expect(level.address == game("hero").offset(by: wide ? 24 : 20))
    let line = try process.sourceLine(of: game("hit").offset(by: 1))
    #expect(line?.file.hasSuffix("game.c") == true)
    #expect(line.map { (22...25).contains($0.line) } == true)
  }

  @Test("tells types by name")
  func types() throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-g", "-DALONE"])
    let process = try game.attach()
    guard case .record(let entity)? = try process.debugType(named: "entity") else {
      Issue.record("no struct entity")
      return
    }
    #expect(entity.byteCount == 48)
    #expect(
      entity.memberNames == [
        "health", "pos", "next", "state", "level", "nameless", "parts", "name",
      ])
    #expect(entity.member(named: "next")?.type == .pointer(to: "entity"))
    #expect(
      entity.member(named: "name")?.type
        == .array(.scalar(ScalarFormat(.i8)), count: 8, stride: 1))
    guard case .record(let point)? = try process.debugType(named: "point") else {
      Issue.record("no typedef point")
      return
    }
    #expect(point.members.map(\.offset) == [0, 8])
    #expect(try process.debugType(named: "nothing") == nil)
    #expect(failure { try process.variable(named: "hero.mana") }?.detail.contains("health") == true)
    #expect(failure { try process.variable(named: "grid[3]") }?.code == "ENOENT")
    #expect(failure { try process.variable(named: "nothing") }?.code == "ENOENT")
  }

  @Test("gives structs that memory is read by", arguments: [["-g"], ["-g", "-m32"]])
  func structs(_ options: [String]) throws {
    let game = try CompiledProgram.start(CompiledProgram.game, ["-DALONE"] + options)
    let process = try game.attach()
    let (type, catalog) = try #require(try process.structType(named: "entity"))
    #expect(catalog.type(named: "entity") == type)
    let layout = try #require(type.layout(pointerWidth: process.pointerWidth))
    guard case .record(let fields) = try process.readStruct(layout, at: game("hero")) else {
      Issue.record("no fields")
      return
    }
    func field(_ name: String) -> StructValue? {
      fields.first { $0.key == .name(name) }?.value
    }
    #expect(field("health") == .scalar(.integer(100)))
    #expect(field("pos") == .list([1.5, 2.5, 3.5].map { .scalar(.real($0)) }))
    #expect(field("state") == .scalar(.integer(5)))
    #expect(field("level") == .scalar(.integer(17)))
    #expect(field("nameless") == .scalar(.integer(8)))
    #expect(field("name") == .bytes(Array("hero".utf8)))
    #expect(try process.structType(named: "nothing") == nil)
  }

  @Test("is found in the file of its own that a program names", .needs("objcopy"))
  func split() throws {
    let apart = """
      objcopy --only-keep-debug game game.debug
      strip -s game
      objcopy --add-gnu-debuglink=game.debug game
      """
    let game = try CompiledProgram.start(
      CompiledProgram.game, ["-g", "-DALONE", "-Wl,--build-id=none"], after: apart)
    let process = try game.attach()
    #expect(try process.variable(named: "hero.health").address == game("hero"))
    #expect(try process.name(of: game("hit").offset(by: 1)) == "game!hit+0x1")
    #expect(try process.sourceLine(of: game("hit"))?.file.hasSuffix("game.c") == true)
  }

  @Test("a file of another build is not taken for it", .needs("objcopy"))
  func wrongFile() throws {
    let apart = """
      objcopy --only-keep-debug game game.debug
      strip -s game
      objcopy --add-gnu-debuglink=game.debug game
      printf x >> game.debug
      """
    let game = try CompiledProgram.start(
      CompiledProgram.game, ["-g", "-DALONE", "-Wl,--build-id=none"], after: apart)
    let process = try game.attach()
    #expect(failure { try process.variable(named: "hero.health") }?.code == "ENOENT")
    #expect(try process.name(of: game("hit").offset(by: 1))?.hasPrefix("game+0x") == true)
  }

  @Test("is found by build-id", .needs("objcopy"))
  func buildID() throws {
    let apart = """
      objcopy --only-keep-debug game game.debug
      strip -s game
      """
    let game = try CompiledProgram.start(
      CompiledProgram.game, ["-g", "-DALONE", "-Wl,--build-id"], after: apart)
    let process = try game.attach()
    let module = try #require(try process.moduleIndex().match("game").candidates.first)
    let image = process.image(of: module)
    let id = try #require(image.buildIDText)
    #expect(id.count == 40)
    let folder = try CoreFolder()
    let place = "\(folder.path)/.build-id/\(id.prefix(2))"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: game.path + ".debug", toPath: "\(place)/\(id.dropFirst(2)).debug")
    #expect(DebugFile.find(for: image, nil, in: process) == nil)
    let found = try #require(DebugFile.find(for: image, nil, in: process, folder: folder.path))
    guard case .present(let debug) = DebugInformation.open(found) else {
      Issue.record("nothing in it")
      return
    }
    #expect(
      debug.variable(named: "hero").map { Address($0.address &+ image.distance) } == game("hero"))
  }
}
