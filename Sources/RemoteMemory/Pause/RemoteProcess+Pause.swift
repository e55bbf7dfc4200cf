import MemoryModel

extension RemoteProcess {
  /// Stops every thread of the process until the pause ends, so that what is read meanwhile is of one
  /// moment; corresponds to PTRACE_SEIZE and PTRACE_INTERRUPT of ptrace(2).
  ///
  /// No signal is sent, none is lost, and its parent and its terminal see nothing. When we end, by
  /// SIGKILL too, it goes on at once; a process that was stopped by SIGSTOP stays so. Calls that were
  /// waiting in the kernel go on waiting, but for a few that fail with `EINTR`, as by any stop
  /// (signal(7)): epoll_wait(2), semop(2), sigtimedwait(2), a socket's with a timeout.
  ///
  /// - Parameter seconds: when it goes on by itself, from now; above 0, at most `Pause.longest`.
  /// - Throws: `EINVAL` for ourselves and for our ancestors, whose standing still would be ours;
  ///   `EPERM` when it may not be traced or is being traced, with by whom; `ETIMEDOUT` when a thread
  ///   does not stop; `ESRCH`, `EXEC`, `ECLOSED`, `EINTERRUPTED`.
  public func pause(seconds: Double = Pause.standardSeconds) throws(RemoteMemoryError) -> Pause {
    try checkOpen(.pause)
    guard seconds > 0, seconds <= Pause.longest else {
      throw RemoteMemoryError(
        .pause, .invalid, process: id,
        detail: "a pause lasts more than 0 and at most \(Int(Pause.longest)) seconds")
    }
    try checkNotOurs()
    guard !hasEnded else { throw lost(.pause) }
    let end = System.clock &+ UInt64(seconds * 1e9)
    let (freezer, claim) = try PauseTable.claim(id, until: end, evidence: evidence)
    do throws(RemoteMemoryError) {
      try freezer.awaitHold(interrupt)
      // The number cannot be given to another process while we trace it.
      if checkIdentity() == .lost { throw lost(.pause) }
    } catch {
      PauseTable.drop(claim, of: freezer)
      throw error.cause == .absent ? lost(.pause) : error
    }
    return Pause(freezer, claim, deadline: end)
  }

  /// Stops the process while `body` runs.
  /// - Parameters:
  ///   - seconds: when it goes on by itself.
  ///   - body: what is done meanwhile.
  /// - Throws: what `pause` and `body` throw; `ETIMEDOUT` when the time was up before `body` had
  ///   returned.
  public func paused<Result>(
    seconds: Double = Pause.standardSeconds, _ body: (Pause) throws(RemoteMemoryError) -> Result
  ) throws(RemoteMemoryError) -> Result {
    let pause = try pause(seconds: seconds)
    defer { pause.resume() }
    let result = try body(pause)
    try pause.checkHeld()
    return result
  }

  /// Throws for ourselves, and for whoever we would wait for: our parent and theirs.
  private func checkNotOurs() throws(RemoteMemoryError) {
    var ancestor = ProcessID(System.ownPID)
    for _ in 0..<1000 {
      if ancestor == id {
        throw RemoteMemoryError(
          .pause, .invalid, process: id,
          detail: isOurselves
            ? "that is this process itself, which could not go on"
            : "\(label) started this process, directly or not, and both would stand still")
      }
      guard ancestor.rawValue > 1, case .success(let task) = ProcessStat.current(ancestor) else {
        return
      }
      ancestor = task.parent
    }
  }
}

extension Pause {
  /// Ends the pause and throws unless it held up to now.
  /// - Throws: `ETIMEDOUT` when its time was up, `ESRCH` when the process ended.
  public func checkHeld() throws(RemoteMemoryError) {
    switch resume() {
    case .resumed: return
    case .deadline:
      throw RemoteMemoryError(
        .pause, .timedOut, process: process, detail: "and it has gone on by itself")
    case .targetEnded:
      throw RemoteMemoryError(
        .pause, .absent, process: process, errno: .noSuchProcess)
    }
  }
}
