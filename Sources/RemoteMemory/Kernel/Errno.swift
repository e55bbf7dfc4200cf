import CProcessVM

/// An error number of the kernel, with its name.
public struct Errno: Error, RawRepresentable, Hashable, Sendable {
  /// The positive number, as errno(3) lists it.
  public let rawValue: Int32

  /// The error with this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// The error in a system call's result, where failures are negative; nil for a success.
  init?(result: Int) {
    guard result < 0 else { return nil }
    self.init(rawValue: Int32(truncatingIfNeeded: -result))
  }

  /// EPERM: not permitted.
  public static let notPermitted = Errno(rawValue: 1)
  /// ENOENT: no such file.
  public static let noSuchFile = Errno(rawValue: 2)
  /// ESRCH: no such process.
  public static let noSuchProcess = Errno(rawValue: 3)
  /// EINTR: a signal came first.
  public static let interrupted = Errno(rawValue: 4)
  /// EIO: what /proc/PID/mem says where process_vm_readv(2) says EFAULT.
  public static let inputOutput = Errno(rawValue: 5)
  /// ECHILD: no child to wait for.
  public static let noChild = Errno(rawValue: 10)
  /// ENOMEM: out of memory.
  public static let noMemory = Errno(rawValue: 12)
  /// EACCES: permission denied; what files say where process_vm_readv(2) says EPERM.
  public static let accessDenied = Errno(rawValue: 13)
  /// EFAULT: bad address.
  public static let badAddress = Errno(rawValue: 14)
  /// EINVAL: invalid argument.
  public static let invalidArgument = Errno(rawValue: 22)
  /// ENOTTY: the descriptor does not know this request.
  public static let unknownRequest = Errno(rawValue: 25)
  /// EPIPE: nobody reads the other end.
  public static let brokenPipe = Errno(rawValue: 32)
  /// ENAMETOOLONG: the name does not fit.
  public static let nameTooLong = Errno(rawValue: 36)
  /// ENOSYS: the kernel does not have this call.
  public static let noSuchCall = Errno(rawValue: 38)

  /// The symbol of errno(3), such as `EFAULT`; `E999` for a number without one.
  public var name: String {
    guard let name = unsafe pvm_errno_name(rawValue) else { return "E\(rawValue)" }
    return unsafe String(cString: name)
  }

  /// What strerror(3) says: `Bad address`.
  public var text: String {
    guard let text = unsafe pvm_errno_text(rawValue) else { return "error \(rawValue)" }
    return unsafe String(cString: text)
  }
}

extension Errno: CustomStringConvertible {
  /// Text and name: `Bad address (EFAULT)`.
  public var description: String { "\(text) (\(name))" }
}
