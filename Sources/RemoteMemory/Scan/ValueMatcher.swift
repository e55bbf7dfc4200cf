import CScanKernels

/// Tells the values that satisfy a comparison with constants.
@safe final class ValueMatcher: CandidateMatcher, @unchecked Sendable {
  private var test: pvk_test
  private let intervals: UnsafeMutableBufferPointer<pvk_interval>

  /// - Parameters:
  ///   - test: the comparison, without its intervals.
  ///   - intervals: what values may be; rising and disjoint.
  init(_ test: pvk_test, _ intervals: [pvk_interval]) {
    unsafe self.intervals = .allocate(capacity: intervals.count)
    _ = unsafe self.intervals.initialize(from: intervals)
    unsafe self.test = test
    unsafe self.test.intervals = UnsafePointer(self.intervals.baseAddress)
    unsafe self.test.interval_count = intervals.count
  }

  deinit { unsafe intervals.deallocate() }

  var width: Int { unsafe Int(test.width) }

  func mark(
    _ bytes: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    unsafe withUnsafePointer(to: test) { unsafe pvk_match($0, bytes, count, step, bits) }
  }
}
