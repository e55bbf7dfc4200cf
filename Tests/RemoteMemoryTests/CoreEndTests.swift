import CProcessVM
import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// Cores that end early, files that are none, and disks that are full.
@Suite struct CoreEndTests {
  @Test("a truncated core reads as far as it goes, and the rest are holes")
  func truncated() throws {
    let folder = try CoreFolder()
    let (target, snapshot, core) = try CoreTests.saved(in: folder)
    let block = target("block")
    let all = try core.readBytes(at: block, count: 1 << 16)
    #expect(try all == snapshot.readBytes(at: block, count: 1 << 16))
    let place = try #require(core.memory.piece(at: block.offset(by: 4096)))
    guard case .core(let offset) = place.place else {
      Issue.record("the block is not stored")
      return
    }
    let skip = block.offset(by: 4096).rawValue - place.range.start.rawValue
    #expect(truncate(folder.file, off_t(offset + skip)) == 0)
    // The one that is open finds fewer bytes, and goes on with what is left.
    let part = try core.readPartial(at: block, count: 1 << 16)
    #expect(part.bytes == Array(all[..<4096]))
    #expect(part.error?.code == "EFAULT")
    let second = try CoreFile.open(path: folder.file)
    #expect(second.isTruncated)
    let again = try second.readPartial(at: block, count: 1 << 16)
    #expect(again.bytes == Array(all[..<4096]))
    #expect(again.error?.message.contains("it was cut off at") == true)
    #expect(try second.survey(second.map.regions, .harmless).leftOutBytes > 0)
  }

  @Test("every length of a small core gives a core or a clear error")
  func everyLength() throws {
    let folder = try CoreFolder()
    let source = SmallMemory()
    try source.saveCore(to: folder.file)
    let bytes = try folder.bytes()
    for length in stride(from: 0, to: bytes.count, by: 37) {
      try folder.write(Array(bytes[..<length]))
      do {
        let core = try CoreFile.open(path: folder.file)
        _ = try core.readPartial(at: source.start, count: 8192)
        _ = try core.survey(core.map.regions, .harmless)
      } catch {
        #expect(error.code == "EINVAL")
      }
    }
  }

  @Test(
    "a file that is no core says why",
    arguments: [
      ([], "does not begin as an ELF file does"),
      (Array("#!/bin/sh\n".utf8), "does not begin as an ELF file does"),
      ([0x7F, 0x45, 0x4C, 0x46, 9, 1] + [UInt8](repeating: 0, count: 80), "ELF class"),
      ([0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 20), "ends within"),
    ] as [([UInt8], String)])
  func noCore(_ bytes: [UInt8], _ reason: String) throws {
    let folder = try CoreFolder()
    try folder.write(bytes)
    let error = try #require(failure { try CoreFile.open(path: folder.file) })
    #expect(error.code == "EINVAL" && error.message.contains(reason), "\(error)")
    #expect(error.message.contains("x.core"))
  }

  @Test func otherFiles() throws {
    let folder = try CoreFolder()
    #expect(failure { try CoreFile.open(path: folder.file) }?.code == "ENOENT")
    #expect(failure { try CoreFile.open(path: folder.path) }?.code == "EISDIR")
    #expect(failure { try CoreFile.open(path: "/dev/null") }?.code == "EINVAL")
    let program = Target.program("pvm-target")
    let error = try #require(failure { try CoreFile.open(path: program) })
    #expect(error.message.contains("is a program or library and no core"), "\(error)")
  }

  @Test("a program header table that lies is refused before anything large is allocated")
  func lyingHeaders() throws {
    let folder = try CoreFolder()
    try SmallMemory().saveCore(to: folder.file)
    let bytes = try folder.bytes()
    var many = bytes
    many[56] = 0xFF
    many[57] = 0xFF
    try folder.write(many)
    #expect(
      failure { try CoreFile.open(path: folder.file) }?.message.contains("section header") == true)
    var small = bytes
    small[54] = 8
    try folder.write(small)
    #expect(
      failure { try CoreFile.open(path: folder.file) }?.message.contains("headers of 8 bytes")
        == true)
    var far = bytes
    far[39] = 0x7F
    try folder.write(far)
    #expect(
      failure { try CoreFile.open(path: folder.file) }?.message.contains("ends after") == true)
  }

  @Test("more segments than the header can count")
  func manySegments() throws {
    let folder = try CoreFolder()
    let source = SmallMemory(pages: 66_000)
    try source.saveCore(to: folder.file)
    let core = try CoreFile.open(path: folder.file)
    #expect(try core.regionMap().count == 66_000)
    for index in [0, 1, 65_534, 65_535, 65_999] {
      let place = source.start.offset(by: Int64(index) * 8192)
      #expect(try core.readBytes(at: place, count: 4096) == source.page(index))
      #expect(try core.readPartial(at: place.offset(by: 4096), count: 1).bytes.isEmpty)
    }
    guard installed("readelf") != nil else { try Test.cancel("readelf is not installed") }
    let text = try output(of: "readelf", ["-h", folder.file])
    #expect(text.contains("(66001)"), "\(text.prefix(3000))")
  }

  @Test(
    "a disk that is full, and a limit for files, leave what was there and nothing beside it",
    arguments: [("--small-disk", "ENOSPC"), ("--file-limit", "EFBIG")], ["--core", "--dump"])
  func full(_ place: (limit: String, code: String), _ what: String) throws {
    let (limit, code) = place
    let folder = try CoreFolder()
    try folder.write([1, 2, 3])
    let target = try Target("block=8")
    let size = limit == "--small-disk" ? folder.path : "3000000"
    let child = try Target.start([
      Target.program("RemoteMemoryProbe"), what, folder.file, limit, size, "\(target.id)",
      String(target("block").rawValue, radix: 16),
    ])
    var lines: [String] = []
    while let line = try child.receiveLine(seconds: 20) {
      lines.append(String(decoding: line, as: UTF8.self))
    }
    _ = try child.waitForExit(seconds: 10)
    // Only root may make a small disk, and not everywhere.
    if lines.first?.hasPrefix("limit") == true { return }
    #expect(lines.first == code, "\(lines)")
    #expect(lines.last == (limit == "--small-disk" ? "files 0" : "files 1"))
    #expect(folder.names == ["x.core"])
    #expect(try folder.bytes() == [1, 2, 3])
  }

  @Test func destinations() throws {
    let folder = try CoreFolder()
    let source = SmallMemory()
    #expect(failure { try source.saveCore(to: "/dev/null") }?.code == "EINVAL")
    #expect(failure { try source.saveCore(to: folder.path) }?.code == "EINVAL")
    #expect(failure { try source.saveCore(to: folder.path + "/no/where") }?.code == "ENOENT")
    #expect(folder.names.isEmpty)
  }
}
