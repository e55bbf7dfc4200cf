import MemoryModel
import Testing

/// A situation, and what is to be said about it.
private struct Situation: Sendable, CustomTestStringConvertible {
  let name: String
  let cause: AccessCause
  let evidence: AccessEvidence

  var testDescription: String { name }

  init(
    _ name: String, _ cause: AccessCause, errno: Int32 = 1,
    _ change: (inout AccessEvidence) -> Void = { _ in }
  ) {
    self.name = name
    self.cause = cause
    var evidence = AccessEvidence(process: ProcessID(4121), errno: errno)
    evidence.name = "game"
    evidence.selfProbeErrno = 0
    evidence.statExists = true
    evidence.procHidesOthers = false
    evidence.state = .sleeping
    evidence.maps = .readable
    evidence.hasExecutable = true
    evidence.ownRealUser = 1000
    evidence.ownEffectiveUser = 1000
    evidence.ownRealGroup = 1000
    evidence.ownCapabilities = 0
    evidence.ownNoNewPrivileges = false
    evidence.ownUserMapIsFull = true
    evidence.ownSeccompMode = 0
    evidence.targetUser = Self.user(1000)
    evidence.targetGroup = Self.user(1000)
    evidence.targetPermittedCapabilities = 0
    evidence.memoryFileOwner = 1000
    evidence.isDescendant = false
    change(&evidence)
    self.evidence = evidence
  }

  static func user(_ number: UInt32) -> ProcessStatus.Identity {
    .init(real: number, effective: number, saved: number, fileSystem: number)
  }

  private static func root(_ evidence: inout AccessEvidence) {
    evidence.ownRealUser = 0
    evidence.ownEffectiveUser = 0
    evidence.ownRealGroup = 0
    evidence.ownCapabilities = .max
  }

  private static func foreign(_ evidence: inout AccessEvidence) {
    evidence.targetUser = user(33)
    evidence.memoryFileOwner = 33
    evidence.maps = .refused
  }

  static let all = refusals + yama + absences

  static let refusals = [
    Situation("a filter that says EPERM", .sandboxed) { $0.selfProbeErrno = 1 },
    Situation("a filter that says ENOSYS", .sandboxed, errno: 38) { $0.ownSeccompMode = 2 },
    Situation("a kernel without the call", .unsupported, errno: 38),
    Situation("another user", .otherUser, foreign),
    Situation("another user, by a file", .otherUser, errno: 13, foreign),
    Situation("setuid: the effective user differs", .otherUser) {
      $0.targetUser = .init(real: 1000, effective: 0, saved: 0, fileSystem: 0)
      $0.memoryFileOwner = 0
    },
    Situation("another group", .otherUser) { $0.targetGroup = user(50) },
    Situation("another user, hidden", .hidden) {
      foreign(&$0)
      $0.statExists = false
      $0.procHidesOthers = true
    },
    Situation("made itself non-dumpable", .notDumpable) {
      $0.memoryFileOwner = 0
      $0.maps = .refused
    },
    Situation("more capabilities than we", .moreCapable) {
      $0.targetPermittedCapabilities = 1 << 21
    },
    Situation("root in a container", .rootWithoutCapability) {
      root(&$0)
      $0.ownCapabilities = 0xA804_25FB
    },
    Situation("root in a container, another user", .rootWithoutCapability) {
      root(&$0)
      foreign(&$0)
      $0.ownCapabilities = 0xA804_25FB
    },
    Situation("root in a user namespace", .userNamespace) {
      root(&$0)
      $0.ownUserMapIsFull = false
    },
    Situation("a user in a user namespace", .userNamespace) { $0.ownUserMapIsFull = false },
    Situation("root refused", .securityModule) {
      root(&$0)
      $0.targetUser = user(0)
    },
    Situation("a user refused for no other reason", .securityModule),
    Situation("the capability does not open files", .fileOwnership, errno: 13) {
      $0.ownCapabilities = 1 << 19
      $0.targetUser = user(0)
      $0.memoryFileOwner = 0
    },
    Situation("nothing known", .unknown) { $0 = AccessEvidence(process: ProcessID(1), errno: 1) },
    Situation("an address", .fault, errno: 14),
    Situation("another error", .unknown, errno: 12),
  ]

  static let yama = [
    Situation("Yama 0", .securityModule) { $0.yamaScope = 0 },
    Situation("Yama 1", .yamaRestricted) { $0.yamaScope = 1 },
    Situation("Yama 1, a descendant", .securityModule) {
      $0.yamaScope = 1
      $0.isDescendant = true
    },
    Situation("Yama 1, but maps are refused too", .securityModule) {
      $0.yamaScope = 1
      $0.maps = .refused
    },
    Situation("Yama 1, another user", .otherUser) {
      foreign(&$0)
      $0.yamaScope = 1
    },
    Situation("Yama 1, non-dumpable", .notDumpable) {
      $0.yamaScope = 1
      $0.memoryFileOwner = 0
    },
    Situation("Yama 1, root with the capability", .securityModule) {
      root(&$0)
      $0.yamaScope = 1
    },
    Situation("Yama 2", .yamaAdminOnly) { $0.yamaScope = 2 },
    Situation("Yama 2, a descendant", .yamaAdminOnly) {
      $0.yamaScope = 2
      $0.isDescendant = true
    },
    Situation("Yama 3", .yamaDisabled) { $0.yamaScope = 3 },
    Situation("Yama 3, root", .yamaDisabled) {
      root(&$0)
      $0.yamaScope = 3
    },
    Situation("Yama 3, another user", .yamaDisabled) {
      foreign(&$0)
      $0.yamaScope = 3
    },
  ]

  static let absences = [
    Situation("no such process", .noSuchProcess, errno: 3) { $0.statExists = false },
    Situation("no such file", .noSuchProcess, errno: 2) { $0.statExists = false },
    Situation("hidden", .hidden, errno: 2) {
      $0.statExists = false
      $0.procHidesOthers = true
    },
    Situation("nothing known about a missing one", .noSuchProcess, errno: 3) {
      $0 = AccessEvidence(process: ProcessID(1), errno: 3)
    },
    Situation("zombie", .zombie, errno: 3) { $0.state = .zombie },
    Situation("zombie, by a file", .zombie, errno: 13) { $0.state = .zombie },
    Situation("leader gone", .leaderExited, errno: 3) {
      $0.state = .zombie
      $0.liveThread = ProcessID(4123)
    },
    Situation("kernel thread", .kernelThread, errno: 3) {
      $0.maps = .empty
      $0.hasExecutable = false
    },
    Situation("there and yet not", .unknown, errno: 3),
  ]
}

@Suite("Access diagnosis")
struct AccessDiagnosisTests {
  @Test("names the cause", arguments: Situation.all)
  private func cause(_ situation: Situation) {
    let diagnosis = AccessDiagnosis(situation.evidence)
    #expect(diagnosis.cause == situation.cause)
    #expect(!diagnosis.message.isEmpty && !diagnosis.message.contains("\n"))
  }

  @Test("covers every cause")
  func coverage() {
    #expect(Set(Situation.all.map(\.cause)) == Set(AccessCause.allCases))
  }

  @Test("never tells root to use sudo, nor anyone to use setcap", arguments: Situation.all)
  private func advice(_ situation: Situation) {
    let hint = AccessDiagnosis(situation.evidence).hint ?? ""
    #expect(!hint.contains("setcap"))
    if situation.evidence.ownEffectiveUser == 0 { #expect(!hint.contains("sudo pvmlua")) }
  }

  @Test("does not advise sudo where no privileges can be gained", arguments: Situation.all)
  private func noNewPrivileges(_ situation: Situation) {
    var evidence = situation.evidence
    evidence.ownNoNewPrivileges = true
    let hint = AccessDiagnosis(evidence).hint ?? ""
    #expect(!hint.contains("sudo pvmlua") && !hint.contains("sudo sysctl"))
  }

  @Test("names process and user")
  func words() throws {
    var evidence = try #require(Situation.all.first { $0.name == "another user" }).evidence
    evidence.targetUserName = "www-data"
    let diagnosis = AccessDiagnosis(evidence)
    #expect(diagnosis.message == "process 4121 (game) belongs to user www-data (33)")
    #expect(diagnosis.hint == "sudo pvmlua ...")
    evidence.targetUserName = nil
    evidence.name = nil
    #expect(AccessDiagnosis(evidence).message == "process 4121 belongs to user 33")
  }

  @Test("says that a change holds for the whole system")
  func yamaHint() throws {
    let situation = try #require(Situation.yama.first { $0.cause == .yamaRestricted })
    let hint = try #require(AccessDiagnosis(situation.evidence).hint)
    #expect(hint.contains("pvm.spawn"))
    #expect(hint.contains("kernel.yama.ptrace_scope=0 (for the whole system)"))
  }

  @Test("names the active security modules")
  func modules() throws {
    var evidence = try #require(Situation.all.first { $0.name == "root refused" }).evidence
    #expect(AccessDiagnosis(evidence).message.contains("SELinux, AppArmor, Landlock"))
    evidence.securityModules = ["lockdown", "capability", "landlock", "apparmor"]
    #expect(AccessDiagnosis(evidence).message.contains("(landlock, apparmor)"))
  }
}
