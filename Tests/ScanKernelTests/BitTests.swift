import CScanKernels
import Testing

/// The level of CPU is one for the whole process, so these tests run one after the other.
@Suite("scan kernels", .serialized)
struct KernelTests {
  @Suite("bits and slots")
  struct Bits {
    /// Words of no, few, many and all bits.
    static let samples: [[UInt64]] = {
      var numbers = Numbers(1)
      let sparse = (0..<40).map { _ -> UInt64 in
        numbers.below(9) == 0 ? 1 << UInt64(numbers.below(64)) : 0
      }
      let mixed = (0..<33).map { (index: Int) -> UInt64 in
        index % 3 == 0 ? .max : numbers.next() & numbers.next()
      }
      let all = [UInt64](repeating: .max, count: 1024)
      return [[], [0], [1], [1 << 63], [.max], [0, 0, .max, 1, 0], sparse, mixed, all]
    }()

    @Test("counts, lists, ranks and selects", arguments: samples)
    func listing(_ words: [UInt64]) {
      let set = (0..<words.count * 64).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
      atEveryLevel { _ in
        #expect(pvk_count(words, words.count) == set.count)
        var slots = [UInt16](repeating: 7, count: set.count + 1)
        #expect(pvk_slots(words, words.count, &slots) == set.count)
        #expect(slots == set.map { UInt16($0) } + [7])
        var back = [UInt64](repeating: .max, count: words.count + 1)
        pvk_bits(slots, set.count, &back, words.count)
        #expect(back == words + [.max])
        for rank in stride(from: 0, to: set.count, by: 61) {
          #expect(pvk_select(words, words.count, rank) == set[rank])
          #expect(pvk_rank(words, set[rank]) == rank)
        }
        #expect(pvk_select(words, words.count, set.count) == Int(bitPattern: UInt.max))
        #expect(pvk_rank(words, words.count * 64) == set.count)
      }
    }

    @Test("joins and intersects")
    func joining() {
      var numbers = Numbers(2)
      let one = (0..<37).map { _ in numbers.next() }
      let other = (0..<37).map { _ in numbers.next() }
      var both = one
      pvk_and(&both, other, both.count)
      #expect(both == zip(one, other).map { $0 & $1 })
      var either = one
      pvk_or(&either, other, either.count)
      #expect(either == zip(one, other).map { $0 | $1 })
    }

    @Test("picks and keeps values", arguments: [1, 2, 4, 8], samples)
    func picking(_ width: Int, _ words: [UInt64]) {
      let count = words.count * 64
      var numbers = Numbers(4)
      let memory = GuardedMemory(capacity: 80 << 10)
      let set = (0..<count).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
      let slots = set.map { UInt16($0) }
      for step in [1, width, 9] where count > 0 && count * step < 80 << 10 {
        let bytes = numbers.memory((count - 1) * step + width)
        let place = memory.atEnd(bytes)
        let wanted: [UInt8] = set.flatMap { Array(bytes[$0 * step..<$0 * step + width]) }
        let expected = wanted + [0x77]
        atEveryLevel { _ in
          var picked = [UInt8](repeating: 0x77, count: expected.count)
          pvk_pick(place, step, width, slots, slots.count, &picked)
          #expect(picked == expected)
          picked = [UInt8](repeating: 0x77, count: expected.count)
          pvk_pick_bits(place, step, width, words, words.count, &picked)
          #expect(picked == expected)
        }
      }
    }

    @Test("keeps values in place", arguments: [1, 2, 4, 8], samples)
    func keeping(_ width: Int, _ words: [UInt64]) {
      var numbers = Numbers(6)
      for count in [words.count * 64, max(0, words.count * 64 - 13)] {
        let bytes = numbers.memory(count * width)
        let set = (0..<count).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
        let expected = set.flatMap { bytes[$0 * width..<($0 + 1) * width] }
        atEveryLevel { _ in
          var kept = bytes
          #expect(pvk_keep_values(&kept, width, count, words) == set.count)
          #expect(kept.prefix(expected.count) == expected[...])
          var numbered = (0..<count).map { UInt16(truncatingIfNeeded: $0 * 3) }
          #expect(pvk_keep_u16(&numbered, count, words) == set.count)
          #expect(
            Array(numbered.prefix(set.count)) == set.map { UInt16(truncatingIfNeeded: $0 * 3) })
        }
      }
    }

    @Test("can run a lower level, and says which it runs")
    func levels() {
      let highest = pvk_level_count() - 1
      #expect(highest >= 0)
      atEveryLevel { #expect(pvk_level() == $0) }
      pvk_force_level(-1)
      #expect(pvk_level() == 0)
      pvk_force_level(.max)
      #expect(pvk_level() == highest)
    }
  }
}
