/// How a process ended.
public enum ExitStatus: Hashable, Sendable {
  /// It returned from main or called exit(3) with this code, 0 to 255.
  case exited(code: Int32)
  /// A signal with this number ended it.
  case killed(signal: Int32)
  /// It is gone and nobody told us how: it was no child of ours and the kernel is older than 6.15.
  case unknown

  /// Reads the status word of wait(2), as PIDFD_GET_INFO gives it too.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited(code: (waitStatus >> 8) & 0xff) : .killed(signal: signal)
  }
}

extension ExitStatus: CustomStringConvertible {
  /// `exited with code 3`, `was ended by signal 9`, `has exited`.
  public var description: String {
    switch self {
    case .exited(let code): "exited with code \(code)"
    case .killed(let signal): "was ended by signal \(signal)"
    case .unknown: "has exited"
    }
  }
}
