/// Consecutive bytes, some of whose bits may be unknown.
///
/// As text, each byte is two hexadecimal digits, and spaces between bytes are optional: `48 8b 05`,
/// `488b05`. `??`, or `?` standing alone, is any byte; `4?` and `?8` leave one digit open. ASCII
/// text may stand in quotes: `'MZ' ??`. After a colon follows a mask, one byte for each byte of the
/// pattern or one for all of them, whose zero bits are not compared: `48 8b 05 : ff ff 00`.
public struct BytePattern: Hashable, Sendable {
  /// The most bytes of a pattern.
  public static let maximumByteCount = 4096

  /// The bytes; bits that are not in the mask are 0.
  public let bytes: [UInt8]
  /// The bits of each byte that are compared; as many bytes as `bytes`.
  public let mask: [UInt8]

  /// How many bytes the pattern spans, from 1 to 4096.
  public var count: Int { bytes.count }

  /// Whether every bit is compared.
  public var isFullyKnown: Bool { mask.allSatisfy { $0 == 0xFF } }

  /// A pattern of bytes, with a mask of the bits to compare; all of them by default.
  /// - Throws: `BytePatternError` when there is no byte or more than 4096, no bit is compared, or
  ///   the mask has another length.
  public init(_ bytes: [UInt8], mask: [UInt8]? = nil) throws(BytePatternError) {
    let mask = mask ?? [UInt8](repeating: 0xFF, count: bytes.count)
    guard !bytes.isEmpty else {
      throw BytePatternError(column: nil, problem: "a pattern needs at least one byte")
    }
    guard bytes.count <= Self.maximumByteCount else {
      throw BytePatternError(
        column: nil,
        problem: "a pattern has at most \(Self.maximumByteCount) bytes, got \(bytes.count)")
    }
    guard mask.count == bytes.count else {
      throw BytePatternError(
        column: nil, problem: "the mask has \(mask.count) bytes and the pattern \(bytes.count)")
    }
    guard mask.contains(where: { $0 != 0 }) else {
      throw BytePatternError(
        column: nil, problem: "the pattern would match everywhere; give at least one known digit")
    }
    self.bytes = zip(bytes, mask).map { $0 & $1 }
    self.mask = mask
  }

  /// Reads a pattern as described above.
  /// - Throws: `BytePatternError`, which names the column and says what to type.
  public init(parsing text: String) throws(BytePatternError) {
    var parser = BytePatternParser(text)
    self = try parser.parse()
  }

  /// Whether memory that starts with `memory` starts with the pattern; false when it is shorter.
  public func matches(_ memory: UnsafeRawBufferPointer) -> Bool {
    guard memory.count >= count else { return false }
    for index in bytes.indices where memory[index] & mask[index] != bytes[index] { return false }
    return true
  }

  /// Whether memory starts with the pattern, as the other `matches` tells it.
  public func matches(_ memory: [UInt8]) -> Bool { memory.withUnsafeBytes { matches($0) } }
}

extension BytePattern: CustomStringConvertible {
  /// The pattern as `init(parsing:)` reads it: `48 8b ?? 4?`, with a mask where bits other than
  /// whole digits are open.
  public var description: String {
    let isInDigits = mask.allSatisfy { [0, 0x0F, 0xF0, 0xFF].contains($0) }
    guard isInDigits else {
      return "\(Self.digits(bytes)) : \(Self.digits(mask))"
    }
    return zip(bytes, mask).map { byte, mask in
      Self.digit(byte >> 4, isKnown: mask & 0xF0 != 0)
        + Self.digit(byte & 15, isKnown: mask & 15 != 0)
    }.joined(separator: " ")
  }

  private static func digits(_ bytes: [UInt8]) -> String {
    bytes.map { digit($0 >> 4, isKnown: true) + digit($0 & 15, isKnown: true) }
      .joined(separator: " ")
  }

  private static func digit(_ value: UInt8, isKnown: Bool) -> String {
    isKnown ? String(value, radix: 16) : "?"
  }
}
