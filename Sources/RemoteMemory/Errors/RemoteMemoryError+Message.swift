import MemoryModel

extension RemoteMemoryError {
  /// One line: operation, size, address, how far it got, reason.
  ///
  /// `read 16 bytes at 0x10: not mapped (EFAULT)`
  public var message: String { "\(subject): \(progress)\(reason) (\(code))" }

  /// What was being done, to what.
  private var subject: String {
    if let start = startAddress { return "\(operation.rawValue) \(size)at \(start)" }
    if let process { return "\(operation.rawValue) process \(process)" }
    return operation.rawValue
  }

  /// Where the request began; `address` is where it stopped.
  private var startAddress: Address? { start ?? address?.offset(by: Int64(-completedBytes)) }

  private var size: String {
    switch requestedBytes {
    case 0: ""
    case 1: "1 byte "
    default: "\(requestedBytes) bytes "
    }
  }

  private var progress: String {
    guard completedBytes > 0, let address else { return "" }
    return "stopped after \(completedBytes) at \(address): "
  }

  private var reason: String {
    switch cause {
    case .fault: detail.isEmpty ? "not mapped" : detail
    case .absent: "no such process"
    case .gone(let status): "process \(processText)\(status)"
    case .zombie: "process \(processText)has exited and waits for its parent (zombie)"
    case .kernelThread: "process \(processText)is a kernel thread and has no memory of its own"
    case .replaced: "process \(processText)runs another program now"
    case .denied(let diagnosis): diagnosis.message
    case .readOnly: detail.isEmpty ? "attached for reading only" : detail
    case .refused: detail.isEmpty ? "not agreed to" : detail
    case .sharedFile: "would change the file \(detail) on disk"
    case .closed: "the process was closed"
    case .timedOut: detail.isEmpty ? "time is up" : "time is up, \(detail)"
    case .interrupted: "interrupted"
    case .ambiguous: detail.isEmpty ? "more than one process fits" : detail
    case .system: [detail, errno?.text ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
    case .notWritable, .invalid, .range, .tooLarge, .mismatch, .busy, .loop, .notFound,
      .unsupported,
      .notInstalled:
      detail
    }
  }

  private var processText: String { process.map { "\($0) " } ?? "" }
}
