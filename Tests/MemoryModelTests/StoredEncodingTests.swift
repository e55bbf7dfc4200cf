import MemoryModel
import Testing

@Suite("Values stored in disguise")
struct StoredEncodingTests {
  /// What a program does, on one byte.
  private func store(_ value: Int64, _ encoding: StoredEncoding) -> UInt8 {
    let product = value * Int64(encoding.scale ?? 1)
    let sum = UInt8(truncatingIfNeeded: product &+ (encoding.add ?? 0))
    let turn = UInt8(((encoding.rotate ?? 0) % 8 + 8) % 8)
    let turned = turn == 0 ? sum : sum << turn | sum >> (8 - turn)
    return turned ^ UInt8(truncatingIfNeeded: encoding.xor ?? 0)
  }

  @Test(
    "finds every byte a program stored",
    arguments: [
      StoredEncoding(), StoredEncoding(xor: 0x5A), StoredEncoding(add: 200),
      StoredEncoding(add: -1000), StoredEncoding(rotate: 3), StoredEncoding(rotate: -9),
      StoredEncoding(scale: 3), StoredEncoding(scale: -2),
      StoredEncoding(xor: 0xFF, add: 77, rotate: 5, scale: 2),
      StoredEncoding(xor: UInt64(bitPattern: -3), add: .max, rotate: .min),
    ])
  func bytes(_ encoding: StoredEncoding) throws {
    for type in [ScalarType.u8, .i8] {
      let format = ScalarFormat(type)
      let limits: ClosedRange<Int64> = type == .u8 ? 0...255 : -128...127
      let values = limits.filter { limits.contains($0 * Int64(encoding.scale ?? 1)) }
      for value in values {
        let byte = store(value, encoding)
        #expect(
          try encoding.encode(.integer(value), as: format, pointerWidth: .eight) == UInt64(byte))
        let meant = encoding.decode(UInt64(byte), as: format, pointerWidth: .eight)
        #expect(meant == (encoding.scale == nil ? .integer(value) : .real(Double(value))))
      }
      for a in stride(from: values[0], through: values[values.count - 1], by: 9) {
        let b = values[values.count / 3]
        for (comparison, isWanted) in ConditionOracle.comparisons(a, b, ScalarValue.integer) {
          let found = try ValueCondition(comparison, encoding: encoding)
            .intervals(for: format, pointerWidth: .eight)
          let wrong = values.filter { found.matches(UInt64(store($0, encoding))) != isWanted($0) }
          #expect(wrong.isEmpty, "\(type) \(comparison) \(encoding)")
        }
      }
    }
  }

  @Test("wide values come back", arguments: ConditionOracle.integers)
  func wide(_ type: ScalarType) throws {
    var random = SplitMix(seed: 51)
    let format = ScalarFormat(type)
    let byteCount = format.byteCount(pointerWidth: .eight)
    for word in ConditionOracle.words(byteCount, &random) {
      let key = random.next() & (UInt64.max >> UInt64(64 - 8 * byteCount))
      let encoding = StoredEncoding(
        xor: key, add: Int64(bitPattern: random.next()), rotate: random.next(upTo: 200) - 100)
      let number = ConditionOracle.number(word, type)
      let value = ConditionOracle.value(number)
      let stored = try encoding.encode(value, as: format, pointerWidth: .eight)
      let meant = encoding.decode(stored, as: format, pointerWidth: .eight)
      #expect(meant == format.decode(little(word, byteCount), pointerWidth: .eight))
      let equal = try ValueCondition(.equal(value), encoding: encoding)
        .intervals(for: format, pointerWidth: .eight)
      let atMost = try ValueCondition(.atMost(value), encoding: encoding)
        .intervals(for: format, pointerWidth: .eight)
      #expect(equal.matches(stored) && !equal.matches(stored ^ 1))
      for _ in 0..<20 {
        let other = random.next() & (UInt64.max >> UInt64(64 - 8 * byteCount))
        let number = ConditionOracle.number(other, type)
        let stored = try encoding.encode(
          ConditionOracle.value(number), as: format, pointerWidth: .eight)
        #expect(atMost.matches(stored) == (number <= ConditionOracle.number(word, type)))
      }
    }
  }

  private func little(_ word: UInt64, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
  }

  @Test("a scaled integer is looked for by the decimal number")
  func scaled() throws {
    let cents = StoredEncoding(scale: 100)
    for number in -12_345...12_345 where number % 7 == 0 {
      let value = ScalarValue.real(Double(number) / 100)
      let word = UInt64(UInt32(bitPattern: Int32(number)))
      #expect(try cents.encode(value, as: ScalarFormat(.i32), pointerWidth: .eight) == word)
      func matches(_ comparison: ValueCondition.Comparison, _ step: Int) throws -> Bool {
        try ValueCondition(comparison, encoding: cents)
          .intervals(for: ScalarFormat(.i32), pointerWidth: .eight)
          .matches(UInt64(UInt32(bitPattern: Int32(number + step))))
      }
      #expect(try matches(.equal(value), 0) && !matches(.equal(value), 1))
      #expect(try matches(.less(value), -1) && !matches(.less(value), 0))
      #expect(try matches(.greater(value), 1) && !matches(.greater(value), 0))
    }
    let rounded = try ValueCondition(
      .equal(.real(33.3)), realMatch: .rounded(digits: 1), encoding: cents
    ).intervals(for: ScalarFormat(.u16), pointerWidth: .eight)
    #expect((0...65535 as ClosedRange<UInt64>).filter { rounded.matches($0) } == Array(3325...3334))
  }

  @Test("disguised reals come back", arguments: ConditionOracle.reals)
  func reals(_ type: ScalarType) throws {
    var random = SplitMix(seed: 52)
    let format = ScalarFormat(type)
    let encodings = [
      StoredEncoding(xor: 0x1234_5678, rotate: 7), StoredEncoding(add: 1000),
      StoredEncoding(scale: 0.5), StoredEncoding(xor: 1, add: -3, rotate: -1, scale: -4),
    ]
    for encoding in encodings {
      for _ in 0..<200 {
        let number = Double(random.next(upTo: 4000) - 2000) / 4
        let stored = try encoding.encode(.real(number), as: format, pointerWidth: .eight)
        #expect(encoding.decode(stored, as: format, pointerWidth: .eight) == .real(number))
        for (comparison, isWanted) in ConditionOracle.comparisons(7.25, -3.5, ScalarValue.real) {
          let found = try ValueCondition(comparison, encoding: encoding)
            .intervals(for: format, pointerWidth: .eight)
          #expect(found.matches(stored) == isWanted(number), "\(comparison) \(encoding)")
        }
      }
    }
  }
}
