public import MemoryModel

/// What `ps` would show of a process: enough to choose one.
public struct ProcessSummary: Hashable, Sendable {
  /// Its number.
  public let id: ProcessID
  /// The name the kernel keeps, at most 15 bytes; raw bytes, a thread may write anything there.
  public let nameBytes: [UInt8]
  /// The path of the program, raw bytes; nil when it may not be read or there is none.
  public let executableBytes: [UInt8]?
  /// The command line, an element an argument, raw bytes; empty for kernel threads and zombies.
  public let arguments: [[UInt8]]
  /// The real user id; nil when it ended before it could be asked.
  public let userID: UInt32?
  /// The effective user id.
  public let effectiveUserID: UInt32?
  /// The number of its parent.
  public let parent: ProcessID
  /// What it is doing.
  public let state: ProcessState
  /// How many threads it has.
  public let threadCount: Int
  /// Whether it is a thread of the kernel.
  public let isKernelThread: Bool
  /// When it started, in clock ticks since the machine did.
  public let startTime: UInt64

  /// The kernel's name as text; bytes that are not UTF-8 are replaced.
  public var name: String { String(decoding: nameBytes, as: UTF8.self) }

  /// The program's path as text; bytes that are not UTF-8 are replaced.
  public var executable: String? { executableBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The arguments joined by spaces, as text.
  public var commandLine: String {
    arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// The name of its real user, or the number where it has no name.
  public var userName: String? { userID.map { RemoteMemory.userName($0) ?? "\($0)" } }

  /// What proc(5) says of a process at this moment; nil when there is none with that number.
  public init?(_ id: ProcessID) {
    guard case .success(let stat) = ProcessStat.current(id) else { return nil }
    let status = try? ProcessStatus.current(id).get()
    self.id = id
    nameBytes = stat.nameBytes
    executableBytes = try? ProcFile.link("/proc/\(id)/exe").get()
    arguments = zeroTerminatedStrings(
      (try? ProcFile.bytes("/proc/\(id)/cmdline", limit: 4 << 20).get()) ?? [])
    userID = status?.user?.real
    effectiveUserID = status?.user?.effective
    parent = stat.parent
    state = stat.state
    threadCount = stat.threadCount
    isKernelThread = stat.isKernelThread
    startTime = stat.startTime
  }
}

extension ProcessSummary: CustomStringConvertible {
  /// Number, name and command line: `4121  supertux2  /usr/games/supertux2 --windowed`.
  public var description: String { "\(id)  \(name)  \(commandLine)" }
}
