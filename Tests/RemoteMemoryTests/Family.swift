import MemoryModel
import RemoteMemory
import Testing

@testable import RemoteMemory

/// A program with a block of memory that it shares with children when told to.
final class Family: Sendable {
  let child: SpawnedProcess
  let block: AddressRange

  var id: ProcessID { child.id }

  init(megabytes: Int, huge: Bool = false) throws {
    let count = megabytes << 20
    child = try Target.start(
      [Target.program("RemoteMemoryProbe"), "--family", "\(count)", huge ? "huge" : "small"])
    let start = try Self.place(try child.receiveLine(seconds: 60))
    block = AddressRange(start: try #require(start), count: UInt64(count))
  }

  deinit {
    try? child.signal(9)
    _ = try? child.waitForExit(seconds: 10)
  }

  func fork(partly: Bool = false) throws {
    try child.send(Array((partly ? "fork partly\n" : "fork\n").utf8))
    #expect(try child.receiveLine(seconds: 60) == Array("forked".utf8))
  }

  /// Pages registered with userfaultfd(2); nil where that is not allowed.
  func registerFaults() throws -> Address? {
    try child.send(Array("faults\n".utf8))
    return try Self.place(try child.receiveLine(seconds: 60))
  }

  private static func place(_ line: [UInt8]?) throws -> Address? {
    let text = String(decoding: line ?? [], as: UTF8.self)
    let value = text.split(separator: "=").last.map(String.init) ?? ""
    return UInt64(value.replacing("0x", with: ""), radix: 16).map { Address($0) }
  }
}

/// What a process holds, in KiB, as the kernel counts it.
struct Holding {
  /// Its fair part of private memory: a page shared by two counts half.
  let anonymous: Int
  /// Its fair part of shared memory.
  let shared: Int
  /// Its page tables.
  let pageTables: Int

  init(_ id: ProcessID) throws {
    let rollup = try ProcFile.bytes("/proc/\(id)/smaps_rollup").get()
    let status = try ProcFile.bytes("/proc/\(id)/status").get()
    anonymous = Self.number("Pss_Anon:", rollup)
    shared = Self.number("Pss_Shmem:", rollup)
    pageTables = Self.number("VmPTE:", status)
  }

  private static func number(_ name: String, _ text: [UInt8]) -> Int {
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix(name) {
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap { Int($0) } ?? 0
    }
    return 0
  }

  /// By how many KiB it has grown since, of all kinds together.
  func growth(since earlier: Holding) -> Int {
    max(anonymous - earlier.anonymous, 0) + max(shared - earlier.shared, 0)
      + max(pageTables - earlier.pageTables, 0)
  }
}

/// Reads as a scan does: in blocks, with zeroes where nothing could be read.
struct BlockWalk {
  static let blockSize = 512 << 10

  /// Reads all runs, calls `body` with each block and its bytes, and gives back the holes.
  @discardableResult
  static func read(
    _ process: RemoteProcess, _ runs: [AddressRange], gently: Bool = true,
    _ body: (Address, UnsafeRawBufferPointer) throws -> Void = { _, _ in }
  ) throws -> [Hole] {
    var holes: [Hole] = []
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 4096)
    defer { room.deallocate() }
    for run in runs {
      var offset: UInt64 = 0
      while offset < run.count {
        let count = min(UInt64(blockSize), run.count - offset)
        let span = AddressRange(start: run.start.offset(by: Int64(offset)), count: count)
        let part = UnsafeMutableRawBufferPointer(rebasing: room[..<Int(count)])
        // What cannot be read is left as it was.
        part.clear()
        holes += try withUnsafePointer(to: span) { one in
          let spans = UnsafeBufferPointer(start: one, count: 1)
          return gently
            ? try process.gatherGently(spans, into: part) : try process.gather(spans, into: part)
        }
        try body(span.start, UnsafeRawBufferPointer(part))
        offset += count
      }
    }
    if gently { try process.confirm() }
    return holes
  }
}
