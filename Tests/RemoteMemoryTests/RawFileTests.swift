import Foundation
import MemoryModel
import Testing

@testable import RemoteMemory

/// A name for a file of a test; removed with this object.
final class ScratchFile {
  let path: String

  init(_ content: [UInt8]? = nil) {
    path = NSTemporaryDirectory() + "raw-\(UUID().uuidString)"
    if let content { _ = FileManager.default.createFile(atPath: path, contents: Data(content)) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var content: [UInt8]? { FileManager.default.contents(atPath: path).map { [UInt8]($0) } }

  /// How many files begin with the name.
  var siblings: Int {
    let url = URL(fileURLWithPath: path)
    let all = try? FileManager.default.contentsOfDirectory(
      atPath: url.deletingLastPathComponent().path)
    return (all ?? []).count { $0.hasPrefix(url.lastPathComponent) }
  }
}

@Suite("hashes and files of raw memory") struct RawFileTests {
  private static func sha256(_ bytes: [UInt8]) -> String {
    var hash = ByteHash(.sha256)
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.finish()
  }

  @Test("the hash of a range is that of its bytes", arguments: [0, 1, 4095, 4097, 65_536])
  func hashOfRange(_ count: Int) throws {
    let target = try Target()
    let process = try target.attach()
    let range = AddressRange(start: target("scratch"), count: UInt64(count))
    let hash = try process.hash(range)
    #expect(hash.text == Self.sha256(pattern(0..<count)))
    #expect(hash.byteCount == UInt64(count))
    #expect(hash.unread.isEmpty)
    let inside = AddressRange(start: target("scratch").offset(by: 17), count: 1000)
    #expect(try process.hash(inside).text == Self.sha256(pattern(17..<1017)))
  }

  @Test("a hash stops at a byte that cannot be read")
  func hashOfHole() throws {
    let target = try Target()
    let process = try target.attach()
    let start = target("scratch").offset(by: 0xFFF0)
    let map = try process.regionMap()
    let end = try #require(map.region(containing: start)).end
    guard map.region(containing: end) == nil else {
      try Test.cancel("something is mapped right behind")
    }
    let count = start.distance(to: end)
    let error = failure {
      try process.hash(AddressRange(start: start, count: UInt64(count) + 1))
    }
    #expect(error?.code == "EFAULT")
    #expect(error?.address == end)
    #expect(error?.completedBytes == Int(count))
  }

  @Test("the hash of a filter takes regions one after the other, and lists what it cannot read")
  func hashOfFilter() throws {
    let target = try Target("no-access")
    let process = try target.attach()
    let bytes = pattern(0..<0x10000)
    let window = AddressRange(start: target("scratch").offset(by: 5), count: 0xFFF0)
    let hash = try process.hash(RegionFilter(range: window), .xxh64)
    var expected = ByteHash(.xxh64)
    bytes[5..<0xFFF5].withUnsafeBytes { expected.update($0) }
    #expect(hash.text == expected.finish())
    let closed = AddressRange(start: target("no_access"), count: System.pageSize)
    let nothing = try process.hash(RegionFilter(range: closed))
    #expect(nothing.byteCount == 0)
    #expect(nothing.unread == [closed])
  }

  @Test("memory that nobody wrote is hashed as zeroes, and stays unwritten")
  func untouched() throws {
    let family = try Family(megabytes: 8)
    let process = try RemoteProcess.attach(family.id)
    let before = try Holding(family.id)
    _ = try process.hash(family.block, .xxh64)
    #expect(try Holding(family.id).growth(since: before) < 64)
  }

  @Test("a dump is the bytes, and zeroes take no room")
  func dump() throws {
    let bytes = pattern(0..<10_000)
    let zeroes = [UInt8](repeating: 0, count: 1 << 20)
    let source = BufferSource([(0x10_000, bytes + zeroes + bytes + zeroes)])
    let file = ScratchFile()
    let range = AddressRange(start: Address(0x10_003), count: 0x20_4000)
    let dump = try source.dump(range, to: file.path)
    #expect(dump.byteCount == range.count)
    let all = bytes + zeroes + bytes + zeroes
    #expect(file.content == Array(all[3..<(3 + 0x20_4000)]))
    #expect(file.siblings == 1)
    var status = stat()
    #expect(stat(file.path, &status) == 0)
    #expect(status.st_blocks * 512 < 256 << 10)
  }

  @Test("what cannot be read is an error that leaves no file, or zeroes when that was asked for")
  func dumpWithHoles() throws {
    let bytes = pattern(0..<0x4000)
    let hole = AddressRange(start: Address(0x11_000), count: 0x1000)
    let source = BufferSource([(0x10_000, bytes)], holes: [hole])
    let file = ScratchFile([1, 2, 3])
    let range = AddressRange(start: Address(0x10_000), count: 0x5000)
    let error = failure { try source.dump(range, to: file.path) }
    #expect(error?.code == "EFAULT")
    #expect(error?.address == hole.start)
    #expect(file.content == [1, 2, 3])
    #expect(file.siblings == 1)
    let dump = try source.dump(range, to: file.path, allowsHoles: true)
    #expect(dump.unread == [hole, AddressRange(start: Address(0x14_000), count: 0x1000)])
    var expected = bytes + [UInt8](repeating: 0, count: 0x1000)
    expected.replaceSubrange(0x1000..<0x2000, with: repeatElement(0, count: 0x1000))
    #expect(file.content == expected)
  }

  @Test("nothing but an ordinary file is replaced", arguments: ["/dev/null", "/tmp"])
  func refused(_ path: String) throws {
    let source = BufferSource([(0x10_000, [1, 2, 3])])
    let error = failure {
      try source.dump(AddressRange(start: Address(0x10_000), count: 3), to: path)
    }
    #expect(error?.code == "EINVAL")
  }

  @Test("a file is loaded whole, or not at all")
  func load() throws {
    let target = try Target()
    let process = try target.attach()
    let bytes = (0..<9000).map { UInt8(truncatingIfNeeded: $0 &* 3) }
    let file = ScratchFile(bytes)
    #expect(try process.load(file.path, to: target("scratch").offset(by: 100)) == 9000)
    #expect(try process.readBytes(at: target("scratch").offset(by: 100), count: 9000) == bytes)
    let map = try process.regionMap()
    let end = try #require(map.region(containing: target("scratch"))).end
    guard map.region(containing: end) == nil else {
      try Test.cancel("something is mapped right behind")
    }
    let last = try process.readBytes(at: end.offset(by: -100), count: 100)
    #expect(failure { try process.load(file.path, to: end.offset(by: -100)) }?.code == "EFAULT")
    #expect(try process.readBytes(at: end.offset(by: -100), count: 100) == last)
  }

  @Test(
    "what is no file of at most 1 GiB is not loaded",
    arguments: [("/dev/zero", "EINVAL"), ("/tmp", "EISDIR"), ("/no/such/file", "ENOENT")])
  func unloadable(_ path: String, _ code: String) throws {
    let target = try Target()
    let process = try target.attach()
    #expect(failure { try process.load(path, to: target("scratch")) }?.code == code)
  }

  @Test("a file too large for memory is refused before it is read")
  func tooLarge() throws {
    let target = try Target()
    let process = try target.attach()
    let file = ScratchFile([0])
    #expect(truncate(file.path, (1 << 30) + 1) == 0)
    #expect(failure { try process.load(file.path, to: target("scratch")) }?.code == "E2BIG")
  }
}
