/// Tells which candidates in a piece of memory are hits. Used by several threads at once.
protocol CandidateMatcher: Sendable {
  /// How many bytes from its first a candidate covers.
  var width: Int { get }

  /// Tests `count` candidates, the first at `bytes`, the others `step` bytes apart; reads
  /// `(count - 1) * step + width` bytes.
  /// - Parameter bits: a bit for each, in whole words, all of them written.
  /// - Returns: how many are hits.
  func mark(
    _ bytes: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int
}
