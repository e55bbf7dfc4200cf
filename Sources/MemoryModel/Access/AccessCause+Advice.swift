extension AccessCause {
  /// One line on what is in the way.
  func message(_ evidence: AccessEvidence) -> String {
    let who = Self.who(evidence)
    switch self {
    case .sandboxed:
      return "this sandbox blocks process_vm_readv itself, even on our own memory (seccomp)"
    case .unsupported: return "this kernel has no process_vm_readv (CONFIG_CROSS_MEMORY_ATTACH)"
    case .noSuchProcess: return "no process \(evidence.process)"
    case .hidden:
      return
        "no process \(evidence.process) to be seen: /proc hides other users' processes (hidepid)"
    case .zombie: return "\(who) has exited (zombie)"
    case .leaderExited: return "the first thread of \(who) has exited, others still run"
    case .kernelThread: return "\(who) is a kernel thread and has no memory of its own"
    case .otherUser: return "\(who) belongs to \(Self.user(evidence))"
    case .notDumpable:
      return "\(who) has made itself non-dumpable (setuid, capability, unreadable binary, or prctl)"
    case .yamaRestricted: return "Yama lets us read only our own descendants, and \(who) is none"
    case .yamaAdminOnly: return "Yama asks for CAP_SYS_PTRACE to read any process (ptrace_scope 2)"
    case .yamaDisabled:
      return "Yama has switched this off until reboot, even for root (ptrace_scope 3)"
    case .rootWithoutCapability: return "we are root without CAP_SYS_PTRACE (a container)"
    case .userNamespace: return "we are inside a user namespace and \(who) is outside"
    case .moreCapable: return "\(who) has capabilities that we do not have"
    case .securityModule: return "a security module (\(Self.modules(evidence))) refuses \(who)"
    case .fileOwnership:
      return
        "/proc/\(evidence.process)/mem belongs to another user; CAP_SYS_PTRACE does not open it"
    case .fault: return "the address is not mapped, or not readable"
    case .unknown: return "the kernel refuses \(who) and does not say why"
    }
  }

  /// What to type or do next.
  func hint(_ evidence: AccessEvidence) -> String? {
    switch self {
    case .sandboxed:
      return
        "no privilege helps; in Docker use --cap-add SYS_PTRACE or a seccomp profile that allows it"
    case .hidden, .otherUser, .notDumpable, .yamaAdminOnly, .moreCapable:
      return Self.sudo(evidence)
    case .leaderExited: return evidence.liveThread.map { "use thread \($0)" }
    case .yamaRestricted:
      let start = "start the program through pvmlua (pvm.spawn), which needs no privilege"
      let everyone = "sudo sysctl kernel.yama.ptrace_scope=0 (for the whole system)"
      return evidence.ownNoNewPrivileges == true ? start : "\(start), or: \(everyone)"
    case .yamaDisabled:
      return "change kernel.yama.ptrace_scope in the boot configuration and reboot"
    case .rootWithoutCapability: return "start the container with --cap-add SYS_PTRACE"
    case .userNamespace:
      return "run pvmlua outside the namespace, or enter the target's with nsenter"
    case .securityModule: return "look in the audit log (journalctl -k, or ausearch -m avc)"
    case .fileOwnership: return "run as root, or use only operations that need no file in /proc"
    case .unsupported, .noSuchProcess, .zombie, .kernelThread, .fault, .unknown: return nil
    }
  }

  /// The process in words: `process 4121 (sleep)`.
  private static func who(_ evidence: AccessEvidence) -> String {
    "process \(evidence.process)" + (evidence.name.map { " (\($0))" } ?? "")
  }

  /// The target's user in words; the one that differs from ours where several do.
  private static func user(_ evidence: AccessEvidence) -> String {
    guard let target = evidence.targetUser else { return "another user" }
    let ours = evidence.ownRealUser ?? evidence.ownEffectiveUser
    let users = [target.real, target.effective, target.saved]
    guard let other = users.first(where: { $0 != ours }) else { return "another group" }
    return "user " + (evidence.targetUserName.map { "\($0) (\(other))" } ?? "\(other)")
  }

  /// The modules that could be meant.
  private static func modules(_ evidence: AccessEvidence) -> String {
    let passive: Set<String> = ["capability", "lockdown", "yama", "integrity", "bpf", "safesetid"]
    let active = evidence.securityModules.filter { !passive.contains($0) }
    return active.isEmpty ? "SELinux, AppArmor, Landlock" : active.joined(separator: ", ")
  }

  /// The advice to run as root, where that can help at all.
  private static func sudo(_ evidence: AccessEvidence) -> String? {
    if evidence.ownNoNewPrivileges == true {
      return
        "no_new_privs is set here, so sudo cannot help; run pvmlua from another session as root"
    }
    return evidence.ownEffectiveUser == 0 ? nil : "sudo pvmlua ..."
  }
}
