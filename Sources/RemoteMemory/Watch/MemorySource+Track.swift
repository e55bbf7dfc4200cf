public import MemoryModel

extension MemorySource {
  /// Samples all values of a type in some memory for a while, and finds those that change.
  ///
  /// - Parameters:
  ///   - format: the type.
  ///   - scope: where; pages that nobody had written when it began are not looked at, unless the
  ///     scope says so.
  ///   - options: for how long, and how.
  /// - Throws: `E2BIG` for more than 1 GiB, `ENOMEM`; when nothing can be read at the first sample.
  ///   A process that ends later, and an interrupt, end it with what was found so far.
  public func track(_ format: ScalarFormat, in scope: ScanScope, _ options: TrackOptions)
    throws(RemoteMemoryError) -> Track
  {
    let runs = try scope.extent(of: self).survey.runs
    let kind = TrackedKind(format, in: self)
    return try track(
      TrackLayout(runs, kind, alignment: options.alignment), options)
  }

  fileprivate func track(_ layout: TrackLayout, _ options: TrackOptions) throws(RemoteMemoryError)
    -> Track
  {
    let start = Clock.now
    let sampler = try TrackSampler(self, layout, options)
    var schedule = TrackSchedule(start, options)
    var failure: RemoteMemoryError?
    var isComplete = true
    while true {
      let progress = TrackProgress(
        samples: sampler.outcome.samples, seconds: Clock.now - start, changed: sampler.log.count)
      if let tell = options.progress, !tell(progress) { isComplete = false }
      guard isComplete, schedule.wait(interrupt) else { break }
      do throws(RemoteMemoryError) {
        try sampler.sample()
      } catch {
        failure = error
        break
      }
    }
    if interrupt.isInterrupted { isComplete = false }
    if case .interrupted? = failure?.cause { (isComplete, failure) = (false, nil) }
    return sampler.finish(after: Clock.now - start, isComplete: isComplete, failure: failure)
  }
}

extension Hits {
  /// Samples what lies at the hits for a while, and finds those that change.
  /// - Parameter options: for how long, and how; an alignment means nothing here.
  /// - Throws: `EINVAL` for hits that are no numbers, `E2BIG` for more than 4 million or 1 GiB, and
  ///   what `MemorySource.track` throws.
  public func track(_ options: TrackOptions) throws(RemoteMemoryError) -> Track {
    try source.track(TrackLayout(self), options)
  }
}

/// When the samples are taken: at equal distances, not later one by one when one is late.
private struct TrackSchedule {
  private let start: Double
  private let interval: Double
  private let end: Double
  private var taken = 0
  private var isFirst = true

  init(_ start: Double, _ options: TrackOptions) {
    self.start = start
    interval = options.interval > 0 ? options.interval : 0
    end = start + (options.seconds > 0 ? options.seconds : 0)
  }

  /// Waits until the next sample is due.
  /// - Returns: false when the time is up, or the host asks to stop; there are always two samples.
  mutating func wait(_ interrupt: InterruptCheck) -> Bool {
    taken += 1
    defer { isFirst = false }
    let now = Clock.now
    var due = start + Double(taken) * interval
    if due < now {
      due = now
      if interval > 0 { taken = Int(min((now - start) / interval, 1e15)) }
    }
    if due > end + interval / 1e6 {
      guard isFirst else { return false }
      due = max(end, now)
    }
    Clock.sleep(seconds: due - now, interrupt: interrupt)
    return !interrupt.isInterrupted
  }
}
