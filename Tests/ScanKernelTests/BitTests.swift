import CScanKernels
import Testing

@Suite("bits and slots")
struct BitTests {
  @Test("slots and bits are inverses")
  func roundTrip() {
    let bits: [UInt64] = [0, 1, .max, 0x8000_0000_0000_0001, 0]
    var slots = [UInt16](repeating: 0, count: pvk_count(bits, bits.count))
    #expect(pvk_slots(bits, bits.count, &slots) == slots.count)
    #expect(slots == [64] + Array(128..<192) + [192, 255])
    var back = [UInt64](repeating: .max, count: bits.count)
    pvk_bits(slots, slots.count, &back, back.count)
    #expect(back == bits)
  }
}
