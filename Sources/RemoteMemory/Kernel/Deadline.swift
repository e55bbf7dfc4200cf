/// A moment to stop waiting at.
struct Deadline {
  /// On the monotonic clock in nanoseconds; nil for never.
  private let end: UInt64?

  /// A deadline that many seconds from now; nil, infinite or absurdly long means never, negative
  /// means now.
  init(seconds: Double?) {
    guard let seconds, seconds < 1e9 else {
      end = nil
      return
    }
    end = System.clock &+ UInt64(max(seconds, 0) * 1e9)
  }

  /// The next time to look, in milliseconds, at most `milliseconds`; nil when the time is up.
  func nextPoll(milliseconds: Int32) -> Int32? {
    guard let end else { return milliseconds }
    let now = System.clock
    guard now < end else { return nil }
    return min(milliseconds, Int32(min((end - now) / 1_000_000 + 1, 1000)))
  }
}
