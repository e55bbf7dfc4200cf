import CProcessVM
import Foundation
import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// Scans that end early: interrupted, told to stop, without room, or with the target gone.
@Suite struct ScanEndTests {
  /// Says stop after it was asked so often.
  final class Alarm: Sendable {
    private let left = Atomic(Int.max)

    func set(_ count: Int) { left.store(count, ordering: .relaxed) }

    var check: InterruptCheck {
      InterruptCheck { [self] in left.wrappingSubtract(1, ordering: .relaxed).newValue < 0 }
    }
  }

  /// 64 KiB of small numbers.
  static func memory(_ interrupt: InterruptCheck = .never) -> BufferSource {
    BufferSource(
      [(0x1_0000, (0..<65_536).map { UInt8($0 * 7 / 3 % 5) })], interrupt: interrupt)
  }

  static let one = ValueCondition(.equal(.integer(1)))

  @Test(
    "interrupted after some blocks: what was found, and no more", arguments: [1, 3], [1, 10, 40])
  func interrupted(_ threads: Int, _ calls: Int) throws {
    let alarm = Alarm()
    let source = Self.memory(alarm.check)
    let options = ScanOptions(threads: threads, blockBytes: 1024)
    for condition in [Self.one, ValueCondition(.unknown)] {
      alarm.set(.max)
      let whole = try source.scan(.one(ScalarFormat(.u8)), condition, options: options)
      #expect(whole.outcome.isComplete)
      alarm.set(calls)
      let part = try source.scan(.one(ScalarFormat(.u8)), condition, options: options)
      Self.check(part, within: whole, threads == 1 ? calls : nil)
      for step in 0..<3 {
        alarm.set(.max)
        let next = try Self.step(whole, step)
        #expect(next.outcome.isComplete && next.count > 0)
        alarm.set(calls)
        let part = try Self.step(whole, step)
        Self.check(part, within: next, threads == 1 ? calls : nil)
        #expect(part.parent === whole)
      }
    }
  }

  static func step(_ hits: Hits, _ number: Int, progress: ((ScanProgress) -> Bool)? = nil) throws
    -> Hits
  {
    switch number {
    case 0: try hits.compared(.unchanged, progress: progress)
    case 1: try hits.next(Self.one, progress: progress)
    default: try hits.refreshed(progress: progress)
    }
  }

  /// - Parameter blocks: how many of 64 blocks must have been done; nil where it is not known.
  static func check(_ part: Hits, within whole: Hits, _ blocks: Int?) {
    #expect(!part.outcome.isComplete, "\(part.title)")
    #expect(part.count < whole.count)
    let known = Dictionary(uniqueKeysWithValues: zip(whole.addresses(), whole.oldValues()))
    for (address, value) in zip(part.addresses(), part.oldValues()) {
      #expect(known[address] == value)
      if known[address] != value { return }
    }
    if let blocks {
      #expect(part.outcome.statistics.bytesRead == UInt64(blocks) << 10, "\(part.title)")
      #expect(part.count > 0)
    }
  }

  @Test("told to stop by the progress function", arguments: [1, 3])
  func stopped(_ threads: Int) throws {
    let source = Self.memory()
    let whole = try source.scan(
      .one(ScalarFormat(.u8)), Self.one, options: ScanOptions(threads: threads, blockBytes: 1024))
    let asked = Atomic(0)
    // Blocks take long enough that the function is asked before all is done.
    source.onGather = { (number) throws(RemoteMemoryError) in
      while threads > 1, asked.load(ordering: .relaxed) == 0 {
        System.sleep(nanoseconds: 1_000_000)
      }
      System.sleep(nanoseconds: 20_000_000)
    }
    var last: ScanProgress?
    let progress: (ScanProgress) -> Bool = {
      asked.wrappingAdd(1, ordering: .relaxed)
      last = $0
      return false
    }
    let part = try source.scan(
      .one(ScalarFormat(.u8)), Self.one,
      options: ScanOptions(threads: threads, blockBytes: 1024, progress: progress))
    Self.check(part, within: whole, nil)
    #expect(last?.bytesTotal == 65_536)
    #expect(last.map { $0.bytesDone < $0.bytesTotal } == true)
    for step in 0..<3 {
      asked.store(0, ordering: .relaxed)
      Self.check(try Self.step(whole, step, progress: progress), within: whole, nil)
      #expect(asked.load(ordering: .relaxed) >= 1)
    }
  }

  @Test(
    "without memory values go to disk, with the same results", arguments: [0, 64 << 10, 200_000])
  func spilling(_ limit: Int) throws {
    for (type, alignment) in [(ScalarType.u8, nil), (.u32, 1), (.i64, nil)] as [(ScalarType, Int?)]
    {
      let source = Self.memory()
      var random = SplitMix(3)
      let budget = MemoryBudget(limit: limit)
      let rich = MemoryBudget(limit: 1 << 30)
      var (poor, plain): (Hits, Hits) = (
        try source.scan(
          .one(ScalarFormat(type)), ValueCondition(.unknown), alignment: alignment,
          options: ScanOptions(threads: 2, budget: budget, blockBytes: 8192)),
        try source.scan(
          .one(ScalarFormat(type)), ValueCondition(.unknown), alignment: alignment,
          options: ScanOptions(budget: rich))
      )
      #expect(plain.diskByteCount == 0)
      if limit < 65_536 { #expect(poor.diskByteCount > 0) }
      for change in [ValueChange.unchanged, .notDecreased, .changed] {
        source.edit(3000, &random)
        poor = try poor.compared(change)
        plain = try plain.compared(change)
        #expect(poor.addresses() == plain.addresses(), "\(change)")
        #expect(poor.oldValues() == plain.oldValues(), "\(change)")
        #expect(poor.count > 0)
        #expect(budget.used <= limit)
        #expect(budget.used == poor.history.reduce(0) { $0 + $1.memoryByteCount })
      }
    }
  }

  @Test("what a scan held is given back")
  func givenBack() throws {
    let source = Self.memory()
    let budget = MemoryBudget(limit: 1 << 30)
    do {
      let all = try source.scan(
        .one(ScalarFormat(.u32)), ValueCondition(.unknown), options: ScanOptions(budget: budget))
      #expect(budget.used >= 65_536)
      // Blocks that later steps share outlive the step that read them.
      let last = try all.compared(.unchanged).forgettingHistory()
      #expect(last.count == all.count)
      #expect(budget.used >= 65_536)
      #expect(last.oldValues() == all.oldValues())
    }
    #expect(budget.used == 0)
    let kept = try source.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.unknown), options: ScanOptions(budget: budget)
    ).compared(.unchanged).forgettingHistory()
    #expect(kept.oldValues().count == 16_384 && kept.oldValues()[5] != nil)
  }

  @Test("refused before the work where neither memory nor disk has room")
  func refused() throws {
    let source = Self.memory()
    let poor = MemoryBudget(limit: 4096, freeDisk: { 10_000 })
    func scan(_ condition: ValueCondition, _ budget: MemoryBudget) throws -> Hits {
      try source.scan(.one(ScalarFormat(.u8)), condition, options: ScanOptions(budget: budget))
    }
    let error = try #require(failure { try scan(ValueCondition(.unknown), poor) })
    #expect(error.code == "E2BIG")
    #expect(source.gathers.load(ordering: .relaxed) == 0)
    #expect(
      error.message.contains("64.0 KiB") || error.message.contains("64 KiB"), "\(error.message)")
    #expect(
      error.message.contains("4.0 KiB") || error.message.contains("4 KiB"), "\(error.message)")
    #expect(poor.used == 0)
    // What does not keep everything goes on.
    #expect(try scan(ValueCondition(.equal(.integer(4))), poor).count > 0)
    let enough = MemoryBudget(limit: 4096, freeDisk: { 80_000 })
    #expect(try scan(ValueCondition(.unknown), enough).count == 65_536)
    #expect(enough.used <= 4096)
  }

  /// A process that something happens to when its memory has been gathered so often.
  final class Doomed: MemorySource, @unchecked Sendable {
    let process: RemoteProcess
    private let gathers = Atomic(0)
    private let fate: (number: Int, body: @Sendable () -> Void)

    init(_ process: RemoteProcess, after number: Int, _ body: @escaping @Sendable () -> Void) {
      self.process = process
      fate = (number, body)
    }

    var pointerWidth: PointerWidth { process.pointerWidth }
    var byteOrder: ByteOrder { process.byteOrder }
    var label: String { process.label }
    var processID: ProcessID? { process.processID }
    var limits: TransferLimits { process.limits }
    var interrupt: InterruptCheck { process.interrupt }
    var statistics: TransferStatistics { process.statistics }

    func regionMap() throws(RemoteMemoryError) -> RegionMap { try process.regionMap() }

    func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
      throws(RemoteMemoryError) -> Transfer
    { try process.read(buffer, from: address) }

    func gather(
      _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
    ) throws(RemoteMemoryError) -> [Hole] { try process.gather(spans, into: buffer) }

    func survey(_ regions: [Region], _ options: SurveyOptions) throws(RemoteMemoryError) -> Survey {
      try process.survey(regions, options)
    }

    func gatherGently(
      _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
    ) throws(RemoteMemoryError) -> [Hole] {
      if gathers.wrappingAdd(1, ordering: .relaxed).newValue == fate.number { fate.body() }
      return try process.gatherGently(spans, into: buffer)
    }

    func confirm() throws(RemoteMemoryError) { try process.confirm() }

    func write(_ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions)
      throws(RemoteMemoryError)
    { try process.write(bytes, to: address, options: options) }

    func fault(
      _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
      completedBytes: Int
    ) -> RemoteMemoryError {
      process.fault(
        operation, at: address, requestedBytes: requestedBytes, completedBytes: completedBytes)
    }
  }

  /// How many descriptors of ours belong to a process.
  static func descriptors(on process: ProcessID) -> Int {
    let own = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return own.count { number in
      let link = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/" + number)
      return link?.hasPrefix("/proc/\(process)/") ?? false
    }
  }

  enum Fate: CaseIterable { case killed, executes }

  @Test("the target goes in the middle", arguments: Fate.allCases, [1, 3])
  func targetGoes(_ fate: Fate, _ threads: Int) throws {
    for refining in [false, true] {
      let target = try Target("block=2")
      let budget = MemoryBudget(limit: 1 << 30)
      let options = ScanOptions(threads: threads, budget: budget, blockBytes: 64 << 10)
      let scope = ScanLiveTests.window(target, "block")
      let child = target.child
      let before = Self.descriptors(on: target.id)
      do {
        let process = try target.attach()
        defer { process.close() }
        let doomed = Doomed(process, after: refining ? 32 + 5 : 5) {
          switch fate {
          case .killed:
            try? child.signal(9)
            _ = try? child.waitForExit(seconds: 20)
          case .executes:
            try? child.send(Array("exec\n".utf8))
            _ = try? Target.readBlock(child)
          }
        }
        let type = ScanTypes.one(ScalarFormat(.u32))
        let error: RemoteMemoryError?
        if refining {
          let all = try doomed.scan(
            type, ValueCondition(.unknown), in: scope, options: options)
          #expect(all.count == 1 << 19)
          error = failure { try all.compared(.unchanged) }
          // What was found stays good.
          #expect(all.hit(at: 7)?.old != nil)
        } else {
          error = failure {
            try doomed.scan(type, ValueCondition(.unknown), in: scope, options: options)
          }
        }
        #expect(error?.code == (fate == .killed ? "ESRCH" : "EXEC"))
      }
      #expect(budget.used == 0)
      #expect(Self.descriptors(on: target.id) == before)
    }
  }
}
