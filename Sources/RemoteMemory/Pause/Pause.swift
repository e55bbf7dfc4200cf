public import MemoryModel
import Synchronization

/// How a pause ended.
public enum PauseEnd: Hashable, Sendable {
  /// By `resume`.
  case resumed
  /// Its time was up before that.
  case deadline
  /// The process ended: SIGKILL reaches stopped threads too.
  case targetEnded
}

/// A process that stands still: no thread of it runs an instruction until the pause ends.
///
/// It ends by `resume`, with the object, when its time is up, and when we end, by whatever: nothing
/// can leave the process stopped. Several pauses of one process hold it until the last one has ended.
public final class Pause: Sendable {
  /// The longest a pause can last, in seconds.
  public static let longest = 86_400.0
  /// How long a pause lasts unless it is said, in seconds.
  public static let standardSeconds = 5.0

  /// The process.
  public let process: ProcessID
  /// Its threads with their registers, as they were when the last one had stopped; the first is the
  /// process's own. A thread that was waiting inside the kernel for what cannot be interrupted has
  /// no registers: it stands there and goes no further.
  public let threads: [ThreadNote]

  private let freezer: Freezer
  private let claim: Freezer.Claim
  private let start: UInt64
  private let deadline: UInt64
  private let ended = Mutex<Ending?>(nil)

  init(_ freezer: Freezer, _ claim: Freezer.Claim, deadline: UInt64) {
    process = freezer.process
    threads = freezer.notes
    self.freezer = freezer
    self.claim = claim
    self.deadline = deadline
    start = System.clock
  }

  deinit { resume() }

  /// How it ended; nil while the process stands still by it.
  public var end: PauseEnd? { ending?.how }

  /// Whether the process stands still by it.
  public var isHolding: Bool { end == nil }

  /// How long it has lasted, or did last, in seconds.
  public var seconds: Double {
    let last = ending?.at ?? System.clock
    return last > start ? Double(last - start) / 1e9 : 0
  }

  /// Lets the process go on, unless another pause holds it too. May be called again.
  /// - Returns: how the pause ended: `.resumed` when it held up to this call.
  @discardableResult
  public func resume() -> PauseEnd {
    let how = finish(as: .resumed)
    PauseTable.drop(claim, of: freezer)
    return how
  }

  /// How and when it ended, noted when it is first seen.
  private var ending: Ending? {
    if let ending = ended.withLock({ $0 }) { return ending }
    guard freezer.end(of: claim) != nil else { return nil }
    _ = finish(as: .deadline)
    return ended.withLock { $0 }
  }

  /// Notes that it has ended, in the way given unless it had ended in another one before.
  private func finish(as how: PauseEnd) -> PauseEnd {
    let found = freezer.end(of: claim) ?? how
    return ended.withLock { ended in
      if let ended { return ended.how }
      ended = Ending(how: found, at: found == .deadline ? deadline : System.clock)
      return found
    }
  }

  private struct Ending {
    let how: PauseEnd
    let at: UInt64
  }
}
