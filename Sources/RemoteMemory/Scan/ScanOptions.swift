/// How a scan is carried out; what it finds does not depend on it.
public struct ScanOptions {
  /// How many threads; nil for as many as there are processors.
  public var threads: Int?
  /// How much memory hits may take before they go to disk.
  public var budget: MemoryBudget
  /// How many bytes a thread reads at once; default 512 KiB: smaller ones cost more calls, and larger
  /// ones leave the cache next to the processor, in which what was read and its copy both have to lie.
  public var blockBytes: Int
  /// Called on the calling thread about every 50 ms while it runs; false ends the scan with what was
  /// found so far.
  public var progress: ((ScanProgress) -> Bool)?

  /// Options; everything may be left out.
  public init(
    threads: Int? = nil, budget: MemoryBudget = .standard, blockBytes: Int = 512 << 10,
    progress: ((ScanProgress) -> Bool)? = nil
  ) {
    self.threads = threads
    self.budget = budget
    self.blockBytes = min(max(blockBytes, 64), 64 << 20)
    self.progress = progress
  }

  var threadCount: Int { min(max(threads ?? Processors.count, 1), 256) }
}

/// How far a scan has come.
public struct ScanProgress: Sendable {
  /// Bytes done so far.
  public let bytesDone: UInt64
  /// Bytes to do in all.
  public let bytesTotal: UInt64
  /// Hits so far.
  public let hits: Int
  /// Seconds since it began.
  public let seconds: Double
}

/// What a scan did and cost.
public struct ScanStatistics: Hashable, Sendable {
  /// Bytes read from the target.
  public var bytesRead: UInt64 = 0
  /// Bytes of the wanted regions that were not read because nobody ever wrote them.
  public var bytesUnpopulated: UInt64 = 0
  /// Bytes of the wanted regions that were left out for another reason; see `Hits.leftOut`.
  public var bytesLeftOut: UInt64 = 0
  /// Bytes that could not be read; see `Hits.holes`.
  public var bytesUnreadable: UInt64 = 0
  /// How long it took.
  public var seconds: Double = 0
  /// How many threads worked.
  public var threads = 0
  /// Regions that were wanted.
  public var regions = 0
  /// Hits that were dropped because their memory could no longer be read.
  public var lostHits = 0

  /// Bytes read in a second, in units of 10⁹; 0 when it took no time.
  public var gigabytesPerSecond: Double {
    seconds > 0 ? Double(bytesRead) / seconds / 1e9 : 0
  }
}
