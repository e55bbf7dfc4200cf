/// Why the memory of a process cannot be reached.
public enum AccessCause: String, Hashable, Sendable, CaseIterable {
  /// The call is not allowed even on ourselves: a sandbox filters it.
  case sandboxed
  /// The kernel was built without the call.
  case unsupported
  /// There is no such process.
  case noSuchProcess
  /// `/proc` is mounted so that other users' processes do not show.
  case hidden
  /// The process has ended and waits for its parent.
  case zombie
  /// Its first thread has ended but others run: use one of those.
  case leaderExited
  /// A thread of the kernel, which has no memory of its own.
  case kernelThread
  /// It belongs to another user.
  case otherUser
  /// It has, or has had, more rights than we: setuid, capabilities, an unreadable program, or
  /// prctl(2).
  case notDumpable
  /// Yama scope 1: only descendants may be read.
  case yamaRestricted
  /// Yama scope 2: only with CAP_SYS_PTRACE.
  case yamaAdminOnly
  /// Yama scope 3: nobody, until reboot.
  case yamaDisabled
  /// We are root without CAP_SYS_PTRACE, as in a container.
  case rootWithoutCapability
  /// We are in a user namespace, the process is outside.
  case userNamespace
  /// The process has capabilities that we have not.
  case moreCapable
  /// A security module (SELinux, AppArmor, Landlock) refuses.
  case securityModule
  /// The right holds for memory calls but not for the owner of the file in `/proc`.
  case fileOwnership
  /// The address is not mapped, or not readable: no question of rights.
  case fault
  /// None of the above could be told.
  case unknown
}
