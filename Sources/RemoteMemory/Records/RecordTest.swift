import CScanKernels
import MemoryModel

/// What one field of a struct is tested for without looking anywhere else: all of some words, or, if
/// it is negated, not all of them.
struct RecordTest: Sendable {
  /// A number at some place of the struct, and what it must be.
  struct Word: Sendable {
    let offset: Int
    let matcher: ValueMatcher

    func mark(
      _ records: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
    ) -> Int {
      unsafe matcher.mark(records + offset, count: count, step: step, into: bits)
    }

    func holds(_ record: UnsafeRawPointer) -> Bool {
      var answer: UInt64 = 0
      return unsafe matcher.mark(record + offset, count: 1, step: 1, into: &answer) > 0
    }
  }

  let words: [Word]
  let isNegated: Bool
  /// About which part of all places in memory passes, 0 to 1.
  let likelihood: Double

  /// - Parameter words: at least one.
  init(_ words: [Word], isNegated: Bool) {
    let rated = words.map { (word: $0, likelihood: TypicalMemory.likelihood($0.matcher)) }
      .sorted { $0.likelihood < $1.likelihood }
    self.words = rated.map(\.word)
    self.isNegated = isNegated
    let all = rated.first?.likelihood ?? 1
    likelihood = isNegated ? 1 - all : all
  }

  /// A test whether bytes fit a pattern: as few words as hold all its known bits.
  init(_ pattern: BytePattern, offset: Int, isNegated: Bool) {
    var words: [Word] = []
    var start = 0
    while start < pattern.count {
      let left = pattern.count - start
      let width = left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1
      let bytes = Self.word(pattern.bytes[start..<(start + width)])
      let mask = Self.word(pattern.mask[start..<(start + width)])
      if mask != 0 {
        let test = unsafe pvk_test(
          width: UInt8(width), real: false, swapped: ByteOrder.host == .big, inverted: false,
          rotate: 0, key: 0, mask: mask, intervals: nil, interval_count: 0)
        let interval = pvk_interval(low: bytes, span: 0, low_real: 0, high_real: 0)
        words.append(
          Word(offset: offset + start, matcher: unsafe ValueMatcher(test, [interval])))
      }
      start += width
    }
    self.init(words, isNegated: isNegated)
  }

  /// Bytes as a number, the first the lowest.
  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func holds(_ record: UnsafeRawPointer) -> Bool {
    for word in words where unsafe !word.holds(record) { return isNegated }
    return !isNegated
  }
}

/// What memory of programs is mostly made of, to guess which of several tests leaves the fewest
/// candidates.
private enum TypicalMemory {
  /// 64 words: half of them zero, then small numbers, pointers, text and reals.
  private static let words: [UInt64] =
    [UInt64](repeating: 0, count: 32)
    + [1, 1, 1, 2, 3, 4, 8, 10, 16, 32, 64, 100, 255, 1 << 32, 1 << 32 | 1, 0xFFFF_FFFF]
    + [UInt64](repeating: .max, count: 2)
    + [
      0x5555_5555_6010, 0x5612_3456_7890, 0x7F12_3456_7890, 0x7FFF_FFFF_E010,
      0x7F00_0000_1000, 0x0040_1000, 0x6C6C_6548_2C6F_7720, 0x0000_0065_6D61_6E00,
      0x3F80_0000, 0x3F80_0000_3F80_0000, 0x3FF0_0000_0000_0000, 0x4059_0000_0000_0000,
      0x9090_9090_9090_9090, 0x0001_0001_0001_0001,
    ]

  /// About which part of all places passes; among equals more for what takes longer to test.
  static func likelihood(_ matcher: ValueMatcher) -> Double {
    var bits: UInt64 = 0
    let count = unsafe words.withUnsafeBytes {
      unsafe matcher.mark($0.baseAddress!, count: 64, step: 8, into: &bits)
    }
    return Double(count) / 64 + (matcher.width == 8 ? 0 : 0.001)
  }
}
