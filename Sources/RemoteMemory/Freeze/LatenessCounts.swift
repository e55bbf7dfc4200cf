/// How late ticks were, counted in classes: of a microsecond below 16 of them, then eight for each
/// doubling, so that a time is known to an eighth.
struct LatenessCounts {
  private static let fineCount = 16
  private static let classCount = 312

  private var counts = [UInt32](repeating: 0, count: classCount)

  /// Counts a tick that was so many nanoseconds late.
  mutating func add(nanoseconds: UInt64) { counts[Self.place(of: nanoseconds / 1000)] &+= 1 }

  /// What was counted since an earlier moment.
  static func - (later: LatenessCounts, earlier: LatenessCounts) -> LatenessCounts {
    var rest = later
    for place in rest.counts.indices { rest.counts[place] &-= earlier.counts[place] }
    return rest
  }

  /// The time in seconds that at least this share of all ticks was not later than, rounded up to its
  /// class; 0 without ticks.
  func quantile(_ share: Double) -> Double {
    let total = counts.reduce(0) { $0 + UInt64($1) }
    guard total > 0 else { return 0 }
    let wanted = (Double(total) * share).rounded(.up)
    var sum = 0.0
    for (place, count) in counts.enumerated() where count > 0 {
      sum += Double(count)
      if sum >= wanted { return Double(Self.end(of: place)) / 1e6 }
    }
    return 0
  }

  /// The class of a time in microseconds.
  private static func place(of microseconds: UInt64) -> Int {
    guard microseconds >= fineCount else { return Int(microseconds) }
    let exponent = 63 - microseconds.leadingZeroBitCount
    let eighth = Int((microseconds >> UInt64(exponent - 3)) & 7)
    return min(fineCount + (exponent - 4) * 8 + eighth, classCount - 1)
  }

  /// The first microsecond above a class.
  private static func end(of place: Int) -> UInt64 {
    guard place >= fineCount else { return UInt64(place) + 1 }
    let (exponent, eighth) = (place - fineCount).quotientAndRemainder(dividingBy: 8)
    return UInt64(9 + eighth) << UInt64(exponent + 1)
  }
}
