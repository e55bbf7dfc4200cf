/// The numbers of errno(3) that matter here; they are the same on every architecture of Linux that
/// we know.
enum ErrorNumber {
  static let notPermitted: Int32 = 1
  static let noEntry: Int32 = 2
  static let noSuchProcess: Int32 = 3
  static let accessDenied: Int32 = 13
  static let badAddress: Int32 = 14
  static let noSystemCall: Int32 = 38
}

extension AccessCause {
  /// CAP_SYS_PTRACE, capabilities(7).
  private static let tracing: UInt64 = 1 << 19

  /// The first cause that fits, tested from the most certain to the least.
  init(_ evidence: AccessEvidence) {
    switch evidence.errno {
    case ErrorNumber.badAddress: self = .fault
    case ErrorNumber.noSystemCall: self = Self.missingCall(evidence)
    case ErrorNumber.noSuchProcess, ErrorNumber.noEntry: self = Self.absent(evidence)
    case ErrorNumber.notPermitted, ErrorNumber.accessDenied: self = Self.refused(evidence)
    default: self = .unknown
    }
  }

  /// ENOSYS: a filter that says so, or a kernel that has no such call.
  private static func missingCall(_ evidence: AccessEvidence) -> AccessCause {
    evidence.ownSeccompMode == 0 ? .unsupported : .sandboxed
  }

  /// ESRCH, or ENOENT from `/proc`.
  private static func absent(_ evidence: AccessEvidence) -> AccessCause {
    if evidence.statExists == false {
      return evidence.procHidesOthers == true ? .hidden : .noSuchProcess
    }
    if evidence.state?.hasEnded == true {
      return evidence.liveThread == nil ? .zombie : .leaderExited
    }
    if evidence.maps == .empty, evidence.hasExecutable == false { return .kernelThread }
    return evidence.statExists == nil ? .noSuchProcess : .unknown
  }

  /// EPERM, or EACCES from `/proc`.
  private static func refused(_ evidence: AccessEvidence) -> AccessCause {
    if let probe = evidence.selfProbeErrno, probe != 0 { return .sandboxed }
    if evidence.statExists == false, evidence.procHidesOthers == true { return .hidden }
    if evidence.state?.hasEnded == true {
      return evidence.liveThread == nil ? .zombie : .leaderExited
    }
    if (evidence.yamaScope ?? 0) >= 3 { return .yamaDisabled }
    return hasTracing(evidence) ? refusedThoughCapable(evidence) : refusedIncapable(evidence)
  }

  /// We hold CAP_SYS_PTRACE and are refused nevertheless.
  private static func refusedThoughCapable(_ evidence: AccessEvidence) -> AccessCause {
    if evidence.ownUserMapIsFull == false { return .userNamespace }
    let isFileRefusal = evidence.errno == ErrorNumber.accessDenied
    if isFileRefusal, let user = evidence.ownEffectiveUser, user != 0,
      let owner = evidence.memoryFileOwner, owner != user
    {
      return .fileOwnership
    }
    return .securityModule
  }

  /// We do not hold CAP_SYS_PTRACE: the usual case.
  private static func refusedIncapable(_ evidence: AccessEvidence) -> AccessCause {
    if evidence.ownEffectiveUser == 0, evidence.ownCapabilities != nil {
      return .rootWithoutCapability
    }
    if isOtherUser(evidence) { return .otherUser }
    if let owner = evidence.memoryFileOwner, let user = evidence.ownEffectiveUser, owner != user {
      return .notDumpable
    }
    if let theirs = evidence.targetPermittedCapabilities, let ours = evidence.ownCapabilities,
      theirs & ~ours != 0
    {
      return .moreCapable
    }
    return refusedByModule(evidence)
  }

  /// Same user, dumpable: what is left are Yama, which leaves maps readable, a namespace around us,
  /// and other modules.
  private static func refusedByModule(_ evidence: AccessEvidence) -> AccessCause {
    switch evidence.maps == .refused ? nil : evidence.yamaScope {
    case 1?: if evidence.isDescendant != true { return .yamaRestricted }
    case 2?: return .yamaAdminOnly
    default: break
    }
    if evidence.ownUserMapIsFull == false { return .userNamespace }
    guard evidence.targetUser != nil, evidence.ownEffectiveUser != nil else { return .unknown }
    return .securityModule
  }

  /// Whether CAP_SYS_PTRACE is in force for us.
  private static func hasTracing(_ evidence: AccessEvidence) -> Bool {
    (evidence.ownCapabilities ?? 0) & tracing != 0
  }

  /// Whether one of the target's real, effective and saved users or groups is not ours, as
  /// ptrace(2) compares them.
  private static func isOtherUser(_ evidence: AccessEvidence) -> Bool {
    if let user = evidence.ownRealUser ?? evidence.ownEffectiveUser,
      let target = evidence.targetUser,
      [target.real, target.effective, target.saved].contains(where: { $0 != user })
    {
      return true
    }
    guard let group = evidence.ownRealGroup, let target = evidence.targetGroup else { return false }
    return [target.real, target.effective, target.saved].contains { $0 != group }
  }
}
