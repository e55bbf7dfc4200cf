/// A whole number of any size without a sign, for the few exact steps a bound needs.
///
/// Words of 32 bits, the least significant first, none of them a leading zero.
struct Magnitude: Hashable, Sendable {
  private(set) var words: [UInt32]

  init(_ number: UInt64) {
    words = [UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32)]
    trim()
  }

  var isZero: Bool { words.isEmpty }

  /// The number in 64 bits, or nil when it is wider.
  var word: UInt64? {
    guard words.count <= 2 else { return nil }
    return words.reversed().reduce(0) { $0 << 32 | UInt64($1) }
  }

  /// The number with a sign's room, or nil when it needs more than 96 bits.
  var signed: Int128? {
    guard words.count <= 3 else { return nil }
    return words.reversed().reduce(0) { $0 << 32 | Int128($1) }
  }

  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
  }

  /// Multiplies by `factor` and adds `rest`.
  mutating func multiply(by factor: UInt32, adding rest: UInt32 = 0) {
    var carry = UInt64(rest)
    for index in words.indices {
      carry &+= UInt64(words[index]) &* UInt64(factor)
      words[index] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { words.append(UInt32(truncatingIfNeeded: carry)) }
    trim()
  }

  /// Divides by `divisor`, which is not 0, and gives the rest.
  mutating func divide(by divisor: UInt32) -> UInt32 {
    var rest: UInt64 = 0
    for index in words.indices.reversed() {
      rest = rest << 32 | UInt64(words[index])
      words[index] = UInt32(truncatingIfNeeded: rest / UInt64(divisor))
      rest %= UInt64(divisor)
    }
    trim()
    return UInt32(truncatingIfNeeded: rest)
  }

  /// Multiplies by ten `count` times.
  mutating func appendZeros(_ count: Int) {
    var left = count
    while left >= 9 {
      multiply(by: 1_000_000_000)
      left &-= 9
    }
    while left > 0 {
      multiply(by: 10)
      left &-= 1
    }
  }

  /// Drops the last `count` decimal digits; whether one of them was not 0.
  mutating func dropDigits(_ count: Int) -> Bool {
    var isInexact = false
    var left = count
    while left > 0 && !isZero {
      let step = min(left, 9)
      let divisor = (0..<step).reduce(into: UInt32(1)) { power, _ in power &*= 10 }
      if divide(by: divisor) != 0 { isInexact = true }
      left &-= step
    }
    return isInexact
  }

  static func + (left: Magnitude, right: Magnitude) -> Magnitude {
    var sum = left.words.count >= right.words.count ? left : right
    let other = left.words.count >= right.words.count ? right : left
    var carry: UInt64 = 0
    for index in sum.words.indices {
      carry &+= UInt64(sum.words[index])
      if index < other.words.count { carry &+= UInt64(other.words[index]) }
      sum.words[index] = UInt32(truncatingIfNeeded: carry)
      carry >>= 32
    }
    if carry > 0 { sum.words.append(UInt32(truncatingIfNeeded: carry)) }
    return sum
  }

  /// The difference; `right` is at most `left`.
  static func - (left: Magnitude, right: Magnitude) -> Magnitude {
    var difference = left
    var borrow: Int64 = 0
    for index in difference.words.indices {
      borrow &+= Int64(difference.words[index])
      if index < right.words.count { borrow &-= Int64(right.words[index]) }
      difference.words[index] = UInt32(truncatingIfNeeded: borrow)
      borrow >>= 32
    }
    difference.trim()
    return difference
  }

  static func * (left: Magnitude, right: Magnitude) -> Magnitude {
    var product = Magnitude(0)
    for word in right.words.reversed() {
      if !product.isZero { product.words.insert(0, at: 0) }
      var part = left
      part.multiply(by: word)
      product = product + part
    }
    return product
  }
}

extension Magnitude: Comparable {
  static func < (left: Magnitude, right: Magnitude) -> Bool {
    if left.words.count != right.words.count { return left.words.count < right.words.count }
    for index in left.words.indices.reversed() where left.words[index] != right.words[index] {
      return left.words[index] < right.words[index]
    }
    return false
  }
}

extension Magnitude: CustomStringConvertible {
  /// The decimal digits.
  var description: String {
    if let word { return String(word) }
    var rest = self
    var groups: [String] = []
    while !rest.isZero {
      let digits = String(rest.divide(by: 1_000_000_000))
      groups.append(String(repeating: "0", count: max(0, 9 &- digits.count)) + digits)
    }
    return groups.reversed().joined()
  }
}
