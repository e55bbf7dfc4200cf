/// How places are tracked.
public struct TrackOptions {
  /// For how long, in seconds.
  public var seconds: Double
  /// The time from one sample to the next, in seconds; 0: without a pause.
  public var interval: Double
  /// The most values that are followed; what begins to change later is only counted. A value takes
  /// about half a KiB.
  public var cellLimit: Int
  /// The distance of two candidates in a range, in bytes; nil: the size of the type.
  public var alignment: Int?
  /// Called on the calling thread after each sample, the first included; false ends the tracking
  /// with what was found so far.
  public var progress: ((TrackProgress) -> Bool)?

  /// Options; everything but the time may be left out.
  public init(
    seconds: Double, interval: Double = 0.1, cellLimit: Int = 100_000, alignment: Int? = nil,
    progress: ((TrackProgress) -> Bool)? = nil
  ) {
    self.seconds = seconds
    self.interval = interval
    self.cellLimit = cellLimit
    self.alignment = alignment
    self.progress = progress
  }
}

/// How far a tracking has come.
public struct TrackProgress: Sendable {
  /// Samples taken so far.
  public let samples: Int
  /// Seconds since it began.
  public let seconds: Double
  /// How many values have changed so far.
  public let changed: Int
}
