/// Operations on maps of bits, bit i in word i / 64; as in the loops of scanning, unused bits of the
/// last word are 0.
enum Bitmap {
  /// Clears so many words.
  static func clear(_ words: UnsafeMutablePointer<UInt64>, count: Int) {
    unsafe words.update(repeating: 0, count: count)
  }

  /// Sets a range of bits.
  static func set(_ range: Range<Int>, in words: UnsafeMutablePointer<UInt64>) {
    if range.isEmpty { return }
    let first = range.lowerBound / 64
    let last = (range.upperBound - 1) / 64
    let low = UInt64.max << UInt64(range.lowerBound % 64)
    let high = UInt64.max >> UInt64(63 - (range.upperBound - 1) % 64)
    if first == last {
      unsafe words[first] |= low & high
      return
    }
    unsafe words[first] |= low
    for word in (first + 1)..<last { unsafe words[word] = .max }
    unsafe words[last] |= high
  }

  /// Sets one bit.
  @inline(__always)
  static func set(_ bit: Int, in words: UnsafeMutablePointer<UInt64>) {
    unsafe words[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  /// Clears one bit.
  static func remove(_ bit: Int, from words: UnsafeMutablePointer<UInt64>) {
    unsafe words[bit >> 6] &= ~(1 << UInt64(bit & 63))
  }

  /// Whether a bit is set.
  @inline(__always)
  static func has(_ bit: Int, in words: UnsafePointer<UInt64>) -> Bool {
    unsafe words[bit >> 6] >> UInt64(bit & 63) & 1 != 0
  }

  /// Turns the first `slots` bits around.
  static func invert(_ words: UnsafeMutablePointer<UInt64>, slots: Int) {
    for word in 0..<HitChunk.words(slots) { unsafe words[word] = ~words[word] }
    unsafe trim(words, slots: slots)
  }

  /// Clears the unused bits of the last word.
  static func trim(_ words: UnsafeMutablePointer<UInt64>, slots: Int) {
    if slots % 64 != 0 { unsafe words[slots / 64] &= 1 << UInt64(slots % 64) - 1 }
  }

  /// The first set bit and the last; nil when there is none.
  static func extent(_ words: UnsafePointer<UInt64>, count: Int) -> ClosedRange<Int>? {
    var first = 0
    while first < count, unsafe words[first] == 0 { first += 1 }
    if first == count { return nil }
    var last = count - 1
    while unsafe words[last] == 0 { last -= 1 }
    let low = unsafe 64 * first + words[first].trailingZeroBitCount
    let high = unsafe 64 * last + 63 - words[last].leadingZeroBitCount
    return low...high
  }

  /// Sets in a map of `slots` bits those that are set in another one, bit i there being bit
  /// i + `shift` here.
  static func merge(
    _ other: UnsafePointer<UInt64>, otherSlots: Int, shift: Int,
    into words: UnsafeMutablePointer<UInt64>, slots: Int
  ) {
    let start = max(0, shift)
    let end = min(slots, shift + otherSlots)
    if start >= end { return }
    let otherWords = HitChunk.words(otherSlots)
    let turn = UInt64(bitPattern: Int64(-shift)) & 63
    // The word of the other map in which bit 0 of word 0 lies; below 0 for a positive shift.
    let skew = (-shift) >> 6
    for word in (start / 64)...((end - 1) / 64) {
      let from = word + skew
      var bits: UInt64 = 0
      if from >= 0, from < otherWords { unsafe bits = other[from] >> turn }
      if turn != 0, from + 1 >= 0, from + 1 < otherWords {
        unsafe bits |= other[from + 1] << (64 - turn)
      }
      unsafe words[word] |= bits
    }
    unsafe trim(words, slots: slots)
  }
}
