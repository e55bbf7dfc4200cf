import CScanKernels
import Testing

@Suite("pointer kernels")
struct PointerKernelTests {
  @Test("sorts by the bits that count", arguments: [0, 1, 2, 47, 48, 49, 300, 5000])
  func sorting(_ count: Int) {
    var numbers = Numbers(UInt64(count))
    for (low, bits) in [(0, 64), (0, 0), (28, 19), (12, 33), (40, 11), (63, 1), (5, 12)] {
      for mask in [UInt64.max, 0x0000_FFFF_F000_0000, 0xFF] {
        let words = (0..<count).map { _ in numbers.next() & mask }
        var sorted = words
        var room = words
        pvk_sort_words(&sorted, &room, count, UInt32(low), UInt32(bits))
        func key(_ word: UInt64) -> UInt64 {
          bits == 0 ? 0 : (word >> UInt64(low)) & (UInt64.max >> UInt64(64 - bits))
        }
        #expect(sorted.map(key) == words.map(key).sorted())
        #expect(sorted.sorted() == words.sorted())
      }
    }
  }
}
