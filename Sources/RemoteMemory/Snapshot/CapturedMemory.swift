public import MemoryModel

/// Memory that was captured and does not change: a snapshot or a core file. It reads like the
/// process it was taken from; writing is refused.
public protocol CapturedMemory: MemorySource {
  /// What is told of the process beside its memory.
  var notes: ProcessNotes { get }
  /// When it was taken, in seconds since 1970; nil when that is not known.
  var captureTime: Double? { get }
  /// What can be read, rising.
  var captured: [AddressRange] { get }
}
