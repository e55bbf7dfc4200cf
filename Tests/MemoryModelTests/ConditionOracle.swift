import MemoryModel

/// Answers by plain comparison, one value at a time, and the values worth asking about.
enum ConditionOracle {
  static let integers: [ScalarType] = [.u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64, .ptr]
  static let reals: [ScalarType] = [.f32, .f64]

  /// Bits of integers at and around every limit, and some at random.
  static func words(_ byteCount: Int, _ random: inout SplitMix) -> [UInt64] {
    let mask = UInt64.max >> UInt64(64 - 8 * byteCount)
    var words: [UInt64] = []
    for shift in [0, 3, 7, 8, 15, 16, 31, 32, 53, 63] {
      for step in [-2, -1, 0, 1, 2] as [Int64] {
        words.append((1 << UInt64(shift)) &+ UInt64(bitPattern: step))
      }
    }
    for _ in 0..<30 { words.append(random.next()) }
    return Array(Set(words.map { $0 & mask })).sorted()
  }

  /// Bits of reals at and around every limit, and some at random.
  static func realWords(_ type: ScalarType, _ random: inout SplitMix) -> [UInt64] {
    var reals: [Double] = [
      0, 1, 0.1, 0.5, 3, 3.14, 100, 16_777_216, 16_777_218, 0x1p53, 0x1p53 + 2, 1e10, 1e-10, 1e300,
      .infinity, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
      Double(Float.leastNonzeroMagnitude), Double(Float.leastNormalMagnitude),
      Double(Float.greatestFiniteMagnitude),
    ]
    for _ in 0..<10 { reals.append(Double(bitPattern: random.next())) }
    for _ in 0..<10 { reals.append(Double(random.next(upTo: 2_000_000)) / 1000) }
    reals += reals.map { -$0 }
    var words: [UInt64] = []
    for real in reals {
      if type == .f32 {
        let single = Float(real)
        words += [single, single.nextUp, single.nextDown].map { UInt64($0.bitPattern) }
      } else {
        words += [real, real.nextUp, real.nextDown].map(\.bitPattern)
      }
    }
    let nan = type == .f32 ? UInt64(Float.nan.bitPattern) : Double.nan.bitPattern
    return Array(Set(words + [nan, nan | 1])).sorted()
  }

  /// The number that bits of an integer type are.
  static func number(_ word: UInt64, _ type: ScalarType) -> Int128 {
    switch type {
    case .u8: Int128(UInt8(truncatingIfNeeded: word))
    case .i8: Int128(Int8(truncatingIfNeeded: word))
    case .u16: Int128(UInt16(truncatingIfNeeded: word))
    case .i16: Int128(Int16(truncatingIfNeeded: word))
    case .u32: Int128(UInt32(truncatingIfNeeded: word))
    case .i32: Int128(Int32(truncatingIfNeeded: word))
    case .i64: Int128(Int64(truncatingIfNeeded: word))
    default: Int128(word)
    }
  }

  /// A number as a script would give it.
  static func value(_ number: Int128) -> ScalarValue {
    Int64(exactly: number).map { .integer($0) } ?? .unsigned(UInt64(truncatingIfNeeded: number))
  }

  /// The real that bits of a real type are.
  static func real(_ word: UInt64, _ type: ScalarType) -> Double {
    type == .f32
      ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))) : Double(bitPattern: word)
  }

  /// Every comparison with one or two numbers, beside what Swift says of it.
  static func comparisons<Number: Comparable & Sendable>(
    _ a: Number, _ b: Number, _ value: (Number) -> ScalarValue
  ) -> [(ValueCondition.Comparison, (Number) -> Bool)] {
    let (low, high) = a < b ? (a, b) : (b, a)
    return [
      (.equal(value(a)), { $0 == a }), (.notEqual(value(a)), { $0 != a }),
      (.less(value(a)), { $0 < a }), (.atMost(value(a)), { $0 <= a }),
      (.greater(value(a)), { $0 > a }), (.atLeast(value(a)), { $0 >= a }),
      (.between(value(low), value(high)), { low <= $0 && $0 <= high }),
      (.oneOf([value(b), value(a), value(b)]), { $0 == a || $0 == b }), (.unknown, { _ in true }),
    ]
  }
}
