/// How bytes are hashed.
public enum HashAlgorithm: String, Hashable, Sendable, CaseIterable {
  /// SHA-256, as sha256sum(1): nobody can make other bytes with the same hash.
  case sha256
  /// XXH64, as xxhsum(1): many times faster, for finding changes that nobody hides.
  case xxh64
}

/// A hash under way.
public struct ByteHash: Sendable {
  private var strong: SHA256?
  private var quick = XXHash64()

  /// The hash of nothing so far.
  public init(_ algorithm: HashAlgorithm) { strong = algorithm == .sha256 ? SHA256() : nil }

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if strong != nil { strong?.update(bytes) } else { quick.update(bytes) }
  }

  /// Takes in so many zeroes.
  public mutating func update(zeroes count: UInt64) {
    let block = [UInt8](repeating: 0, count: Int(min(count, 65_536)))
    var left = count
    block.withUnsafeBytes { block in
      while left > 0 {
        let part = min(left, UInt64(block.count))
        update(UnsafeRawBufferPointer(rebasing: block[..<Int(part)]))
        left &-= part
      }
    }
  }

  /// Ends the hash.
  /// - Returns: hexadecimal digits in lower case, 64 for SHA-256 and 16 for XXH64.
  public mutating func finish() -> String {
    if var hash = strong {
      strong = nil
      return Self.text(hash.finish())
    }
    let value = quick.finish()
    return Self.text((0..<8).map { UInt8(truncatingIfNeeded: value >> (56 &- 8 &* $0)) })
  }

  private static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
