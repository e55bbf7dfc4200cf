/// One line of a journal of changes: what was done to other processes, so that it can be undone when
/// whoever did it is gone.
///
/// A line is words between spaces and ends with `#` and the XXH64 of what stands before, so that a
/// line that was cut off by a crash is known as such.
public enum JournalEntry: Hashable, Sendable {
  /// The first line: who writes the journal.
  case run(JournalRun)
  /// A process that is changed, under a number by which places name it.
  case process(number: Int, ProcessMark)
  /// Bytes that are about to be changed.
  case place(number: Int, JournalPlace)
  /// The place with the number holds its old bytes again.
  case back(number: Int)
  /// The place with the number is to stay changed when the program ends.
  case kept(number: Int)
}

/// Who writes a journal.
public struct JournalRun: Hashable, Sendable {
  /// The number of the program that writes it.
  public var id: ProcessID
  /// The kernel's name of this run of the machine; in another one all processes are gone.
  public var boot: String
  /// The namespace that process numbers belong to, as `/proc/self/ns/pid` names it.
  public var namespace: String

  public init(id: ProcessID, boot: String, namespace: String) {
    self.id = id
    self.boot = boot
    self.namespace = namespace
  }
}

/// What tells one run of one program in one process from every other.
public struct ProcessMark: Hashable, Sendable {
  /// Its number, which is used again.
  public var id: ProcessID
  /// When the process started, in clock ticks since the machine did.
  public var startTime: UInt64
  /// Where its stack and its code started; execve(2) changes them.
  public var stackStart, codeStart: UInt64
  /// Its name, for people.
  public var nameBytes: [UInt8]

  public init(
    id: ProcessID, startTime: UInt64, stackStart: UInt64, codeStart: UInt64, nameBytes: [UInt8]
  ) {
    self.id = id
    self.startTime = startTime
    self.stackStart = stackStart
    self.codeStart = codeStart
    self.nameBytes = nameBytes
  }

  /// Whether both mean the same run of the same program, whatever its name is.
  public func isSameRun(as other: ProcessMark) -> Bool {
    id == other.id && startTime == other.startTime && stackStart == other.stackStart
      && codeStart == other.codeStart
  }
}

/// Bytes of a process that were changed, or were about to be.
public struct JournalPlace: Hashable, Sendable {
  /// The number of the process in the journal.
  public var process: Int
  /// The first byte.
  public var address: Address
  /// Whether the pages could not be written by the process itself.
  public var isForced: Bool
  /// What was there; as many bytes as `new`.
  public var old: [UInt8]
  /// What was to be written.
  public var new: [UInt8]

  public init(process: Int, address: Address, isForced: Bool, old: [UInt8], new: [UInt8]) {
    self.process = process
    self.address = address
    self.isForced = isForced
    self.old = old
    self.new = new
  }
}
