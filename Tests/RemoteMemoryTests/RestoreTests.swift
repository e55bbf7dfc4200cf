import MemoryModel
import Testing

@testable import RemoteMemory

/// Old bytes put back into a running process.
@Suite struct RestoreTests {
  static func scope(_ start: Address, _ count: UInt64) -> SnapshotOptions {
    SnapshotOptions(
      scope: ScanScope(filter: RegionFilter(range: AddressRange(start: start, count: count))))
  }

  @Test func aSnapshotIsPutBack() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let start = target("scratch")
    try process.writeBytes(pattern(0..<4096), at: start)
    let before = try Snapshot.capture(process, Self.scope(start, 4096))
    var random = SplitMix(5)
    var changed = 0
    for place in 0..<4096 where random.next() % 7 == 0 {
      let old = pattern(place..<(place + 1))[0]
      try process.writeBytes([old ^ 0x5A], at: start.offset(by: Int64(place)))
      changed += 1
    }
    let outcomes = try process.restore(from: before)
    #expect(outcomes.count == 1 && outcomes.allSatisfy(\.isComplete))
    #expect(outcomes.first?.differingBytes == UInt64(changed))
    #expect(outcomes.first?.writtenBytes == UInt64(changed))
    #expect(try process.readBytes(at: start, count: 4096) == pattern(0..<4096))
    let again = try process.restore(from: before)
    #expect(again.allSatisfy { $0.isComplete && $0.differingBytes == 0 })
  }

  @Test func onlyTheCellsOfADiffArePutBack() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let start = target("scratch")
    try process.writeBytes([UInt8](repeating: 1, count: 64), at: start)
    let before = try Snapshot.capture(process, Self.scope(start, 4096))
    try process.writeBytes([UInt8](repeating: 2, count: 64), at: start)
    let after = try Snapshot.capture(process, Self.scope(start, 4096))
    let diff = try Diff.compare(before, after)
    let half = try diff.inRegions(
      RegionFilter(range: AddressRange(start: start.offset(by: 8), count: 16)))
    #expect(half.count == 16)
    #expect(try process.restore(half).first?.writtenBytes == 16)
    let wanted =
      [UInt8](repeating: 2, count: 8) + [UInt8](repeating: 1, count: 16)
      + [UInt8](repeating: 2, count: 40)
    #expect(try process.readBytes(at: start, count: 64) == wanted)
    #expect(try process.restore(diff).first?.writtenBytes == 48)
    #expect(try process.apply(diff).first?.writtenBytes == 64)
    #expect(try process.readBytes(at: start, count: 64) == [UInt8](repeating: 2, count: 64))
  }

  @Test func whatIsGoneOrCannotBeWrittenIsAnOutcome() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let start = target("scratch")
    let map = try process.regionMap()
    let code = try #require(
      map.regions.first {
        $0.permissions.contains(.execute) && !$0.permissions.contains(.write) && $0.kind == .file
      })
    // A memory that says code was other, and that something lay where nothing does.
    let nowhere: UInt64 = 0x1000
    let page = try process.readBytes(at: code.start, count: 4096)
    let mine = try process.readBytes(at: start, count: 16)
    let known = BufferSource(
      [
        (nowhere, [1, 2, 3, 4]), (code.start.rawValue, page.map { ~$0 }),
        (start.rawValue, mine.map { ~$0 }),
      ].sorted { $0.0 < $1.0 })
    let outcomes = try process.restore(from: known)
    #expect(outcomes.count == 3)
    let scratch = outcomes.first { $0.range.start == start }
    #expect(scratch?.isComplete == true && scratch?.writtenBytes == 16)
    let program = outcomes.first { $0.range.start == code.start }
    #expect(program?.differingBytes == 4096 && program?.writtenBytes == 0)
    #expect(program?.failure?.cause == .notWritable)
    #expect(outcomes.last?.range.start.rawValue == nowhere)
    #expect(outcomes.last?.failure?.cause == .fault && outcomes.last?.unreadableBytes == 4)
    #expect(try process.readBytes(at: code.start, count: 4096) == page)
  }

  @Test func holesAreLeftAlone() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let start = target("scratch")
    try process.writeBytes([UInt8](repeating: 7, count: 16), at: start)
    let known = BufferSource(
      [(start.rawValue, [UInt8](repeating: 9, count: 16))],
      holes: [AddressRange(start: start.offset(by: 4), count: 2)])
    let outcomes = try process.restore(from: known)
    #expect(outcomes.first?.writtenBytes == 14 && outcomes.first?.unreadableBytes == 2)
    #expect(
      try process.readBytes(at: start, count: 16)
        == [9, 9, 9, 9, 7, 7] + [UInt8](repeating: 9, count: 10))
  }

  @Test func aProcessForReadingIsNotWritten() throws {
    let target = try Target("block=1")
    let process = try target.attach(AttachOptions(mode: .readOnly))
    let before = try Snapshot.capture(process, Self.scope(target("scratch"), 4096))
    #expect(failure { try process.restore(from: before) }?.cause == .readOnly)
  }
}
