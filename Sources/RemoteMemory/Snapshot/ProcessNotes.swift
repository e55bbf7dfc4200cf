public import MemoryModel

/// What a core file tells of a process beside its memory; see core(5).
public struct ProcessNotes: Hashable, Sendable {
  /// Its number.
  public var id: ProcessID
  /// The number of its parent.
  public var parent: ProcessID
  /// Its real user id.
  public var userID: UInt32
  /// Its real group id.
  public var groupID: UInt32
  /// The name the kernel keeps, at most 15 bytes; raw bytes.
  public var nameBytes: [UInt8]
  /// The path of its program; nil when it may not be read. Raw bytes.
  public var executableBytes: [UInt8]?
  /// Its arguments, joined by spaces; raw bytes.
  public var argumentBytes: [UInt8]
  /// The auxiliary vector the kernel gave it, as in proc_pid_auxv(5); empty when it may not be read.
  public var auxiliaryVector: [UInt8]
  /// Its machine in the words of uname(1): `x86_64`, `i386`, `aarch64`.
  public var machine: String
  /// Its threads; the first is the one that gives the process its number, where it lives.
  public var threads: [ThreadNote]

  /// Notes as given; everything but the number may be left out.
  public init(
    id: ProcessID, parent: ProcessID = ProcessID(0), userID: UInt32 = 0, groupID: UInt32 = 0,
    nameBytes: [UInt8] = [], executableBytes: [UInt8]? = nil, argumentBytes: [UInt8] = [],
    auxiliaryVector: [UInt8] = [],
    machine: String = "", threads: [ThreadNote] = []
  ) {
    self.id = id
    self.parent = parent
    self.userID = userID
    self.groupID = groupID
    self.nameBytes = nameBytes
    self.executableBytes = executableBytes
    self.argumentBytes = argumentBytes
    self.auxiliaryVector = auxiliaryVector
    self.machine = machine
    self.threads = threads
  }
}

/// A thread and, where it was stopped, its registers.
public struct ThreadNote: Hashable, Sendable {
  /// Its number.
  public var id: ProcessID
  /// The registers as PTRACE_GETREGSET gives them for NT_PRSTATUS; nil unless it was stopped.
  public var registers: [UInt8]?
  /// The same for NT_PRFPREG.
  public var floatRegisters: [UInt8]?

  /// A thread; without registers when it was not stopped.
  public init(id: ProcessID, registers: [UInt8]? = nil, floatRegisters: [UInt8]? = nil) {
    self.id = id
    self.registers = registers
    self.floatRegisters = floatRegisters
  }
}

extension RemoteProcess {
  /// What proc(5) says of the process at this moment, without registers; what may not be read is
  /// empty.
  public var notes: ProcessNotes {
    var notes = ProcessNotes(id: id, nameBytes: nameBytes, machine: machine)
    if let status = try? ProcessStatus.current(id).get() {
      notes.parent = status.parent ?? notes.parent
      notes.userID = status.user?.real ?? 0
      notes.groupID = status.group?.real ?? 0
    }
    if let summary = ProcessSummary(id) {
      notes.nameBytes = summary.nameBytes
      notes.executableBytes = summary.executableBytes
      notes.argumentBytes = Array(summary.arguments.joined(separator: [0x20]))
    }
    notes.auxiliaryVector = (try? ProcFile.bytes("/proc/\(id)/auxv", limit: 64 << 10).get()) ?? []
    notes.threads = ProcessStat.liveThreads(of: id).map { ThreadNote(id: $0) }
    return notes
  }
}
