import CProcessVM
import CScanKernels
import Foundation
import MemoryModel
import RemoteMemoryFixtures
import Synchronization
import Testing

@testable import RemoteMemory

/// Scans of running programs whose memory makes it hard: borders, holes, sparse and shared memory.
@Suite struct ScanLiveTests {
  /// With PAGEMAP_SCAN, with the page map alone, and with neither.
  static let kernels: [Set<KernelFeature>] = [[], [.pageScan], [.pageScan, .pageMap]]

  static func window(_ range: AddressRange) -> ScanScope {
    ScanScope(filter: RegionFilter(range: range))
  }

  static func window(_ target: Target, _ name: String) -> ScanScope {
    window(SurveyTests.range(target, name))
  }

  static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  static func equal(_ word: UInt64) -> ValueCondition {
    ValueCondition(.equal(Int64(exactly: word).map { .integer($0) } ?? .unsigned(word)))
  }

  @Test("a value across two mappings that touch", arguments: kernels)
  func acrossMappings(_ without: Set<KernelFeature>) throws {
    let target = try Target("writable-then-read-only")
    let process = try target.attach(IdentityTests.options(without))
    let all = SurveyTests.range(target, "edge_ro")
    let border = target("edge_ro_boundary")
    #expect(try SurveyTests.regions(process, all).count == 2)
    let bytes = try process.readBytes(at: all.start, count: Int(all.count))
    let edge = Int(all.start.distance(to: border))
    for type in [ScalarType.u16, .u32, .u64] {
      let width = type.byteCount(pointerWidth: .eight)
      for back in 1..<width {
        let place = border.offset(by: Int64(-back))
        let word = Self.word(bytes[(edge - back)..<(edge - back + width)])
        for blockBytes in [64, 4096, 512 << 10] {
          let hits = try process.scan(
            .one(ScalarFormat(type)), Self.equal(word), alignment: 1, in: Self.window(all),
            options: ScanOptions(blockBytes: blockBytes))
          #expect(hits.index(of: place) != nil, "\(type), \(back) bytes before the border")
          #expect(try hits.compared(.unchanged).index(of: place) != nil)
        }
      }
    }
    let pattern = try BytePattern(Array(bytes[(edge - 7)..<(edge + 9)]))
    let hits = try process.find([("p", pattern)], in: Self.window(all))
    #expect(hits.index(of: border.offset(by: -7)) != nil)
    // Where only what can be written is wanted, nothing of the page behind is taken.
    let some = try process.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.unknown), alignment: 1,
      in: ScanScope(
        filter: RegionFilter(
          permissions: ScanScope.writablePrivate.permissions, range: all)))
    #expect(some.index(of: border.offset(by: -4)) != nil)
    #expect(some.index(of: border.offset(by: -3)) == nil)
    #expect(some.index(of: border) == nil)
  }

  /// A target with the same layouts many times, and where each of them lies.
  private func crowd(_ layout: String, _ count: Int) throws -> (SpawnedProcess, [[String: UInt64]])
  {
    var words = [Target.program("pvm-target"), "--addresses", "--rate", "0", "--until-eof"]
    for _ in 0..<count { words += ["--layout", layout] }
    let child = try Target.start(words)
    let key = layout.replacing("-", with: "_")
    var places: [[String: UInt64]] = []
    while let line = try child.receiveLine(seconds: 20), line != Array("ready".utf8) {
      let parts = String(decoding: line, as: UTF8.self).split(separator: "=").map(String.init)
      guard parts.count == 2, parts[0].hasPrefix(key) else { continue }
      if parts[0] == key { places.append([:]) }
      places[places.count - 1][parts[0]] = UInt64(parts[1].dropFirst(2), radix: 16)
    }
    return (child, places)
  }

  @Test(
    "192 needles before and behind 64 pages that cannot be read",
    arguments: ["guard", "holes", "prot-none"], kernels)
  func needlesAroundGaps(_ layout: String, _ without: Set<KernelFeature>) throws {
    let (child, places) = try crowd(layout, 64)
    defer {
      try? child.signal(9)
      _ = try? child.waitForExit(seconds: 10)
    }
    let key = layout.replacing("-", with: "_")
    let process = try RemoteProcess.attach(child.id, options: IdentityTests.options(without))
    // Two words, so that structs have something to hold on to; no needle lies in our own arguments.
    let needle: [UInt8] = [0xa7, 0x11, 0x5e, 0xed, 0x3c, 0x99, 0xd2, 0x6b]
    var wanted: Set<Address> = []
    var gaps: [Address] = []
    for place in places {
      let gap = Address(try #require(place["\(key)_gap"]))
      gaps.append(gap)
      let start = Address(try #require(place[key]))
      for address in [start, gap.offset(by: -8), gap.offset(by: 4096)] {
        try process.writeBytes(needle, at: address)
        wanted.insert(address)
      }
    }
    #expect(wanted.count == 192)
    let word = Self.word(needle[...])
    let half = word & 0xffff_ffff
    let record = RecordPattern(
      byteCount: 8, alignment: 4,
      fields: [
        RecordField(offset: 0, .value(ScalarFormat(.u32), Self.equal(half))),
        RecordField(offset: 4, .value(ScalarFormat(.u32), Self.equal(word >> 32))),
      ])
    for options in [ScanOptions(), ScanOptions(threads: 2, blockBytes: 8192)] {
      let found: [Hits] = [
        try process.scan(.one(ScalarFormat(.u64)), Self.equal(word), options: options),
        try process.scan(
          .one(ScalarFormat(.u32)), Self.equal(half), alignment: 1, options: options),
        try process.find([("n", BytePattern(needle))], options: options),
        try process.findRecords(record, options: options),
      ]
      for hits in found {
        #expect(Set(hits.addresses()) == wanted, "\(hits.title): \(hits.count)")
        #expect(try hits.refreshed().count == 192)
        guard layout == "guard", without.contains(.pageMap) else { continue }
        // Nothing says what a guard page is but reading it.
        for gap in gaps {
          #expect(
            hits.outcome.holes.contains { $0.contains(gap) && $0.contains(gap.offset(by: 4095)) })
        }
        #expect(hits.outcome.statistics.bytesUnreadable >= 64 * 4096)
      }
    }
  }

  @Test("what could not be read is said", arguments: kernels)
  func holes(_ without: Set<KernelFeature>) throws {
    let target = try Target("truncated-file", "holes")
    let process = try target.attach(IdentityTests.options(without))
    let cut = target("truncated_end")
    let hits = try process.scan(
      .one(ScalarFormat(.u16)), ValueCondition(.unknown), alignment: 1,
      in: Self.window(target, "truncated"))
    #expect(hits.outcome.holes == [AddressRange(start: cut, count: 8192)])
    #expect(hits.outcome.statistics.bytesUnreadable == 8192)
    #expect(hits.count == 8191)
    #expect(hits.addresses().last == cut.offset(by: -2))
    // Hits whose memory goes are dropped and counted, and the hole is said again.
    let block = try target.ask("state")
    #expect(!block.isEmpty)
    let again = try hits.refreshed()
    #expect(again.count == 8191 && again.outcome.statistics.lostHits == 0)
    let holes = try process.scan(
      .one(ScalarFormat(.u8)), ValueCondition(.unknown), in: Self.window(target, "holes"))
    #expect(holes.count == 7 * 4096)
    #expect(holes.outcome.holes.isEmpty)
  }

  @Test("the same results by every means, and with n threads", arguments: kernels)
  func everyKernel(_ without: Set<KernelFeature>) throws {
    let target = try Target(
      "holes", "prot-none", "guard", "truncated-file", "writable-then-read-only", "block=2",
      "many-mappings=300", "private-file", "memfd", "string-at-edge")
    let plain = try target.attach()
    let process = try target.attach(IdentityTests.options(without))
    for name in ["holes", "prot_none", "guard", "truncated", "edge_ro", "block", "many", "memfd"] {
      // A part of the block is as good as all, and its values are listed much sooner.
      let all = SurveyTests.range(target, name)
      let scope = Self.window(AddressRange(start: all.start, count: min(all.count, 300_001)))
      for (type, alignment) in [(ScalarType.u8, nil), (.i32, nil), (.u32, 1), (.f64, 3)]
        as [(ScalarType, Int?)]
      {
        let condition = ValueCondition(.between(.integer(3), .integer(90)))
        let wanted = try plain.scan(
          .one(ScalarFormat(type)), condition, alignment: alignment, in: scope,
          options: ScanOptions(threads: 1))
        for options in [ScanOptions(threads: 4, blockBytes: 4096), ScanOptions(blockBytes: 5000)] {
          let hits = try process.scan(
            .one(ScalarFormat(type)), condition, alignment: alignment, in: scope, options: options)
          // Where shared pages may not be asked for they are left out, which is said.
          if name == "memfd", fixture_uid() != 0,
            hits.outcome.leftOut.map(\.reason) == [.sharedPagesUnknown]
          {
            continue
          }
          #expect(hits.addresses() == wanted.addresses(), "\(name) \(type)")
          #expect(hits.oldValues() == wanted.oldValues(), "\(name) \(type)")
        }
      }
    }
  }

  @Test("memory that is mapped, unmapped and protected all the time", arguments: kernels)
  func churn(_ without: Set<KernelFeature>) throws {
    let target = try Target("churn")
    let process = try target.attach(IdentityTests.options(without))
    let scope = Self.window(target, "churn")
    let word: UInt64 = 0x5ca1_ab1e_5ca1_ab1e
    let known: Set<ScalarValue?> = [.unsigned(word), .unsigned(0)]
    for round in 0..<12 {
      let options = ScanOptions(
        threads: 1 + round % 2, blockBytes: round % 3 == 0 ? 8192 : 512 << 10)
      let some = try process.scan(
        .one(ScalarFormat(.u64)), Self.equal(word), in: scope, options: options)
      #expect(some.oldValues().allSatisfy { $0 == .unsigned(word) })
      let all = try process.scan(
        .one(ScalarFormat(.u64)), ValueCondition(.unknown), in: scope, options: options)
      var steps = [all]
      for change in [ValueChange.changed, .unchanged, .notIncreased] {
        steps.append(try steps[steps.count - 1].compared(change))
        steps.append(try all.compared(change))
      }
      steps.append(try some.refreshed())
      for hits in steps {
        #expect(hits.oldValues().allSatisfy { known.contains($0) }, "\(hits.title)")
        #expect(Set(hits.addresses()).count == hits.count)
      }
    }
  }

  @Test("30 000 mappings")
  func manyMappings() throws {
    let target = try Target("many-mappings=30000")
    let process = try target.attach()
    let all = SurveyTests.range(target, "many")
    let scope = Self.window(all)
    let hits = try process.scan(
      .one(ScalarFormat(.u64)), ValueCondition(.between(.integer(0), .integer(29_999))),
      alignment: 4096, in: scope)
    #expect(hits.count == 30_000)
    #expect(hits.addresses().first == all.start)
    #expect(hits.oldValues().enumerated().allSatisfy { $1 == .unsigned(UInt64($0)) })
    #expect(try hits.compared(.unchanged).count == 30_000)
    // The number of a page behind the zeroes of the page before.
    let across = try process.scan(
      .one(ScalarFormat(.u64)), ValueCondition(.equal(.integer(29_999 << 32))), alignment: 1,
      in: scope)
    #expect(across.addresses() == [all.start.offset(by: 29_999 * 4096 - 4)])
    let writable = try process.scan(
      .one(ScalarFormat(.u64)), ValueCondition(.greater(.integer(0))), alignment: 4096,
      in: ScanScope(
        filter: RegionFilter(permissions: ScanScope.writablePrivate.permissions, range: all)))
    #expect(writable.count == 14_999)
  }

  @Test(
    "64 GiB reserved, a few pages touched, by every kind of scan", arguments: kernels.dropLast())
  func reservation(_ without: Set<KernelFeature>) throws {
    let target = try Target("reservation=64")
    let process = try target.attach(IdentityTests.options(without))
    let all = SurveyTests.range(target, "reservation")
    let needle: [UInt8] = [0x81, 0x72, 0x63, 0x54, 0x45, 0x36, 0x27, 0x18]
    let places = [0, 4088, 3 << 30, (40 << 30) + 16, Int64(all.count) - 8].map {
      all.start.offset(by: $0)
    }
    for place in places { try process.writeBytes(needle, at: place) }
    let word = Self.word(needle[...])
    let before = try Holding(target.id)
    let record = RecordPattern(
      byteCount: 8, fields: [RecordField(offset: 0, .value(ScalarFormat(.u64), Self.equal(word)))])
    let unknown = try process.scan(
      .one(ScalarFormat(.u64)), ValueCondition(.unknown), in: Self.window(all))
    for hits in [
      try process.scan(.one(ScalarFormat(.u64)), Self.equal(word)),
      try process.scan(.one(ScalarFormat(.u64)), Self.equal(word), alignment: 1),
      try process.find([("n", BytePattern(needle))]), try process.findRecords(record),
      try unknown.next(Self.equal(word)),
    ] {
      #expect(hits.addresses() == places, "\(hits.title)")
      #expect(try hits.refreshed().addresses() == places)
    }
    #expect(unknown.count <= 5 * 512)
    #expect(try unknown.compared(.changed).count == 0)
    #expect(try Holding(target.id).pageTables - before.pageTables < 1000)
    #expect(try Holding(target.id).growth(since: before) < 1000)
  }

  @Test("what is shared after a fork stays shared, in later steps too", arguments: kernels)
  func copyOnWrite(_ without: Set<KernelFeature>) throws {
    let target = try Target("cow=24")
    let process = try target.attach(IdentityTests.options(without))
    let before = try Holding(target.id)
    let all = try process.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.unknown), in: Self.window(target, "cow"))
    #expect(all.count == 6 << 20)
    #expect(try Holding(target.id).growth(since: before) < 1000)
    #expect(try all.compared(.unchanged).count == 6 << 20)
    #expect(try all.next(ValueCondition(.greater(.integer(0)))).count > 0)
    #expect(try Holding(target.id).growth(since: before) < 1000)
    let some = try process.scan(
      .one(ScalarFormat(.u8)), ValueCondition(.equal(.integer(77))), in: Self.window(target, "cow"))
    #expect(try some.refreshed().count == some.count)
    #expect(try some.readValues(count: 5000).count == min(some.count, 5000))
    #expect(try Holding(target.id).growth(since: before) < 1000)
  }

  @Test("sparse shared memory stays sparse", arguments: kernels)
  func sparseMemory(_ without: Set<KernelFeature>) throws {
    let target = try Target("sparse-memfd=64")
    let process = try target.attach(IdentityTests.options(without))
    let all = SurveyTests.range(target, "sparse_memfd")
    try process.writeBytes([1, 2, 3, 4], at: all.start.offset(by: 4096 * 500 + 4))
    let before = try Holding(target.id)
    let hits = try process.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.equal(.integer(0x0403_0201))),
      in: Self.window(all))
    // Who may not ask which pages exist leaves what is not known out, and says so.
    let leftOut = hits.outcome.leftOut.contains { $0.reason == .sharedPagesUnknown }
    #expect(hits.count == 1 || leftOut)
    let unknown = try process.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.unknown), in: Self.window(all))
    #expect(unknown.count <= 1024)
    #expect(try unknown.compared(.unchanged).count == unknown.count)
    #expect(try Holding(target.id).growth(since: before) < 1000)
  }

  @Test("mappings that nobody can read, or that would hang a reader, are left out quietly")
  func specialMappings() throws {
    let target = try Target("secretmem", "no-access", "write-only", "exec-only", "block=1")
    let everything = ScanScope(filter: RegionFilter())
    let type = ScanTypes.one(ScalarFormat(.u32))
    let hits = try target.attach().scan(type, ValueCondition(.equal(.integer(77))), in: everything)
    #expect(hits.outcome.isComplete)
    for name in ["no_access", "write_only"] {
      let left = hits.outcome.leftOut.first { $0.region.range.contains(target(name)) }
      #expect(left?.reason == .notReadable)
      #expect(!hits.outcome.holes.contains { $0.contains(target(name)) })
    }
    let statistics = hits.outcome.statistics
    let outside = hits.outcome.outside
    #expect(outside == OutsideBytes())
    #expect(statistics.bytesRead > 1 << 20 && statistics.bytesLeftOut > 0)

    let family = try Family(megabytes: 1)
    guard let place = try family.registerFaults() else {
      try Test.cancel("userfaultfd(2) is not permitted")
    }
    let process = try RemoteProcess.attach(family.id)
    for scope in [everything, ScanScope()] {
      let all = try process.scan(type, ValueCondition(.unknown), in: scope)
      #expect(all.outcome.leftOut.contains { $0.reason == .userFault })
      #expect(all.lanes[0].index(of: place) == nil)
      #expect(try all.compared(.unchanged).outcome.isComplete)
    }
  }

  @Test(
    "a read that hangs can be named while it does",
    .enabled(if: fixture_uid() == 0, "only root's userfaultfd(2) holds up who reads from outside"))
  func hanging() throws {
    let family = try Family(megabytes: 32)
    guard let place = try family.registerFaults() else {
      try Test.cancel("userfaultfd(2) is not permitted")
    }
    let process = try RemoteProcess.attach(family.id)
    // Until some MiB were read all goes through /proc/PID/mem, which fails at once here.
    _ = try process.scan(.one(ScalarFormat(.u64)), Self.equal(1), in: Self.window(family.block))
    // The first page is there, and nobody will ever bring the others.
    let range = AddressRange(start: place, count: 4 * 4096)
    let scope = ScanScope(survey: SurveyOptions(readsHanging: true, readsUnpopulated: true))
    var named: AddressRange?
    let options = ScanOptions(
      threads: 2, blockBytes: 64 << 10,
      progress: { _ in
        if let read = BlockReads.hanging(seconds: 0.05), read.source === process {
          named = read.range
          try? family.child.signal(9)
        }
        return true
      })
    _ = try? process.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.unknown), in: scope, options: options)
    #expect(named?.overlaps(range) == true)
  }

  @Test("memory of our own process")
  func ourselves() throws {
    let process = try RemoteProcess.attach(ProcessID(pvm_own_pid()))
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 4096)
    defer { room.deallocate() }
    room.initializeMemory(as: UInt8.self, repeating: 0)
    let place = UInt64(UInt(bitPattern: room.baseAddress)) + 4092 + 8
    room.storeBytes(of: 0x7711_5533, toByteOffset: 4100, as: UInt32.self)
    let range = AddressRange(
      start: Address(UInt64(UInt(bitPattern: room.baseAddress))), count: 1 << 16)
    let hits = try process.scan(
      .one(ScalarFormat(.u32)), ValueCondition(.equal(.integer(0x7711_5533))),
      in: Self.window(range), options: ScanOptions(threads: 2))
    #expect(hits.addresses() == [Address(place)])
    room.storeBytes(of: 0x7711_5534, toByteOffset: 4100, as: UInt32.self)
    #expect(try hits.compared(.increasedBy(.integer(1))).addresses() == [Address(place)])
    // All of it, while it goes on: other tests run, and the buffers of the scan lie in it.
    let whole = try process.scan(
      .one(ScalarFormat(.u64)), ValueCondition(.equal(.integer(0x1234_5678_9abc_def1))))
    #expect(whole.outcome.isComplete)
  }

  @Test("a target that executes another program again and again")
  func exec() throws {
    let target = try Target("exec=2", "block=4")
    var codes: Set<String> = []
    for round in 0..<25 {
      let options = ScanOptions(threads: 1 + round % 2, blockBytes: 64 << 10)
      let error = failure { () throws -> Int in
        let process = try target.attach()
        defer { process.close() }
        let hits = try process.scan(
          .one(ScalarFormat(.u8)), ValueCondition(.equal(.integer(31))), alignment: 1,
          options: options)
        _ = try hits.compared(.unchanged)
        return try hits.next(ValueCondition(.less(.integer(5)))).count
      }
      if let error { codes.insert(error.code) }
    }
    #expect(codes.isSubset(of: ["EXEC", "ESRCH"]), "\(codes)")
  }
}
