/// Reads UTF-8 one scalar at a time from bytes that may be anything.
struct UTF8Scanner {
  /// What lies at one place: a scalar and its length, or a byte that starts none.
  enum Step: Equatable {
    case scalar(UInt32, byteCount: Int)
    case invalid(UInt8)
  }

  /// The scalar or stray byte at `index`, which must be below `bytes.count`.
  static func step(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Step {
    let first = bytes[index]
    if first < 0x80 { return .scalar(UInt32(first), byteCount: 1) }
    guard let (length, least) = shape(first), index &+ length <= bytes.count else {
      return .invalid(first)
    }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in 1..<length {
      let byte = bytes[index &+ next]
      guard byte & 0xC0 == 0x80 else { return .invalid(first) }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= least, Unicode.Scalar(value) != nil else { return .invalid(first) }
    return .scalar(value, byteCount: length)
  }

  /// The length of the sequence a lead byte starts, and the least scalar that needs that length.
  private static func shape(_ lead: UInt8) -> (length: Int, least: UInt32)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80)
    case 0xE0...0xEF: (3, 0x800)
    case 0xF0...0xF4: (4, 0x10000)
    default: nil
    }
  }

  /// Appends one scalar as UTF-8; anything that is no scalar becomes U+FFFD.
  static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    bytes.append(contentsOf: UTF8.encode(scalar)!)
  }
}
