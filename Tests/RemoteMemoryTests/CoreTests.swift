import CProcessVM
import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// Cores we write: read back by ourselves, by gdb and by readelf.
@Suite struct CoreTests {
  /// A snapshot of a target and its core.
  static func saved(_ layouts: [String] = ["block=1"], in folder: CoreFolder) throws -> (
    target: Target, snapshot: Snapshot, core: CoreFile
  ) {
    let target = try Target(list: layouts)
    let snapshot = try Snapshot.capture(try target.attach())
    try snapshot.saveCore(to: folder.file)
    return (target, snapshot, try CoreFile.open(path: folder.file))
  }

  @Test("reads back as the snapshot it was written from: the same regions, bytes and notes")
  func roundTrip() throws {
    let folder = try CoreFolder()
    let (target, snapshot, core) = try Self.saved(["block=1", "holes", "threads=3"], in: folder)
    #expect(folder.names == ["x.core"])
    #expect(try core.regionMap() == snapshot.regionMap())
    #expect(core.pointerWidth == .eight && core.processID == nil)
    #expect(core.label == "core of process \(target.id) (pvm-target)")
    #expect(core.captureTime == snapshot.captureTime)
    #expect(!core.isTruncated)
    #expect(core.notes.id == target.id && core.notes.machine == snapshot.notes.machine)
    #expect(core.notes.auxiliaryVector == snapshot.notes.auxiliaryVector)
    #expect(core.notes.threads == snapshot.notes.threads)
    #expect(core.notes.threads.count > 3)
    #expect(core.notes.parent.rawValue == getpid())
    #expect(core.notes.executableBytes == snapshot.notes.executableBytes)
    for range in snapshot.captured {
      var place = range.start
      while place < range.end {
        let count = min(1 << 20, Int(range.end.rawValue - place.rawValue))
        let (was, holes) = try snapshot.readSparse(at: place, count: count)
        let (now, others) = try core.readSparse(at: place, count: count)
        #expect(was == now && holes == others, "at \(place)")
        place = place.offset(by: Int64(count))
      }
    }
    #expect(try core.survey(core.map.regions, .harmless).runs.count > 0)
  }

  @Test("what was not captured is a fault which says so, and writing is refused")
  func faults() throws {
    let folder = try CoreFolder()
    let target = try Target("block=1")
    var options = SnapshotOptions()
    options.scope = ScanScope()
    let snapshot = try Snapshot.capture(try target.attach(), options)
    try snapshot.saveCore(to: folder.file)
    let core = try CoreFile.open(
      path: folder.file, options: CoreOptions(readsMappedFiles: false))
    let code = try #require(
      try core.regionMap().regions.first { $0.permissions == [.read, .execute] })
    let error = try #require(failure { try core.readBytes(at: code.start, count: 4) })
    #expect(error.code == "EFAULT")
    #expect(error.message.contains("which is not in the core"), "\(error)")
    #expect(try core.readBytes(at: target("block"), count: 8).count == 8)
    let refused = try #require(failure { try core.writeBytes([1], at: target("block")) })
    #expect(refused.code == "EREADONLY" && refused.message.contains("cannot be written"))
    let far = try #require(failure { try core.readBytes(at: Address(16), count: 4) })
    #expect(far.message == "read 4 bytes at 0x10: not mapped (EFAULT)")
  }

  @Test("scans find in a core what they find in the snapshot")
  func scans() throws {
    let folder = try CoreFolder()
    let (target, snapshot, core) = try Self.saved(["contents=8"], in: folder)
    _ = target
    let condition = ValueCondition(.equal(.integer(1_515_896_030)))
    let live = try snapshot.scan(.one(ScalarFormat(.i32)), condition)
    let offline = try core.scan(.one(ScalarFormat(.i32)), condition)
    #expect(live.count > 0)
    #expect(offline.addresses() == live.addresses())
  }

  @Test("a core of a core is the same again")
  func again() throws {
    let folder = try CoreFolder()
    let (_, _, core) = try Self.saved(in: folder)
    let copy = folder.path + "/y.core"
    try core.saveCore(to: copy)
    let second = try CoreFile.open(path: copy)
    #expect(second.notes == core.notes)
    #expect(try second.regionMap() == core.regionMap())
    #expect(second.captured == core.captured)
    #expect(second.captureTime == core.captureTime)
  }

  @Test("a large reservation takes no room in the file, and reads as zeroes")
  func reservation() throws {
    let folder = try CoreFolder()
    let target = try Target("reservation=64")
    let process = try target.attach()
    try process.writeBytes([7, 8, 9], at: target("reservation").offset(by: 33 << 30))
    let snapshot = try Snapshot.capture(process)
    let cost = try snapshot.saveCore(to: folder.file)
    #expect(cost.fileByteCount < 1 << 30)
    let core = try CoreFile.open(path: folder.file)
    let place = target("reservation")
    #expect(try core.readBytes(at: place.offset(by: 33 << 30), count: 4) == [7, 8, 9, 0])
    #expect(try core.readBytes(at: place.offset(by: 50 << 30), count: 2) == [0, 0])
    let region = try #require(try core.regionMap().region(containing: place))
    let survey = try core.survey([region], .harmless)
    #expect(survey.readableBytes <= 64 << 10)
    #expect(survey.leftOut.isEmpty)
    #expect(survey.readableBytes + survey.unpopulatedBytes == region.range.count)
  }

  @Test(
    "a live process is written as it is, with holes where it cannot be read",
    arguments: [[], [.pageScan, .pageMap]] as [Set<KernelFeature>])
  func live(_ without: Set<KernelFeature>) throws {
    let folder = try CoreFolder()
    let target = try Target("contents=2", "guard", "truncated-file", "block=1")
    let process = try target.attach(IdentityTests.options(without))
    let cost = try process.saveCore(to: folder.file, threads: 2)
    #expect(cost.bytesWritten > 3 << 20 && cost.fileByteCount < 1 << 30)
    let snapshot = try Snapshot.capture(process)
    let core = try CoreFile.open(path: folder.file)
    #expect(core.notes.id == target.id)
    for name in ["contents", "guard", "truncated", "block"] {
      let range = SurveyTests.range(target, name)
      let count = Int(min(range.count, 1 << 20))
      let known = try snapshot.readSparse(at: range.start, count: count)
      let kept = try core.readSparse(at: range.start, count: count)
      #expect(kept.bytes == known.bytes, "\(name)")
      let isHole = kept.holes.reduce(0) { $0 + $1.count }
      #expect(isHole == known.holes.reduce(0) { $0 + $1.count }, "\(name)")
      // Nothing says what a guard page is but reading it.
      if name == "guard", without.contains(.pageMap) { #expect(isHole == 4096) }
    }
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    #expect(failure { try process.saveCore(to: folder.path + "/other") }?.code == "ESRCH")
    #expect(folder.names == [(folder.file as NSString).lastPathComponent])
  }

  @Test("gdb reads memory, mappings, threads and the auxiliary vector", .needs("gdb"))
  func debugger() throws {
    let folder = try CoreFolder()
    let (target, snapshot, core) = try Self.saved(["block=1", "threads=2"], in: folder)
    let place = target("block").rawValue
    let commands = [
      "x/4xw \(place)", "info proc mappings", "info auxv", "info threads",
    ].flatMap { ["-ex", $0] }
    let arguments =
      ["-batch", "-nx", "-iex", "set debuginfod enabled off", "-ex"]
      + ["core-file \(folder.file)"] + commands
    let text = try output(of: "gdb", arguments, both: true)
    let words = try core.readBytes(at: Address(place), count: 16)
    for index in 0..<4 {
      let word = words[(4 * index)..<(4 * index + 4)].reversed().map { String(format: "%02x", $0) }
      #expect(text.contains("0x" + word.joined()), "\(text.prefix(3000))")
    }
    #expect(text.contains("AT_PHDR"), "\(text.prefix(3000))")
    let program = String(decoding: try #require(core.notes.executableBytes), as: UTF8.self)
    #expect(text.contains(program))
    #expect(text.contains("LWP \(target.id)"))
    for thread in snapshot.notes.threads { #expect(text.contains("LWP \(thread.id)")) }
    #expect(!text.contains("warning: Couldn't find"), "\(text.prefix(3000))")
    #expect(!text.lowercased().contains("truncated"), "\(text.prefix(3000))")
  }

  @Test(
    "readelf and eu-readelf find the notes and segments in order",
    .needs("readelf"), .needs("eu-readelf"),
    arguments: [
      ("readelf", ["-W", "-h", "-n", "-l"]), ("eu-readelf", ["-h", "-n", "-l"]),
    ])
  func readers(_ program: String, _ options: [String]) throws {
    let folder = try CoreFolder()
    let (_, _, core) = try Self.saved(in: folder)
    let text = try output(of: program, options + [folder.file], both: true)
    #expect(!text.lowercased().contains("warning"), "\(text.prefix(3000))")
    #expect(!text.lowercased().contains("error"), "\(text.prefix(3000))")
    #expect(text.contains("CORE"))
    let name = String(decoding: try #require(core.notes.executableBytes), as: UTF8.self)
    // One build of readelf reads no file notes of the other width.
    #expect(text.contains(name) || text.contains("Cannot decode"), "\(text.prefix(3000))")
    #expect(text.contains("PVMLUA"))
  }

  @Test("gcore's core of the same process holds the same memory", .needs("gcore"))
  func gcore() throws {
    let folder = try CoreFolder()
    let target = try Target("block=1")
    let process = try target.attach()
    let prefix = folder.path + "/g"
    _ = try output(of: "gcore", ["-o", prefix, "\(target.id)"])
    let path = "\(prefix).\(target.id)"
    guard FileManager.default.fileExists(atPath: path) else {
      try Test.cancel("gcore may not trace")
    }
    let core = try CoreFile.open(path: path)
    #expect(core.notes.id == target.id)
    #expect(core.notes.threads.allSatisfy { $0.registers?.isEmpty == false })
    #expect(
      try core.readBytes(at: target("block"), count: 1 << 16)
        == process.readBytes(at: target("block"), count: 1 << 16))
    let live = try process.regionMap()
    let elsewhere = core.memory.pieces.filter { if case .file = $0.place { true } else { false } }
    #expect(!elsewhere.isEmpty && core.mappedFiles.contains { $0.outcome == .same })
    for piece in elsewhere
    where live.region(containing: piece.range.start)?.permissions.contains(.read) == true {
      let count = min(Int(piece.range.count), 1 << 20)
      let (read, live) = (
        try core.readPartial(at: piece.range.start, count: count).bytes,
        try process.readPartial(at: piece.range.start, count: count).bytes
      )
      #expect(read == live, "at \(piece.range)")
    }
    let map = try core.regionMap()
    for name in ["[heap]", "[stack]", "[vdso]"] {
      let found = map.regions.first { $0.displayName == name }
      #expect(found?.range == live.regions.first { $0.displayName == name }?.range, "\(name)")
    }
    #expect(core.notes.executableBytes == process.notes.executableBytes)
    for region in live.regions where region.kind == .file {
      let found = map.region(containing: region.start)
      #expect(found?.permissions == region.permissions, "\(region)")
    }
    let missing = try CoreFile.open(path: path, options: CoreOptions(readsMappedFiles: false))
    let place = try #require(elsewhere.first?.range.start)
    let error = try #require(failure { try missing.readBytes(at: place, count: 4) })
    #expect(error.code == "EFAULT" && error.message.contains("was not looked for"), "\(error)")
    #expect(missing.mappedFiles.allSatisfy { $0.outcome == .notLooked })
  }
}
