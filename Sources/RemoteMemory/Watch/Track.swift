import MemoryModel

/// What became of many values over some time: those that changed, by how they behaved. It never
/// changes.
public final class Track: Sendable {
  /// What it cost, and what it could not do.
  public struct Outcome: Sendable {
    /// How many samples were taken, the first included.
    public internal(set) var samples = 0
    /// How long it took, in seconds.
    public internal(set) var seconds = 0.0
    /// How many values were looked at.
    public internal(set) var candidates = 0
    /// How many bytes a sample has.
    public internal(set) var bytes = 0
    /// How many times a value changed that was not followed, since too many were already.
    public internal(set) var unfollowedChanges = 0
    /// Bytes that could not be read at the first sample and so were not looked at.
    public internal(set) var unreadableBytes = 0
    /// False when it was stopped before its time.
    public internal(set) var isComplete = true
    /// What ended it before its time, where that was not its user: the process has ended.
    public internal(set) var failure: RemoteMemoryError?
  }

  /// The memory that was tracked.
  public let source: any MemorySource
  /// The values that changed: by behaviour in the order of `CellBehaviour.allCases`, then by
  /// address.
  public let cells: [TrackedCell]
  /// What it cost, and what it could not do.
  public let outcome: Outcome

  init(_ source: any MemorySource, _ cells: [TrackedCell], _ outcome: Outcome) {
    self.source = source
    self.cells = cells
    self.outcome = outcome
  }

  /// Those that a condition holds for, as a result of its own.
  public func keeping(_ isWanted: (TrackedCell) -> Bool) -> Track {
    Track(source, cells.filter(isWanted), outcome)
  }

  /// How many cells behaved in which way; those that none did are absent.
  public var counts: [(behaviour: CellBehaviour, count: Int)] {
    var counts: [CellBehaviour: Int] = [:]
    for cell in cells { counts[cell.behaviour, default: 0] += 1 }
    return CellBehaviour.allCases.compactMap { behaviour in
      counts[behaviour].map { (behaviour, $0) }
    }
  }
}
