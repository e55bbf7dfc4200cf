import MemoryModel

extension ProcessStat {
  /// What `/proc/PID/stat` says, or `/proc/PID/task/TID/stat` for one thread.
  static func current(_ process: ProcessID, thread: ProcessID? = nil) -> Result<ProcessStat, Errno>
  {
    let path = thread.map { "/proc/\(process)/task/\($0)/stat" } ?? "/proc/\(process)/stat"
    return ProcFile.bytes(path).flatMap { line in
      ProcessStat(line).map { .success($0) } ?? .failure(.noSuchProcess)
    }
  }

  /// The threads of a process, those that have ended left out.
  static func liveThreads(of process: ProcessID) -> [ProcessID] {
    guard case .success(let numbers) = ProcFile.numbers(in: "/proc/\(process)/task") else {
      return []
    }
    return numbers.map { ProcessID($0) }.filter { thread in
      guard case .success(let task) = current(process, thread: thread) else { return false }
      return !task.state.hasEnded
    }
  }
}

extension ProcessStatus {
  /// What `/proc/PID/status` says, or that of our own calling thread for nil, whose rights are
  /// the ones that count.
  static func current(_ process: ProcessID?) -> Result<ProcessStatus, Errno> {
    ProcFile.bytes("/proc/\(process.map { "\($0)" } ?? "thread-self")/status").map {
      ProcessStatus($0)
    }
  }
}

extension ELFIdentity {
  /// That of the program a process runs; nil when its file may not be read.
  static func current(_ process: ProcessID?) -> ELFIdentity? {
    let path = "/proc/\(process.map { "\($0)" } ?? "self")/exe"
    guard case .success(let head) = ProcFile.bytes(path, limit: 64) else { return nil }
    return ELFIdentity(header: head)
  }
}
