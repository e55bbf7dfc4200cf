/// How a freeze ended.
public enum FreezeEnd: Sendable {
  /// By `release`.
  case released
  /// The process ended or runs another program; the error says which.
  case lost(RemoteMemoryError)
}

/// What a freeze has done so far.
public struct FreezeReport: Sendable {
  /// How often the place was written, the first time included.
  public var writes = 0
  /// How often the target had put another value there when we came.
  public var resisted = 0
  /// How often we came.
  public var ticks = 0
  /// How many times were left out because an earlier one took too long.
  public var missed = 0
  /// The latest that we came after a moment we wanted to come, in seconds, rounded up by at most an
  /// eighth.
  public var worstLateness = 0.0
  /// What 99 of 100 times were not later than, in seconds, rounded up likewise.
  public var usualLateness = 0.0
  /// Why the place cannot be held at the moment; it is tried again every second.
  public var fault: RemoteMemoryError?
  /// How it ended; nil while it goes on.
  public var end: FreezeEnd?
}
