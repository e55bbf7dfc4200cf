public import MemoryModel

/// What went wrong, where, how far it got, why, and what can be done about it.
public struct RemoteMemoryError: Error, Sendable {
  /// What was being done.
  public enum Operation: String, Hashable, Sendable {
    case attach, list, wait, spawn, signal, pause, read, write, copy, fill, compare, resolve, scan,
      save, patch
    /// Keeping a journal of changes, or taking back what one tells of.
    case journal, undo
    /// Hashing memory, writing it to a file as it is.
    case hash, dump
    /// Reading hits from a file, or writing a file into memory.
    case load
    /// Opening a core file.
    case open
    /// Capturing memory.
    case snapshot = "take a snapshot of"
    /// Looking at memory for a while.
    case track
    /// Holding memory at a value.
    case freeze
    /// Putting back what memory held.
    case restore
    /// Asking which memory is worth reading.
    case survey
    /// Reading a list of regions.
    case map = "list the regions of"
    /// Reading declarations of types.
    case declare = "read declarations of C"
    /// Turning an address expression into an address.
    case address = "evaluate"
    /// Turning text into instructions.
    case assemble
    /// Turning bytes into instructions.
    case disassemble
    /// Making a pattern that finds code again.
    case signature = "make a signature of code"
    /// Looking for a module, a symbol or a type.
    case module = "find a module of"
    case symbol = "find a symbol of"
    case type = "find a type of"
    /// Talking to a process that we started.
    case talk = "talk to"
  }

  /// Why it went wrong.
  public enum Cause: Hashable, Sendable {
    /// Nothing readable, or writable, is mapped at the address.
    case fault
    /// No process has the number.
    case absent
    /// The process was there and has ended.
    case gone(ExitStatus)
    /// A zombie: ended, and not yet waited for by its parent.
    case zombie
    /// A thread of the kernel: it has no memory of its own.
    case kernelThread
    /// The process runs another program since it was attached.
    case replaced
    /// The kernel refuses, for the reason named.
    case denied(AccessDiagnosis)
    /// The source was attached for reading only.
    case readOnly
    /// Whoever is asked about writes did not agree.
    case refused
    /// The write would change a file on disk.
    case sharedFile
    /// The pages do not let the target itself write.
    case notWritable
    /// The source was closed.
    case closed
    /// What was asked for makes no sense; the detail says what.
    case invalid
    /// A value that does not fit the type it is to be written in.
    case range
    /// More than can be held in memory at once.
    case tooLarge
    /// The bytes there are not those that were expected.
    case mismatch
    /// Somebody else holds the place, or is in it.
    case busy
    /// Pointers that lead in a circle.
    case loop
    /// Nothing has that name.
    case notFound
    /// More than one process, or module, fits.
    case ambiguous([ProcessSummary])
    /// A program or library that is not installed, and the package of Debian that has it.
    case notInstalled(package: String)
    /// The time was up.
    case timedOut
    /// The host asked to stop.
    case interrupted
    /// Not possible with this kernel or this kind of source.
    case unsupported
    /// Something else the kernel said; see `errno`.
    case system
  }

  /// What was being done.
  public var operation: Operation
  /// The process it was done to, if one was known.
  public var process: ProcessID?
  /// Where it stopped: the first byte that was not transferred.
  public var address: Address?
  /// Where the request began; nil when it is `address` less the bytes completed.
  public var start: Address?
  /// How many bytes were asked for.
  public var requestedBytes: Int
  /// How many bytes were transferred before it stopped, and stayed transferred.
  public var completedBytes: Int
  /// What the kernel said, if it was the kernel that refused.
  public var errno: Errno?
  /// Why.
  public var cause: Cause
  /// The particulars in words: the mapping nearby, the name that was not found.
  public var detail: String

  /// An error; everything but operation and cause may be left out.
  public init(
    _ operation: Operation, _ cause: Cause, process: ProcessID? = nil, address: Address? = nil,
    requestedBytes: Int = 0, completedBytes: Int = 0, errno: Errno? = nil, detail: String = ""
  ) {
    self.operation = operation
    self.cause = cause
    self.process = process
    self.address = address
    self.requestedBytes = requestedBytes
    self.completedBytes = completedBytes
    self.errno = errno
    self.detail = detail
  }
}

extension RemoteMemoryError {
  /// One word for programs: an errno name, or `EXEC`, `EREADONLY`, `EREFUSED`, `ESHARED`,
  /// `EMISMATCH`, `EAMBIGUOUS`, `ECLOSED`, `EINTERRUPTED`.
  public var code: String {
    switch cause {
    case .fault, .notWritable: "EFAULT"
    case .absent, .gone, .zombie, .kernelThread: "ESRCH"
    case .replaced: "EXEC"
    case .denied: "EPERM"
    case .readOnly: "EREADONLY"
    case .refused: "EREFUSED"
    case .sharedFile: "ESHARED"
    case .closed: "ECLOSED"
    case .invalid: "EINVAL"
    case .range: "ERANGE"
    case .tooLarge: "E2BIG"
    case .mismatch: "EMISMATCH"
    case .busy: "EBUSY"
    case .loop: "ELOOP"
    case .notFound: "ENOENT"
    case .ambiguous: "EAMBIGUOUS"
    case .timedOut: "ETIMEDOUT"
    case .interrupted: "EINTERRUPTED"
    case .unsupported, .notInstalled: "ENOTSUP"
    case .system: errno?.name ?? "EIO"
    }
  }
}

extension RemoteMemoryError: CustomStringConvertible {
  /// The message and, after a line break, the hint if there is one.
  public var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
