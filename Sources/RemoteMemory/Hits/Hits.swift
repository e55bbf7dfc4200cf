public import MemoryModel
import Synchronization

/// The result of a scan: typed places in a process, with the values they had. It never changes; each
/// refining step makes another that knows the one it came from.
public final class Hits: Sendable {
  /// Where they lie.
  public let source: any MemorySource
  /// The hits, kept apart by type or pattern, in the order they were asked for; some may be empty.
  public let lanes: [HitLane]
  /// What this step asked for, in words: `i32 = 100`, `decreased`.
  public let title: String
  /// What the step did and met.
  public let outcome: ScanOutcome
  /// How many there are.
  public let count: Int

  /// The titles of the steps before the first of this history, where that was loaded from a file.
  public let earlierTitles: [String]

  let store: MemoryStore
  let budget: MemoryBudget
  let threads: Int?
  let blockBytes: Int
  private let ancestor: Mutex<Hits?>

  init(
    source: any MemorySource, lanes: [HitLane], parent: Hits?, title: String, store: MemoryStore,
    outcome: ScanOutcome, options: ScanOptions, earlierTitles: [String] = []
  ) {
    self.source = source
    self.earlierTitles = earlierTitles
    self.lanes = lanes
    self.title = title
    self.store = store
    self.outcome = outcome
    budget = options.budget
    threads = options.threads
    blockBytes = options.blockBytes
    count = lanes.reduce(0) { $0 + $1.count }
    ancestor = Mutex(parent)
  }

  /// A long history ends one by one, not by recursion.
  deinit {
    var older = ancestor.withLock { $0.take() }
    while let hits = older, isKnownUniquelyReferenced(&older) {
      older = hits.ancestor.withLock { $0.take() }
    }
  }

  /// The step before; nil for a first scan, and where history was forgotten.
  public var parent: Hits? { ancestor.withLock { $0 } }

  /// The first scan of this history, or this one itself.
  public var first: Hits {
    var first = self
    while let parent = first.parent { first = parent }
    return first
  }

  /// The steps from the first to this one.
  public var history: [Hits] {
    var steps = [self]
    while let parent = steps[steps.count - 1].parent { steps.append(parent) }
    return steps.reversed()
  }

  /// What each step asked for, from the first to this one, also those before it was saved to a file.
  public var titles: [String] { first.earlierTitles + history.map(\.title) }

  /// The same hits without a history, so that the memory of earlier steps is given back once nobody
  /// else holds them.
  public func forgettingHistory() -> Hits {
    Hits(
      source: source, lanes: lanes, parent: nil, title: title, store: store, outcome: outcome,
      options: options)
  }

  /// How it was carried out, without the callback.
  var options: ScanOptions {
    ScanOptions(threads: threads, budget: budget, blockBytes: blockBytes)
  }

  /// The memory of our own that this step holds, in bytes, earlier ones not counted.
  public var memoryByteCount: Int { store.memoryByteCount }

  /// What this step holds on disk, in bytes.
  public var diskByteCount: Int { store.diskByteCount }
}

/// What a step of a scan did and met.
public struct ScanOutcome: Sendable {
  /// What it cost.
  public var statistics = ScanStatistics()
  /// What could not be read, rising, touching ranges joined.
  public var holes: [AddressRange] = []
  /// What was left out of the regions that were wanted.
  public var leftOut: [Survey.LeftOut] = []
  /// What lies in readable regions that were not wanted; zero but for first scans.
  public var outside = OutsideBytes()
  /// False when it was interrupted: what had been found until then is all there is.
  public var isComplete = true

  init() {}

  init(
    statistics: ScanStatistics, holes: [AddressRange] = [], leftOut: [Survey.LeftOut] = [],
    outside: OutsideBytes = OutsideBytes(), isComplete: Bool = true
  ) {
    self.statistics = statistics
    self.holes = holes
    self.leftOut = leftOut
    self.outside = outside
    self.isComplete = isComplete
  }
}
