/// The clock that never goes backwards; corresponds to CLOCK_MONOTONIC of clock_gettime(2).
public enum Clock {
  /// Seconds since boot, without the time the machine was suspended.
  public static var now: Double { Double(System.clock) / 1e9 }

  /// Seconds since 1970, UTC; corresponds to CLOCK_REALTIME.
  public static var date: Double { Double(System.date) / 1e9 }

  /// Sleeps at least so long. A signal does not shorten it; an interrupt ends it within 50 ms.
  /// - Parameters:
  ///   - seconds: how long, 0 to 1e9; not a number and less than 0 mean 0.
  ///   - interrupt: asked before each nap.
  public static func sleep(seconds: Double, interrupt: InterruptCheck = .never) {
    let wanted = seconds > 0 ? min(seconds, 1e9) : 0
    let end = System.clock &+ UInt64(wanted * 1e9)
    while !interrupt.isInterrupted, case let now = System.clock, now < end {
      System.sleep(nanoseconds: min(end - now, 50_000_000))
    }
  }
}
