import CScanKernels
import MemoryModel

/// Tells the structs whose fields meet all conditions that can be tested without looking elsewhere.
final class RecordMatcher: CandidateMatcher {
  /// The pattern, to work it out anew when what is mapped has changed.
  let pattern: RecordPattern
  let survey: SurveyOptions
  let width: Int
  /// The tests, the one that leaves the fewest first.
  private let tests: [RecordTest]
  /// What has to be looked up elsewhere.
  let links: [PointerLink]

  init(
    _ pattern: RecordPattern, _ survey: SurveyOptions, _ tests: [RecordTest], _ links: [PointerLink]
  ) {
    self.pattern = pattern
    self.survey = survey
    width = pattern.byteCount
    self.tests = tests.sorted { $0.likelihood < $1.likelihood }
    self.links = links
  }

  /// Candidates are tested one by one where no more than one of so many is left: to test one costs
  /// about as much as to test so many in a row.
  private static let sparse = 512

  func mark(
    _ bytes: UnsafeRawPointer, count: Int, step: Int, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    guard count > 0 else { return 0 }
    let words = HitChunk.words(count)
    unsafe Self.fill(bits, count)
    var left = count
    unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * words) { room in
      let (answer, part) = unsafe (room.baseAddress!, room.baseAddress! + words)
      for (number, test) in tests.enumerated() where left > 0 {
        if left <= count / Self.sparse {
          left = unsafe Self.testEach(test, bytes, step, bits, words)
        } else {
          unsafe Self.test(test, bytes, count, step, into: number == 0 ? bits : answer, part)
          if number > 0 { unsafe pvk_and(bits, answer, words) }
          left = unsafe pvk_count(bits, words)
        }
      }
    }
    return left
  }

  /// Marks all candidates.
  private static func fill(_ bits: UnsafeMutablePointer<UInt64>, _ count: Int) {
    for word in 0..<HitChunk.words(count) { unsafe bits[word] = .max }
    if count % 64 != 0 { unsafe bits[count / 64] = 1 << UInt64(count % 64) - 1 }
  }

  /// Tests all candidates.
  private static func test(
    _ test: RecordTest, _ bytes: UnsafeRawPointer, _ count: Int, _ step: Int,
    into bits: UnsafeMutablePointer<UInt64>, _ part: UnsafeMutablePointer<UInt64>
  ) {
    let words = HitChunk.words(count)
    var left = unsafe test.words[0].mark(bytes, count: count, step: step, into: bits)
    for word in test.words.dropFirst() where left > 0 {
      _ = unsafe word.mark(bytes, count: count, step: step, into: part)
      unsafe pvk_and(bits, part, words)
      left = unsafe pvk_count(bits, words)
    }
    guard test.isNegated else { return }
    for word in 0..<words { unsafe bits[word] = ~bits[word] }
    if count % 64 != 0 { unsafe bits[words - 1] &= 1 << UInt64(count % 64) - 1 }
  }

  /// Tests the few candidates that are left.
  /// - Returns: how many still are.
  private static func testEach(
    _ test: RecordTest, _ bytes: UnsafeRawPointer, _ step: Int,
    _ bits: UnsafeMutablePointer<UInt64>, _ words: Int
  ) -> Int {
    var left = 0
    for index in 0..<words {
      var rest = unsafe bits[index]
      while rest != 0 {
        let slot = rest.trailingZeroBitCount
        rest &= rest - 1
        if unsafe test.holds(bytes + (64 * index + slot) * step) {
          left += 1
        } else {
          unsafe bits[index] &= ~(1 << UInt64(slot))
        }
      }
    }
    return left
  }

  func accepts(_ record: UnsafeRawPointer, _ pointees: PointeeReader) -> Bool {
    for test in tests where unsafe !test.holds(record) { return false }
    return unsafe pointees.holds(links, of: record)
  }

  func renewed(for source: any MemorySource) throws(RemoteMemoryError) -> any CandidateMatcher {
    var reader = RecordPatternReader(source, survey)
    return try reader.matcher(for: pattern, isRenewal: true)
  }
}
