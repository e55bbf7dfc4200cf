import CScanKernels
import Testing

extension KernelTests {
  @Suite("find")
  struct Find {
    let memory = GuardedMemory(capacity: 32 << 10)

    @Test(
      "finds what the oracle finds, whatever the masks and anchors",
      arguments: [1, 2, 3, 8, 17, 64, 65, 130])
    func oracle(_ length: Int) {
      var numbers = Numbers(UInt64(length))
      for count in [1, 2, 63, 64, 65, 127, 200, 256, 257, 700] {
        for kind in 0..<4 {
          var bytes = numbers.memory(count - 1 + length)
          let from = [0, count - 1, count / 2, numbers.below(count)][kind]
          let masks: [UInt8] = [0xff, 0xff, 0xff, 0, 0xf0, 0x0f]
          let mask = (0..<length).map { _ in numbers.one(of: masks) }
          let wanted = (0..<length).map { bytes[from + $0] & mask[$0] }
          for index in 0..<length where from + 64 + index < bytes.count {  // once more
            let other: UInt8 = numbers.one(of: [0, 0xff])
            bytes[from + 64 + index] = wanted[index] | (~mask[index] & other)
          }
          let anchors = kind == 0 ? nil : (numbers.below(length), numbers.below(length))
          check(wanted, mask, bytes, count, anchors)
        }
      }
    }

    @Test("finds one pattern among zeros, wherever it lies")
    func lonelyPattern() {
      let wanted: [UInt8] = [0x48, 0x8b, 0, 0x15, 0, 0, 0xc3, 0x90]
      let mask: [UInt8] = [0xff, 0xff, 0, 0xff, 0, 0, 0xff, 0xff]
      let count = 1111
      for place in Array(0..<10) + stride(from: 10, to: count, by: 31) + (count - 5..<count) {
        var bytes = [UInt8](repeating: 0, count: count - 1 + wanted.count)
        bytes.replaceSubrange(place..<place + wanted.count, with: wanted)
        check(wanted, mask, bytes, count, nil)
      }
    }

    @Test("finds what is everywhere")
    func everywhere() {
      check([0, 0, 0], [0xff, 0xff, 0xff], [UInt8](repeating: 0, count: 1002), 1000, nil)
      check([0, 0], [0, 0xf0], (0..<600).map { UInt8(truncatingIfNeeded: $0) }, 599, nil)
    }

    @Test("looks at the rarest bytes first")
    func anchors() {
      let bytes: [UInt8] = [0, 0x48, 0x9b, 0xff, 0xd7, 0]
      var pattern = pvk_pattern()
      let mask: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
      bytes.withUnsafeBufferPointer { bytes in
        mask.withUnsafeBufferPointer { mask in
          pattern.bytes = bytes.baseAddress
          pattern.mask = mask.baseAddress
          pattern.count = bytes.count
          pvk_choose_anchors(&pattern)
        }
      }
      #expect([pattern.anchor, pattern.second_anchor].sorted() == [2, 4])
    }

    private func check(
      _ wanted: [UInt8], _ mask: [UInt8], _ bytes: [UInt8], _ count: Int, _ anchors: (Int, Int)?
    ) {
      let expected = (0..<count).map { start in
        wanted.indices.allSatisfy { bytes[start + $0] & mask[$0] == wanted[$0] }
      }
      let place = memory.atEnd(bytes)
      wanted.withUnsafeBufferPointer { wanted in
        mask.withUnsafeBufferPointer { mask in
          var pattern = pvk_pattern()
          pattern.bytes = wanted.baseAddress
          pattern.mask = mask.baseAddress
          pattern.count = wanted.count
          pvk_choose_anchors(&pattern)
          if let (first, second) = anchors {
            pattern.anchor = first
            pattern.second_anchor = second
          }
          atEveryLevel { level in
            let found = answer(count) { pvk_find(&pattern, place, count, $0) }
            #expect(
              found == expected, "\(wanted.count) bytes, \(count) candidates, level \(level)")
          }
        }
      }
    }
  }
}
