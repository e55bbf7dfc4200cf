import LuaHost
import RemoteMemory

/// The timers and tasks of a session, which `pvm.run` looks after.
final class Schedule {
  private var timers: [TimerObject] = []
  private(set) var isRunning = false
  private var isStopping = false
  /// What runs just now.
  private(set) var current: TimerObject?

  /// How a run came to its end.
  enum Ending: String {
    /// Nothing is left, or the function that was run has returned.
    case done
    /// `pvm.stop` was called, or Ctrl-C came.
    case stopped
    /// The time was up.
    case time
  }

  func add(_ timer: TimerObject) { timers.append(timer) }

  /// When something is looked after next, in nanoseconds of the clock.
  var nextDue: UInt64? { timers.lazy.map(\.due).min() }

  /// Ends the run under way, once the function that runs has returned or waits.
  func stop() { isStopping = true }

  /// Calls what is due, in the order of its times, until there is no more to come.
  ///
  /// - Parameters:
  ///   - deadline: ends the run then, in nanoseconds of the clock.
  ///   - main: ends the run when this is over.
  /// - Throws: what a function raises. What raised is over; the rest goes on in the next run.
  func run(until deadline: UInt64?, main: TimerObject?, in call: borrowing Call) throws -> Ending {
    guard !isRunning else { throw Self.isRunningAlready }
    (isRunning, isStopping) = (true, false)
    defer { isRunning = false }
    let session = call.session
    while !session.attachOptions.interrupt.isInterrupted {
      try session.attend(call)
      if let ending = try runDue(main, in: call) { return ending }
      guard let next = nextDue else { return .done }
      if let deadline, Clock.nanoseconds >= deadline { return .time }
      try session.rest(until: min(next, deadline ?? .max), in: call)
    }
    return .stopped
  }

  static var isRunningAlready: ScriptFailure { .misuse("pvm.run is running already") }

  /// One round: everything that is due now, once.
  private func runDue(_ main: TimerObject?, in call: borrowing Call) throws -> Ending? {
    let now = Clock.nanoseconds
    defer { timers.removeAll { !$0.isActive } }
    // What is due at the same time comes in the order it was made: sorting keeps that order.
    for timer in timers.filter({ $0.due <= now }).sorted(by: { $0.due < $1.due })
    where timer.isActive {
      current = timer
      defer { current = nil }
      try timer.run(in: call)
      if let main, !main.isActive { return .done }
      if isStopping { return .stopped }
    }
    return nil
  }
}

extension Session {
  /// Does nothing until a moment of the clock, in nanoseconds; Ctrl-C ends it. Those who wait for
  /// something to happen meanwhile are served.
  func rest(until moment: UInt64, in call: borrowing Call) throws {
    let interrupt = attachOptions.interrupt
    repeat {
      let nap = min(moment, Clock.nanoseconds &+ 50_000_000)
      Clock.sleep(until: nap, interrupt: interrupt)
      try attend(call)
    } while Clock.nanoseconds < moment && !interrupt.isInterrupted
  }

  /// What a script asked to have done between its own steps: calls the functions of `on_exit`.
  func attend(_ call: borrowing Call) throws { try tellOfExits(call) }
}
