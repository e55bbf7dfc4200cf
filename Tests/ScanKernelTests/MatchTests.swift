import CScanKernels
import Testing

/// The types that are tested: 1, 2, 4 and 8 bytes, and both reals.
let codings =
  [1, 2, 4, 8].map { Coding(width: $0) } + [4, 8].map { Coding(width: $0, isReal: true) }

extension KernelTests {
  @Suite("match")
  struct Match {
    let memory = GuardedMemory(capacity: 64 << 10)

    @Test("says what the oracle says, of every coding, condition, distance and level")
    func oracle() {
      var numbers = Numbers(3)
      for plain in codings {
        for coding in variants(of: plain, &numbers) {
          for kind in ConditionKind.allCases {
            for step in 1...9 {
              let count = numbers.one(of: [1, 7, 63, 64, 65, 131, 257])
              let bytes = numbers.memory((count - 1) * step + coding.width)
              let intervals = kind.intervals(coding, bytes, step: step, count: count, &numbers)
              check(
                coding, intervals, isInverted: numbers.below(3) == 0, bytes, step: step,
                count: count, atEnd: numbers.below(2) == 0)
            }
          }
        }
      }
    }

    @Test("goes over many tiles", arguments: codings)
    func longRuns(_ coding: Coding) {
      var numbers = Numbers(UInt64(coding.width))
      for step in [1, 2, 3, 4, 8] {
        let count = 2500 + numbers.below(200)
        let bytes = numbers.memory((count - 1) * step + coding.width)
        for kind in [ConditionKind.point, .few, .many] {
          let intervals = kind.intervals(coding, bytes, step: step, count: count, &numbers)
          check(
            coding, intervals, isInverted: false, bytes, step: step, count: count, atEnd: true)
        }
      }
    }

    @Test("finds one value among zeros, wherever it lies", arguments: codings)
    func lonelyValue(_ coding: Coding) {
      let size = 64 * coding.width * 3 + 77
      for value in lonelyValues(coding) {
        for step in [1, 2, 4, 8] where step <= coding.width {
          let count = (size - coding.width) / step + 1
          for index in Array(0..<3) + stride(from: 3, to: count, by: 151) + (count - 2..<count) {
            var bytes = [UInt8](repeating: 0, count: (count - 1) * step + coding.width)
            for byte in 0..<coding.width {
              bytes[index * step + byte] = UInt8(truncatingIfNeeded: value.bits >> UInt64(8 * byte))
            }
            checkOne(index, of: count, step, coding, value, bytes)
            var other = coding
            other.isSwapped = true
            for byte in 0..<coding.width {
              bytes[index * step + coding.width - 1 - byte] = UInt8(
                truncatingIfNeeded: value.bits >> UInt64(8 * byte))
            }
            checkOne(index, of: count, step, other, value, bytes)
          }
        }
      }
    }

    /// Expects one candidate to match, and no other.
    private func checkOne(
      _ index: Int, of count: Int, _ step: Int, _ coding: Coding, _ value: LonelyValue,
      _ bytes: [UInt8]
    ) {
      let place = memory.atEnd(bytes)
      atEveryLevel { level in
        let found = run(coding, value.intervals, isInverted: false, place, step, count)
        #expect(
          found?[index] == true && found?.firstIndex(of: true) == index
            && found?.lastIndex(of: true) == index,
          "\(coding) \(value) as number \(index) every \(step), level \(level)")
      }
    }

    @Test("knows thousands of values", arguments: codings)
    func thousands(_ coding: Coding) {
      var numbers = Numbers(11)
      let count = 3000
      let bytes = numbers.memory((count - 1) * coding.width + coding.width)
      for spread in [3, 1_000_003] as [UInt64] {
        guard coding.isReal || 999 * spread <= coding.ones else { continue }
        let intervals = (0..<1000).map { (index: Int) -> pvk_interval in
          let real = Double(index) * 0.06 - 30
          let low = UInt64(index) * spread
          return pvk_interval(low: low, span: 0, low_real: real, high_real: real + 0.02)
        }
        let step = coding.width
        check(coding, intervals, isInverted: false, bytes, step: step, count: count, atEnd: true)
      }
    }

    @Test("takes nothing and no interval")
    func nothing() {
      let place = memory.atEnd([])
      for coding in codings {
        #expect(run(coding, [], isInverted: false, place, 1, 0) == [])
      }
      let bytes = memory.atEnd([1, 2, 3])
      #expect(run(codings[0], [], isInverted: true, bytes, 1, 3) == [true, true, true])
    }

    private func check(
      _ coding: Coding, _ intervals: [pvk_interval], isInverted: Bool, _ bytes: [UInt8],
      step: Int, count: Int, atEnd: Bool
    ) {
      let place = atEnd ? memory.atEnd(bytes) : memory.atStart(bytes)
      let expected = (0..<count).map {
        Oracle.matches(coding, intervals, isInverted: isInverted, bytes, at: $0 * step)
      }
      atEveryLevel { level in
        let found = run(coding, intervals, isInverted: isInverted, place, step, count)
        #expect(
          found == expected,
          "\(coding), \(intervals.count) intervals, \(count) every \(step), level \(level)")
      }
    }

    private func run(
      _ coding: Coding, _ intervals: [pvk_interval], isInverted: Bool,
      _ place: UnsafeMutableRawPointer, _ step: Int, _ count: Int
    ) -> [Bool]? {
      intervals.withUnsafeBufferPointer { intervals in
        var test = pvk_test()
        test.width = UInt8(coding.width)
        test.real = coding.isReal
        test.swapped = coding.isSwapped
        test.inverted = isInverted
        test.rotate = UInt8(coding.rotate)
        test.key = coding.key
        test.mask = coding.mask
        test.intervals = intervals.baseAddress
        test.interval_count = intervals.count
        return answer(count) { pvk_match(&test, place, count, step, $0) }
      }
    }
  }
}

/// The coding itself, swapped, and for integers also with key, rotation and mask.
func variants(of plain: Coding, _ numbers: inout Numbers) -> [Coding] {
  var variants: [Coding] = []
  for isSwapped in [false, true] {
    var coding = plain
    coding.isSwapped = isSwapped
    variants.append(coding)
    if coding.isReal { continue }
    coding.mask = numbers.one(of: [0xff, 0xf0, numbers.next()])
    variants.append(coding)
    coding.key = numbers.next() & coding.ones
    coding.rotate = numbers.below(coding.bits)
    variants.append(coding)
    coding.mask = .max
    variants.append(coding)
  }
  return variants
}

/// Shapes of conditions; each takes another way through the kernels.
enum ConditionKind: CaseIterable {
  case point, narrow, wide, wrapping, few, many

  /// Intervals that some of the candidates satisfy.
  func intervals(
    _ coding: Coding, _ bytes: [UInt8], step: Int, count: Int, _ numbers: inout Numbers
  ) -> [pvk_interval] {
    let wanted = self == .few ? 2 + numbers.below(7) : self == .many ? 9 + numbers.below(30) : 1
    var found: [pvk_interval] = []
    for _ in 0..<wanted {
      let place = numbers.below(count) * step
      let spans: [ConditionKind: UInt64] = [
        .narrow: 9, .wide: coding.ones / 3, .wrapping: 600, .few: 2,
      ]
      let span = spans[self] ?? 0
      let low = coding.integer(bytes, at: place) &- (self == .wrapping ? 400 : 0)
      let real = coding.real(bytes, at: place)
      let lowReal = real.isNaN ? -3.1 : real
      found.append(
        pvk_interval(
          low: low & coding.ones, span: min(span, coding.ones), low_real: lowReal,
          high_real: lowReal + Double(span % 77) / 10))
    }
    return disjoint(found, coding)
  }

  private func disjoint(_ intervals: [pvk_interval], _ coding: Coding) -> [pvk_interval] {
    if intervals.count == 1 { return intervals }
    var kept: [pvk_interval] = []
    let sorted = intervals.sorted {
      coding.isReal ? $0.low_real < $1.low_real : $0.low < $1.low
    }
    for next in sorted {
      let isBeyond = kept.last.map {
        coding.isReal ? next.low_real > $0.high_real : next.low > $0.low + $0.span
      }
      let fits = coding.isReal || next.low <= coding.ones - next.span
      if isBeyond ?? true, fits { kept.append(next) }
    }
    return kept
  }
}

/// A value that, among zeros, is nowhere but where it was put.
struct LonelyValue {
  var bits: UInt64
  /// One or several, of which the value is in one.
  var intervals: [pvk_interval]
}

/// Values of all shapes, each alone and as one of few and of many.
private func lonelyValues(_ coding: Coding) -> [LonelyValue] {
  if coding.isReal {
    return [3.14, -250.5, 1e-3].map { value in
      let bits = coding.width == 8 ? value.bitPattern : UInt64(Float(value).bitPattern)
      let ends = [value * 0.999, value * 1.001].sorted()
      let interval = pvk_interval(low: 0, span: 0, low_real: ends[0], high_real: ends[1])
      return LonelyValue(bits: bits, intervals: [interval])
    }
  }
  let values: [UInt64] = [
    0x64, 0xff, 0x1234, 0xfffe, 0xff00, 0xdead_beef, 0xffff_ff9c, 0x1_0000, 0x7f32_1000_0ff8,
    0xffff_ffff_ffff_ff9c, 0x1234_0000_0000,
  ]
  var lonely: [LonelyValue] = []
  for value in values where value <= coding.ones {
    for (span, others) in [(0, 0), (3, 0), (0, 2), (0, 6), (0, 12)] as [(UInt64, UInt64)] {
      guard value <= coding.ones - 5 * others else { continue }
      let intervals = (0...others).map {
        pvk_interval(low: value - span + 5 * $0, span: span, low_real: 0, high_real: 0)
      }
      if areElsewhere(partsOf: value, in: intervals, coding) { continue }
      lonely.append(LonelyValue(bits: value, intervals: intervals))
    }
  }
  return lonely
}

/// Whether what overlaps a value in zeros, at other addresses, is in an interval as well.
private func areElsewhere(
  partsOf value: UInt64, in intervals: [pvk_interval], _ coding: Coding
) -> Bool {
  var plain = coding
  plain.isSwapped = false
  var zeros = [UInt8](repeating: 0, count: 3 * coding.width)
  for isSwapped in [false, true] {
    for byte in 0..<coding.width {
      let place = isSwapped ? 2 * coding.width - 1 - byte : coding.width + byte
      zeros[place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
    }
    plain.isSwapped = isSwapped
    for place in 0...2 * coding.width where place != coding.width {
      if Oracle.matches(plain, intervals, isInverted: false, zeros, at: place) { return true }
    }
  }
  return false
}
