/// A set of bytes.
struct ByteSet: Hashable, Sendable {
  private var words = SIMD4<UInt64>(repeating: 0)

  /// Every byte.
  static let all = ByteSet(0...255)
  /// The bytes of characters of UTF-8 beyond ASCII.
  static let beyondASCII = ByteSet(0x80...0xff)

  init() {}

  init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { insert(byte) }
  }

  init(_ text: StaticString) {
    self.init(text.description.utf8)
  }

  func contains(_ byte: UInt8) -> Bool {
    words[Int(byte &>> 6)] &>> UInt64(byte & 63) & 1 != 0
  }

  mutating func insert(_ byte: UInt8) { words[Int(byte &>> 6)] |= 1 &<< UInt64(byte & 63) }

  mutating func formUnion(_ other: ByteSet) { words |= other.words }

  var inverted: ByteSet {
    var result = self
    result.words = ~words
    return result
  }
}

/// What can be said of a pattern without compiling it: which bytes its matches are made of, and
/// whether it has anchors. A byte outside the alphabet ends every match, so the search for a start need
/// not go back beyond it.
///
/// The alphabet may be too large (the signs of the syntax itself are in it, for instance) and never too
/// small: where the pattern is not understood, it is all bytes.
struct RegexSketch {
  /// Bytes that can occur in a match.
  private(set) var alphabet = ByteSet()
  /// The index in the pattern of an anchor to the start or the end of everything.
  private(set) var anchor: Int?

  private let bytes: [UInt8]
  private var index = 0
  private var multiline: Bool
  private var dotMatchesNewline: Bool
  private var ignoresCase: Bool
  private let utf8: Bool
  private var isUnderstood = true

  init(_ bytes: [UInt8], of pattern: RegexPattern, utf8: Bool) {
    self.bytes = bytes
    multiline = pattern.multiline
    dotMatchesNewline = pattern.dotMatchesNewline
    ignoresCase = pattern.ignoresCase
    self.utf8 = utf8
    while index < bytes.count { readItem() }
    if ignoresCase { foldCase() }
    if !isUnderstood { alphabet = .all }
  }

  private mutating func next() -> UInt8? {
    guard index < bytes.count else { return nil }
    defer { index += 1 }
    return bytes[index]
  }

  private mutating func readItem() {
    let start = index
    guard let byte = next() else { return }
    switch byte {
    case UInt8(ascii: "\\"): readEscape(start, inClass: false).map { alphabet.formUnion($0) }
    case UInt8(ascii: "["): readClass()
    case UInt8(ascii: "."): alphabet.formUnion(dotMatchesNewline ? .all : ByteSet([10]).inverted)
    case UInt8(ascii: "("): readGroup()
    case UInt8(ascii: "^"), UInt8(ascii: "$"):
      if !multiline && anchor == nil { anchor = start }
    default: alphabet.insert(byte)
    }
  }

  /// The bytes of an escape; nil for an assertion, and where it is not understood.
  private mutating func readEscape(_ start: Int, inClass: Bool) -> ByteSet? {
    guard let byte = next() else { return nil }
    switch byte {
    case UInt8(ascii: "d"): return Self.digits
    case UInt8(ascii: "w"): return Self.word
    case UInt8(ascii: "s"): return Self.space
    case UInt8(ascii: "D"): return Self.digits.inverted
    case UInt8(ascii: "W"): return Self.word.inverted
    case UInt8(ascii: "S"): return Self.space.inverted
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "x"): return readHexadecimal()
    case UInt8(ascii: "b") where !inClass, UInt8(ascii: "B") where !inClass: return nil
    case UInt8(ascii: "A"), UInt8(ascii: "Z"), UInt8(ascii: "z"), UInt8(ascii: "G"):
      if !inClass && anchor == nil { anchor = start }
      return nil
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
      isUnderstood = false
      return nil
    default: return [byte]
    }
  }

  /// `\x41` or `\x{41}`, after the x.
  private mutating func readHexadecimal() -> ByteSet? {
    let isBraced = index < bytes.count && bytes[index] == UInt8(ascii: "{")
    if isBraced { index += 1 }
    let start = index
    while index < bytes.count, index - start < (isBraced ? 8 : 2),
      Character(UnicodeScalar(bytes[index])).isHexDigit
    { index += 1 }
    let digits = String(decoding: bytes[start..<index], as: UTF8.self)
    if isBraced {
      guard index < bytes.count, bytes[index] == UInt8(ascii: "}") else {
        isUnderstood = false
        return nil
      }
      index += 1
    }
    guard let value = digits.isEmpty ? 0 : UInt32(digits, radix: 16) else {
      isUnderstood = false
      return nil
    }
    if utf8 && value > 0x7f { return .beyondASCII }
    return [UInt8(truncatingIfNeeded: value)]
  }

  /// A class, after its bracket.
  private mutating func readClass() {
    var members = ByteSet()
    var isFirst = true
    var before: UInt8?  // what a range may begin with
    let isNegated = index < bytes.count && bytes[index] == UInt8(ascii: "^")
    if isNegated { index += 1 }
    while let byte = next() {
      if byte == UInt8(ascii: "]") && !isFirst { break }
      isFirst = false
      if byte == UInt8(ascii: "["), index < bytes.count, ":.=".utf8.contains(bytes[index]) {
        isUnderstood = false
      }
      var last: UInt8? = byte
      var added = ByteSet([byte])
      if byte == UInt8(ascii: "\\") {
        if index < bytes.count, bytes[index] == UInt8(ascii: "b") { isUnderstood = false }
        let escape = readEscape(index - 1, inClass: true)
        if escape == nil { isUnderstood = false }
        added = escape ?? ByteSet()
        last = (0...255).first { added == [$0] }
      }
      if byte == UInt8(ascii: "-"), let low = before, index < bytes.count,
        bytes[index] != UInt8(ascii: "]")
      {
        guard let high = readRangeEnd() else {
          isUnderstood = false
          continue
        }
        added = low <= high ? ByteSet(low...high) : ByteSet()
        last = nil
      }
      members.formUnion(added)
      before = last
    }
    if utf8 && isNegated { members = members.withoutBeyondASCII }
    alphabet.formUnion(isNegated ? members.inverted : members)
    if utf8, !isNegated, members.hasBeyondASCII { alphabet.formUnion(.beyondASCII) }
  }

  /// The upper end of a range in a class; nil when that is no single byte.
  private mutating func readRangeEnd() -> UInt8? {
    guard let byte = next() else { return nil }
    if byte != UInt8(ascii: "\\") { return utf8 && byte > 0x7f ? 0xff : byte }
    guard let escape = readEscape(index - 1, inClass: true) else { return nil }
    if escape == .beyondASCII { return 0xff }
    return (0...255).first { escape == [$0] }
  }

  /// What follows an open parenthesis: nothing, `?:`, or flags; anything else is not understood.
  private mutating func readGroup() {
    guard index < bytes.count else { return }
    if bytes[index] == UInt8(ascii: "*") { isUnderstood = false }
    guard bytes[index] == UInt8(ascii: "?") else { return }
    index += 1
    while let byte = next() {
      switch byte {
      case UInt8(ascii: ":"), UInt8(ascii: ")"): return
      case UInt8(ascii: "i"): ignoresCase = true
      case UInt8(ascii: "s"): dotMatchesNewline = true
      case UInt8(ascii: "m"): multiline = true
      default:
        isUnderstood = false
        return
      }
    }
  }

  /// Adds the other case of every letter.
  private mutating func foldCase() {
    for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
      if alphabet.contains(letter) || alphabet.contains(letter ^ 0x20) {
        alphabet.insert(letter)
        alphabet.insert(letter ^ 0x20)
      }
    }
    if utf8 { alphabet = alphabet.inverted.withoutBeyondASCII.inverted }  // K is also U+212A
    if alphabet.hasBeyondASCII { alphabet.formUnion(.beyondASCII) }
  }

  private static let digits = ByteSet("0123456789")
  private static let word = ByteSet(
    "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  private static let space = ByteSet([9, 10, 11, 12, 13, 32])
}

extension ByteSet: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: UInt8...) { self.init(elements) }

  var hasBeyondASCII: Bool { words[2] | words[3] != 0 }

  var withoutBeyondASCII: ByteSet {
    var result = self
    result.words[2] = 0
    result.words[3] = 0
    return result
  }
}
