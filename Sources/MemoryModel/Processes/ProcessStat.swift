/// One process or thread as `/proc/PID/stat` shows it, proc_pid_stat(5).
public struct ProcessStat: Hashable, Sendable {
  /// The number of the process or thread.
  public let id: ProcessID
  /// The name of the thread (`comm`), at most 15 bytes, which may be any but 0.
  public let nameBytes: [UInt8]
  /// The state.
  public let state: ProcessState
  /// The number of the parent.
  public let parent: ProcessID
  /// The number of the process group.
  public let group: ProcessID
  /// The number of the session.
  public let session: ProcessID
  /// The kernel's flags for the task.
  public let flags: UInt32
  /// How many threads the process has.
  public let threadCount: Int
  /// When it started, in clock ticks since the system did. With the number this names a process for
  /// good.
  public let startTime: UInt64
  /// Where its code starts: 0 when it has no memory, 1 when we may not know.
  public let codeStart: UInt64
  /// Where its stack started, at an address of the kernel's choice that a fork(2) keeps and an
  /// execve(2) changes; 0 when it has no memory or we may not know.
  public let stackStart: UInt64

  /// Whether it was forked and has run no execve(2) since, so that it may share memory with its
  /// parent. Always so for a thread that is not the first.
  public var isForkOnly: Bool { flags & 0x40 != 0 }

  /// Whether it is a thread of the kernel, which has no memory of its own.
  public var isKernelThread: Bool { flags & 0x0020_0000 != 0 }

  /// Reads the text of the file; nil when it is not as described.
  ///
  /// The name stands in parentheses and may hold spaces, parentheses and newlines: it ends at the
  /// last `)`.
  public init?(_ text: [UInt8]) {
    guard let open = text.firstIndex(of: UInt8(ascii: "(")),
      let close = text.lastIndex(of: UInt8(ascii: ")")), open < close,
      let id = Int32(decimal: text[..<open])
    else { return nil }
    let fields = text[(close &+ 1)...].split { $0 == 0x20 || $0 == 0x0A }
    guard fields.count >= 20, let letter = fields[0].first,
      let parent = Int32(decimal: fields[1]), let group = Int32(decimal: fields[2]),
      let session = Int32(decimal: fields[3]), let flags = UInt32(decimal: fields[6]),
      let threadCount = Int(decimal: fields[17]), let startTime = UInt64(decimal: fields[19])
    else { return nil }
    self.id = ProcessID(id)
    self.nameBytes = Array(text[(open &+ 1)..<close])
    self.state = ProcessState(letter: letter)
    self.parent = ProcessID(parent)
    self.group = ProcessID(group)
    self.session = ProcessID(session)
    self.flags = flags
    self.threadCount = threadCount
    self.startTime = startTime
    codeStart = fields.count > 23 ? UInt64(decimal: fields[23]) ?? 0 : 0
    stackStart = fields.count > 25 ? UInt64(decimal: fields[25]) ?? 0 : 0
  }
}
