import Synchronization

/// What a memory source has cost so far.
public struct TransferStatistics: Hashable, Sendable {
  /// System calls that read or wrote memory, or checked that it was still the same process.
  public var systemCalls: UInt64
  /// Bytes copied out of the source.
  public var bytesRead: UInt64
  /// Bytes copied into the source.
  public var bytesWritten: UInt64

  /// Counts as given; by default all zero.
  public init(systemCalls: UInt64 = 0, bytesRead: UInt64 = 0, bytesWritten: UInt64 = 0) {
    self.systemCalls = systemCalls
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
  }

  /// What was added since an earlier reading.
  public static func - (later: TransferStatistics, earlier: TransferStatistics)
    -> TransferStatistics
  {
    TransferStatistics(
      systemCalls: later.systemCalls &- earlier.systemCalls,
      bytesRead: later.bytesRead &- earlier.bytesRead,
      bytesWritten: later.bytesWritten &- earlier.bytesWritten)
  }
}

/// The counters behind `TransferStatistics`, safe from any thread.
struct TransferCounters: ~Copyable, Sendable {
  private let calls = Atomic<UInt64>(0)
  private let read = Atomic<UInt64>(0)
  private let written = Atomic<UInt64>(0)

  @inline(__always) func countRead(_ result: Int) {
    calls.wrappingAdd(1, ordering: .relaxed)
    if result > 0 { read.wrappingAdd(UInt64(result), ordering: .relaxed) }
  }

  func countWrite(_ result: Int) {
    calls.wrappingAdd(1, ordering: .relaxed)
    if result > 0 { written.wrappingAdd(UInt64(result), ordering: .relaxed) }
  }

  func countCall() { calls.wrappingAdd(1, ordering: .relaxed) }

  var current: TransferStatistics {
    TransferStatistics(
      systemCalls: calls.load(ordering: .relaxed), bytesRead: read.load(ordering: .relaxed),
      bytesWritten: written.load(ordering: .relaxed))
  }
}
