import MemoryModel
import Testing

@testable import RemoteMemory

/// Reading leaves the target as it was: less than 1 MiB more of anything.
@Suite struct GentleTests {
  /// As `SurveyTests.kernels`, and with nothing to ask about pages or forks.
  static let kernels: [Set<KernelFeature>] =
    SurveyTests.kernels + [
      [.lastProcessNumber], [.lastProcessNumber, .pageScan], [.pageScan, .pageMap],
    ]

  static let limit = 1000

  @Test(
    "a scan of everything makes no target grow",
    arguments: [
      "block=32", "cow=64", "sparse-memfd=64", "reservation=8", "guard", "many-mappings=5000",
      "shared-anon",
    ], kernels)
  func growth(_ layout: String, _ without: Set<KernelFeature>) throws {
    // Where no page may be asked for, a reservation is read whole: 8 GiB of zeroes.
    if without.contains(.pageMap), layout.hasPrefix("reservation") { return }
    let target = try Target(layout)
    let process = try target.attach(IdentityTests.options(without))
    let before = try Holding(target.id)
    for _ in 0..<2 {
      let survey = try process.survey(try process.regionMap().regions, .harmless)
      try BlockWalk.read(process, survey.runs)
    }
    #expect(try Holding(target.id).growth(since: before) < Self.limit)
  }

  @Test("plain gathering copies what is shared, so that the measure is one")
  func measure() throws {
    let target = try Target("cow=64")
    let process = try target.attach()
    let before = try Holding(target.id)
    try BlockWalk.read(process, [SurveyTests.range(target, "cow")], gently: false)
    #expect(try Holding(target.id).growth(since: before) > 16 << 10)
  }

  @Test("a block shared whole or in part, of small and of huge pages", arguments: kernels)
  func family(_ without: Set<KernelFeature>) throws {
    for huge in [false, true] {
      for partly in [false, true] {
        let family = try Family(megabytes: 32, huge: huge)
        try family.fork(partly: partly)
        let process = try RemoteProcess.attach(family.id, options: IdentityTests.options(without))
        let before = try Holding(family.id)
        let runs = try SurveyTests.survey(process, family.block).runs
        #expect(runs == [family.block])
        #expect(try Self.isPattern(process, family.block))
        #expect(try Holding(family.id).growth(since: before) < Self.limit)
      }
    }
  }

  @Test("a fork after the scan began")
  func lateFork() throws {
    let family = try Family(megabytes: 32)
    let process = try RemoteProcess.attach(family.id)
    // More than is read with care before all processes are looked at.
    for _ in 0..<3 { #expect(try Self.isPattern(process, family.block)) }
    try family.fork()
    System.sleep(nanoseconds: 5_000_000)
    let before = try Holding(family.id)
    for _ in 0..<3 { #expect(try Self.isPattern(process, family.block)) }
    #expect(try Holding(family.id).growth(since: before) < Self.limit)
  }

  @Test("who is alone is not read with care")
  func alone() throws {
    let target = try Target("block=32")
    let process = try target.attach()
    let block = SurveyTests.range(target, "block")
    // Some other test's processes may be looked at meanwhile, hence several attempts.
    let isAlone = (0..<200).contains { _ in
      !process.relatives.mayExist(of: process, beforeReading: Int(block.count))
    }
    try #require(isAlone || System.lastProcessNumber == nil)
    let related = try Family(megabytes: 1)
    try related.fork()
    let parent = try RemoteProcess.attach(related.id)
    for _ in 0..<20 {
      #expect(parent.relatives.mayExist(of: parent, beforeReading: 32 << 20))
      System.sleep(nanoseconds: 500_000)
    }
  }

  @Test("the same bytes and holes as gathering", arguments: kernels)
  func sameAsGather(_ without: Set<KernelFeature>) throws {
    // The child of "cow" shares all that the others mapped before it.
    let target = try Target(
      "holes", "prot-none", "guard", "no-access", "write-only", "truncated-file", "block=4",
      "memfd", "cow=4")
    let process = try target.attach(IdentityTests.options(without))
    var spans: [AddressRange] = []
    for name in ["holes", "prot_none", "guard", "truncated", "memfd"] {
      let all = SurveyTests.range(target, name)
      spans.append(all)
      spans.append(AddressRange(start: all.start.offset(by: 100), count: all.count - 200))
    }
    for name in ["no_access", "write_only"] {
      spans.append(AddressRange(start: target(name).offset(by: 5), count: 4000))
    }
    spans.append(AddressRange(start: Address(64), count: 100_000))
    spans.append(AddressRange(start: target("block"), count: 0))
    spans.append(AddressRange(start: target("block").offset(by: 77), count: 3 << 20))
    spans.append(AddressRange(start: Address(UInt64.max - 8191), count: 8192))
    spans += (0..<2000).map {
      AddressRange(start: target("cow").offset(by: Int64($0 * 2000)), count: 13)
    }
    let plain = try Self.gather(process, spans, gently: false)
    let gentle = try Self.gather(process, spans, gently: true)
    #expect(plain.bytes == gentle.bytes)
    #expect(plain.holes == gentle.holes)
    #expect(!plain.holes.isEmpty)
  }

  @Test("several threads at once", arguments: [[], [.pageScan]] as [Set<KernelFeature>])
  func threads(_ without: Set<KernelFeature>) async throws {
    let family = try Family(megabytes: 32)
    let process = try RemoteProcess.attach(family.id, options: IdentityTests.options(without))
    try family.fork()
    let before = try Holding(family.id)
    let parts = (0..<8).map { index in
      AddressRange(
        start: family.block.start.offset(by: Int64(index) << 22), count: 4 << 20)
    }
    let start = family.block.start
    let areRight = try await withThrowingTaskGroup(of: Bool.self) { group in
      for part in parts {
        group.addTask { try Self.isPattern(process, part, from: start) }
      }
      return try await group.reduce(true) { $0 && $1 }
    }
    #expect(areRight)
    #expect(try Holding(family.id).growth(since: before) < Self.limit)
  }

  /// Whether a range holds the pattern that began at `origin`.
  static func isPattern(
    _ process: RemoteProcess, _ range: AddressRange, from origin: Address? = nil
  ) throws -> Bool {
    var isRight = true
    let holes = try BlockWalk.read(process, [range]) { place, bytes in
      let first = Int((origin ?? range.start).distance(to: place))
      // All of it would take long in a debug build: one byte in 61, which meets every place of a page.
      for index in stride(from: 0, to: bytes.count, by: 61) {
        let position = first + index
        let expected = UInt8(truncatingIfNeeded: position &* 31 &+ position / 256)
        if bytes[index] != expected { isRight = false }
      }
    }
    return isRight && holes.isEmpty
  }

  static func gather(_ process: RemoteProcess, _ spans: [AddressRange], gently: Bool) throws -> (
    bytes: [UInt8], holes: [Hole]
  ) {
    var bytes = [UInt8](repeating: 0xEE, count: spans.reduce(0) { $0 + Int($1.count) })
    let holes = try bytes.withUnsafeMutableBytes { buffer in
      try spans.withUnsafeBufferPointer { spans in
        gently
          ? try process.gatherGently(spans, into: buffer)
          : try process.gather(spans, into: buffer)
      }
    }
    return (bytes, holes)
  }
}
