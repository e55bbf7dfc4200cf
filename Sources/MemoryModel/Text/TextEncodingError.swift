/// Why a text cannot be written in an encoding.
public struct TextEncodingError: Error, Hashable, Sendable {
  /// The encoding asked for.
  public let encoding: TextEncoding
  /// Where in the UTF-8 text the trouble is, in bytes from 0.
  public let byteOffset: Int
  /// The scalar that has no place in the encoding; nil when the text is not UTF-8 there.
  public let scalar: UInt32?

  /// The error at this offset.
  public init(encoding: TextEncoding, byteOffset: Int, scalar: UInt32?) {
    self.encoding = encoding
    self.byteOffset = byteOffset
    self.scalar = scalar
  }
}

extension TextEncodingError: CustomStringConvertible {
  /// `U+20AC at byte 3 does not exist in latin1`.
  public var description: String {
    guard let scalar else { return "the text is not valid UTF-8 at byte \(byteOffset)" }
    let digits = String(scalar, radix: 16, uppercase: true)
    let number = String(repeating: "0", count: max(0, 4 &- digits.count)) + digits
    return "U+\(number) at byte \(byteOffset) does not exist in \(encoding.rawValue)"
  }
}
