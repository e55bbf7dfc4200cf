import CProcessVM
import MemoryModel
import Synchronization

/// What a check of identity found.
enum IdentityAnswer {
  /// The same process, the same program, and the thread we read by is still its own.
  case same
  /// Another thread has to be used; the process lives.
  case threadEnded
  /// The process ended, or runs another program.
  case lost
}

extension RemoteProcess {
  /// Whether the process still runs, whatever program it runs now.
  public var isAlive: Bool {
    if isClosed.load(ordering: .acquiring) { return false }
    return !hasEnded
  }

  /// How it ended; nil while it runs, `.unknown` where the kernel does not tell strangers (before
  /// Linux 6.15).
  public var exit: ExitStatus? { isAlive ? nil : exitStatus }

  /// Waits until it ends.
  /// - Parameter seconds: how long at most; nil for ever.
  /// - Returns: how it ended, or nil when the time was up first.
  public func waitForExit(seconds: Double?) throws(RemoteMemoryError) -> ExitStatus? {
    try checkOpen(.wait)
    let deadline = Deadline(seconds: seconds)
    while true {
      if hasEnded { return exitStatus }
      if interrupt.isInterrupted { throw RemoteMemoryError(.wait, .interrupted, process: id) }
      guard let wait = deadline.nextPoll(milliseconds: 50) else { return nil }
      if processDescriptor.isOpen {
        _ = System.poll(processDescriptor.value, milliseconds: wait)
      } else {
        System.sleep(nanoseconds: UInt64(wait) * 1_000_000)
      }
    }
  }

  /// Whether the process has ended: its pidfd is readable, or its number names nobody or somebody
  /// else.
  var hasEnded: Bool {
    if processDescriptor.isOpen {
      return System.poll(processDescriptor.value, milliseconds: 0) != 0
    }
    guard case .success(let task) = ProcessStat.current(id), task.startTime == startTime else {
      return true
    }
    return task.state.hasEnded && ProcessStat.liveThreads(of: id).isEmpty
  }

  /// PIDFD_GET_INFO, which keeps the status after the parent has taken it.
  var exitStatus: ExitStatus {
    var info = pvm_pidfd_info()
    info.mask = UInt64(PVM_PIDFD_INFO_EXIT)
    guard processDescriptor.isOpen,
      unsafe pvm_pidfd_get_info(processDescriptor.value, &info) == 0,
      info.mask & UInt64(PVM_PIDFD_INFO_EXIT) != 0
    else { return .unknown }
    return ExitStatus(waitStatus: info.exit_code)
  }

  /// Whether the address space behind the descriptor of /proc/PID/mem still exists: reading any
  /// address gives a byte or EIO as long as it does, and an end of file when it does not.
  var memoryIsAlive: Bool {
    var byte: UInt8 = 0
    counters.countCall()
    return unsafe System.pread(memory.value, &byte, 1, 0) != 0
  }

  /// Whether the address space behind the descriptor of /proc/PID/maps still exists: the file is
  /// empty when it does not.
  var mapsAreAlive: Bool {
    counters.countCall()
    switch mappings?.mapping(at: 0) ?? .unsupported {
    case .mapping, .nothing: return true
    case .lost: return false
    case .unsupported:
      var byte: UInt8 = 0
      return unsafe System.pread(maps.value, &byte, 1, 0) != 0
    }
  }

  /// To be asked after data were read by process number: were they this process's own?
  ///
  /// A check before the read would prove nothing.
  func checkIdentity() -> IdentityAnswer {
    counters.countCall()
    if hasEnded { return .lost }
    if memory.isOpen {
      if !memoryIsAlive { return .lost }
    } else if maps.isOpen, !mapsAreAlive {
      return .lost
    }
    return route.isStanding ? .same : .threadEnded
  }

  /// Tells the end of a process from a change of program, and says so.
  ///
  /// An address space goes a moment before the process is seen to have ended, so this looks for up
  /// to half a second.
  func lost(
    _ operation: RemoteMemoryError.Operation, at address: Address? = nil, requestedBytes: Int = 0
  ) -> RemoteMemoryError {
    var error = RemoteMemoryError(
      operation, .replaced, process: id, address: address, requestedBytes: requestedBytes)
    for _ in 0..<50 {
      if hasEnded {
        error.cause = .gone(exitStatus)
        error.errno = .noSuchProcess
        return error
      }
      if case .success(let text) = ProcFile.bytes(mapsPath, limit: 1), !text.isEmpty {
        return error
      }
      System.sleep(nanoseconds: 10_000_000)
    }
    error.cause = .gone(.unknown)
    error.errno = .noSuchProcess
    return error
  }

  /// The list of mappings through the thread in use: the process's own is empty when its first
  /// thread has ended.
  var mapsPath: String { "/proc/\(id)/task/\(route.thread)/maps" }
}
