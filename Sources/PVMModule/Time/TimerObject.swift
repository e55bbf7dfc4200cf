import LuaHost
import RemoteMemory

/// What a schedule looks after: a function that is called at its times, or a task.
public final class TimerObject {
  /// When the function is called.
  enum Kind: Equatable {
    /// At `start` and each whole number of periods, in seconds, after it.
    case every(Double)
    case after
    case task

    var word: String {
      switch self {
      case .every: "every"
      case .after: "after"
      case .task: "task"
      }
    }
  }

  let kind: Kind
  /// What is called; a task has it on its coroutine already.
  private let function: KeptFunction?
  private let task: LuaTask
  /// The moment that the ticks are counted from, in nanoseconds of the clock.
  private let start: UInt64
  /// The number of the tick that is called next.
  private var tick: UInt64
  /// Whether the function is in the middle of a wait.
  private var isWaiting = false

  /// Until when the function wants to wait, in nanoseconds of the clock; nil: it only yields.
  var wakeTime: UInt64?

  /// When it is looked after next; during a call the time that the call was meant for.
  private(set) var due: UInt64
  /// Whether there is anything left to do.
  private(set) var isActive = true
  /// How often the function was called.
  private(set) var count = 0
  /// Ticks that were dropped since the function, or something else, took too long.
  private(set) var missed: UInt64 = 0
  /// How late the last call was, and the worst of all, in seconds.
  private(set) var late = 0.0
  private(set) var worst = 0.0

  /// A function that is called once the time has come.
  init(_ kind: Kind, _ function: KeptFunction, due seconds: Double, task: LuaTask) {
    self.kind = kind
    self.function = function
    self.task = task
    let now = Clock.nanoseconds
    if case .every = kind { (start, tick) = (now, 1) } else { (start, tick) = (now, 0) }
    due = now + Clock.nanoseconds(of: seconds)
  }

  /// A task that begins in the next round.
  init(_ task: LuaTask) {
    kind = .task
    function = nil
    self.task = task
    let now = Clock.nanoseconds
    (start, tick, due) = (now, 0, now)
  }

  /// Calls the function, or goes on with it where it waits. What raises is over.
  func run(in call: borrowing Call) throws {
    do {
      if !isWaiting { try begin(in: call) }
      isWaiting = try task.resume(in: call) == .waiting
    } catch {
      isActive = false
      throw error
    }
    guard isWaiting else { return finish() }
    // One that yields without a time has its turn in the next round.
    due = wakeTime ?? Clock.nanoseconds
    wakeTime = nil
    if !isActive { try task.close(in: call) }  // it has cancelled itself
  }

  /// Ends it; pending variables of a function that waits are closed. Again is harmless.
  func cancel(in call: borrowing Call) throws {
    guard isActive else { return }
    isActive = false
    if isWaiting { try task.close(in: call) }
  }

  private func begin(in call: borrowing Call) throws {
    late = Double(Clock.nanoseconds &- due) / 1e9
    worst = max(worst, late)
    count += 1
    if let function { try task.load(function, in: call) { $0.object(self) } }
  }

  private func finish() {
    guard case .every(let period) = kind, isActive else {
      isActive = false
      return
    }
    // Ticks keep their places. Of several that have passed, the last one is called, at once.
    let passed = UInt64(Double(Clock.nanoseconds &- start) / (period * 1e9))
    let next = max(tick + 1, passed)
    missed += next - tick - 1
    tick = next
    due = start + Clock.nanoseconds(of: Double(tick) * period)
  }
}
