import CProcessVM
import MemoryModel
import Synchronization

/// Holds one process stopped as long as anybody wants it to be.
///
/// What ptrace(2) stops belongs to the thread that stopped it, so a thread of its own does all that
/// and lives exactly as long as the process is held. Several pauses of one process are several
/// claims on one freezer; the process goes on when none is left.
@safe final class Freezer: @unchecked Sendable {
  /// The right of one pause to have the process held.
  typealias Claim = Int

  private enum Phase { case stopping, holding, ended }

  private struct Core {
    var phase = Phase.stopping
    /// Whether the process is to go on: no claim can be added any more.
    var isClosing = false
    /// When each claim ends, on the monotonic clock.
    var claims: [Claim: UInt64] = [:]
    var nextClaim = 0
    var notes: [ThreadNote] = []
    var failure: RemoteMemoryError?
    var targetHasEnded = false
    /// Until somebody has waited for its end.
    var thread: UInt64 = 0

    /// When the last claim ends; nil when none is left.
    func end(after now: UInt64) -> UInt64? {
      guard !isClosing, let end = claims.values.max(), end > now else { return nil }
      return end
    }
  }

  let process: ProcessID
  private let evidence: any AccessEvidenceSource
  private let core = Mutex(Core())
  /// A byte into the first wakes our thread, one out of the second says that the phase changed.
  private let orders: WakePipe
  private let news: WakePipe

  init(_ process: ProcessID, evidence: any AccessEvidenceSource) throws(RemoteMemoryError) {
    self.process = process
    self.evidence = evidence
    orders = try WakePipe(.pause, for: process)
    news = try WakePipe(.pause, for: process)
  }

  // MARK: Claims

  /// Adds a claim; nil when the process is already going on again.
  func claim(until end: UInt64) -> Claim? {
    core.withLock { core in
      guard !core.isClosing, core.phase != .ended else { return nil }
      core.nextClaim += 1
      core.claims[core.nextClaim] = end
      return core.nextClaim
    }
  }

  /// Gives a claim up; when it was the last one this returns once the process goes on.
  func drop(_ claim: Claim) {
    core.withLock { core in
      core.claims[claim] = nil
      if core.claims.isEmpty { core.isClosing = true }
    }
    guard isClosing else { return }
    orders.send()
    join()
  }

  /// Whether the process goes on, or will at once.
  var isClosing: Bool { core.withLock { $0.isClosing } }

  /// How a claim ended; nil while it holds.
  func end(of claim: Claim) -> PauseEnd? {
    core.withLock { core in
      if core.targetHasEnded { return .targetEnded }
      guard let end = core.claims[claim] else { return .resumed }
      return core.phase == .holding && System.clock < end ? nil : .deadline
    }
  }

  /// The threads as they were when they had all stopped.
  var notes: [ThreadNote] { core.withLock { $0.notes } }

  // MARK: Starting and ending

  /// Starts the thread.
  func start() throws(RemoteMemoryError) {
    var thread: UInt64 = 0
    let argument = unsafe Unmanaged.passRetained(self)
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      guard let argument = unsafe $0 else { return nil }
      unsafe Unmanaged<Freezer>.fromOpaque(argument).takeRetainedValue().live()
      return nil
    }
    let result = core.withLock { core in
      let result = unsafe pvm_start_thread(&thread, body, argument.toOpaque())
      core.thread = thread
      return result
    }
    guard let errno = Errno(result: Int(result)) else { return }
    unsafe argument.release()
    core.withLock { $0.isClosing = true }
    throw RemoteMemoryError(.pause, .system, process: process, errno: errno, detail: "a thread")
  }

  /// Waits until all threads of the process are stopped.
  /// - Throws: why they could not be.
  func awaitHold(_ interrupt: InterruptCheck) throws(RemoteMemoryError) {
    while true {
      let (phase, failure) = core.withLock { ($0.phase, $0.failure) }
      if let failure { throw failure }
      if phase != .stopping { return }
      if interrupt.isInterrupted {
        throw RemoteMemoryError(.pause, .interrupted, process: process)
      }
      news.wait(milliseconds: 20)
    }
  }

  /// Waits for the thread to end, once.
  private func join() {
    let thread = core.withLock { core in
      defer { core.thread = 0 }
      return core.thread
    }
    if thread != 0 { pvm_join_thread(thread) }
  }

  // MARK: The thread's life

  private func live() {
    OwnThreads.note()
    var threads = SeizedThreads(of: process, evidence: evidence)
    do throws(RemoteMemoryError) {
      try threads.stop { isWanted }
      let notes = threads.notes()
      core.withLock { core in
        core.notes = notes
        core.phase = .holding
      }
      news.send()
      hold(threads)
    } catch {
      core.withLock { $0.failure = error }
    }
    threads.release()
    core.withLock { core in
      core.isClosing = true
      core.phase = .ended
    }
    news.send()
  }

  private var isWanted: Bool { core.withLock { $0.end(after: System.clock) != nil } }

  /// Returns when nobody wants the process held any more, or when it has ended.
  private func hold(_ threads: SeizedThreads) {
    while let rest = restOfHold() {
      guard threads.areAlive else { return core.withLock { $0.targetHasEnded = true } }
      // Nothing tells us when SIGKILL ends the process, and until we let go its parent waits.
      orders.wait(milliseconds: Int32(min(rest / 1_000_000 + 1, 20)))
    }
  }

  /// How long the process is to be held at most, in nanoseconds; nil when it is to go on.
  private func restOfHold() -> UInt64? {
    core.withLock { core in
      let now = System.clock
      guard let end = core.end(after: now) else {
        core.isClosing = true
        return nil
      }
      return end - now
    }
  }
}
