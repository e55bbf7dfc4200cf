import CProcessVM
public import MemoryModel
import Synchronization

/// A child of ours: a program started to be read and changed, which Yama's scope 1 permits without
/// privilege.
///
/// Until it has been waited for its number cannot be given to another process.
public final class SpawnedProcess: Sendable {
  /// Its number.
  public let id: ProcessID

  private let processDescriptor: Descriptor
  private let input: Descriptor
  private let isInTerminal: Bool
  let output: LineBuffer
  let error: LineBuffer
  private let ended = Mutex<ExitStatus?>(nil)

  init(id: ProcessID, input: Int32, output: Int32, error: Int32, isInTerminal: Bool) {
    self.id = id
    self.isInTerminal = isInTerminal
    processDescriptor = Descriptor(System.pidfdOpen(id.rawValue))
    self.input = Descriptor(input)
    self.output = LineBuffer(output)
    self.error = LineBuffer(error)
  }

  /// How it ended; nil while it runs. Takes the status from the kernel, so that no zombie stays.
  public var exit: ExitStatus? { reap() }

  /// Waits until it ends.
  /// - Parameters:
  ///   - seconds: how long at most; nil for ever.
  ///   - interrupt: ends the wait early.
  /// - Returns: how it ended, or nil when the time was up first.
  public func waitForExit(seconds: Double?, interrupt: InterruptCheck = .never)
    throws(RemoteMemoryError) -> ExitStatus?
  {
    let deadline = Deadline(seconds: seconds)
    while true {
      if let status = exit { return status }
      if interrupt.isInterrupted { throw RemoteMemoryError(.wait, .interrupted, process: id) }
      guard let pause = deadline.nextPoll(milliseconds: 50) else { return exit }
      if processDescriptor.isOpen {
        _ = System.poll(processDescriptor.value, milliseconds: pause)
      } else {
        System.sleep(nanoseconds: UInt64(pause) * 1_000_000)
      }
    }
  }

  /// Sends a signal; to this child and to nobody else.
  /// - Parameter signal: its number, 1 to 64; 15 asks it to end, 9 ends it.
  /// - Throws: `ESRCH` when it has ended, `EINVAL` for another number.
  public func signal(_ signal: Int32) throws(RemoteMemoryError) {
    guard (1...64).contains(signal) else {
      throw RemoteMemoryError(
        .signal, .invalid, process: id, detail: "a signal is 1 to 64, got \(signal)")
    }
    if let status = exit {
      throw RemoteMemoryError(.signal, .gone(status), process: id, errno: .noSuchProcess)
    }
    let result = System.signal(processDescriptor.value, signal)
    if let errno = Errno(result: Int(result)) {
      throw RemoteMemoryError(.signal, .system, process: id, errno: errno)
    }
  }

  /// Writes to its standard input, which must be a pipe; waits while the pipe is full.
  /// - Parameters:
  ///   - bytes: what to write.
  ///   - interrupt: ends the wait when a signal comes.
  /// - Throws: `EPIPE` when it reads no more, `EINVAL` when its input is no pipe or was closed,
  ///   `EINTERRUPTED`.
  public func send(_ bytes: [UInt8], interrupt: InterruptCheck = .never)
    throws(RemoteMemoryError)
  {
    guard input.isOpen else {
      throw RemoteMemoryError(
        .talk, .invalid, process: id, detail: "its standard input is no pipe of ours")
    }
    var done = 0
    while done < bytes.count {
      let result = unsafe bytes[done...].withUnsafeBytes {
        unsafe pvm_write_quietly(input.value, $0.baseAddress, $0.count)
      }
      if let errno = Errno(result: result) {
        if errno == .interrupted, !interrupt.isInterrupted { continue }
        if errno == .interrupted { throw RemoteMemoryError(.talk, .interrupted, process: id) }
        throw RemoteMemoryError(.talk, .system, process: id, errno: errno)
      }
      done += result
    }
  }

  /// Closes its standard input, so that it reads an end of file; in a terminal this types Ctrl-D.
  public func closeInput() {
    if isInTerminal { try? send([4]) } else { input.close() }
  }

  /// The next line of its standard output, without the line break.
  /// - Parameters:
  ///   - seconds: how long to wait at most; nil for ever.
  ///   - interrupt: ends the wait early.
  /// - Returns: the line, or nil when the output has ended.
  /// - Throws: `ETIMEDOUT`, `EINTERRUPTED`, `EINVAL` when its output is no pipe.
  public func receiveLine(seconds: Double?, interrupt: InterruptCheck = .never)
    throws(RemoteMemoryError) -> [UInt8]?
  {
    try output.line(of: id, seconds: seconds, interrupt)
  }

  /// What has come of its standard output, or shown in its terminal, and was not taken yet.
  /// - Parameters:
  ///   - seconds: how long to wait for the first byte; nil for ever.
  ///   - interrupt: ends the wait early.
  /// - Returns: all there is; empty when nothing came within the time, nil when the output has ended.
  /// - Throws: `EINTERRUPTED`, `EINVAL` when its output is neither pipe nor terminal of ours.
  public func receive(seconds: Double?, interrupt: InterruptCheck = .never)
    throws(RemoteMemoryError) -> [UInt8]?
  {
    try output.bytes(of: id, seconds: seconds, interrupt)
  }

  /// The next line of its standard error; otherwise like `receiveLine`.
  public func receiveErrorLine(seconds: Double?, interrupt: InterruptCheck = .never)
    throws(RemoteMemoryError) -> [UInt8]?
  {
    try error.line(of: id, seconds: seconds, interrupt)
  }

  /// Asks without waiting, and remembers the answer.
  @discardableResult
  private func reap() -> ExitStatus? {
    ended.withLock { ended in
      if let status = ended { return status }
      var how: Int32 = 0
      var status: Int32 = 0
      let result = unsafe pvm_wait_child(id.rawValue, &how, &status)
      if Errno(result: Int(result)) == .noChild { ended = .unknown }
      if result == 1 {
        ended = how == Int32(PVM_EXITED) ? .exited(code: status) : .killed(signal: status)
      }
      return ended
    }
  }

  deinit {
    // A child that has ended leaves no zombie; one that runs goes on.
    reap()
  }
}
