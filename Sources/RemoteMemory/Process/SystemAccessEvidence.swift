import CProcessVM
import MemoryModel

/// Where the reasons for a refusal are looked up.
protocol AccessEvidenceSource: Sendable {
  /// What can be found out about a call on `process` that failed with `errno`.
  func evidence(for process: ProcessID, errno: Errno) -> AccessEvidence
}

/// The files of proc(5) and sysfs(5) of this machine. Every step is cheap, and one that fails
/// leaves its part unknown.
struct SystemAccessEvidence: AccessEvidenceSource {
  func evidence(for process: ProcessID, errno: Errno) -> AccessEvidence {
    var evidence = AccessEvidence(process: process, errno: errno.rawValue)
    evidence.selfProbeErrno = Self.selfProbe()
    Self.describeTarget(&evidence)
    Self.describeOurselves(&evidence)
    Self.describeSystem(&evidence)
    return evidence
  }

  /// Our own memory is never refused by a question of rights, only by a filter on the call itself.
  private static func selfProbe() -> Int32 {
    var from: UInt64 = 1
    var into: UInt64 = 0
    let result = unsafe withUnsafePointer(to: &from) { source in
      unsafe System.readRange(
        System.ownPID, &into, 8, UInt64(UInt(bitPattern: source)))
    }
    return Errno(result: result)?.rawValue ?? 0
  }

  private static func describeTarget(_ evidence: inout AccessEvidence) {
    let id = evidence.process
    let stat = try? ProcessStat.current(id).get()
    evidence.statExists = stat != nil
    evidence.name = stat.map { String(decoding: $0.nameBytes, as: UTF8.self) }
    evidence.state = stat?.state
    if stat?.state.hasEnded == true {
      evidence.liveThread = ProcessStat.liveThreads(of: id).first
    }
    if let status = try? ProcessStatus.current(id).get() {
      evidence.targetUser = status.user
      evidence.targetGroup = status.group
      evidence.targetPermittedCapabilities = status.permittedCapabilities
      evidence.tracer = status.tracer
      evidence.targetUserName = status.user.flatMap { userName($0.effective) }
    }
    evidence.maps = maps(of: id)
    evidence.hasExecutable = (try? ProcFile.link("/proc/\(id)/exe").get()) != nil
    evidence.memoryFileOwner = owner(of: "/proc/\(id)/mem")
    evidence.isDescendant = isDescendant(stat)
  }

  private static func describeOurselves(_ evidence: inout AccessEvidence) {
    guard let status = try? ProcessStatus.current(nil).get() else { return }
    evidence.ownEffectiveUser = status.user?.effective
    evidence.ownRealUser = status.user?.real
    evidence.ownRealGroup = status.group?.real
    evidence.ownCapabilities = status.effectiveCapabilities
    evidence.ownNoNewPrivileges = status.hasNoNewPrivileges
    evidence.ownSeccompMode = status.seccompMode
    evidence.ownUserMapIsFull = userMapIsFull()
  }

  private static func describeSystem(_ evidence: inout AccessEvidence) {
    evidence.procHidesOthers = procHidesOthers()
    evidence.yamaScope = text("/proc/sys/kernel/yama/ptrace_scope").flatMap { Int($0) }
    evidence.securityModules =
      text("/sys/kernel/security/lsm")?.split(separator: ",").map(String.init) ?? []
  }

  /// A short file without the white space around it; nil when it cannot be read.
  private static func text(_ path: String) -> String? {
    guard case .success(let bytes) = ProcFile.bytes(path, limit: 65_536) else { return nil }
    let words = bytes.split { $0 <= 32 }.map { String(decoding: $0, as: UTF8.self) }
    return words.joined(separator: " ")
  }

  private static func maps(of id: ProcessID) -> AccessEvidence.Maps {
    switch ProcFile.bytes("/proc/\(id)/maps", limit: 1) {
    case .success(let bytes): bytes.isEmpty ? .empty : .readable
    case .failure(.noSuchFile), .failure(.noSuchProcess): .missing
    case .failure: .refused
    }
  }

  private static func owner(of path: String) -> UInt32? {
    var uid: UInt32 = 0
    return unsafe path.withCString { unsafe pvm_owner($0, &uid) } == 0 ? uid : nil
  }

  /// Follows the parents upwards; stops at the first process, or after more steps than any tree
  /// has.
  private static func isDescendant(_ stat: ProcessStat?) -> Bool? {
    guard var parent = stat?.parent else { return nil }
    for _ in 0..<1000 {
      if parent.rawValue == System.ownPID { return true }
      guard parent.rawValue > 1, case .success(let next) = ProcessStat.current(parent) else {
        return false
      }
      parent = next.parent
    }
    return false
  }

  /// Whether one line maps all user numbers to themselves.
  private static func userMapIsFull() -> Bool? {
    text("/proc/self/uid_map").map { $0 == "0 0 4294967295" }
  }

  /// Whether the mount of /proc on top has an option hidepid other than off, proc(5).
  private static func procHidesOthers() -> Bool? {
    guard case .success(let bytes) = ProcFile.bytes("/proc/self/mounts", limit: 1 << 20) else {
      return nil
    }
    var options: [Substring] = []
    for line in bytes.split(separator: 10) {
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard fields.count > 3, fields[1] == "/proc" else { continue }
      options = fields[3].split(separator: ",")
    }
    let hiding: Set<Substring> = [
      "hidepid=1", "hidepid=noaccess", "hidepid=2", "hidepid=invisible", "hidepid=4",
      "hidepid=ptraceable",
    ]
    return !hiding.isDisjoint(with: options)
  }
}

/// The name of a user; nil when there is none.
func userName(_ uid: UInt32) -> String? {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { room in
    guard unsafe pvm_user_name(uid, room.baseAddress, room.count) == 0 else { return nil }
    return unsafe room.baseAddress.map { unsafe String(cString: $0) }
  }
}
