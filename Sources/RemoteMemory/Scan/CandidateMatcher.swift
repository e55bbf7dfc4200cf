import MemoryModel

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

  /// The fields whose targets must be looked at before it can be told whether a candidate is a hit;
  /// empty for most, and then `mark` tells.
  var links: [PointerLink] { get }

  /// Tells whether a candidate is a hit once the targets of its links are known.
  func accepts(_ candidate: UnsafeRawPointer, _ pointees: PointeeReader) -> Bool

  /// The same matcher for what is mapped now.
  func renewed(for source: any MemorySource) throws(RemoteMemoryError) -> any CandidateMatcher
}

extension CandidateMatcher {
  var links: [PointerLink] { [] }

  func accepts(_ candidate: UnsafeRawPointer, _ pointees: PointeeReader) -> Bool {
    var answer: UInt64 = 0
    return unsafe mark(candidate, count: 1, step: 1, into: &answer) > 0
  }

  func renewed(for source: any MemorySource) throws(RemoteMemoryError) -> any CandidateMatcher {
    self
  }
}
