import MemoryModel
import RemoteMemoryFixtures
import Testing

@testable import RemoteMemory

/// A frozen place holds its value whatever the target does, and only there.
@Suite struct FreezeTests {
  static let i32 = ScalarFormat(.i32)

  static func word(_ value: Int32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  static func read(_ process: RemoteProcess, _ place: Address) throws -> Int32 {
    let bytes = try process.readBytes(at: place, count: 4)
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
  }

  static func scalar(_ process: RemoteProcess) -> StoredScalar {
    StoredScalar(i32, .none, in: process)
  }

  @Test("it is written at once, and again whenever it is another")
  func holds() throws {
    let target = try Target()
    let (process, stranger) = (try target.attach(), try target.attach())
    let freeze = try process.freeze(at: target("health"), .hold(Self.word(999)), every: 0.002)
    #expect(try Self.read(process, target("health")) == 999)
    #expect(freeze.isActive && freeze.report.writes == 1 && freeze.report.resisted == 0)
    for value: Int32 in [1, 998, -1] {
      try stranger.writeBytes(Self.word(value), at: target("health"))
      #expect(try PauseTests.eventually { try Self.read(process, target("health")) == 999 })
    }
    #expect(PauseTests.eventually { freeze.report.resisted == 3 && freeze.report.writes == 4 })
    #expect(PauseTests.eventually { freeze.report.ticks > 3 })
    let written = process.statistics.bytesWritten
    let ticks = freeze.report.ticks
    #expect(PauseTests.eventually { freeze.report.ticks > ticks + 2 })
    #expect(process.statistics.bytesWritten == written, "what is as it should be is not written")
    freeze.release()
    try stranger.writeBytes(Self.word(5), at: target("health"))
    #expect(freeze.report.ticks >= ticks && process.freezes.isEmpty)
    #expect(try Self.read(process, target("health")) == 5)
    #expect(!freeze.isActive)
    if case .lost(let error) = freeze.end { Issue.record(error) }
  }

  @Test("a target that changes it at every step does not get away with it")
  func resists() throws {
    let target = try Target(options: ["--rate", "500"])
    let process = try target.attach()
    let freeze = try process.freeze(at: target("health"), .hold(Self.word(7777)), every: 0.001)
    #expect(PauseTests.eventually { freeze.report.resisted >= 20 })
    freeze.release()
    #expect(freeze.report.writes == freeze.report.resisted + 1)
    #expect(try Self.read(process, target("health")) > 7000)
  }

  @Test(
    "a rule says what is to be written over a value",
    arguments: [
      (5, nil, 4, 5), (5, nil, 5, nil), (5, nil, 6, nil), (nil, 5, 6, 5), (nil, 5, 5, nil),
      (-3, 3, -4, -3), (-3, 3, 4, 3), (-3, 3, 0, nil), (2, 2, 1, 2), (2, 2, 3, 2),
    ] as [(Int64?, Int64?, Int32, Int32?)])
  func rules(_ low: Int64?, _ high: Int64?, _ value: Int32, _ wanted: Int32?) throws {
    let rule = try FreezeRule.within(
      low.map(ScalarValue.integer), high.map(ScalarValue.integer),
      as: StoredScalar(Self.i32, .none, in: BufferSource([])))
    #expect(
      Self.word(value).withUnsafeBytes { rule.correction(of: $0) } == wanted.map(Self.word))
  }

  @Test("what is no number is beyond any limit; a disguised value is meant, not its bytes")
  func oddRules() throws {
    let source = BufferSource([])
    let real = StoredScalar(ScalarFormat(.f64), .none, in: source)
    let rule = try FreezeRule.within(.real(1), nil, as: real)
    let bytes = try real.bytes(of: .real(.nan))
    #expect(try bytes.withUnsafeBytes { rule.correction(of: $0) } == real.bytes(of: .real(1)))
    let secret = StoredScalar(Self.i32, StoredEncoding(xor: 0x5a5a, add: 3), in: source)
    let limit = try FreezeRule.within(nil, .integer(9), as: secret)
    let high = try secret.bytes(of: .integer(10))
    #expect(secret.value(of: high) == .integer(10))
    #expect(try high.withUnsafeBytes { limit.correction(of: $0) } == secret.bytes(of: .integer(9)))
    for (low, high) in [(nil, nil), (3, 2)] as [(Int64?, Int64?)] {
      let error = failure {
        try FreezeRule.within(
          low.map(ScalarValue.integer), high.map(ScalarValue.integer), as: secret)
      }
      #expect(error?.code == "EINVAL")
    }
    #expect(
      failure { try FreezeRule.within(.integer(1 << 40), nil, as: secret) }?.code == "ERANGE")
  }

  @Test("places are held as they lie: side by side, over a page's edge, long, far apart")
  func shapes() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let start = target("block")
    let places: [(UInt64, Int)] = [
      (0, 4), (4, 4), (8, 2), (100, 300), (4094, 4), (8190, 2), (8192, 8), (500_001, 1),
      (1_000_000, 16),
    ]
    let freezes = try places.map { offset, count in
      try process.freeze(
        at: start.offset(by: Int64(offset)), .hold([UInt8](repeating: 0xA5, count: count)),
        every: 0.002)
    }
    #expect(process.freezes.map(\.address) == freezes.map(\.address))
    for _ in 0..<3 {
      for freeze in freezes {
        try process.writeBytes([0x11], at: freeze.address.offset(by: Int64(freeze.byteCount - 1)))
      }
      #expect(
        try PauseTests.eventually {
          try freezes.allSatisfy { freeze in
            let bytes = try process.readBytes(at: freeze.address, count: freeze.byteCount)
            return bytes.allSatisfy { $0 == 0xA5 }
          }
        })
    }
    let between = try process.readBytes(at: start.offset(by: 10), count: 90)
    #expect(!between.contains(0xA5))
    for freeze in freezes { freeze.release() }
    #expect(FreezeTable.current(for: process) == nil)
  }

  @Test("another rule holds at once; one of another size is refused")
  func changes() throws {
    let target = try Target()
    let process = try target.attach()
    let freeze = try process.freeze(at: target("gold"), .hold(Self.word(1)))
    defer { freeze.release() }
    try freeze.change(to: .hold(Self.word(2)))
    #expect(try Self.read(process, target("gold")) == 2)
    try freeze.change(to: .within(.integer(10), nil, as: Self.scalar(process)))
    #expect(try Self.read(process, target("gold")) == 10)
    #expect(failure { try freeze.change(to: .hold([1, 2])) }?.code == "EINVAL")
    freeze.release()
    try freeze.change(to: .hold(Self.word(3)))
    #expect(try Self.read(process, target("gold")) == 10)
  }

  @Test("what cannot be held is refused, and nothing goes on")
  func refusals() throws {
    let target = try Target("read-only")
    let process = try target.attach()
    let place = target("health")
    let rule = FreezeRule.hold(Self.word(1))
    func code(_ address: Address, _ rule: FreezeRule, _ seconds: Double = 1) -> String? {
      failure { try process.freeze(at: address, rule, every: seconds) }?.code
    }
    #expect(code(Address(16), rule) == "EFAULT")
    #expect(code(target("read_only"), rule) == "EFAULT")
    #expect(
      code(target("read_only"), try .within(nil, .integer(1 << 30), as: Self.scalar(process)))
        == "EFAULT")
    #expect(code(Address(.max), rule) == "EFAULT")
    #expect(code(place, .hold([])) == "EINVAL")
    for seconds in [0, -1, 0.0009, 3601, .infinity, .nan] {
      #expect(code(place, rule, seconds) == "EINVAL")
    }
    #expect(FreezeTable.current(for: process) == nil)
    let freeze = try process.freeze(at: place, rule)
    for distance: Int64 in [-3, 0, 3] {
      #expect(code(place.offset(by: distance), rule) == "EBUSY")
    }
    freeze.release()
    let reader = try target.attach(AttachOptions(mode: .readOnly))
    #expect(failure { try reader.freeze(at: place, rule) }?.code == "EREADONLY")
  }

  @Test("it ends with the process, at once, and says so")
  func exits() throws {
    let target = try Target()
    let process = try target.attach()
    let freeze = try process.freeze(at: target("health"), .hold(Self.word(1)), every: 3600)
    try target.child.send(Array("exit 3\n".utf8))
    #expect(try target.child.waitForExit(seconds: 20) != nil)
    #expect(PauseTests.eventually { !freeze.isActive })
    guard case .lost(let error) = freeze.end else {
      Issue.record("\(String(describing: freeze.end))")
      return
    }
    #expect(error.code == "ESRCH")
    #expect(failure { try process.freeze(at: target("health"), .hold([1])) }?.code == "ESRCH")
    freeze.release()
  }

  @Test("another program of the same process is not touched")
  func exec() throws {
    let target = try Target()
    let process = try target.attach()
    let place = target("scratch")
    let freeze = try process.freeze(
      at: place, .hold([UInt8](repeating: 0xEE, count: 64)), every: 0.001)
    try target.child.send(Array("exec\n".utf8))
    let (places, _) = try Target.readBlock(target.child)
    #expect(PauseTests.eventually { !freeze.isActive })
    guard case .lost(let error) = freeze.end else {
      Issue.record("\(String(describing: freeze.end))")
      return
    }
    #expect(error.code == "EXEC")
    let fresh = try target.attach()
    let scratch = Address(try #require(places["scratch"]))
    #expect(try fresh.readBytes(at: scratch, count: 4096) == pattern(0..<4096))
  }

  @Test("the next owner of the number is not written")
  func reuse() throws {
    let target = try Target()
    let process = try target.attach()
    let place = target("scratch").alignedDown(to: 4096)
    let freeze = try process.freeze(
      at: place, .hold([UInt8](repeating: 0x11, count: 64)), every: 0.001)
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    let child = fixture_clone_with_pid(target.id.rawValue, place.rawValue, 0xEE)
    defer { if child > 0 { fixture_end(child) } }
    #expect(PauseTests.eventually { !freeze.isActive })
    // Choosing a number needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.
    guard child == target.id.rawValue else { return }
    let stranger = try RemoteProcess.attach(ProcessID(child))
    #expect(
      try PauseTests.eventually {
        try stranger.readPartial(at: place, count: 1).bytes == [0xEE]
      })
    #expect(try stranger.readBytes(at: place, count: 4096).allSatisfy { $0 == 0xEE })
  }

  @Test("a place that cannot be held is left alone for a second, and then tried again")
  func faults() throws {
    let target = try Target("read-only")
    let process = try target.attach()
    let second: UInt64 = 1_000_000_000
    var group = FreezeGroup(process, period: second / 10, now: 0)
    let engine = try FreezeEngine(process)
    let good = Freeze(
      .hold(Self.word(4)), at: target("gold"), seconds: 0.1, options: .ordinary, by: engine)
    let bad = Freeze(
      .hold(Self.word(4)), at: target("read_only"), seconds: 0.1, options: .ordinary, by: engine)
    let nowhere = Freeze(
      .hold(Self.word(4)), at: Address(4096), seconds: 0.1, options: .ordinary, by: engine)
    for freeze in [good, bad, nowhere] { group.insert(freeze) }
    try group.run(now: second)
    #expect(try Self.read(process, target("gold")) == 4)
    #expect(good.state.fault == nil && good.state.writes == 1)
    #expect(bad.state.fault?.cause == .notWritable && nowhere.state.fault?.code == "EFAULT")
    let resisted = bad.state.resisted
    try group.run(now: second + second / 2)
    #expect(bad.state.resisted == resisted, "it is left alone")
    try group.run(now: second * 2)
    #expect(bad.state.resisted == resisted + 1 && bad.state.fault != nil && bad.state.writes == 0)
  }

  @Test("freezes come and go from several threads while others are held")
  func churn() async throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let start = target("block")
    let steady = try process.freeze(at: target("health"), .hold(Self.word(42)), every: 0.001)
    await withTaskGroup(of: Void.self) { tasks in
      for task in 0..<4 {
        tasks.addTask {
          for round in 0..<100 {
            let place = start.offset(by: Int64(task * 4096 + round * 8))
            let freeze = try? process.freeze(
              at: place, .hold([1, 2, 3]), every: round % 2 == 0 ? 0.001 : 0.5)
            try? freeze?.change(to: .hold([4, 5, 6]))
            freeze?.release()
          }
        }
      }
    }
    for task in 0..<4 {
      let bytes = try process.readBytes(at: start.offset(by: Int64(task * 4096)), count: 3)
      #expect(bytes == [4, 5, 6])
    }
    #expect(process.freezes.count == 1 && steady.isActive)
    try process.writeBytes(Self.word(1), at: target("health"))
    #expect(try PauseTests.eventually { try Self.read(process, target("health")) == 42 })
    steady.release()
  }

  @Test("a late tick does not move those behind it, and what was left out is counted")
  func schedule() {
    var schedule = FreezeSchedule(period: 100, now: 1000)
    for (now, isDue, next): (UInt64, Bool, UInt64) in [
      (1099, false, 1100), (1160, true, 1200), (1200, true, 1300), (1750, true, 1800),
    ] {
      let wasDue = schedule.take(now: now)
      #expect(wasDue == isDue && schedule.next == next)
    }
    #expect(schedule.counts.ticks == 3 && schedule.counts.missed == 4)
  }

  @Test("lateness is told to an eighth, since a moment")
  func lateness() {
    var counts = LatenessCounts()
    #expect(counts.quantile(1) == 0)
    counts.add(nanoseconds: 3_600_000_000_000)
    let before = counts
    for _ in 0..<99 { counts.add(nanoseconds: 100_000) }
    counts.add(nanoseconds: 9_000_000)
    let recent = counts - before
    #expect((0.0001...0.0001125).contains(recent.quantile(0.99)))
    #expect((0.009...0.0102).contains(recent.quantile(1)))
    #expect((3600...4050).contains(counts.quantile(1)))
    counts.add(nanoseconds: .max)
    #expect(counts.quantile(1) > 1e6)
  }
}
