import CScanKernels
import MemoryModel

/// Tells where bytes stand, some bits of which may be open.
@safe final class PatternMatcher: CandidateMatcher, @unchecked Sendable {
  private let storage: UnsafeMutableBufferPointer<UInt8>
  private var pattern: pvk_pattern
  /// What decides where the pattern lets more through than is meant; nil when it alone does.
  private let text: FoldedPattern?

  /// A matcher for a pattern.
  /// - Parameter text: the text whose pattern it is, where some letters have other cases.
  init(_ bytes: BytePattern, text: FoldedPattern? = nil) {
    self.text = text.flatMap { $0.isExact ? nil : $0 }
    unsafe storage = .allocate(capacity: 2 * bytes.count)
    _ = unsafe storage.initialize(from: bytes.bytes + bytes.mask)
    let start = unsafe UnsafePointer(storage.baseAddress!)
    unsafe pattern = pvk_pattern(
      bytes: start, mask: start + bytes.count, count: bytes.count, anchor: 0, second_anchor: 0)
    unsafe pvk_choose_anchors(&pattern)
  }

  /// A matcher for a text in one encoding.
  convenience init(_ text: FoldedPattern) { self.init(text.pattern, text: text) }

  deinit { unsafe storage.deallocate() }

  var width: Int { unsafe pattern.count }

  func mark(
    _ bytes: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    if step > 1 { return unsafe markApart(bytes, count: count, step: step, into: bits) }
    let found = unsafe withUnsafePointer(to: pattern) { unsafe pvk_find($0, bytes, count, bits) }
    guard let text, found > 0 else { return found }
    return unsafe found - dropOthers(bytes, count, text, bits)
  }

  /// Clears the bits of what the pattern let through and is not the text.
  /// - Returns: how many there were.
  private func dropOthers(
    _ bytes: UnsafeRawPointer, _ count: Int, _ text: FoldedPattern,
    _ bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var dropped = 0
    for word in 0..<HitChunk.words(count) {
      var left = unsafe bits[word]
      while left != 0 {
        let bit = left.trailingZeroBitCount
        left &= left - 1
        let memory = unsafe UnsafeRawBufferPointer(start: bytes + 64 * word + bit, count: width)
        if unsafe text.matches(memory) { continue }
        unsafe bits[word] &= ~(1 << UInt64(bit))
        dropped += 1
      }
    }
    return dropped
  }

  /// Candidates further apart: every place is looked at, and one of each `step` kept.
  private func markApart(
    _ bytes: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    for word in 0..<HitChunk.words(count) { unsafe bits[word] = 0 }
    let most = max(4096 / step, 1)
    return unsafe withUnsafeTemporaryAllocation(
      of: UInt64.self, capacity: HitChunk.words((most - 1) * step + 1)
    ) { room in
      var found = 0
      for first in stride(from: 0, to: count, by: most) {
        let here = min(most, count - first)
        let span = (here - 1) * step + 1
        let start = room.baseAddress!
        guard unsafe mark(bytes + first * step, count: span, step: 1, into: start) > 0 else {
          continue
        }
        for index in 0..<here {
          let place = index * step
          guard unsafe start[place / 64] >> UInt64(place % 64) & 1 == 1 else { continue }
          unsafe bits[(first + index) / 64] |= 1 << UInt64((first + index) % 64)
          found += 1
        }
      }
      return found
    }
  }
}
