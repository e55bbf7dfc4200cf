/// When the freezes of one period are looked after: at fixed moments, so that a late tick does not
/// move those behind it.
struct FreezeSchedule {
  /// What a schedule has done.
  struct Counts {
    var ticks = 0
    var missed = 0
    var lateness = LatenessCounts()
  }

  /// From one tick to the next, in nanoseconds.
  let period: UInt64
  /// The next tick, on the monotonic clock.
  private(set) var next: UInt64
  private(set) var counts = Counts()

  init(period: UInt64, now: UInt64) {
    self.period = period
    next = now &+ period
  }

  /// Whether it is time; counts the tick, and leaves out those whose time has passed too.
  mutating func take(now: UInt64) -> Bool {
    guard now >= next else { return false }
    counts.ticks += 1
    counts.lateness.add(nanoseconds: now - next)
    let missed = (now - next) / period
    counts.missed += Int(missed)
    next &+= (missed + 1) &* period
    return true
  }
}
