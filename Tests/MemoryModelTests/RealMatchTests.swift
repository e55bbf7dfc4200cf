import MemoryModel
import Testing

/// Rounding told on whole numbers: `real` is a mantissa times a power of two, and both sides are
/// multiplied until nothing is left of fractions.
private struct Halves {
  let real: Double
  let digits: Int

  /// Whether the real, times ten to the `digits`, times 2, lies from `low` to below `high`.
  func lies(from low: Int128, below high: Int128) -> Bool {
    let exponent = Int(real.exponent) - 52
    var left = Int128(real.significand * 0x1p52) * 2 * (real < 0 ? -1 : 1)
    for _ in 0..<digits { left *= 10 }
    var unit: Int128 = 1
    if exponent < 0 { unit <<= Int128(-exponent) } else { left <<= Int128(exponent) }
    return low * unit <= left && left < high * unit
  }

  func rounds(to number: Int128) -> Bool {
    if number < 0 { return Halves(real: -real, digits: digits).rounds(to: -number) }
    guard number > 0 else { return Halves(real: abs(real), digits: digits).lies(from: 0, below: 1) }
    return real > 0 && lies(from: 2 * number - 1, below: 2 * number + 1)
  }

  func isCut(to number: Int128) -> Bool {
    if number < 0 { return Halves(real: -real, digits: digits).isCut(to: -number) }
    guard number > 0 else { return Halves(real: abs(real), digits: digits).lies(from: 0, below: 2) }
    return real > 0 && lies(from: 2 * number, below: 2 * number + 2)
  }
}

@Suite("When reals count as equal")
struct RealMatchTests {
  private static let powers: [Double] = [1, 10, 100, 1000, 10000, 100_000, 1_000_000]

  /// A whole number of units of ten to the `-digits`, as the type reads it.
  private func literal(_ number: Int, _ digits: Int, _ type: ScalarType) -> Double {
    let text = "\(number)e-\(digits)"
    return type == .f32 ? Double(Float(text) ?? .nan) : Double(text) ?? .nan
  }

  @Test("rounds and cuts as decimal arithmetic does", arguments: ConditionOracle.reals)
  func decimal(_ type: ScalarType) throws {
    var random = SplitMix(seed: 41)
    for _ in 0..<1500 {
      let digits = random.next(upTo: 6)
      let spread = [5, 2000, 300_000][random.next(upTo: 3)]
      let number = random.next(upTo: 2 * spread) - spread
      let value = Double(number) / Self.powers[digits]
      let rounded = try intervals(value, .rounded(digits: digits), type)
      let cut = try intervals(value, .truncated(digits: digits), type)
      for half in -3...3 {
        let end = literal((2 * number + half) * 5, digits + 1, type)
        for real in [above(above(end, type), type), -above(above(-end, type), type)] {
          guard abs(real) > 1e-9 else { continue }
          let word = type == .f32 ? UInt64(Float(real).bitPattern) : real.bitPattern
          let oracle = Halves(real: real, digits: digits)
          #expect(
            rounded.matches(word) == oracle.rounds(to: Int128(number)),
            "\(real) of \(value), \(digits)")
          #expect(
            cut.matches(word) == oracle.isCut(to: Int128(number)),
            "\(real) of \(value), \(digits)")
        }
      }
    }
  }

  @Test("ends where the type reads the ends", arguments: ConditionOracle.reals)
  func ends(_ type: ScalarType) throws {
    for number in 1...3000 {
      let value = Double(number) / 100
      let near = literal(number * 10 - 5, 3, type)
      let far = literal(number * 10 + 5, 3, type)
      let (start, next) = (literal(number, 2, type), literal(number + 1, 2, type))
      for sign in [1.0, -1] {
        let rounded = try intervals(sign * value, .rounded(digits: 2), type)
        let cut = try intervals(sign * value, .truncated(digits: 2), type)
        func matches(_ found: ValueIntervals, _ real: Double) -> Bool {
          found.matches(
            type == .f32 ? UInt64(Float(sign * real).bitPattern) : (sign * real).bitPattern)
        }
        #expect(matches(rounded, near) && !matches(rounded, far), "\(value)")
        #expect(!matches(rounded, -above(-near, type)) && matches(rounded, -above(-far, type)))
        #expect(matches(cut, start) && !matches(cut, next), "\(value)")
        #expect(!matches(cut, -above(-start, type)) && matches(cut, -above(-next, type)))
      }
    }
  }

  private func above(_ real: Double, _ type: ScalarType) -> Double {
    type == .f32 ? Double(Float(real).nextUp) : real.nextUp
  }

  private func intervals(
    _ value: Double, _ match: RealMatch, _ type: ScalarType
  ) throws -> ValueIntervals {
    try ValueCondition(.equal(.real(value)), realMatch: match)
      .intervals(for: ScalarFormat(type), pointerWidth: .eight)
  }

  @Test(
    "takes what a person would",
    arguments: [
      (3.14, .rounded(digits: 2), [3.135, 3.14, 3.144999], [3.1349999, 3.145, 3.2]),
      (-3.14, .rounded(digits: 2), [-3.135, -3.144999], [-3.1349999, -3.145]),
      (3.14159, .rounded(digits: 2), [3.135, 3.144999], [3.145]),
      (0, .rounded(digits: 1), [0, -0.0, 0.049, -0.049], [0.05, -0.05]),
      (2.675, .rounded(digits: 2), [2.675, 2.68, 2.684], [2.674, 2.67, 2.685]),
      (-0.35, .truncated(digits: 1), [-0.3, -0.39], [-0.4, -0.29]),
      (1234, .rounded(digits: -2), [1150, 1200, 1249.9], [1149.9, 1250]),
      (3, .truncated(digits: 0), [3, 3.999999], [2.999999, 4]),
      (-3, .truncated(digits: 0), [-3, -3.999999], [-2.999999, -4]),
      (0, .truncated(digits: 0), [0, 0.9999, -0.9999], [1, -1]),
      (3.79, .truncated(digits: 1), [3.7, 3.75, 3.799], [3.8, 3.699]),
      (0.7, .tolerance(0.1), [0.6, 0.7, 0.8], [0.59999, 0.80001]),
      (1e300, .tolerance(1e308), [0, 1e308, -9e307], [.infinity, -1.1e308]),
      (5, .tolerance(0), [5], [5.000001]), (3.8, .truncated(digits: 1), [3.8], [3.7, 3.9]),
      (0.1, .rounded(digits: 40), [0.1], [0x1.999999999999bp-4, 0x1.9999999999999p-4]),
      (0.1, .truncated(digits: 40), [0.1], [0x1.999999999999bp-4, 0x1.9999999999999p-4]),
      (0, .rounded(digits: 400), [0, -0.0], [0x1p-1074]),
      (.infinity, .rounded(digits: 2), [.infinity], [1e308, -.infinity]),
      (1.7e308, .rounded(digits: -308), [1.5e308, .greatestFiniteMagnitude], [.infinity, 1e308]),
      (0x1p-1074, .rounded(digits: 324), [0x1p-1074], [0, 0x1p-1073]),
    ] as [(Double, RealMatch, [Double], [Double])])
  func examples(_ value: Double, _ match: RealMatch, _ inside: [Double], _ outside: [Double]) throws
  {
    let found = try intervals(value, match, .f64)
    #expect(inside.filter { !found.matches($0.bitPattern) } == [])
    #expect(outside.filter { found.matches($0.bitPattern) } == [])
    #expect(!found.matches(Double.nan.bitPattern))
    let others = try ValueCondition(.notEqual(.real(value)), realMatch: match)
      .intervals(for: ScalarFormat(.f64), pointerWidth: .eight)
    #expect(
      (inside + outside + [.nan]).allSatisfy {
        others.matches($0.bitPattern) != found.matches($0.bitPattern)
      })
  }

  @Test("a tolerance ends where the type reads its end")
  func toleranceOfSingles() throws {
    let found = try intervals(3, .tolerance(0.1), .f32)
    for real in [2.9, 3.1] as [Float] {
      #expect(found.matches(UInt64(real.bitPattern)))
      let beyond = real < 3 ? real.nextDown : real.nextUp
      #expect(!found.matches(UInt64(beyond.bitPattern)))
    }
  }

  @Test("integers obey it too")
  func integers() throws {
    func numbers(_ value: ScalarValue, _ match: RealMatch) throws -> [UInt64] {
      let found = try ValueCondition(.equal(value), realMatch: match)
        .intervals(for: ScalarFormat(.u8), pointerWidth: .eight)
      return (0..<256).filter { found.matches($0) }
    }
    #expect(try numbers(.integer(250), .tolerance(7)) == Array(243...255))
    #expect(try numbers(.integer(3), .truncated(digits: 0)) == [3])
    #expect(try numbers(.integer(30), .rounded(digits: -1)) == Array(25...34))
    #expect(try numbers(.real(3.2), .rounded(digits: 0)) == [3])
    #expect(throws: ConditionError.self) { try numbers(.real(3.14), .rounded(digits: 2)) }
  }

  @Test(
    "counts the digits of a number",
    arguments: [
      (3.14, 2), (100, 0), (0, 0), (-0.5, 1), (1e-7, 7), (1.25e-7, 9), (1e300, 0), (.infinity, 0),
      (.nan, 0), (0.1 + 0.2, 17),
    ] as [(Double, Int)])
  func digits(_ number: Double, _ count: Int) {
    #expect(RealMatch.fractionDigits(of: number) == count)
  }
}
