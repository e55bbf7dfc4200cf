import MemoryModel

/// What a snapshot takes, and how.
public struct SnapshotOptions {
  /// Which memory; by default all that can be read without harm.
  public var scope: ScanScope
  /// An earlier snapshot of the same memory: pages that are still equal are shared with it.
  public var base: Snapshot?
  /// Whether the process is frozen meanwhile, so that all is of one moment; see `RemoteProcess.pause`.
  public var pausing: Bool
  /// For how long it may be frozen at most; default 30 seconds.
  public var pauseSeconds: Double
  /// How many threads; nil for as many as there are processors.
  public var threads: Int?
  /// How much memory it may take before it goes to disk.
  public var budget: MemoryBudget
  /// How many bytes a thread reads at once; default 512 KiB, as in `ScanOptions`.
  public var blockBytes: Int
  /// Called on the calling thread about every 50 ms; false ends the capture, which then throws.
  public var progress: ((ScanProgress) -> Bool)?

  /// Options; everything may be left out.
  public init(
    scope: ScanScope = .readable, base: Snapshot? = nil, pausing: Bool = false,
    pauseSeconds: Double = 30,
    threads: Int? = nil, budget: MemoryBudget = .standard, blockBytes: Int = 512 << 10,
    progress: ((ScanProgress) -> Bool)? = nil
  ) {
    self.scope = scope
    self.base = base
    self.pausing = pausing
    self.pauseSeconds = pauseSeconds
    self.threads = threads
    self.budget = budget
    self.blockBytes = min(max(blockBytes, 4096), 64 << 20)
    self.progress = progress
  }
}

extension ScanScope {
  /// All that the process itself may read.
  public static let readable = ScanScope(
    filter: .init(permissions: .init(required: .read)))
}

/// What a capture did and what the snapshot takes.
public struct SnapshotStatistics: Hashable, Sendable {
  /// Bytes read from the process.
  public var bytesRead: UInt64 = 0
  /// Bytes of the pages stored for this snapshot alone.
  public var bytesStored: UInt64 = 0
  /// Bytes of the pages that are shared: with the base, or with equal pages of its own.
  public var bytesShared: UInt64 = 0
  /// Bytes of the pages read that hold nothing but zeroes, which take no memory.
  public var bytesZero: UInt64 = 0
  /// Bytes that could not be read.
  public var bytesUnreadable: UInt64 = 0
  /// How many regions it covers.
  public var regions = 0
  /// How long it took.
  public var seconds: Double = 0
  /// For how long the process was frozen; 0 when it was not.
  public var pausedSeconds: Double = 0
  /// How many threads worked.
  public var threads = 0
}
