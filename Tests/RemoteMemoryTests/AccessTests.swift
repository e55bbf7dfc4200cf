import CProcessVM
import MemoryModel
import RemoteMemoryFixtures
import Testing

@testable import RemoteMemory

/// Refusals, each explained as itself. A probe program attaches under the limits of each case.
@Suite struct AccessTests {
  /// What the probe printed.
  struct Answer {
    let lines: [String]
    var code: String { lines.first ?? "" }
    var cause: String { lines.count > 1 ? lines[1] : "" }
    var message: String { lines.count > 2 ? lines[2] : "" }
    var hint: String { lines.dropFirst(3).joined(separator: "\n") }
    /// Whether the kernel did not let the probe limit itself.
    var isSkipped: Bool { code.hasPrefix("limit ") || lines.isEmpty }
  }

  static func probe(_ words: [String], through wrapper: [String] = []) throws -> Answer {
    var request = SpawnRequest(wrapper + [Target.program("RemoteMemoryProbe")] + words)
    request.output = .pipe
    request.error = .null
    let child = try SpawnedProcess.spawn(request)
    var lines: [String] = []
    while let line = try child.receiveLine(seconds: 30) {
      lines.append(String(decoding: line, as: UTF8.self))
    }
    _ = try child.waitForExit(seconds: 30)
    return Answer(lines: lines)
  }

  static let isRoot = fixture_uid() == 0
  static let someUser = "65533"

  @Test("a process of our own user is ours")
  func allowed() throws {
    let target = try Target()
    #expect(try Self.probe(["\(target.id)"]).code == "ok")
  }

  @Test("a filter on the call is found by trying it on ourselves", arguments: [1, 38])
  func seccomp(_ number: Int) throws {
    let target = try Target()
    let answer = try Self.probe(["--seccomp", "\(number)", "\(target.id)"])
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "sandboxed")
    #expect(answer.hint.contains("sudo") == false)
  }

  @Test("an older kernel does as well")
  func oldKernel() throws {
    let target = try Target("read-only")
    let place = String(target("scratch").rawValue, radix: 16)
    #expect(try Self.probe(["--old-kernel", "\(target.id)", place]).code == "ok")
    #expect(try target.attach().readBytes(at: target("scratch"), count: 1) == [0x5A])
    let closed = String(target("read_only").rawValue, radix: 16)
    #expect(try Self.probe(["--old-kernel", "\(target.id)", closed]).cause == "notWritable")
    #expect(try Self.probe(["--old-kernel", "\(0x7fff_fff0)"]).code == "ESRCH")
  }

  @Test("a Landlock domain")
  func landlock() throws {
    let target = try Target()
    let answer = try Self.probe(["--landlock", "\(target.id)"])
    if answer.isSkipped { return }
    #expect(answer.code == "EPERM")
    #expect(answer.hint.contains("sudo") == false)
  }

  @Test("a process of another user", .enabled(if: isRoot, "becoming another user needs root"))
  func otherUser() throws {
    let target = try Target()
    let answer = try Self.probe(["--user", Self.someUser, "\(target.id)"])
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "otherUser")
    #expect(answer.message.contains("root (0)"))
    #expect(answer.hint.contains("sudo"))
  }

  @Test("a process of root, seen by a plain user", .enabled(if: !isRoot, "we are root"))
  func rootsProcess() throws {
    let answer = try Self.probe(["1"])
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "otherUser")
    #expect(answer.hint.contains("sudo"))
  }

  @Test("a process that made itself non-dumpable", .enabled(if: !isRoot, "root may read it"))
  func nonDumpable() throws {
    let target = try Target("non-dumpable")
    let answer = try Self.probe(["\(target.id)"])
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "notDumpable")
  }

  @Test("the same with root's help", .enabled(if: isRoot, "becoming another user needs root"))
  func nonDumpableOfAnother() throws {
    let words = ["setpriv", "--reuid", Self.someUser, "--regid", Self.someUser, "--clear-groups"]
    let program = [
      Target.program("pvm-target"), "--addresses", "--rate", "0", "--until-eof", "--layout",
      "non-dumpable",
    ]
    guard let child = try? Target.start(words + program) else {
      try Test.cancel("setpriv is not installed")
    }
    defer { ProcessTests.end(child) }
    guard (try? Target.readBlock(child)) != nil else {
      try Test.cancel("that user may not run pvm-target")
    }
    let answer = try Self.probe(["--user", Self.someUser, "\(child.id)"])
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "notDumpable")
  }

  /// How a copy of sleep(1) is made to be more than its user.
  static let guarded = [
    "install -m 0711 $(command -v sleep) $0", "install -m 4755 -o 65531 $(command -v sleep) $0",
    "install -m 0755 $(command -v sleep) $0 && setcap cap_net_raw+ep $0",
  ]

  @Test(
    "an unreadable program, a setuid one, one with a capability",
    .enabled(if: isRoot, "making such files needs root"), arguments: guarded)
  func guardedProgram(_ make: String) throws {
    // The second shell has lost root's capabilities by its exec, as a login would have.
    let script = """
      \(make) || exit 0
      echo made
      exec setpriv --reuid \(Self.someUser) --regid \(Self.someUser) --clear-groups \\
        sh -c 'exec "$0" 1000' $0
      """
    let file = "/tmp/guarded-\(pvm_own_pid())-\(make.count)"
    var request = SpawnRequest(["sh", "-c", script, file])
    request.output = .pipe
    request.error = .null
    let child = try SpawnedProcess.spawn(request)
    defer {
      ProcessTests.end(child)
      _ = try? SpawnedProcess.spawn(SpawnRequest(["rm", "-f", file])).waitForExit(seconds: 20)
    }
    guard try child.receiveLine(seconds: 20) != nil else {
      try Test.cancel("such a file cannot be made here")
    }
    let name = String(file.split(separator: "/").last ?? "").prefix(15)
    while child.exit == nil, child.summary?.name != String(name) { pvm_sleep(2_000_000) }
    guard child.exit == nil else { try Test.cancel("such a file does not run here") }
    let answer = try Self.probe(["--user", Self.someUser, "\(child.id)"])
    #expect(answer.code == "EPERM")
    #expect(["notDumpable", "otherUser", "moreCapable"].contains(answer.cause), "\(answer.lines)")
    #expect(answer.hint.contains("sudo"))
  }

  @Test(
    "root without CAP_SYS_PTRACE is a container, not a case for sudo",
    .enabled(if: isRoot, "needs root"))
  func container() throws {
    let target = try Target()
    let keep = String(~UInt64(1 << 19), radix: 16)
    let answer = try Self.probe(["--capabilities", keep, "\(target.id)"])
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "rootWithoutCapability")
    #expect(answer.hint.contains("--cap-add SYS_PTRACE"))
    #expect(!answer.hint.contains("sudo"))
  }

  @Test("inside a user namespace, a process outside")
  func userNamespace() throws {
    let target = try Target()
    let answer = try Self.probe(["\(target.id)"], through: ["unshare", "-r"])
    if answer.isSkipped { return }
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "userNamespace")
    #expect(!answer.hint.contains("sudo"))
  }

  @Test("processes hidden by hidepid", .enabled(if: isRoot, "mounting needs root"))
  func hidden() throws {
    let target = try Target()
    // A mount of its own: the options of the machine's would change for everybody.
    let script = "mount -t proc -o hidepid=2 proc /proc || exit 0; exec \"$@\""
    let answer = try Self.probe(
      ["--user", Self.someUser, "\(target.id)"],
      through: ["unshare", "-m", "sh", "-c", script, "sh"])
    if answer.isSkipped { return }
    #expect(answer.code == "EPERM")
    #expect(answer.cause == "hidden")
  }

  /// Evidence made up for the test, as a kernel with Yama would give it.
  struct Invented: AccessEvidenceSource {
    let scope: Int
    func evidence(for process: ProcessID, errno: Errno) -> AccessEvidence {
      var evidence = AccessEvidence(process: process, errno: errno.rawValue)
      evidence.selfProbeErrno = 0
      evidence.statExists = true
      evidence.maps = .readable
      evidence.ownEffectiveUser = 1000
      evidence.ownRealUser = 1000
      evidence.ownCapabilities = 0
      evidence.ownUserMapIsFull = true
      evidence.targetUser = .init(real: 1000, effective: 1000, saved: 1000, fileSystem: 1000)
      evidence.memoryFileOwner = 1000
      evidence.yamaScope = scope
      return evidence
    }
  }

  @Test(
    "Yama, from invented evidence",
    arguments: [(1, AccessCause.yamaRestricted), (2, .yamaAdminOnly), (3, .yamaDisabled)])
  func yama(_ scope: Int, _ cause: AccessCause) {
    let error = RemoteMemoryError.denied(
      .attach, ProcessID(77), .notPermitted, Invented(scope: scope))
    guard case .denied(let diagnosis) = error.cause else {
      Issue.record("another cause")
      return
    }
    #expect(diagnosis.cause == cause)
    #expect(error.code == "EPERM")
    #expect(error.hint?.isEmpty == false)
  }

  @Test("what is found out about a process of ours is true")
  func evidence() throws {
    let target = try Target()
    let evidence = SystemAccessEvidence().evidence(for: target.id, errno: .notPermitted)
    #expect(evidence.selfProbeErrno == 0)
    #expect(evidence.name == "pvm-target")
    #expect(evidence.statExists == true)
    #expect(evidence.maps == .readable)
    #expect(evidence.hasExecutable == true)
    #expect(evidence.isDescendant == true)
    #expect(evidence.ownEffectiveUser == fixture_uid())
    #expect(evidence.targetUser?.real == fixture_uid())
    #expect(evidence.memoryFileOwner == fixture_uid())
    let nobody = SystemAccessEvidence().evidence(for: ProcessID(0x7fff_fff0), errno: .noSuchProcess)
    #expect(nobody.statExists == false)
    #expect(nobody.maps == .missing)
  }
}
