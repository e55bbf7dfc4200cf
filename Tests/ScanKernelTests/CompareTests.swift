import CScanKernels
import Testing

extension KernelTests {
  @Suite("compare")
  struct Compare {
    let now = GuardedMemory(capacity: 32 << 10)
    let before = GuardedMemory(capacity: 32 << 10)

    static let relations = [PVK_EQUAL, PVK_GREATER, PVK_LESS, PVK_DIFFERENCE, PVK_PERCENT]

    @Test("says what the oracle says, of every relation, coding, distance and level")
    func oracle() {
      var numbers = Numbers(5)
      for plain in codings {
        let w = plain.width
        for coding in variants(of: plain, &numbers) where coding.mask == .max {
          for relation in Self.relations {
            for (step, earlierStep) in [
              (w, w), (1, 1), (2, 2), (w, 0), (0, w), (1, w), (w, 1), (3, 5), (9, 9), (1, 0),
            ] {
              let count = numbers.one(of: [1, 5, 63, 64, 67, 190])
              check(coding, relation, step, earlierStep, count, &numbers)
            }
          }
        }
      }
    }

    @Test("goes over many tiles", arguments: codings)
    func longRuns(_ coding: Coding) {
      var numbers = Numbers(8)
      for (step, earlierStep) in [(coding.width, coding.width), (coding.width, 0), (1, 1), (3, 3)] {
        check(coding, PVK_LESS, step, earlierStep, 2300, &numbers)
        check(coding, PVK_EQUAL, step, earlierStep, 2300, &numbers)
      }
    }

    @Test("sees one change where tiles of the kernels meet", arguments: codings)
    func changeBetweenTiles(_ coding: Coding) {
      let bytes = [UInt8](repeating: 7, count: 4096 + 100)
      let count = bytes.count - coding.width + 1
      var change = pvk_change()
      change.width = UInt8(coding.width)
      change.relation = UInt8(PVK_EQUAL.rawValue)
      change.inverted = true
      for place in 4096 - 9..<4096 + 9 {
        var changed = bytes
        changed[place] = 6
        let expected = (0..<count).map { $0 <= place && place < $0 + coding.width }
        let (here, there) = (now.atEnd(changed), before.atEnd(bytes))
        atEveryLevel { level in
          let found = answer(count) { pvk_compare(&change, here, 1, there, 1, count, $0) }
          #expect(found == expected, "\(coding) byte \(place), level \(level)")
        }
      }
    }

    @Test("sees one change among thousands of bytes", arguments: codings)
    func lonelyChange(_ coding: Coding) {
      let bytes = [UInt8](repeating: 7, count: 64 * coding.width * 4 + 33)
      for step in [1, 2, 4, 8] where step <= coding.width {
        let count = (bytes.count - coding.width) / step + 1
        let last = (count - 1) * step + coding.width - 1
        for place in Array(0..<10) + stride(from: 10, to: last, by: 73) + (last - 9...last) {
          var changed = bytes
          changed[place] = 6
          let expected = (0..<count).map { $0 * step <= place && place < $0 * step + coding.width }
          for relation in [PVK_EQUAL, PVK_LESS] {
            var change = pvk_change()
            change.width = UInt8(coding.width)
            change.real = coding.isReal
            change.relation = UInt8(relation.rawValue)
            change.inverted = relation == PVK_EQUAL
            let (here, there) = (now.atEnd(changed), before.atEnd(bytes))
            atEveryLevel { level in
              let found = answer(count) { pvk_compare(&change, here, step, there, step, count, $0) }
              #expect(
                found == expected,
                "\(coding) \(relation) byte \(place) every \(step), level \(level)")
            }
          }
        }
      }
    }

    private func check(
      _ coding: Coding, _ relation: pvk_relation, _ step: Int, _ earlierStep: Int, _ count: Int,
      _ numbers: inout Numbers
    ) {
      let isSigned = numbers.below(2) == 0
      let isInverted = numbers.below(3) == 0
      let bytes = numbers.memory((count - 1) * step + coding.width)
      var earlier = numbers.memory((count - 1) * earlierStep + coding.width)
      if earlier.count == bytes.count {  // mostly unchanged
        earlier = bytes
        for _ in 0..<earlier.count / 6 + 1 { earlier[numbers.below(earlier.count)] &+= 1 }
      }
      let interval = pvk_interval(
        low: numbers.one(of: [1, coding.ones, 0]), span: UInt64(numbers.below(3)),
        low_real: numbers.one(of: [-0.5, 0.1, -.infinity]),
        high_real: numbers.one(of: [0.1, 1, .infinity]))
      let expected = (0..<count).map {
        Oracle.holds(
          relation, coding, isSigned: isSigned, interval, now: bytes, at: $0 * step,
          before: earlier, at: $0 * earlierStep) != isInverted
      }
      var change = pvk_change()
      change.width = UInt8(coding.width)
      change.real = coding.isReal
      change.is_signed = isSigned
      change.swapped = coding.isSwapped
      change.inverted = isInverted
      change.relation = UInt8(relation.rawValue)
      change.rotate = UInt8(coding.rotate)
      change.key = coding.key
      change.interval = interval
      let place = numbers.below(2) == 0 ? now.atEnd(bytes) : now.atStart(bytes)
      let earlierPlace = before.atEnd(earlier)
      atEveryLevel { level in
        let found = answer(count) {
          pvk_compare(&change, place, step, earlierPlace, earlierStep, count, $0)
        }
        #expect(
          found == expected,
          "\(coding) \(relation) signed \(isSigned), \(step)/\(earlierStep), level \(level)")
      }
      guard step == coding.width, earlierStep == coding.width else { return }
      let digests = Digests(of: earlier)
      atEveryLevel { level in
        let found = answer(count) {
          pvk_compare_digested(&change, place, earlierPlace, count, digests.key, digests.words, $0)
        }
        #expect(found == expected, "\(coding) \(relation) signed \(isSigned), level \(level)")
      }
    }
  }
}
