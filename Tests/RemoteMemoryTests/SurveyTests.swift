import CProcessVM
import Foundation
import MemoryModel
import RemoteMemoryFixtures
import Testing

@testable import RemoteMemory

/// What is worth reading, found by every means that some kernel or sandbox lacks.
@Suite struct SurveyTests {
  /// With PAGEMAP_SCAN and with the page map alone, each with and without root's way to shared
  /// files.
  static let kernels: [Set<KernelFeature>] = [
    [], [.pageScan], [.mappedFiles], [.pageScan, .mappedFiles],
  ]

  static func regions(_ process: RemoteProcess, _ range: AddressRange) throws -> [Region] {
    Array(try process.regionMap().regions(overlapping: range))
  }

  /// The survey of the regions in a range, cut to the range.
  static func survey(
    _ process: RemoteProcess, _ range: AddressRange, _ options: SurveyOptions = .harmless
  ) throws -> (runs: [AddressRange], survey: Survey) {
    let survey = try process.survey(try regions(process, range), options)
    return (survey.runs.compactMap { $0.intersection(range) }, survey)
  }

  static func range(_ target: Target, _ name: String) -> AddressRange {
    AddressRange(start: target(name), count: target("\(name)_bytes").rawValue)
  }

  @Test("of a reservation only the pages that were written", arguments: kernels)
  func reservation(_ without: Set<KernelFeature>) throws {
    let target = try Target("reservation=64")
    let process = try target.attach(IdentityTests.options(without))
    let all = Self.range(target, "reservation")
    #expect(try Self.survey(process, all).runs.isEmpty)
    let places: [Int64] = [0, 4096, 1 << 30, 33 << 30, Int64(all.count) - 4096]
    for place in places { try process.writeBytes([7], at: all.start.offset(by: place)) }
    let (runs, survey) = try Self.survey(process, all)
    let expected = [(0, 8192)] + places.dropFirst(2).map { ($0, 4096 as Int64) }
    #expect(runs.map { all.start.distance(to: $0.start) } == expected.map(\.0))
    #expect(runs.map { Int64($0.count) } == expected.map(\.1))
    #expect(survey.unpopulatedBytes >= all.count - 5 * 4096)
    #expect(
      survey.readableBytes + survey.unpopulatedBytes + survey.leftOutBytes == survey.mappedBytes)
  }

  @Test("more runs than one answer of the kernel holds")
  func manyRuns() throws {
    let target = try Target("reservation=1")
    let all = Self.range(target, "reservation")
    let process = try target.attach()
    let spans = (0..<5000).map {
      AddressRange(start: all.start.offset(by: Int64($0 * 3 * 4096)), count: 1)
    }
    for part in stride(from: 0, to: spans.count, by: 1000) {
      let some = Array(spans[part..<(part + 1000)])
      _ = try process.writeVector(some.map { _ in [1] }, to: some)
    }
    for without: Set<KernelFeature> in [[], [.pageScan]] {
      let process = try target.attach(IdentityTests.options(without))
      let runs = try Self.survey(process, all).runs
      #expect(runs.map(\.start) == spans.map(\.start))
      #expect(runs.allSatisfy { $0.count == 4096 })
    }
  }

  @Test("pages that were only read are zeroes and not populated")
  func zeroPages() throws {
    let target = try Target("reservation=1")
    let all = Self.range(target, "reservation")
    let process = try target.attach()
    _ = try process.readBytes(at: all.start, count: 1 << 20)
    #expect(try Self.survey(process, all).runs.isEmpty)
  }

  @Test("everything, where no page may be asked for")
  func unknown() throws {
    let target = try Target("reservation=1", "sparse-memfd=4")
    let process = try target.attach(
      IdentityTests.options([.pageScan, .pageMap, .mappedFiles]))
    let all = Self.range(target, "reservation")
    #expect(try Self.survey(process, all).runs == [all])
    let (runs, survey) = try Self.survey(process, Self.range(target, "sparse_memfd"))
    #expect(runs.isEmpty)
    #expect(survey.leftOut.map(\.reason) == [.sharedPagesUnknown])
    #expect(survey.leftOutBytes == 4 << 20)
  }

  @Test("unpopulated pages are taken when asked for")
  func unpopulated() throws {
    let target = try Target("reservation=1", "sparse-memfd=4")
    let process = try target.attach()
    for name in ["reservation", "sparse_memfd"] {
      let all = Self.range(target, name)
      let options = SurveyOptions(readsUnpopulated: true)
      #expect(try Self.survey(process, all, options).runs == [all])
    }
  }

  @Test("of sparse shared memory only the pages that exist", arguments: kernels)
  func sparseShared(_ without: Set<KernelFeature>) throws {
    let target = try Target("sparse-memfd=64")
    let process = try target.attach(IdentityTests.options(without))
    let all = Self.range(target, "sparse_memfd")
    let places: [Int64] = [0, 4096 * 100, Int64(all.count) - 4096]
    for place in places { try process.writeBytes([7], at: all.start.offset(by: place)) }
    let (runs, survey) = try Self.survey(process, all)
    #expect(runs.map { all.start.distance(to: $0.start) } == places)
    #expect(runs.allSatisfy { $0.count == 4096 })
    let rest = all.count - 3 * 4096
    // Root opens the file; anybody else cannot know what other processes wrote there.
    if !without.contains(.mappedFiles), fixture_uid() == 0 {
      #expect(survey.leftOut.isEmpty)
      #expect(survey.unpopulatedBytes == rest)
    } else {
      #expect(survey.leftOut.map(\.reason) == [.sharedPagesUnknown])
      #expect(survey.leftOutBytes == rest)
    }
  }

  @Test("shared memory of a file that has a path, by that path")
  func sharedFileByPath() throws {
    let folder = "/dev/shm/pvmlua-test-\(pvm_own_pid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let target = try Target("shared-file", options: ["--scratch", folder])
    let process = try target.attach(IdentityTests.options([.mappedFiles]))
    let all = Self.range(target, "shared_file")
    let (runs, survey) = try Self.survey(process, all)
    #expect(runs == [all])
    #expect(survey.leftOut.isEmpty)
  }

  @Test("touching regions make one run")
  func touching() throws {
    let target = try Target("many-mappings=3000")
    let process = try target.attach()
    let all = Self.range(target, "many")
    #expect(try Self.regions(process, all).count >= 3000)
    #expect(try Self.survey(process, all).runs == [all])
    // Asked for every other one, nothing in between is taken.
    let some = try Self.regions(process, all).filter { $0.permissions.contains(.write) }
    let survey = try process.survey(some.reversed(), .harmless)
    #expect(survey.runs.count >= 1499)
    #expect(survey.runs.allSatisfy { run in some.contains { $0.range.contains(run) } })
  }

  @Test("guard pages are not populated", arguments: [[], [.pageScan]] as [Set<KernelFeature>])
  func guardPages(_ without: Set<KernelFeature>) throws {
    let target = try Target("guard", "holes", "prot-none")
    let process = try target.attach(IdentityTests.options(without))
    for name in ["guard", "holes", "prot_none"] {
      let all = Self.range(target, name)
      let runs = try Self.survey(process, all).runs
      let gap = target("\(name)_gap")
      #expect(runs.count == 2)
      #expect(runs.first?.end == gap)
      #expect(runs.last?.start == gap.offset(by: 4096))
      #expect(try BlockWalk.read(process, runs).isEmpty)
    }
  }

  @Test("a file is taken whole, and what is cut off is a hole")
  func truncated() throws {
    let target = try Target("truncated-file", "private-file")
    let process = try target.attach()
    let all = Self.range(target, "truncated")
    let runs = try Self.survey(process, all).runs
    #expect(runs == [all])
    let holes = try BlockWalk.read(process, runs)
    #expect(holes.first?.address == target("truncated_end"))
    #expect(holes.reduce(0) { $0 + $1.count } == 2 * 4096)
    let file = Self.range(target, "private_file")
    #expect(try Self.survey(process, file).runs == [file])
  }

  @Test("what may not be read is left out with the reason")
  func leftOut() throws {
    let target = try Target("no-access", "write-only", "secretmem", "prot-none")
    let process = try target.attach()
    let survey = try process.survey(try process.regionMap().regions, .harmless)
    func reason(_ address: Address) -> Survey.Reason? {
      survey.leftOut.first { $0.region.range.contains(address) }?.reason
    }
    for name in ["no_access", "write_only", "prot_none_gap"] {
      #expect(reason(target(name)) == .notReadable)
    }
    if target("secretmem").rawValue != 0 { #expect(reason(target("secretmem")) == .kernelPages) }
    for region in try process.regionMap().regions where region.kind == .vvar {
      #expect(reason(region.start) == .kernelPages)
    }
    #expect(survey.leftOut.allSatisfy { left in !left.description.isEmpty })
    #expect(
      survey.readableBytes + survey.unpopulatedBytes + survey.leftOutBytes == survey.mappedBytes)
    #expect(zip(survey.runs, survey.runs.dropFirst()).allSatisfy { $0.end < $1.start })
  }

  @Test("memory registered with userfaultfd is taken only when asked for")
  func userFaults() throws {
    let family = try Family(megabytes: 1)
    let process = try RemoteProcess.attach(family.id)
    let before = try process.survey(try process.regionMap().regions, .harmless)
    #expect(!before.leftOut.contains { $0.reason == .userFault })
    guard let place = try family.registerFaults() else {
      try Test.cancel("userfaultfd(2) is not permitted")
    }
    let range = AddressRange(start: place, count: 4 * 4096)
    let (runs, survey) = try Self.survey(process, range)
    #expect(runs.isEmpty)
    #expect(survey.leftOut.map(\.reason) == [.userFault])
    let all = try Self.survey(process, range, SurveyOptions(readsHanging: true))
    #expect(all.runs == [AddressRange(start: place, count: 4096)])
  }

  @Test("the end of the process, closing, and a request to stop")
  func ends() throws {
    let target = try Target("block=1")
    let stopped = try target.attach(AttachOptions(interrupt: InterruptCheck { true }))
    let regions = try stopped.regionMap().regions
    #expect(failure { try stopped.survey(regions, .harmless) }?.code == "EINTERRUPTED")
    let process = try target.attach()
    let other = try target.attach()
    other.close()
    #expect(failure { try other.survey(regions, .harmless) }?.code == "ECLOSED")
    #expect(failure { try BlockWalk.read(other, [regions[0].range]) }?.code == "ECLOSED")
    #expect(try process.survey([], .harmless) == Survey())
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    #expect(failure { try process.survey(regions, .harmless) }?.code == "ESRCH")
    #expect(failure { try BlockWalk.read(process, [regions[0].range]) }?.code == "ESRCH")
  }

  @Test("another program in the same process")
  func exec() throws {
    let target = try Target("block=1")
    let process = try target.attach()
    let block = Self.range(target, "block")
    let regions = try Self.regions(process, block)
    _ = try process.survey(regions, .harmless)
    try target.child.send(Array("exec\n".utf8))
    _ = try Target.readBlock(target.child)
    #expect(failure { try process.survey(regions, .harmless) }?.code == "EXEC")
    #expect(failure { try BlockWalk.read(process, [block]) }?.code == "EXEC")
  }

  @Test("a process whose first thread has ended")
  func leaderExit() throws {
    let target = try Target("leader-exit", "block=4")
    let process = try target.attach()
    let block = Self.range(target, "block")
    #expect(try Self.survey(process, block).runs == [block])
    var isRight = true
    try BlockWalk.read(process, [block]) { place, bytes in
      let start = Int(block.start.distance(to: place))
      isRight = isRight && bytes.elementsEqual(pattern(start..<(start + bytes.count)))
    }
    #expect(isRight)
  }

  @Test("memory that is mapped, unmapped and protected all the time")
  func churn() throws {
    let target = try Target("churn")
    let all = Self.range(target, "churn")
    for without: Set<KernelFeature> in [[], [.pageScan], [.lastProcessNumber]] {
      let process = try target.attach(IdentityTests.options(without))
      for _ in 0..<50 {
        var isSound = true
        let runs = try Self.survey(process, all).runs
        #expect(zip(runs, runs.dropFirst()).allSatisfy { $0.end < $1.start })
        try BlockWalk.read(process, runs) { _, bytes in
          for word in bytes.bindMemory(to: UInt64.self)
          where word != 0 && word != 0x5ca1_ab1e_5ca1_ab1e {
            isSound = false
          }
        }
        #expect(isSound)
      }
    }
  }
}
