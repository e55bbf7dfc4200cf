import RemoteMemory

/// What a session wants to have done while nothing runs: at the prompt.
extension Session {
  /// Whether a process has ended that somebody wants to hear of, a freeze has, or a function is due.
  public var isDue: Bool {
    if let due = schedule.nextDue, due <= Clock.nanoseconds { return true }
    if freezes.contains(where: { !$0.freeze.isActive || $0.isDue }) { return true }
    return watched.contains { $0.exit != nil }
  }

  /// Seconds until something may be due; nil: nothing will be.
  public var secondsToNextTurn: Double? {
    var moments = freezes.compactMap(\.secondsToNextCall)
    if let due = schedule.nextDue {
      let now = Clock.nanoseconds
      moments.append(due > now ? Double(due - now) / 1e9 : 0)
    }
    if !watched.isEmpty || !freezes.isEmpty { moments.append(0.2) }
    return moments.min()
  }
}

extension FreezeObject {
  /// Whether its function is to be asked now.
  fileprivate var isDue: Bool { secondsToNextCall.map { $0 <= 0 } ?? false }

  /// When its function is asked next; nil for other modes.
  fileprivate var secondsToNextCall: Double? {
    guard case .follow = mode, freeze.isActive else { return nil }
    return max(0, nextCall - Clock.now)
  }
}

extension ProcessHandle {
  /// As the prompt names it: its name and number.
  public var title: String? { process.map { "\($0.name):\($0.id)" } }

  /// Whether it still runs.
  public var isRunning: Bool { isAlive }

  /// How it ended, in words; nil while it runs.
  public var ending: String? { exit.map(\.description) }
}
