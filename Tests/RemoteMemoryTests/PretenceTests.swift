import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// A dry run: nothing is written, and every read shows what would be there.
@Suite struct PretenceTests {
  private static let dryRun = AttachOptions(mode: .pretend)

  @Test("what was pretended is what every way of reading shows, and nothing is written")
  func reads() throws {
    let target = try Target()
    let process = try target.attach(Self.dryRun)
    let start = target("scratch")
    let before = try target.ask("checksum \(start) 4096")
    let place = start.offset(by: 4090)
    try process.writeBytes([1, 2, 3, 4], at: place)
    let wanted = pattern(4088..<4090) + [1, 2, 3, 4] + pattern(4094..<4096)
    let around = AddressRange(start: start.offset(by: 4088), count: 8)
    #expect(try process.readBytes(at: around.start, count: 8) == wanted)
    // Once more, now that the mapping is trusted; and a long one, by number.
    #expect(try process.readBytes(at: around.start, count: 8) == wanted)
    let all = try process.readBytes(at: start, count: 8192)
    #expect(Array(all[4088..<4096]) == wanted && Array(all[..<4088]) == pattern(0..<4088))
    #expect(try process.readSparse(at: around.start, count: 8).bytes == wanted)
    let parts = try process.readVector(
      [AddressRange(start: place, count: 3), AddressRange(start: around.start, count: 4)],
      localCounts: [5, 2])
    #expect(parts.buffers == [[1, 2, 3] + wanted[0..<2], [1, 2]])
    let snapshot = try Snapshot.capture(process, RestoreTests.scope(start, 4096))
    #expect(try snapshot.readBytes(at: around.start, count: 8) == wanted)
    #expect(try target.ask("checksum \(start) 4096") == before)
    #expect(try target.attach().readBytes(at: around.start, count: 8) == pattern(4088..<4096))
  }

  @Test("it refuses what a write would refuse, and pretends nothing of it")
  func refuses() throws {
    let guarded = try Target("guard")
    let process = try guarded.attach(Self.dryRun)
    let gap = guarded("guard_gap")
    let error = failure {
      try process.writeBytes([UInt8](repeating: 0xAA, count: 6000), at: gap.offset(by: -5000))
    }
    #expect(error?.code == "EFAULT")
    #expect(process.pretence?.isEmpty == true)
    for place in [guarded("take_damage_sub"), Address(16)] {
      #expect(failure { try process.writeBytes([1], at: place) }?.code == "EFAULT")
    }

    let shared = try Target("shared-file")
    let other = try shared.attach(Self.dryRun)
    #expect(failure { try other.writeBytes([1], at: shared("shared_file")) }?.code == "ESHARED")
    try other.writeBytes([1], at: shared("shared_file"), options: WriteOptions(sharedFile: true))
    #expect(try other.readBytes(at: shared("shared_file"), count: 1) == [1])
    #expect(try shared.attach().readBytes(at: shared("shared_file"), count: 1) == pattern(0..<1))
    try guarded.child.signal(9)
    _ = try guarded.child.waitForExit(seconds: 10)
    #expect(failure { try process.writeBytes([1], at: guarded("scratch")) }?.code == "ESRCH")
  }

  @Test("memory that cannot be read can still be pretended to be written")
  func writeOnly() throws {
    let target = try Target("write-only")
    let process = try target.attach(Self.dryRun)
    try process.writeBytes([9], at: target("write_only"))
    #expect(failure { try process.readBytes(at: target("write_only"), count: 1) }?.code == "EFAULT")
  }

  @Test("searches find what was pretended, also in pages nobody ever wrote")
  func searches() throws {
    let target = try Target("reservation=1")
    let process = try target.attach(Self.dryRun)
    let place = target("reservation").offset(by: (1 << 29) + 100)
    let region = try #require(try process.region(at: place))
    #expect(try process.survey([region], .harmless).runs.allSatisfy { !$0.contains(place) })
    try process.writeBytes(Array("a needle, pretended".utf8), at: place)
    let survey = try process.survey([region], .harmless)
    #expect(survey.runs.contains { $0.contains(place) })
    #expect(survey.readableBytes &+ survey.unpopulatedBytes == region.range.count)
    let hits = try process.find(
      [("n", BytePattern(Array("needle, pretended".utf8)))],
      in: ScanScope(filter: RegionFilter(range: region.range)))
    #expect(hits.count == 1)
  }

  @Test("each write is told once, with what was there and what would be")
  func tells() throws {
    let target = try Target()
    let told = Mutex<[ProposedWrite]>([])
    var options = Self.dryRun
    options.oversight.tellOfPretended = { write in told.withLock { $0.append(write) } }
    options.oversight.tellOfFirst = { _ in Issue.record("nothing is written") }
    let process = try target.attach(options)
    var named = WriteOptions()
    named.purpose = "a test"
    try process.writeBytes([1, 2], at: target("scratch"), options: named)
    try process.writeBytes([1, 2], at: target("scratch"))
    try process.fill(at: target("scratch"), count: 4096, with: [7])
    #expect(failure { try process.writeBytes([1], at: Address(16)) } != nil)
    let writes = told.withLock { $0 }
    #expect(writes.map(\.byteCount) == [2, 2, 4096])
    #expect(writes.map(\.purpose) == ["a test", nil, nil])
    #expect(writes.map(\.changesNothing) == [false, true, false])
    #expect(writes[0].old == pattern(0..<2) && writes[0].new == [1, 2])
    #expect(writes[2].old == [1, 2] + pattern(2..<4096))
  }

  @Test("a patch of a dry run changes what is read, and neither the process nor a journal")
  func patches() throws {
    let target = try Target()
    let process = try target.attach(Self.dryRun)
    let place = target("take_damage_sub")
    let old = try process.readBytes(at: place, count: 2)
    let patch = try Patch(
      "no damage", [PatchEdit(at: place, replacement: BytePattern([0x90, 0x90]))], of: process,
      options: PatchOptions(isForced: true))
    try patch.enable()
    #expect(patch.status == .on)
    #expect(try process.readBytes(at: place, count: 2) == [0x90, 0x90])
    #expect(try target.attach().readBytes(at: place, count: 2) == old)
    try patch.disable()
    #expect(patch.status == .off)
    #expect(try process.readBytes(at: place, count: 2) == old)
  }

  @Test("who is asked can refuse, and sees what would be there")
  func asks() throws {
    let target = try Target()
    let asked = Mutex<[ProposedWrite]>([])
    let first = Mutex(0)
    var options = AttachOptions()
    options.oversight.approve = { (write) throws(RemoteMemoryError) in
      asked.withLock { $0.append(write) }
      if write.new.first == 0xBB {
        throw RemoteMemoryError(.write, .refused, process: write.process.id, address: write.address)
      }
    }
    options.oversight.tellOfFirst = { _ in first.withLock { $0 += 1 } }
    let process = try target.attach(options)
    let place = target("scratch")
    #expect(failure { try process.writeBytes([0xBB], at: place) }?.code == "EREFUSED")
    #expect(first.withLock { $0 } == 0)
    #expect(failure { try process.writeBytes([0xAA], at: Address(16)) }?.code == "EFAULT")
    try process.writeBytes([0xAA], at: place)
    var approved = WriteOptions()
    approved.isApproved = true
    try process.writeBytes([0xBB], at: place, options: approved)
    #expect(failure { try process.approve([0xBB], at: place) }?.code == "EREFUSED")
    #expect(try process.readBytes(at: place, count: 1) == [0xBB])
    #expect(asked.withLock { $0.map(\.old) } == [pattern(0..<1), pattern(0..<1), [0xBB]])
    #expect(first.withLock { $0 } == 1)
  }

  @Test("any sequence of writes reads as a plain array would")
  func model() throws {
    let pretence = Pretence()
    let base: UInt64 = 0x7000_0000
    let size = 5 * Int(System.pageSize)
    var model = [UInt8?](repeating: nil, count: size)
    var random = SplitMix(11)
    for step in 0..<400 {
      let longest = step % 9 == 0 ? size : step % 3 == 0 ? 700 : 9
      let start = Int(random.next() % UInt64(size))
      let count = min(1 + Int(random.next() % UInt64(longest)), size - start)
      let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let kept = unsafe bytes.withUnsafeBytes {
        unsafe pretence.keep($0, at: Address(base &+ UInt64(start)))
      }
      #expect(kept)
      for (index, byte) in bytes.enumerated() { model[start + index] = byte }
      if step % 40 == 0 || step < 12 { check(pretence, base, model, &random) }
    }
  }

  /// Compares all of it, and some spans with holes between them.
  private func check(
    _ pretence: Pretence, _ base: UInt64, _ model: [UInt8?], _ random: inout SplitMix
  ) {
    var room = [UInt8](repeating: 0xEE, count: model.count)
    unsafe room.withUnsafeMutableBytes { unsafe pretence.show(in: $0, at: Address(base)) }
    #expect(room == model.map { $0 ?? 0xEE })
    let size = UInt64(model.count)
    let spans = (0..<5).map { _ in
      let start = random.next() % size
      return AddressRange(
        start: Address(base &+ start), count: min(random.next() % 3000, size - start))
    }
    let total = spans.reduce(0) { $0 + Int($1.count) }
    var wanted: [UInt8] = spans.flatMap { span -> [UInt8] in
      let start = Int(span.start.rawValue &- base)
      return model[start..<(start + Int(span.count))].map { $0 ?? 0xEE }
    }
    var holes: [Hole] = []
    var offset = Int(random.next() % 500)
    while offset + 300 < total {
      let count = 1 + Int(random.next() % 300)
      holes.append(Hole(offset: offset, count: count, address: .zero))
      for index in offset..<(offset + count) { wanted[index] = 0xEE }
      offset += count + Int(random.next() % 2000)
    }
    var gathered = [UInt8](repeating: 0xEE, count: total)
    unsafe gathered.withUnsafeMutableBytes { room in
      unsafe spans.withUnsafeBufferPointer {
        unsafe pretence.show(in: room, gathered: $0, holes: holes)
      }
    }
    #expect(gathered == wanted)
  }

  @Test("it keeps a bounded amount")
  func bounded() throws {
    let pretence = Pretence()
    let bytes = [UInt8](repeating: 1, count: 1 << 20)
    let count = Pretence.limit >> 20
    for index in 0..<count {
      let kept = unsafe bytes.withUnsafeBytes {
        unsafe pretence.keep($0, at: Address(UInt64(index) << 20))
      }
      #expect(kept)
    }
    let more = unsafe bytes.withUnsafeBytes {
      unsafe (
        pretence.keep($0, at: Address(UInt64(count) << 20)), pretence.keep($0, at: Address(4096))
      )
    }
    #expect(more.0 == false && more.1)
  }
}
