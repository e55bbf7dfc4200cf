import CProcessVM
import MemoryModel
import RemoteMemoryFixtures
import Testing

@testable import RemoteMemory

/// A handle belongs to one run of one program: never to the next owner of its number, nor to what
/// execve(2) makes of it.
@Suite struct IdentityTests {
  /// Every combination of what an older kernel or a sandbox may lack.
  static let kernels: [Set<KernelFeature>] = [
    [], [.mappingQuery], [.memoryFile], [.memoryFile, .mappingQuery], [.processDescriptor],
    [.threadDescriptor], [.processDescriptor, .mappingQuery],
    [.processDescriptor, .memoryFile, .mappingQuery],
  ]

  static func options(_ without: Set<KernelFeature>) -> AttachOptions {
    var options = AttachOptions()
    options.without = without
    return options
  }

  /// Everything one can do with a handle, each with its error.
  static func attempts(_ process: RemoteProcess, _ place: Address) -> [RemoteMemoryError?] {
    let item = ScatterItem(address: place, element: .scalar(ScalarFormat(.u8)))
    return [
      failure { try process.readBytes(at: place, count: 4) },
      failure { try process.readBytes(at: place, count: 0) },
      failure { try process.readBytes(at: place, count: 8192) },
      failure { try process.readScalar(ScalarFormat(.u32), at: place) },
      failure { try process.readString(at: place) },
      failure { try process.readVector([AddressRange(start: place, count: 4)], localCounts: [4]) },
      failure { try process.readVector([], localCounts: []) },
      failure { try ScatterPlan([item], for: process).read(from: process) },
      failure { try process.resolve(PointerChain(base: place, offsets: [0])) },
      failure { try process.hexdump(at: place, count: 16) },
      failure { try process.regionMap() },
    ]
  }

  static func writeAttempts(_ process: RemoteProcess, _ place: Address) -> [RemoteMemoryError?] {
    [
      failure { try process.writeBytes([1, 2, 3], at: place) },
      failure { try process.writeBytes([], at: place) },
      failure { try process.writeBytes([UInt8](repeating: 1, count: 8192), at: place) },
      failure { try process.writeVector([[1]], to: [AddressRange(start: place, count: 1)]) },
      failure { try process.writeVector([], to: []) },
    ]
  }

  @Test("an exit is told from all else, with its code", arguments: kernels)
  func exits(_ without: Set<KernelFeature>) throws {
    let target = try Target()
    let process = try target.attach(Self.options(without))
    _ = try process.readScalar(ScalarFormat(.i32), at: target("health"))
    try target.child.send(Array("exit 7\n".utf8))
    #expect(try target.child.waitForExit(seconds: 20) == .exited(code: 7))
    let all =
      Self.attempts(process, target("health")) + Self.writeAttempts(process, target("health"))
    for (index, error) in all.enumerated() {
      let canWrite = !without.contains(.memoryFile)
      #expect(error?.code == (index < 11 || canWrite ? "ESRCH" : "EPERM"), "attempt \(index)")
    }
    #expect(!process.isAlive)
    if without.isEmpty, process.exit != .unknown {
      #expect(process.exit == .exited(code: 7))
      #expect(all[0]?.message.contains("exited with code 7") == true)
    }
  }

  @Test("a signal is told too")
  func killed() throws {
    let target = try Target()
    let process = try target.attach()
    try target.child.signal(9)
    #expect(try target.child.waitForExit(seconds: 20) == .killed(signal: 9))
    #expect(try process.waitForExit(seconds: 20) != nil)
    if process.exit != .unknown { #expect(process.exit == .killed(signal: 9)) }
  }

  @Test("a target that becomes a zombie while attached", arguments: kernels)
  func zombie(_ without: Set<KernelFeature>) throws {
    let target = try Target()
    let process = try target.attach(Self.options(without))
    try target.child.signal(9)
    #expect(try process.waitForExit(seconds: 20) != nil)
    for error in Self.attempts(process, target("health")) { #expect(error?.code == "ESRCH") }
    guard !without.contains(.memoryFile) else { return }
    for error in Self.writeAttempts(process, target("health")) { #expect(error?.code == "ESRCH") }
  }

  @Test("another program under the same number is refused", arguments: kernels)
  func exec(_ without: Set<KernelFeature>) throws {
    let target = try Target()
    let process = try target.attach(Self.options(without))
    let reader = try target.attach()
    _ = try process.readScalar(ScalarFormat(.i32), at: target("health"))
    try target.child.send(Array("exec\n".utf8))
    let (places, _) = try Target.readBlock(target.child)
    let place = Address(try #require(places["scratch"]))
    let fresh = try RemoteProcess.attach(target.id)
    let before = try fresh.readBytes(at: place, count: 8192)
    for (index, error) in Self.attempts(process, place).enumerated() {
      #expect(error?.code == "EXEC", "attempt \(index)")
      #expect(error?.hint?.contains("attach again") == true)
    }
    if !without.contains(.memoryFile) {
      for error in Self.writeAttempts(process, place) { #expect(error?.code == "EXEC") }
    }
    #expect(try fresh.readBytes(at: place, count: 8192) == before)
    #expect(process.isAlive)
    #expect(failure { try reader.readBytes(at: place, count: 4) }?.code == "EXEC")
  }

  @Test("a target that changes its program all the time gives only clean errors")
  func execStorm() throws {
    let target = try Target("exec=2")
    for _ in 0..<200 {
      do throws(RemoteMemoryError) {
        let process = try target.attach()
        for _ in 0..<20 {
          let part = try process.readPartial(at: target("scratch"), count: 64)
          let isOurs = part.bytes.isEmpty || part.bytes == pattern(0..<64)
          #expect(isOurs || part.bytes.allSatisfy { $0 == 0 })
          _ = try process.regionMap()
        }
      } catch {
        #expect(["EXEC", "ESRCH"].contains(error.code), "\(error)")
      }
    }
    #expect(target.child.exit == nil)
  }

  @Test("the next owner of the number is neither read nor written", arguments: kernels)
  func reuse(_ without: Set<KernelFeature>) throws {
    let target = try Target()
    let process = try target.attach(Self.options(without))
    let place = target("scratch").alignedDown(to: 4096)
    _ = try process.readBytes(at: place, count: 4)
    // Their start times, in hundredths of a second, have to differ for the oldest kernels.
    System.sleep(nanoseconds: 30_000_000)
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    let child = fixture_clone_with_pid(target.id.rawValue, place.rawValue, 0xEE)
    guard child == target.id.rawValue else {
      #expect(child < 0)
      return  // Choosing a number needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.
    }
    defer { fixture_end(child) }
    let stranger = try RemoteProcess.attach(ProcessID(child))
    while try stranger.readPartial(at: place, count: 1).bytes != [0xEE] {
      System.sleep(nanoseconds: 1_000_000)
    }
    for (index, error) in Self.attempts(process, place).enumerated() {
      #expect(error?.code == "ESRCH", "attempt \(index)")
    }
    for error in Self.writeAttempts(process, place) { #expect(error != nil) }
    #expect(try stranger.readBytes(at: place, count: 4096).allSatisfy { $0 == 0xEE })
    #expect(!process.isAlive)
  }

  @Test("a first thread that has ended is no obstacle", arguments: kernels)
  func leaderExited(_ without: Set<KernelFeature>) throws {
    let target = try Target("leader-exit")
    let process = try target.attach(Self.options(without))
    #expect(try process.readScalar(ScalarFormat(.i32), at: target("health")) == .integer(100))
    #expect(try process.readBytes(at: target("scratch"), count: 8192) == pattern(0..<8192))
    let vector = try process.readVector(
      [AddressRange(start: target("scratch"), count: 8)], localCounts: [8])
    #expect(vector.buffers == [pattern(0..<8)])
    #expect(try process.regionMap().region(containing: target("scratch")) != nil)
    if !without.contains(.memoryFile) {
      try process.writeScalar(.integer(55), as: ScalarFormat(.i32), at: target("health"))
      #expect(try target.ask("state").contains("health 55"))
    }
    #expect(process.isAlive)
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    for error in Self.attempts(process, target("health")) { #expect(error?.code == "ESRCH") }
  }

  @Test("a thread's number works when the first thread has ended")
  func byWorker() throws {
    let target = try Target("leader-exit")
    let worker = ProcessID(Int32(target("worker").rawValue))
    let process = try RemoteProcess.attach(worker)
    #expect(process.id == target.id)
    #expect(try process.readScalar(ScalarFormat(.i32), at: target("gold")) == .integer(250))
  }

  @Test("a closed handle says so, and may be closed again")
  func closed() throws {
    let target = try Target()
    let process = try target.attach()
    _ = try process.readBytes(at: target("health"), count: 4)
    process.close()
    process.close()
    let all =
      Self.attempts(process, target("health")) + Self.writeAttempts(process, target("health"))
    for error in all { #expect(error?.code == "ECLOSED") }
    #expect(!process.isAlive)
    #expect(process.exit == .unknown)
    #expect(failure { try process.waitForExit(seconds: 0) }?.code == "ECLOSED")
  }

  @Test(
    "mappings that come and go never give invented data",
    arguments: [Set<KernelFeature>(), [.memoryFile], [.mappingQuery]])
  func churn(_ without: Set<KernelFeature>) throws {
    let target = try Target("churn")
    let process = try target.attach(Self.options(without))
    let count = Int(target("churn_bytes").rawValue)
    let allowed: Set<UInt64> = [0x5ca1_ab1e_5ca1_ab1e, 0]
    for round in 0..<2000 {
      let offset = round * 64 % count
      let part = try process.readPartial(
        at: target("churn").offset(by: Int64(offset)),
        count: min(count - offset, round % 2 == 0 ? 8 : 8192))
      let words = part.bytes.count / 8
      let isTrue = part.bytes.withUnsafeBytes { bytes in
        (0..<words).allSatisfy {
          allowed.contains(bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
        }
      }
      #expect(isTrue)
      if round % 50 == 0 { #expect(try !process.regionMap().isEmpty) }
    }
  }
}
