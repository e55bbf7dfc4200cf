/// Everything worth knowing about a system call that was refused. Gathered by someone else; each
/// part that could not be found out is nil, and the diagnosis then makes no use of it.
public struct AccessEvidence: Hashable, Sendable {
  /// How much of the other process's memory maps lists.
  public enum Maps: Hashable, Sendable {
    /// The file could be read and lists something.
    case readable
    /// The file could be read and is empty, as for a kernel thread.
    case empty
    /// Opening the file was refused.
    case refused
    /// There is no such file.
    case missing
  }

  /// The process that was asked for.
  public var process: ProcessID
  /// The number of the error the call failed with, errno(3).
  public var errno: Int32
  /// The error of the same call on our own memory: 0 when that works.
  public var selfProbeErrno: Int32?
  /// What the process is called, printable.
  public var name: String?
  /// Whether `/proc/PID/stat` is there.
  public var statExists: Bool?
  /// Whether `/proc` hides the processes of others (mount option `hidepid`).
  public var procHidesOthers: Bool?
  /// What the process is doing.
  public var state: ProcessState?
  /// Another thread of the process that still runs, when its first has ended.
  public var liveThread: ProcessID?
  /// What can be seen of its mappings.
  public var maps: Maps?
  /// Whether `/proc/PID/exe` names a program.
  public var hasExecutable: Bool?
  /// Our effective user.
  public var ownEffectiveUser: UInt32?
  /// Our real user.
  public var ownRealUser: UInt32?
  /// Our capabilities in force.
  public var ownCapabilities: UInt64?
  /// Whether we can gain no rights any more (`NoNewPrivs`).
  public var ownNoNewPrivileges: Bool?
  /// Whether our user namespace is the first one: `/proc/self/uid_map` covers every number.
  public var ownUserMapIsFull: Bool?
  /// How our own system calls are filtered: 0 not, 1 strict, 2 by a program.
  public var ownSeccompMode: Int?
  /// The user the process belongs to.
  public var targetUser: ProcessStatus.Identity?
  /// The group the process belongs to.
  public var targetGroup: ProcessStatus.Identity?
  /// Our group.
  public var ownRealGroup: UInt32?
  /// The name of that user, when it has one.
  public var targetUserName: String?
  /// The capabilities the process has.
  public var targetPermittedCapabilities: UInt64?
  /// Who owns `/proc/PID/mem`: root for a process that is not dumpable.
  public var memoryFileOwner: UInt32?
  /// The content of `/proc/sys/kernel/yama/ptrace_scope`; nil when the kernel has no Yama.
  public var yamaScope: Int?
  /// Whether the process descends from us.
  public var isDescendant: Bool?
  /// Who traces the process.
  public var tracer: ProcessID?
  /// The names of active security modules, as `/sys/kernel/security/lsm` lists them.
  public var securityModules: [String]

  /// Evidence about a call on `process` that failed with `errno`; everything else is unknown until
  /// set.
  public init(process: ProcessID, errno: Int32) {
    self.process = process
    self.errno = errno
    self.securityModules = []
  }
}
