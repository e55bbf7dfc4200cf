import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// Patches of a running process, without a journal.
@Suite struct PatchTests {
  static func pattern(_ text: String) throws -> BytePattern { try BytePattern(parsing: text) }

  static func edit(
    _ address: Address, _ replacement: String, expect: String? = nil
  ) throws -> PatchEdit {
    PatchEdit(
      at: address, expected: try expect.map { try pattern($0) },
      replacement: try pattern(replacement))
  }

  /// A target, attached, with known bytes in its scratch area.
  static func filled(_ options: AttachOptions = AttachOptions()) throws
    -> (target: Target, process: RemoteProcess, start: Address)
  {
    let target = try Target("block=1")
    let process = try target.attach(options)
    let start = target("scratch")
    try process.writeBytes(RemoteMemoryTests.pattern(0..<4096), at: start)
    return (target, process, start)
  }

  @Test func aPatchIsMadeAndTakenBack() throws {
    let (_target, process, start) = try Self.filled()
    defer { _ = _target }
    let patch = try Patch(
      "two",
      [Self.edit(start, "01 ?2 03"), Self.edit(start.offset(by: 100), "aa ?? cc")], of: process,
      journal: Journal())
    #expect(patch.status == .off && !patch.isEnabled)
    let old = try process.readBytes(at: start, count: 200)
    try patch.enable()
    try patch.enable()
    #expect(patch.status == .on && patch.isEnabled)
    #expect(ActivePatches.all.contains { $0 === patch })
    var wanted = old
    wanted[0] = 1
    wanted[1] = old[1] & 0xF0 | 2
    wanted[2] = 3
    wanted[100] = 0xAA
    wanted[102] = 0xCC
    #expect(try process.readBytes(at: start, count: 200) == wanted)
    try patch.disable()
    try patch.disable()
    #expect(patch.status == .off)
    #expect(!ActivePatches.all.contains { $0 === patch })
    #expect(try process.readBytes(at: start, count: 200) == old)
  }

  @Test func whatIsNotExpectedIsRefusedAndNothingWritten() throws {
    let (target, process, start) = try Self.filled()
    let before = try target.ask("checksum \(start) 4096")
    let edits = [
      try Self.edit(start, "01"), try Self.edit(start.offset(by: 8), "02", expect: "ff ?? ff"),
    ]
    let error = #expect(throws: RemoteMemoryError.self) {
      try Patch("no", edits, of: process, journal: Journal())
    }
    #expect(error?.code == "EMISMATCH" && error?.address == start.offset(by: 8))
    let fits = try Self.edit(start, "01", expect: "00")
    let patch = try Patch("yes", [fits], of: process, journal: Journal())
    try process.writeBytes([9], at: start)
    #expect(throws: RemoteMemoryError.self) { try patch.enable() }
    #expect(!patch.isEnabled)
    try process.writeBytes([0], at: start)
    #expect(try target.ask("checksum \(start) 4096") == before)
  }

  @Test func senselessPatchesAreRefused() throws {
    let (target, process, start) = try Self.filled()
    let code = target("take_damage")
    func refusal(_ edits: [PatchEdit], _ options: PatchOptions = PatchOptions()) -> String? {
      let outcome = Result { try Patch("no", edits, of: process, options: options) }
      guard case .failure(let error as RemoteMemoryError) = outcome else { return nil }
      return error.code
    }
    #expect(refusal([]) == "EINVAL")
    #expect(
      refusal([try Self.edit(start, "01 02"), try Self.edit(start.offset(by: 1), "03")]) == "EINVAL"
    )
    #expect(refusal([try Self.edit(code, "90")]) == "EFAULT")
    #expect(refusal([try Self.edit(code, "90")], PatchOptions(isForced: true)) == nil)
    #expect(refusal([try Self.edit(Address(16), "90")], PatchOptions(isForced: true)) == "EFAULT")
    #expect(refusal([try Self.edit(Address(.max), "90 90")]) == "EFAULT")
    let onlyReading = try target.attach(AttachOptions(mode: .readOnly))
    let outcome = Result { try Patch("no", [Self.edit(start, "90")], of: onlyReading) }
    #expect(throws: RemoteMemoryError.self) { try outcome.get() }
  }

  /// The n-th write of a set fails, for each n, and the target is as it was.
  @Test func aFailedWriteAnywhereLeavesNothing() throws {
    let writes = Mutex((count: 0, failing: Int.max))
    var options = AttachOptions()
    options.writeStop = { _, count in
      writes.withLock { writes in
        writes.count += 1
        return writes.count == writes.failing ? 0 : count
      }
    }
    let (target, process, start) = try Self.filled(options)
    let before = try target.ask("checksum \(start) 4096")
    let edits = try (0..<12).map { try Self.edit(start.offset(by: Int64($0) * 300), "de ad be ef") }
    let patch = try Patch("set", edits, of: process, journal: Journal())
    for failing in 1...12 {
      writes.withLock { $0 = (0, failing) }
      let error = #expect(throws: RemoteMemoryError.self) { try patch.enable() }
      #expect(error?.message.contains("nothing of the patch stays") ?? false)
      #expect(!patch.isEnabled)
      #expect(try target.ask("checksum \(start) 4096") == before)
    }
    writes.withLock { $0 = (0, .max) }
    try patch.enable()
    #expect(try target.ask("checksum \(start) 4096") != before)
    // A failing put-back leaves it enabled, so that it can be tried again.
    writes.withLock { $0 = (0, 3) }
    #expect(throws: RemoteMemoryError.self) { try patch.disable() }
    #expect(patch.isEnabled)
    writes.withLock { $0 = (0, .max) }
    try patch.disable()
    #expect(try target.ask("checksum \(start) 4096") == before)
  }

  @Test func whatSomebodyElseWroteStays() throws {
    let (_target, process, start) = try Self.filled()
    defer { _ = _target }
    let patch = try Patch(
      "two", [Self.edit(start, "01 02"), Self.edit(start.offset(by: 10), "03")], of: process,
      journal: Journal())
    let old = try process.readBytes(at: start, count: 16)
    try patch.enable()
    try process.writeBytes([0x55], at: start.offset(by: 1))
    #expect(patch.status == .changed(start))
    let error = #expect(throws: RemoteMemoryError.self) { try patch.disable() }
    #expect(error?.code == "EMISMATCH" && error?.address == start)
    #expect(!patch.isEnabled)
    #expect(try process.readBytes(at: start, count: 2) == [1, 0x55])
    #expect(try process.readBytes(at: start.offset(by: 10), count: 1) == [old[10]])
  }

  /// Counters that threads of the target count up all the time.
  @Test func aTargetThatRewritesThePlaceKeepsIt() throws {
    let target = try Target("threads=16", options: ["--rate", "0"])
    let process = try target.attach()
    var refused = 0
    for round in 64..<124 {
      // Another value each time, so that no counter comes to what it was by counting up.
      let last = String(round, radix: 16)
      let edits = try (1...16).map { number in
        try Self.edit(target("thread_count_\(number)"), "00 00 00 00 00 00 00 \(last)")
      }
      let patch = try Patch("counters", edits, of: process, journal: Journal())
      do throws(RemoteMemoryError) { try patch.enable() } catch {
        refused += 1
        #expect(error.code == "EMISMATCH" && error.message.contains("changed"))
        #expect(!patch.isEnabled && patch.status == .off)
        continue
      }
      // They were ours for a moment; what is the target's again is left as it is.
      while patch.status == .on {}
      let error = #expect(throws: RemoteMemoryError.self) { try patch.disable() }
      #expect(error?.code == "EMISMATCH")
    }
    #expect(refused > 0)
    #expect(!ActivePatches.all.contains { $0.process === process })
  }

  @Test func aProcessThatEndedHasNothingToTakeBack() throws {
    let (target, process, start) = try Self.filled()
    let patch = try Patch("gone", [Self.edit(start, "01")], of: process, journal: Journal())
    try patch.enable()
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 10)
    #expect(patch.status == .gone)
    let error = #expect(throws: RemoteMemoryError.self) { try patch.disable() }
    #expect(error?.code == "ESRCH")
    #expect(!ActivePatches.all.contains { $0 === patch })
  }

  @Test func codeIsPatchedUnderRunningThreads() throws {
    let target = try Target("threads=2", options: ["--rate", "2000"])
    let process = try target.attach()
    let code = target("take_damage_sub")
    let patch = try Patch(
      "no damage", [Self.edit(code, "90 90", expect: "29 f0")], of: process,
      options: PatchOptions(isForced: true), journal: Journal())
    for _ in 0..<60 {
      try patch.enable()
      try patch.disable()
    }
    #expect(process.isAlive)
    #expect(try process.readBytes(at: code, count: 2) == [0x29, 0xf0])
    try patch.enable()
    #expect(try process.readBytes(at: code, count: 2) == [0x90, 0x90])
    try patch.disable()
  }

  @Test func noThreadIsCaughtInsideTheCode() throws {
    let target = try Target()
    let process = try target.attach()
    // Where it stands while it waits for a command.
    var inside = Address.zero
    for _ in 0..<200 {
      let pause = try process.pause()
      let place = try #require(pause.threads.first?.instructionPointer)
      pause.resume()
      if place == inside { break }
      inside = place
      System.sleep(nanoseconds: 5_000_000)
    }
    let around = AddressRange(start: inside.offset(by: -2), count: 4)
    let error = #expect(throws: RemoteMemoryError.self) { try process.pause(outside: [around]) }
    #expect(error?.code == "EBUSY")
    try process.pause(outside: [AddressRange(start: inside, count: 4)]).resume()
  }
}
