import MemoryModel
import Testing

@Suite("Changes of values")
struct ValueChangeTests {
  /// Every pair of words.
  private func pairs(_ words: [UInt64]) -> [(now: UInt64, before: UInt64)] {
    words.flatMap { now in words.map { (now, $0) } }
  }

  @Test("order integers as Swift does", arguments: ConditionOracle.integers)
  func integerOrder(_ type: ScalarType) throws {
    var random = SplitMix(seed: 61)
    let cases: [(ValueChange, (Int128, Int128) -> Bool)] = [
      (.changed, { $0 != $1 }), (.unchanged, { $0 == $1 }), (.increased, { $0 > $1 }),
      (.decreased, { $0 < $1 }), (.notIncreased, { $0 <= $1 }), (.notDecreased, { $0 >= $1 }),
    ]
    let format = ScalarFormat(type)
    let words = ConditionOracle.words(format.byteCount(pointerWidth: .eight), &random)
    let encoding = StoredEncoding(xor: 0x5A, rotate: 3)
    for (change, isWanted) in cases {
      let plain = try change.test(for: format, pointerWidth: .eight)
      let hidden = try change.test(for: format, pointerWidth: .eight, encoding: encoding)
      for (now, before) in pairs(words) {
        let wanted = isWanted(
          ConditionOracle.number(now, type), ConditionOracle.number(before, type))
        #expect(plain.matches(now: now, before: before) == wanted, "\(change)")
        let stored = try [now, before].map {
          try encoding.encode(
            ConditionOracle.value(ConditionOracle.number($0, type)), as: format,
            pointerWidth: .eight)
        }
        #expect(hidden.matches(now: stored[0], before: stored[1]) == wanted, "\(change)")
      }
    }
  }

  @Test("order reals as Swift does", arguments: ConditionOracle.reals)
  func realOrder(_ type: ScalarType) throws {
    var random = SplitMix(seed: 62)
    let words = ConditionOracle.realWords(type, &random)
    let cases: [(ValueChange, (Double, Double) -> Bool)] = [
      (.increased, { $0 > $1 }), (.decreased, { $0 < $1 }), (.notIncreased, { !($0 > $1) }),
      (.notDecreased, { !($0 < $1) }),
    ]
    for (now, before) in pairs(words) {
      let reals = (ConditionOracle.real(now, type), ConditionOracle.real(before, type))
      for (change, isWanted) in cases {
        let test = try change.test(for: ScalarFormat(type), pointerWidth: .eight)
        #expect(test.matches(now: now, before: before) == isWanted(reals.0, reals.1))
      }
    }
    let same = try ValueChange.unchanged.test(for: ScalarFormat(type), pointerWidth: .eight)
    #expect(words.allSatisfy { same.matches(now: $0, before: $0) })
    #expect(
      pairs(words).filter { same.matches(now: $0.now, before: $0.before) }.count == words.count)
  }

  @Test("differences of bytes are those of the machine")
  func byteDifferences() throws {
    for type in [ScalarType.u8, .i8] {
      for step in -255...255 as ClosedRange<Int64> {
        let grown = try ValueChange.increasedBy(.integer(step))
          .test(for: ScalarFormat(type), pointerWidth: .eight)
        let shrunk = try ValueChange.decreasedBy(.integer(step))
          .test(for: ScalarFormat(type), pointerWidth: .eight)
        for before in 0..<256 as Range<UInt64> {
          let word = UInt8(truncatingIfNeeded: Int64(before) + step)
          #expect(grown.matches(now: UInt64(word), before: before))
          #expect(!grown.matches(now: UInt64(word &+ 1), before: before))
          #expect(shrunk.matches(now: before, before: UInt64(word)))
        }
      }
    }
  }

  @Test(
    "a growth between two numbers",
    arguments: [
      (.integer(1), .integer(5), 1...5), (.integer(-3), .integer(3), -3...3),
      (.real(0.5), .real(2.5), 1...2), (.integer(1), .real(.infinity), 1...127),
      (.real(-.infinity), .integer(-1), -128...(-1)), (.integer(-255), .integer(255), -128...127),
      (.real(-.infinity), .real(.infinity), -128...127),
    ] as [(ScalarValue, ScalarValue, ClosedRange<Int>)])
  func growth(_ low: ScalarValue, _ high: ScalarValue, _ wanted: ClosedRange<Int>) throws {
    let test = try ValueChange.byBetween(low, high)
      .test(for: ScalarFormat(.u8), pointerWidth: .eight)
    for before in [0, 7, 200, 255] as [UInt8] {
      for now in 0...255 as ClosedRange<UInt8> {
        let step = Int(Int8(bitPattern: now &- before))
        #expect(test.matches(now: UInt64(now), before: UInt64(before)) == wanted.contains(step))
      }
    }
  }

  @Test("a step of a real survives its rounding", arguments: ConditionOracle.reals)
  func realSteps(_ type: ScalarType) throws {
    var random = SplitMix(seed: 63)
    func word(_ real: Double) -> UInt64 {
      type == .f32 ? UInt64(Float(real).bitPattern) : real.bitPattern
    }
    for step in [0.1, 5, 0.001, 1234.5, 1e-20, 1e20] {
      let grown = try ValueChange.increasedBy(.real(step))
        .test(for: ScalarFormat(type), pointerWidth: .eight)
      let shrunk = try ValueChange.decreasedBy(.real(step))
        .test(for: ScalarFormat(type), pointerWidth: .eight)
      for _ in 0..<300 {
        let before = step * (Double(random.next(upTo: 8_000_000)) - 4_000_000) / 1000
        let now =
          type == .f32 ? Double(Float(before) + Float(step)) : before + step
        #expect(grown.matches(now: word(now), before: word(before)))
        #expect(!shrunk.matches(now: word(now), before: word(before)))
        let later = type == .f32 ? Double(Float(before) - Float(step)) : before - step
        #expect(shrunk.matches(now: word(later), before: word(before)))
        #expect(!grown.matches(now: word(now + step * 0.01), before: word(before)))
      }
    }
  }

  @Test("a tolerance is kept to")
  func tolerances() throws {
    func test(_ change: ValueChange, _ type: ScalarType) throws -> ChangeTest {
      try change.test(for: ScalarFormat(type), pointerWidth: .eight)
    }
    let real = try test(.increasedBy(.real(5), tolerance: 0.5), .f64)
    for (now, isInside) in [(14.5, true), (15.5, true), (15.51, false), (14.49, false)] {
      let isFound = real.matches(now: now.bitPattern, before: (10 as Double).bitPattern)
      #expect(isFound == isInside)
    }
    let whole = try test(.decreasedBy(.integer(5), tolerance: 1), .i32)
    #expect((0...20).filter { whole.matches(now: UInt64($0), before: 20) } == [14, 15, 16])
    let nothing = try test(.increasedBy(.real(0)), .f32)
    #expect(nothing.matches(now: 0x8000_0000, before: 0) && !nothing.matches(now: 1, before: 0))
  }

  @Test("percentages are of what the value was")
  func percentages() throws {
    let change = ValueChange.percent(-10, 50)
    let whole = try change.test(for: ScalarFormat(.i16), pointerWidth: .eight)
    let real = try change.test(for: ScalarFormat(.f64), pointerWidth: .eight)
    for before in [-200, -1, 0, 3, 100, 777] as [Int16] {
      for now in -400...1300 as ClosedRange<Int16> {
        let step = Double(now) - Double(before)
        let size = Double(before.magnitude)
        let wanted = -0.1 * size <= step && step <= 0.5 * size
        let words = [now, before].map { UInt64(UInt16(bitPattern: $0)) }
        #expect(whole.matches(now: words[0], before: words[1]) == wanted)
        let isFound = real.matches(
          now: Double(now).bitPattern, before: Double(before).bitPattern)
        #expect(isFound == wanted)
      }
    }
    let open = try ValueChange.percent(10, .infinity)
      .test(for: ScalarFormat(.f32), pointerWidth: .eight)
    let words = [5, 10, 11, 1e30].map { UInt64(Float($0).bitPattern) }
    #expect(words.filter { open.matches(now: $0, before: words[1]) } == [words[2], words[3]])
    #expect(open.matches(now: 0, before: 0))
  }

  @Test("numbers are of values, not of what is stored")
  func scaled() throws {
    let cents = StoredEncoding(scale: 100)
    let debts = StoredEncoding(scale: -2)
    func test(_ change: ValueChange, _ encoding: StoredEncoding) throws -> ChangeTest {
      try change.test(for: ScalarFormat(.i32), pointerWidth: .eight, encoding: encoding)
    }
    #expect(try test(.increasedBy(.real(1.5)), cents).matches(now: 250, before: 100))
    #expect(try test(.increasedBy(.integer(3)), debts).matches(now: 94, before: 100))
    #expect(try test(.increased, debts).matches(now: 94, before: 100))
    #expect(try test(.notDecreased, debts).matches(now: 94, before: 100))
    #expect(try test(.percent(5, 7), debts).matches(now: 94, before: 100))
    #expect(
      try test(.increasedBy(.integer(3)), StoredEncoding(add: 77)).matches(now: 13, before: 10))
  }

  @Test(
    "what cannot be told is refused",
    arguments: [
      (.increased, .bool, .none, .unorderedBoolean),
      (.increased, .u8, StoredEncoding(add: 1), .shiftedOrder(ScalarFormat(.u8))),
      (.increased, .f32, StoredEncoding(xor: 1), .encodedRealOrder(ScalarFormat(.f32))),
      (.percent(1, 2), .f32, StoredEncoding(add: 1), .shiftedPercent),
      (.percent(2, 1), .u8, .none, .swappedBounds(.real(2), .real(1))),
      (.percent(.nan, 1), .u8, .none, .notANumber),
      (.byBetween(.integer(2), .integer(1)), .u8, .none, .swappedBounds(.integer(2), .integer(1))),
      (.increasedBy(.real(.nan)), .f64, .none, .notANumber),
      (.increasedBy(.integer(1), tolerance: -1), .u8, .none, .tolerance(-1)),
      (.changed, .u8, StoredEncoding(xor: 256), .keyTooWide(256, ScalarFormat(.u8))),
      (.changed, .u8, StoredEncoding(scale: 0), .scale(0)),
    ] as [(ValueChange, ScalarType, StoredEncoding, ConditionError)])
  func refusals(
    _ change: ValueChange, _ type: ScalarType, _ encoding: StoredEncoding, _ error: ConditionError
  ) {
    #expect(throws: error) {
      try change.test(for: ScalarFormat(type), pointerWidth: .eight, encoding: encoding)
    }
  }

  @Test("a step that no two values have is named")
  func impossibleSteps() {
    func message(_ step: ScalarValue) -> String {
      do throws(ConditionError) {
        _ = try ValueChange.increasedBy(step).test(for: ScalarFormat(.u8), pointerWidth: .eight)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(message(.integer(300)) == "300 does not fit u8 (0 to 255)")
    #expect(message(.real(1.5)) == "1.5 is not a whole number, and u8 takes 0 to 255")
    #expect(message(.real(.infinity)) == "inf is not a whole number, and u8 takes 0 to 255")
    #expect(message(.boolean(true)) == "true is not a number, and u8 takes 0 to 255")
  }

  @Test("no number traps")
  func hostile() {
    let numbers: [ScalarValue] =
      [.integer(.min), .integer(.max), .unsigned(.max)]
      + [0, .nan, .infinity, -.infinity, 0x1p-1074, 1e308, -1e308].map { .real($0) }
    let encodings = [
      StoredEncoding(), StoredEncoding(scale: 1e308), StoredEncoding(scale: -0x1p-1074),
      StoredEncoding(xor: 1, add: .min, rotate: .min),
    ]
    var count = 0
    for format in ScalarType.allCases.map({ ScalarFormat($0) }) {
      for a in numbers {
        for b in numbers {
          for encoding in encodings {
            for change: ValueChange in [
              .increasedBy(a), .decreasedBy(a, tolerance: 1e308), .byBetween(a, b),
              .percent(1e308, .infinity),
            ] {
              let test = try? change.test(
                for: format, pointerWidth: .four, encoding: encoding)
              count += test?.matches(now: .max, before: 0) == false ? 1 : 0
            }
          }
        }
      }
    }
    #expect(count > 0)
  }
}
