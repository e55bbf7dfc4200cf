import Foundation
import MemoryModel
import RemoteMemory
import Testing

/// Programs on disk, read like memory.
@Suite("programs on disk")
struct ProgramMemoryTests {
  @Test("hold in code and constants what the running program holds")
  func sameCode() throws {
    let target = try Target()
    let process = try target.attach()
    defer { withExtendedLifetime(target) {} }
    let path = Target.program("pvm-target")
    let program = try #require(try ProgramMemory.open(path: path))
    let live = try #require(
      try process.regionMap().modules().first { $0.path.hasSuffix("/pvm-target") })
    let disk = try #require(try program.regionMap().modules().first)
    #expect(disk.pathBytes == live.pathBytes)
    let code = try #require(live.regions.first { $0.permissions.contains(.execute) })
    let shift = Int64(bitPattern: disk.base.rawValue &- live.base.rawValue)
    let count = Int(min(code.range.count, 1 << 20))
    #expect(
      try program.readBytes(at: code.start.offset(by: shift), count: count)
        == process.readBytes(at: code.start, count: count))
    #expect(program.buildID(of: disk) == process.buildID(of: live))
    let hash = try output(of: "sha256sum", [path]).prefix(64)
    #expect(program.fileHash(of: disk).map { $0[...] } == hash)
    #expect(process.fileHash(of: live).map { $0[...] } == hash)
    #expect(
      program.pointerWidth == process.pointerWidth && program.notes.machine == process.machine)
  }

  @Test("are only programs and libraries")
  func others() throws {
    let folder = try CoreFolder()
    for bytes in [[], Array("#!/bin/sh\n".utf8), [0x7F, 0x45, 0x4C, 0x46]] as [[UInt8]] {
      try folder.write(bytes)
      #expect(try ProgramMemory.open(path: folder.file) == nil)
    }
    try SmallMemory().saveCore(to: folder.file)
    #expect(try ProgramMemory.open(path: folder.file) == nil, "a core")
    #expect(try ProgramMemory.open(path: "/dev/null") == nil)
    #expect(throws: RemoteMemoryError.self) {
      try ProgramMemory.open(path: folder.path + "/absent")
    }
  }

  @Test("of which the headers lie are a program or an error, quickly", arguments: 0..<5)
  func mutated(_ round: UInt64) throws {
    let folder = try CoreFolder()
    let bytes = Array(try Data(contentsOf: URL(filePath: try #require(installed("env")))))
    var random = SplitMix(round &+ 77)
    var opened = 0
    for _ in 0..<200 {
      var mutated = bytes
      for _ in 0..<(1 + random.next() % 6) {
        let place = Int(random.next() % 1024)
        for index in place..<min(place + 8, bytes.count) where random.next() % 2 == 0 {
          mutated[index] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      if random.next() % 8 == 0 { mutated.removeLast(Int(random.next() % UInt64(bytes.count))) }
      try folder.write(mutated)
      do {
        guard let program = try ProgramMemory.open(path: folder.file) else { continue }
        opened += 1
        try use(program)
      } catch let error as RemoteMemoryError {
        #expect(["EINVAL", "EFAULT"].contains(error.code), "\(error)")
      }
    }
    #expect(opened > 10)
  }

  private func use(_ program: ProgramMemory) throws {
    let map = try program.regionMap()
    for module in map.modules() {
      _ = program.buildID(of: module)
      _ = program.fileHash(of: module)
    }
    #expect(map.byteCount < 1 << 40)
    for place in map.regions.prefix(5).map(\.start) + [Address(0), Address(.max - 4095)] {
      _ = try program.readPartial(at: place, count: 5000)
      _ = try program.readSparse(at: place, count: 5000)
    }
  }
}
