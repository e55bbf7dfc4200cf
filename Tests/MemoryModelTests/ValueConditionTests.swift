import MemoryModel
import Testing

@Suite("Conditions on values")
struct ValueConditionTests {
  @Test("integers match as Swift compares them", arguments: ConditionOracle.integers)
  func integers(_ type: ScalarType) throws {
    var random = SplitMix(seed: 31)
    let format = ScalarFormat(type)
    for width in PointerWidth.allCases where type == .ptr || width == .eight {
      let byteCount = format.byteCount(pointerWidth: width)
      let words = ConditionOracle.words(byteCount, &random)
      let numbers = words.map { ConditionOracle.number($0, type) }
      for a in numbers {
        let b = numbers[random.next(upTo: numbers.count)]
        for (comparison, isWanted) in ConditionOracle.comparisons(a, b, ConditionOracle.value) {
          let found = try ValueCondition(comparison).intervals(for: format, pointerWidth: width)
          #expect(found.byteCount == byteCount)
          let wrong = zip(words, numbers).filter { found.matches($0) != isWanted($1) }
          #expect(wrong.isEmpty, "\(type) \(comparison)")
        }
      }
    }
  }

  @Test("reals match as Swift compares them", arguments: ConditionOracle.reals)
  func reals(_ type: ScalarType) throws {
    var random = SplitMix(seed: 32)
    let words = ConditionOracle.realWords(type, &random)
    let reals = words.map { ConditionOracle.real($0, type) }
    for a in reals where !a.isNaN {
      let b = reals.filter { !$0.isNaN }[random.next(upTo: reals.count - 2)]
      for (comparison, isWanted) in ConditionOracle.comparisons(a, b, ScalarValue.real) {
        let found = try ValueCondition(comparison)
          .intervals(for: ScalarFormat(type), pointerWidth: .eight)
        let wrong = zip(words, reals).filter { found.matches($0) != isWanted($1) }
        #expect(wrong.isEmpty, "\(type) \(comparison)")
      }
    }
  }

  @Test("disguised reals match as plain ones do", arguments: ConditionOracle.reals)
  func disguisedReals(_ type: ScalarType) throws {
    var random = SplitMix(seed: 33)
    let format = ScalarFormat(type)
    let encoding = StoredEncoding(xor: 0x5A5A_1234, rotate: 13)
    let words = ConditionOracle.realWords(type, &random)
    let reals = words.map { ConditionOracle.real($0, type) }
    for a in reals where !a.isNaN {
      let b = reals.filter { !$0.isNaN }[random.next(upTo: reals.count - 2)]
      for (comparison, isWanted) in ConditionOracle.comparisons(a, b, ScalarValue.real) {
        let found = try ValueCondition(comparison, encoding: encoding)
          .intervals(for: format, pointerWidth: .eight)
        for (word, real) in zip(words, reals) {
          let stored =
            type == .f32
            ? UInt64(rotate(UInt32(word), 13) ^ 0x5A5A_1234) : rotate(word, 13) ^ 0x5A5A_1234
          #expect(found.matches(stored) == isWanted(real), "\(real) \(comparison)")
        }
      }
    }
  }

  private func rotate<Word: FixedWidthInteger>(_ word: Word, _ count: Int) -> Word {
    word << Word(count) | word >> Word(Word.bitWidth - count)
  }

  @Test(
    "reads numbers as the real type does, whatever they are given as",
    arguments: [
      .integer(9_007_199_254_740_993), .integer(.min), .integer(.max), .unsigned(.max),
      .integer(16_777_217), .integer(1 << 60 | 1 << 36 | 1), .real(0.1), .real(1 + 0x1p-24),
      .real(1 + 0x1p-24 + 0x1p-50),
      .real(-0.0), .real(1e-60), .real(0x1p-1074), .real(1.4e-45), .real(.infinity),
    ] as [ScalarValue])
  func literals(_ value: ScalarValue) throws {
    for type in ConditionOracle.reals {
      let format = ScalarFormat(type)
      let stored = try format.encode(value, pointerWidth: .eight).reversed()
        .reduce(0) { $0 << 8 | UInt64($1) }
      func matches(_ comparison: ValueCondition.Comparison) throws -> Bool {
        try ValueCondition(comparison).intervals(for: format, pointerWidth: .eight).matches(stored)
      }
      #expect(try matches(.equal(value)) && matches(.oneOf([value])))
      #expect(try matches(.atMost(value)) && matches(.atLeast(value)))
      #expect(try !matches(.less(value)) && !matches(.greater(value)) && !matches(.notEqual(value)))
      #expect(try matches(.between(value, value)))
    }
  }

  @Test("infinities leave a range of integers open")
  func openRanges() throws {
    let condition = ValueCondition(.between(.integer(100), .real(.infinity)))
    let found = try condition.intervals(for: ScalarFormat(.u8), pointerWidth: .eight)
    #expect((0..<256).filter { found.matches(UInt64($0)) } == Array(100..<256))
    let all = ValueCondition(.less(.real(.infinity)))
    #expect(
      try all.intervals(for: ScalarFormat(.i64), pointerWidth: .eight).matchesEverything)
  }

  @Test("integers lie between bounds with a fraction")
  func fractions() throws {
    let cases: [(ValueCondition.Comparison, ClosedRange<Int>)] = [
      (.between(.real(-1.5), .real(2.5)), -1...2), (.less(.real(2.5)), -128...2),
      (.atMost(.real(-2.5)), -128...(-3)), (.greater(.real(2.5)), 3...127),
      (.atLeast(.real(-2.5)), -2...127),
    ]
    for (comparison, wanted) in cases {
      let found = try ValueCondition(comparison)
        .intervals(for: ScalarFormat(.i8), pointerWidth: .eight)
      let matching = (-128...127).filter { found.matches(UInt64(UInt8(bitPattern: Int8($0)))) }
      #expect(matching == Array(wanted))
    }
  }

  @Test("a negative integer is a bit pattern in unsigned 64-bit types", arguments: ["u64", "ptr"])
  func bitPatterns(_ name: String) throws {
    let format = try #require(ScalarFormat(name: name))
    let equal = try ValueCondition(.equal(.integer(-1)))
      .intervals(for: format, pointerWidth: .eight)
    #expect(equal.matches(.max) && !equal.matches(1))
    let above = try ValueCondition(.between(.integer(.max), .integer(-1)))
      .intervals(for: format, pointerWidth: .eight)
    #expect(above.matches(1 << 63) && above.matches(.max) && !above.matches(5))
  }

  @Test("a truth value is false when the byte is 0")
  func booleans() throws {
    let cases: [(ValueCondition.Comparison, (UInt64) -> Bool)] = [
      (.equal(.boolean(true)), { $0 != 0 }), (.equal(.boolean(false)), { $0 == 0 }),
      (.notEqual(.boolean(true)), { $0 == 0 }), (.notEqual(.boolean(false)), { $0 != 0 }),
      (.oneOf([.boolean(false), .boolean(true)]), { _ in true }), (.unknown, { _ in true }),
    ]
    for (comparison, isWanted) in cases {
      let plain = try ValueCondition(comparison)
        .intervals(for: ScalarFormat(.bool), pointerWidth: .eight)
      let hidden = try ValueCondition(comparison, encoding: StoredEncoding(xor: 0x5A, rotate: -3))
        .intervals(for: ScalarFormat(.bool), pointerWidth: .eight)
      for byte in 0..<256 as Range<UInt64> {
        #expect(plain.matches(byte) == isWanted(byte))
        let turned = (byte >> 3 | byte << 5) & 0xFF
        #expect(hidden.matches(turned ^ 0x5A) == isWanted(byte))
      }
    }
  }

  @Test("compares the masked bits as a number of the type")
  func masks() throws {
    for mask in [0x0F, 0x80, 0xF0, 0x55, 0xFF] as [UInt64] {
      for value in (-128...127 as ClosedRange<Int64>)
      where UInt64(UInt8(truncatingIfNeeded: value)) & ~mask == 0 {
        for (comparison, isWanted) in ConditionOracle.comparisons(
          Int128(value), Int128(value), ConditionOracle.value)
        {
          let found = try ValueCondition(comparison, bitMask: mask)
            .intervals(for: ScalarFormat(.i8), pointerWidth: .eight)
          let wrong = (0..<256 as Range<UInt64>).filter {
            found.matches($0) != isWanted(ConditionOracle.number($0 & mask, .i8))
          }
          #expect(wrong.isEmpty, "\(comparison) & \(mask)")
        }
      }
    }
  }

  @Test("gives as few intervals as there are, in order")
  func shape() throws {
    func ranges(_ comparison: ValueCondition.Comparison, _ type: ScalarType) throws
      -> ValueIntervals
    {
      try ValueCondition(comparison).intervals(for: ScalarFormat(type), pointerWidth: .eight)
    }
    #expect(try ranges(.between(.integer(-5), .integer(5)), .i32).count == 1)
    #expect(try ranges(.notEqual(.integer(7)), .u16).count == 1)
    #expect(try ranges(.oneOf([3, 1, 2].map { .integer($0) }), .u8).count == 1)
    #expect(try ranges(.oneOf([-1, 0, 7].map { .integer($0) }), .i8).count == 3)
    #expect(try ranges(.less(.integer(0)), .u32).matchesNothing)
    #expect(try ranges(.unknown, .f64).matchesEverything)
    let many = try ranges(.oneOf((0..<500).map { .integer($0 * 977 % 499 * 3) }), .i16)
    guard case .whole(let intervals) = many.ranges else { throw CancellationError() }
    #expect(intervals.count == 499)
    #expect(zip(intervals, intervals.dropFirst()).allSatisfy { $0.low + $0.span < $1.low })
  }
}
