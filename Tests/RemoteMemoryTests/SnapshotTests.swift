import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

@Suite("Snapshots")
struct SnapshotTests {
  /// Pages of which some are zero and some equal, at odd places.
  static func pages(_ seed: UInt64, count: Int) -> [UInt8] {
    var random = Xorshift(seed)
    var bytes: [UInt8] = []
    for page in 0..<count {
      switch page % 5 {
      case 0: bytes += [UInt8](repeating: 0, count: 4096)
      case 1: bytes += [UInt8](repeating: 7, count: 4096)
      default: bytes += (0..<512).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
      }
    }
    return bytes
  }

  static func source(_ seed: UInt64 = 1) -> BufferSource {
    BufferSource(
      [
        (0x10000, pages(seed, count: 37)), (0x10000 + 37 * 4096, pages(seed + 1, count: 3)),
        (0x7000_0000, pages(seed + 2, count: 300)),
      ], holes: [AddressRange(start: Address(0x7000_0000 + 5 * 4096), count: 2 * 4096)])
  }

  @Test(
    "reads as what it was taken from, whatever the threads and blocks",
    arguments: [1, 2, 5], [4096, 12288, 2 << 20])
  func sameBytes(_ threads: Int, _ blockBytes: Int) throws {
    let source = Self.source()
    let snapshot = try Snapshot.capture(
      source, SnapshotOptions(threads: threads, blockBytes: blockBytes))
    try expectEqual(snapshot, source)
    #expect(snapshot.holes == [AddressRange(start: Address(0x7000_5000), count: 0x2000)])
    // One of five pages is zero, and one of five is the same; the holes are one of each.
    #expect(snapshot.cost.bytesZero == UInt64((8 + 1 + 59) * 4096))
    #expect(snapshot.cost.bytesShared == UInt64((8 + 1 + 59 - 1) * 4096))
    let all = source.stretches.reduce(0) { $0 + UInt64($1.bytes.count) } - 0x2000
    let cost = snapshot.cost
    #expect(cost.bytesStored + cost.bytesShared + cost.bytesZero == all)
    #expect(cost.bytesRead == all)
  }

  @Test("what changes later does not show")
  func immutable() throws {
    let source = Self.source()
    let before = source.stretches[0].bytes
    let snapshot = try Snapshot.capture(source)
    source.stretches[0].bytes = [UInt8](repeating: 1, count: before.count)
    #expect(try snapshot.readBytes(at: Address(0x10000), count: before.count) == before)
    #expect(failure { try snapshot.writeBytes([1], at: Address(0x10000)) }?.code == "EREADONLY")
  }

  @Test("a base shares what is still equal, and only that")
  func base() throws {
    let source = Self.source()
    let first = try Snapshot.capture(source)
    source.stretches[2].bytes[9 * 4096 + 17] ^= 1
    source.stretches[2].bytes[10 * 4096] ^= 1  // was zero
    source.stretches[0].bytes.replaceSubrange(0..<4096, with: repeatElement(9, count: 4096))
    let second = try Snapshot.capture(source, SnapshotOptions(base: first))
    try expectEqual(second, source)
    #expect(second.cost.bytesStored == 3 * 4096)
    guard case .bytes(let one, _) = first.stretch(at: Address(0x7000_2000), limit: 1),
      case .bytes(let two, _) = second.stretch(at: Address(0x7000_2000), limit: 1)
    else { throw Unexpected() }
    #expect(one == two)
    // The base may go; what it lent stays.
    var earlier: Snapshot? = try Snapshot.capture(source)
    let later = try Snapshot.capture(source, SnapshotOptions(base: earlier))
    earlier = nil
    try expectEqual(later, source)
  }

  @Test("what nobody wrote reads as zero, and is not stored")
  func unpopulated() throws {
    let target = try Target("islands=1")
    let process = try target.attach()
    let all = SurveyTests.range(target, "islands")
    let islands = AddressRange(start: all.start, count: all.count / 8)
    let snapshot = try Snapshot.capture(
      process, SnapshotOptions(scope: ScanScope(filter: RegionFilter(range: islands))))
    #expect(snapshot.captured.contains { $0.contains(islands.start) })
    #expect(snapshot.cost.bytesRead < 10 << 20)
    #expect(snapshot.memoryByteCount < 16 << 20)
    var random = Xorshift(5)
    for _ in 0..<200 {
      let place = islands.start.offset(by: Int64(random.next() % (islands.count - 64)))
      #expect(
        try snapshot.readBytes(at: place, count: 64) == process.readBytes(at: place, count: 64))
    }
    let outside = islands.start.offset(by: -4096)
    #expect(failure { try snapshot.readBytes(at: outside, count: 1) }?.code == "EFAULT")
  }

  @Test("finds what a scan of the process finds, and knows its modules")
  func scan() throws {
    let target = try Target("contents=8")
    let process = try target.attach()
    let snapshot = try Snapshot.capture(process)
    let scope = ScanScope(filter: RegionFilter(range: SurveyTests.range(target, "contents")))
    let types = ScanTypes.one(ScalarFormat(.i32))
    let condition = ValueCondition(.equal(.integer(1_515_896_030)))
    let live = try process.scan(types, condition, in: scope)
    let still = try snapshot.scan(types, condition, in: scope)
    #expect(live.count > 0)
    #expect(live.lanes.map(\.count) == still.lanes.map(\.count))
    #expect(
      try snapshot.regionMap().modules().map(\.name) == process.regionMap().modules().map(\.name))
    let name = snapshot.label
    #expect(name.hasPrefix("snapshot of process \(target.id)"))
  }

  @Test("is refused before it begins when there is no room, and goes to disk when there is some")
  func budget() throws {
    let source = Self.source()
    let none = MemoryBudget(limit: 1 << 16, freeDisk: { 0 })
    let refusal = failure { try Snapshot.capture(source, SnapshotOptions(budget: none)) }
    #expect(refusal?.code == "E2BIG")
    #expect(refusal?.message.contains("have to be kept") == true)
    #expect(source.gathers.load(ordering: .relaxed) == 0)
    let little = MemoryBudget(limit: 1 << 16)
    let snapshot = try Snapshot.capture(source, SnapshotOptions(budget: little))
    #expect(snapshot.diskByteCount > 0)
    try expectEqual(snapshot, source)
  }

  @Test("an end in the middle is an error, not half a snapshot")
  func ended() throws {
    let target = try Target("contents=8")
    let process = try target.attach()
    let range = SurveyTests.range(target, "contents")
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    let scope = ScanScope(filter: RegionFilter(range: range))
    #expect(
      failure { try Snapshot.capture(process, SnapshotOptions(scope: scope)) }?.code == "ESRCH")
    let source = Self.source()
    let stopped = failure {
      try Snapshot.capture(source, SnapshotOptions(threads: 1, blockBytes: 4096) { _ in false })
    }
    #expect(stopped == nil || stopped?.code == "EINTERRUPTED")
  }

  @Test("a paused one is of one moment, knows registers, and lets the process go on")
  func paused() throws {
    let target = try Target("contents=8")
    let process = try target.attach()
    let taken = Result { try Snapshot.capture(process, SnapshotOptions(pausing: true)) }
    // Where ptrace(2) is forbidden, as in some containers, the tests of pauses say so.
    if failure({ try taken.get() })?.code == "EPERM" { return }
    let snapshot = try taken.get()
    #expect(snapshot.cost.pausedSeconds > 0)
    #expect(snapshot.cost.pausedSeconds <= snapshot.cost.seconds)
    #expect(snapshot.notes.threads.allSatisfy { ($0.registers?.count ?? 0) > 0 })
    #expect(snapshot.notes.threads.first?.id == target.id)
    try target.child.send(Array("state\n".utf8))
    #expect(try target.child.receiveLine(seconds: 20) != nil)
    let again = failure { try Snapshot.capture(snapshot, SnapshotOptions(pausing: true)) }
    #expect(again?.code == "EINVAL" && again?.message.contains("does not run") == true)
  }

  /// Expects the same bytes and holes everywhere, read in one piece and across borders.
  func expectEqual(_ snapshot: Snapshot, _ source: BufferSource) throws {
    for (start, bytes) in source.stretches {
      let span = AddressRange(start: Address(start - 8192), count: UInt64(bytes.count + 16384))
      for pieces in [
        [span], [span, span].map { AddressRange(start: $0.start.offset(by: 1), count: 9000) },
      ] {
        let total = pieces.reduce(0) { $0 + Int($1.count) }
        var ours = [UInt8](repeating: 0xEE, count: total)
        var theirs = ours
        let ourHoles = try ours.withUnsafeMutableBytes { room in
          try pieces.withUnsafeBufferPointer { try snapshot.gather($0, into: room) }
        }
        let theirHoles = try theirs.withUnsafeMutableBytes { room in
          try pieces.withUnsafeBufferPointer { try source.gather($0, into: room) }
        }
        #expect(ours == theirs)
        #expect(ourHoles.reduce(0) { $0 + $1.count } == theirHoles.reduce(0) { $0 + $1.count })
      }
    }
  }
}

extension SnapshotTests {
  struct Unexpected: Error {}
}
