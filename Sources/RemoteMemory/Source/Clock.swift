/// The clock that never goes backwards; corresponds to CLOCK_MONOTONIC of clock_gettime(2).
public enum Clock {
  /// Seconds since boot, without the time the machine was suspended.
  public static var now: Double { Double(System.clock) / 1e9 }

  /// The same in nanoseconds.
  public static var nanoseconds: UInt64 { System.clock }

  /// Seconds since 1970, UTC; corresponds to CLOCK_REALTIME.
  public static var date: Double { Double(System.date) / 1e9 }

  /// Sleeps at least so long. A signal does not shorten it; an interrupt ends it within 50 ms.
  /// - Parameters:
  ///   - seconds: how long, 0 to 1e9; not a number and less than 0 mean 0.
  ///   - interrupt: asked before each nap.
  public static func sleep(seconds: Double, interrupt: InterruptCheck = .never) {
    sleep(until: System.clock &+ nanoseconds(of: seconds), interrupt: interrupt)
  }

  /// Sleeps until the clock has reached `deadline`, in nanoseconds; a deadline that has passed is none.
  /// A signal does not shorten it; an interrupt ends it within 50 ms.
  public static func sleep(until deadline: UInt64, interrupt: InterruptCheck = .never) {
    while !interrupt.isInterrupted, case let now = System.clock, now < deadline {
      System.sleep(nanoseconds: min(deadline - now, 50_000_000))
    }
  }

  /// Seconds as nanoseconds: 0 to 1e18; not a number and less than 0 give 0.
  public static func nanoseconds(of seconds: Double) -> UInt64 {
    seconds > 0 ? UInt64(min(seconds, 1e9) * 1e9) : 0
  }
}
