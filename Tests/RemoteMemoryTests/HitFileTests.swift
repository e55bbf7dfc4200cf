import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// Saving hits and loading them, also for a process in which all has moved, and from files that are
/// wrong.
@Suite struct HitFileTests {
  typealias Lane = RandomHits.Lane

  /// A folder of its own for each test, removed with it.
  final class Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "hits-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/hits" }
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file))) }
    /// Writes a new file: some file systems flush one that is written over.
    func write(_ bytes: [UInt8]) throws {
      try? FileManager.default.removeItem(atPath: file)
      try Data(bytes).write(to: URL(filePath: file))
    }
  }

  static let lanes = [
    Lane(), Lane(type: .u8, step: 1, mostSlots: 3000), Lane(type: .f64, step: 3, chunks: 40),
    Lane(type: .i16, step: 2, mostSlots: 65_536, chunks: 2), Lane(type: .u64, step: 8, chunks: 0),
  ]

  @Test(arguments: [1, 2, 3])
  func theSameHitsComeBack(_ seed: UInt64) throws {
    let folder = try Folder()
    let source = BufferSource([
      (0x1000, [1, 2]), (0x1100, [1]), (0x2003, .init(repeating: 1, count: 77)),
    ])
    let made = try RandomHits(source, Self.lanes, seed: seed, title: "first")
    let hits = try made.hits.union(made.hits)
    try folder.write([1, 2, 3])
    try hits.save(to: folder.file)
    #expect(folder.names == ["hits"])
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    let loaded = try Hits.load(folder.file, for: source)
    RandomHits.check(loaded.hits, made.model, "seed \(seed)")
    #expect(loaded.unplacedCount == 0 && loaded.unplacedNames.isEmpty && loaded.isSameLayout)
    #expect(loaded.hits.title == "union with first")
    #expect(loaded.hits.titles == ["first", "union with first"])
    #expect(loaded.hits.lanes.map(\.step) == hits.lanes.map(\.step))
    #expect(loaded.hits.parent == nil)
    // Once more, from what was loaded.
    try loaded.hits.limited(to: 10).save(to: folder.file)
    let again = try Hits.load(folder.file, for: source).hits
    #expect(again.titles == ["first", "union with first", "hits 1 to 10"])
    #expect(again.addresses() == hits.addresses(count: 10))
  }

  @Test func everyKindOfLaneComesBack() throws {
    let folder = try Folder()
    let source = BufferSource([(0x1000, .init(repeating: 0, count: 4096))])
    let store = MemoryStore(budget: .standard)
    var slab = MemorySlab(store)
    let values = try slab.take(64)
    for index in 0..<16 {
      values.storeBytes(of: UInt32(100 + index), toByteOffset: 4 * index, as: UInt32.self)
    }
    func lane(_ label: String, _ element: HitElement, _ encoding: StoredEncoding = .none) -> HitLane
    {
      let isMatch = if case .match = element { true } else { false }
      let chunk = HitChunk(
        base: 0x1010, slots: 16, count: 16, places: nil,
        values: isMatch ? UnsafeRawPointer(values) : nil,
        form: .run, keeping: isMatch ? .packed : .nothing)
      return HitLane(
        label: label, element: element, step: 8,
        width: element.byteCount(pointerWidth: .eight), matcher: nil, encoding: encoding,
        chunks: [chunk])
    }
    let lanes = [
      lane("f", .scalar(ScalarFormat(.f32, byteOrder: .big))),
      lane(
        "x", .scalar(ScalarFormat(.u32)), StoredEncoding(xor: 5, add: -3, rotate: -7, scale: 2.5)),
      lane("pattern", .bytes(count: 9)), lane("text é", .text(.utf16le, byteCount: 12)),
      lane("match", .match(.utf8)), lane("raw", .match(nil)),
      lane("struct", .record(byteCount: 48)),
    ]
    let hits = Hits(
      source: source, lanes: lanes, parent: nil, title: "", store: store, outcome: ScanOutcome(),
      options: ScanOptions())
    try hits.save(to: folder.file)
    let loaded = try Hits.load(folder.file, for: source).hits
    #expect(loaded.lanes.map(\.label) == lanes.map(\.label))
    #expect(loaded.lanes.map(\.element) == lanes.map(\.element))
    #expect(loaded.lanes.map(\.encoding) == lanes.map(\.encoding))
    #expect(
      (0..<loaded.count).map { loaded.hit(at: $0) } == (0..<hits.count).map { hits.hit(at: $0) })
    #expect(
      try loaded.readValues(from: 4 * 16, count: 1) == [.bytes(.init(repeating: 0, count: 100))])
  }

  /// A program, a library, a heap, memory without a name and a stack.
  static func process(
    program: UInt64, library: UInt64, heap: UInt64, anonymous: UInt64, stack: UInt64,
    librarySize: UInt64 = 0x2000, heapSize: UInt64 = 0x3000
  ) -> BufferSource {
    func region(_ start: UInt64, _ size: UInt64, _ name: String, _ permissions: Permissions)
      -> Region
    {
      Region(
        range: AddressRange(start: Address(start), count: size), permissions: permissions,
        deviceMajor: name.first == "/" ? 8 : 0, inode: name.first == "/" ? UInt64(name.count) : 0,
        nameBytes: Array(name.utf8))
    }
    let source = BufferSource([])
    source.regions = [
      region(program, 0x1000, "/bin/game", [.read, .execute]),
      region(program + 0x1000, 0x2000, "/bin/game", [.read, .write]),
      region(program + 0x3000, 0x1000, "", [.read, .write]),
      region(library, 0x1000, "/lib/libx.so.1", [.read, .execute]),
      region(library + 0x1000, librarySize, "/lib/libx.so.1", [.read, .write]),
      region(heap, heapSize, "[heap]", [.read, .write]),
      region(anonymous, 0x2000, "", [.read, .write]),
      region(stack, 0x4000, "[stack]", [.read, .write]),
    ].sorted { $0.start < $1.start }
    return source
  }

  @Test(arguments: [1, 3, 4, 7])
  func hitsMoveWithWhatTheyLieIn(_ step: Int) throws {
    let folder = try Folder()
    // The program's bss, the heap and memory without a name touch, so that chunks reach across.
    let before = Self.process(
      program: 0x10000, library: 0x1A000, heap: 0x14000, anonymous: 0x17000, stack: 0x20000)
    let after = Self.process(
      program: 0x94000, library: 0x50000, heap: 0x8000, anonymous: 0x70000, stack: 0x60000,
      heapSize: 0x2000)
    let lane = Lane(step: step, mostSlots: 5000, chunks: 120)
    let made = try RandomHits(before, [lane], seed: 9, from: 0x10000)
    try made.hits.save(to: folder.file)
    let loaded = try Hits.load(folder.file, for: after)
    var expected: HitModel = ["u32": [:]]
    for (address, word) in made.model["u32"]! {
      let moved: UInt64? =
        switch address {
        case 0x10000...(0x14000 - 4): address - 0x10000 + 0x94000
        case 0x14000...(0x16000 - 4): address - 0x14000 + 0x8000
        case 0x1A000...(0x1D000 - 4): address - 0x1A000 + 0x50000
        case 0x20000...(0x24000 - 4): address - 0x20000 + 0x60000
        default: nil
        }
      if let moved { expected["u32"]![moved] = .some(word) }
    }
    RandomHits.check(loaded.hits, expected, "step \(step)")
    #expect(!expected["u32"]!.isEmpty)
    #expect(!loaded.isSameLayout)
    #expect(loaded.unplacedCount == made.hits.count - loaded.hits.count)
    #expect(loaded.unplacedNames.first == "anonymous memory")
    #expect(loaded.unplacedNames.contains("[heap]"))
    // In the same run nothing is lost, whatever was mapped and unmapped.
    before.regions!.removeAll { $0.kind == .heap }
    let same = try Hits.load(folder.file, for: before)
    RandomHits.check(same.hits, made.model, "same run")
    #expect(same.isSameLayout && same.unplacedCount == 0)
  }

  @Test func aModuleOfAnotherSizeIsAnother() throws {
    let folder = try Folder()
    let before = Self.process(
      program: 0x10000, library: 0x1A000, heap: 0x14000, anonymous: 0x17000, stack: 0x20000)
    let after = Self.process(
      program: 0x10000, library: 0x1A000, heap: 0x14000, anonymous: 0x17000, stack: 0x21000,
      librarySize: 0x3000)
    let made = try RandomHits(before, [Lane(mostSlots: 3000, chunks: 1)], seed: 1, from: 0x1A000)
    try made.hits.save(to: folder.file)
    let loaded = try Hits.load(folder.file, for: after)
    #expect(loaded.unplacedNames.contains("libx.so.1"))
  }

  static func small() throws -> (BufferSource, Hits) {
    let source = process(
      program: 0x10000, library: 0x1A000, heap: 0x14000, anonymous: 0x17000, stack: 0x20000)
    let lanes = [
      Lane(mostSlots: 90, chunks: 5), Lane(type: .u8, step: 1, mostSlots: 200, chunks: 4),
    ]
    return (source, try RandomHits(source, lanes, seed: 6, from: 0x13F00).hits)
  }

  @Test func noByteMayBeOther() throws {
    let folder = try Folder()
    let (source, hits) = try Self.small()
    try hits.save(to: folder.file)
    let bytes = try folder.bytes()
    #expect(bytes.count < 5000)
    for index in bytes.indices {
      for change in [UInt8(0xFF), 1 << (UInt8(index % 8))] {
        var other = bytes
        other[index] ^= change
        try folder.write(other)
        let error = #expect(throws: RemoteMemoryError.self) {
          try Hits.load(folder.file, for: source)
        }
        #expect(error?.code == "EINVAL" && error?.detail.contains(folder.file) == true)
      }
    }
  }

  @Test func noByteMayBeMissingOrTooMany() throws {
    let folder = try Folder()
    let (source, hits) = try Self.small()
    try hits.save(to: folder.file)
    let bytes = try folder.bytes()
    for count in bytes.indices {
      try folder.write(Array(bytes[..<count]))
      let error = #expect(throws: RemoteMemoryError.self) {
        try Hits.load(folder.file, for: source)
      }
      #expect(error?.code == "EINVAL")
    }
    try folder.write(bytes + [0])
    #expect(throws: RemoteMemoryError.self) { try Hits.load(folder.file, for: source) }
    try folder.write(bytes)
    #expect(try Hits.load(folder.file, for: source).hits.count == hits.count)
  }

  /// Files with a right check sum and wrong contents: an error, or hits that can be used.
  @Test(arguments: 0..<8)
  func hostileFilesDoNoHarm(_ seed: UInt64) throws {
    let folder = try Folder()
    let (source, hits) = try Self.small()
    let elsewhere = Self.process(
      program: 0x94000, library: 0x50000, heap: 0x8000, anonymous: 0x70000, stack: 0x60000)
    try hits.save(to: folder.file)
    let bytes = try folder.bytes()
    var random = SplitMix(seed)
    var accepted = 0
    for _ in 0..<250 {
      var other = Array(bytes.dropLast(8))
      for _ in 0...(random.next() % 2) {
        let index = 12 + Int(random.next() % UInt64(other.count - 12))
        let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(truncatingIfNeeded: random.next())]
        let width = [1, 2, 4, 8][Int(random.next() % 4)]
        let byte = extremes[Int(random.next() % 6)]
        for offset in index..<min(index + width, other.count) { other[offset] = byte }
      }
      try folder.write(Self.sealed(other))
      for place in [source, elsewhere] {
        guard let loaded = try? Hits.load(folder.file, for: place).hits else { continue }
        accepted += 1
        #expect(loaded.addresses().count == loaded.count)
        if loaded.lanes.contains(where: { $0.step > 64 }) { continue }
        #expect(try loaded.readValues().count == loaded.count)
        #expect(try loaded.union(loaded).count == loaded.count)
        #expect(try loaded.shifted(by: -1).count == 0)
        #expect(try loaded.near(Address(0x14000), distance: 5000).count <= loaded.count)
      }
    }
    #expect(accepted > 0)
  }

  /// A file with the right length and check sum.
  static func sealed(_ contents: [UInt8]) -> [UInt8] {
    var bytes = contents
    let zeros = 16..<24
    bytes.replaceSubrange(zeros, with: [UInt8](repeating: 0, count: 8))
    var sum = HitFileSum()
    bytes.withUnsafeBytes { sum.add($0) }
    func little(_ number: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }
    bytes.replaceSubrange(zeros, with: little(UInt64(contents.count + 8)))
    return bytes + little(sum.value)
  }

  @Test func whatIsNoFileOfHitsIsSaidToBeNone() throws {
    let folder = try Folder()
    let (source, hits) = try Self.small()
    func error(_ path: String) -> RemoteMemoryError? {
      #expect(throws: RemoteMemoryError.self) { try Hits.load(path, for: source) }
    }
    #expect(error(folder.file)?.code == "ENOENT")
    #expect(error(folder.path)?.code == "EISDIR")
    #expect(error("/dev/null")?.code == "EINVAL")
    try folder.write(Array("#!/bin/sh\necho a text that is long enough to be one\n".utf8))
    #expect(error(folder.file)?.detail == "\(folder.file) is no file of saved hits")
    var bytes = Array("pvmhits\n".utf8) + [2, 0, 0, 0] + [UInt8](repeating: 0, count: 40)
    try folder.write(bytes)
    #expect(error(folder.file)?.detail.contains("version 2") == true)
    try hits.save(to: folder.file)
    bytes = try folder.bytes()
    bytes.removeLast(9)
    try folder.write(bytes)
    #expect(error(folder.file)?.detail.contains("cut off") == true)
    try hits.save(to: folder.file)
    let narrow = BufferSource([], pointerWidth: .four)
    #expect(throws: RemoteMemoryError.self) { try Hits.load(folder.file, for: narrow) }
    let wrong = #expect(throws: RemoteMemoryError.self) {
      try hits.save(to: folder.path + "/none/hits")
    }
    #expect(wrong?.code == "ENOENT")
    #expect(throws: RemoteMemoryError.self) { try hits.save(to: folder.path) }
    #expect(folder.names == ["hits"])
  }

  /// Two runs of a program.
  /// As root, a file would otherwise take the place of a device.
  @Test func whatIsNoOrdinaryFileIsNotReplaced() throws {
    let folder = try Folder()
    try #require(mkfifo(folder.file, 0o600) == 0)
    let hits = try BufferSource([(0x1000, [1, 2])]).scan(
      .one(ScalarFormat(.u8)), ValueCondition(.equal(.integer(1))),
      in: ScanScope(filter: RegionFilter()))
    let error = #expect(throws: RemoteMemoryError.self) { try hits.save(to: folder.file) }
    #expect(error?.code == "EINVAL")
    var status = stat()
    try #require(stat(folder.file, &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFIFO)
    #expect(folder.names == ["hits"])
  }

  @Test func hitsOfOneRunAreFoundInAnother() throws {
    let folder = try Folder()
    let one = try Target()
    let two = try Target()
    let here = try one.attach()
    let there = try two.attach()
    let hits = try FirstScan.run(
      here, [ScanEngineTests.lane(.u32, 1, 200, step: 4)], in: ScanScope(), title: "small",
      options: ScanOptions())
    try hits.save(to: folder.file)
    let same = try Hits.load(folder.file, for: here)
    #expect(same.isSameLayout && same.hits.addresses() == hits.addresses())
    let moved = try Hits.load(folder.file, for: there)
    #expect(moved.hits.count + moved.unplacedCount == hits.count)
    #expect(moved.hits.count > 0)
  }
}
