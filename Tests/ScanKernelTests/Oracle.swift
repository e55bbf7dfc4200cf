import CScanKernels

/// How a value lies in memory.
struct Coding: CustomStringConvertible {
  var width: Int
  var isReal = false
  var isSwapped = false
  var key: UInt64 = 0
  var rotate = 0
  var mask: UInt64 = .max

  var bits: Int { width * 8 }
  var ones: UInt64 { .max >> UInt64(64 - bits) }

  /// The bits of the value at a place, in the byte order of this machine.
  func load(_ bytes: [UInt8], at place: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<width {
      value = value << 8 | UInt64(bytes[place + (isSwapped ? index : width - 1 - index)])
    }
    return value
  }

  func integer(_ bytes: [UInt8], at place: Int) -> UInt64 {
    var value = load(bytes, at: place) ^ (key & ones)
    for _ in 0..<rotate { value = (value << 1 | value >> UInt64(bits - 1)) & ones }
    return value & mask
  }

  func real(_ bytes: [UInt8], at place: Int) -> Double {
    let pattern = load(bytes, at: place)
    return width == 8
      ? Double(bitPattern: pattern) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)))
  }

  /// An integer read as a signed one.
  func signed(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value << UInt64(64 - bits)) >> Int64(64 - bits)
  }

  var description: String {
    "\(isReal ? "f" : "u")\(bits)\(isSwapped ? " swapped" : "") ^\(key) <<\(rotate) &\(mask)"
  }
}

/// What the kernels must answer, in the plainest words.
enum Oracle {
  static func matches(
    _ coding: Coding, _ intervals: [pvk_interval], isInverted: Bool, _ bytes: [UInt8], at place: Int
  ) -> Bool {
    let isInside: Bool
    if coding.isReal {
      let value = coding.real(bytes, at: place)
      isInside = intervals.contains { $0.low_real <= value && value <= $0.high_real }
    } else {
      let value = coding.integer(bytes, at: place)
      isInside = intervals.contains { (value &- $0.low) & coding.ones <= $0.span }
    }
    return isInside != isInverted
  }

  static func holds(
    _ relation: pvk_relation, _ coding: Coding, isSigned: Bool, _ interval: pvk_interval,
    now: [UInt8], at place: Int, before: [UInt8], at earlierPlace: Int
  ) -> Bool {
    if relation == PVK_EQUAL {
      return coding.load(now, at: place) == coding.load(before, at: earlierPlace)
    }
    let a: UInt64
    let b: UInt64
    let x: Double
    let y: Double
    if coding.isReal {
      (a, b) = (0, 0)
      (x, y) = (coding.real(now, at: place), coding.real(before, at: earlierPlace))
      if relation == PVK_GREATER { return x > y }
      if relation == PVK_LESS { return x < y }
      if relation == PVK_DIFFERENCE {
        return interval.low_real <= x - y && x - y <= interval.high_real
      }
    } else {
      (a, b) = (coding.integer(now, at: place), coding.integer(before, at: earlierPlace))
      (x, y) =
        isSigned
        ? (Double(coding.signed(a)), Double(coding.signed(b))) : (Double(a), Double(b))
      if relation == PVK_GREATER { return isSigned ? coding.signed(a) > coding.signed(b) : a > b }
      if relation == PVK_LESS { return isSigned ? coding.signed(a) < coding.signed(b) : a < b }
      if relation == PVK_DIFFERENCE {
        return (a &- b &- interval.low) & coding.ones <= interval.span
      }
    }
    return interval.low_real * abs(y) <= x - y && x - y <= interval.high_real * abs(y)
  }
}

/// The answer of a kernel, as an array of one truth for each candidate.
///
/// - Returns: Nothing when the words after the answer were written, when a bit after the last
///   candidate is set, or when the number returned is not the number of bits.
func answer(_ count: Int, _ kernel: (UnsafeMutablePointer<UInt64>) -> Int) -> [Bool]? {
  let untouched: UInt64 = 0x5555_aaaa_5555_aaaa
  var words = [UInt64](repeating: untouched, count: (count + 63) / 64 + 1)
  let found = words.withUnsafeMutableBufferPointer { kernel($0.baseAddress!) }
  guard words.last == untouched else { return nil }
  var all: [Bool] = []
  all.reserveCapacity(words.count * 64)
  for word in words.dropLast() {
    if word == 0 {
      all += noneOf64
    } else {
      for bit in 0..<64 as Range<UInt64> { all.append(word >> bit & 1 == 1) }
    }
  }
  guard !all[count...].contains(true), words.dropLast().bitCount == found else { return nil }
  all.removeSubrange(count...)
  return all
}

private let noneOf64 = [Bool](repeating: false, count: 64)

extension Sequence<UInt64> {
  fileprivate var bitCount: Int { reduce(0) { $0 + $1.nonzeroBitCount } }
}

/// Runs a body once at every level of CPU that this machine has, then leaves the highest.
func atEveryLevel(_ body: (Int32) -> Void) {
  for level in 0..<pvk_level_count() {
    pvk_force_level(level)
    body(level)
  }
}
