import Synchronization

/// How far a step has come, counted by its threads and looked at by the calling one.
struct ScanMeter: ~Copyable, Sendable {
  private let bytes = Atomic<UInt64>(0)
  private let hits = Atomic(0)

  /// Counts a task that is done.
  func add(bytes count: UInt64, hits found: Int) {
    bytes.wrappingAdd(count, ordering: .relaxed)
    if found > 0 { hits.wrappingAdd(found, ordering: .relaxed) }
  }

  /// Bytes done so far.
  var bytesDone: UInt64 { bytes.load(ordering: .relaxed) }

  /// What to tell a person of a step that began at `start`.
  func progress(of total: UInt64, since start: Double) -> ScanProgress {
    ScanProgress(
      bytesDone: bytesDone, bytesTotal: total, hits: hits.load(ordering: .relaxed),
      seconds: Clock.now - start)
  }
}
