/// XXH64 with the seed 0, as xxhsum(1) prints it: no secret keeps anybody from making two inputs of
/// one hash, and it is as fast as memory.
public struct XXHash64: Sendable {
  private static let primes: [UInt64] = [
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5,
  ]

  private var lanes = SIMD4<UInt64>(
    0x9E37_79B1_85EB_CA87 &+ 0xC2B2_AE3D_27D4_EB4F, 0xC2B2_AE3D_27D4_EB4F, 0,
    0 &- 0x9E37_79B1_85EB_CA87)
  /// What is left over from the last whole stripe, fewer than 32 bytes.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// The hash of nothing so far.
  public init() {}

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var used = 0
    if !rest.isEmpty {
      used = min(32 &- rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<used])
      guard rest.count == 32 else { return }
      let stripe = rest
      rest.removeAll(keepingCapacity: true)
      stripe.withUnsafeBytes { take($0) }
    }
    let whole = (bytes.count &- used) & ~31
    if whole > 0, let start = bytes.baseAddress {
      take(UnsafeRawBufferPointer(start: start + used, count: whole))
    }
    rest.append(contentsOf: bytes[(used &+ whole)...])
  }

  /// Ends the hash.
  public func finish() -> UInt64 {
    let primes = Self.primes
    var hash = byteCount < 32 ? primes[4] : merged
    hash &+= byteCount
    var left = rest[...]
    while left.count >= 8 {
      hash = Self.turned(hash ^ Self.round(0, Self.number(left.prefix(8))), 27)
      hash = hash &* primes[0] &+ primes[3]
      left = left.dropFirst(8)
    }
    if left.count >= 4 {
      hash = Self.turned(hash ^ (Self.number(left.prefix(4)) &* primes[0]), 23)
      hash = hash &* primes[1] &+ primes[2]
      left = left.dropFirst(4)
    }
    for byte in left {
      hash = Self.turned(hash ^ (UInt64(byte) &* primes[4]), 11) &* primes[0]
    }
    hash = (hash ^ (hash >> 33)) &* primes[1]
    hash = (hash ^ (hash >> 29)) &* primes[2]
    return hash ^ (hash >> 32)
  }

  private var merged: UInt64 {
    var hash =
      Self.turned(lanes[0], 1) &+ Self.turned(lanes[1], 7) &+ Self.turned(lanes[2], 12)
      &+ Self.turned(lanes[3], 18)
    for lane in 0..<4 {
      hash = (hash ^ Self.round(0, lanes[lane])) &* Self.primes[0] &+ Self.primes[3]
    }
    return hash
  }

  /// Takes in whole stripes of 32 bytes.
  private mutating func take(_ stripes: UnsafeRawBufferPointer) {
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var offset = 0
    while offset < stripes.count {
      a = Self.round(a, Self.load(stripes, offset))
      b = Self.round(b, Self.load(stripes, offset &+ 8))
      c = Self.round(c, Self.load(stripes, offset &+ 16))
      d = Self.round(d, Self.load(stripes, offset &+ 24))
      offset &+= 32
    }
    lanes = SIMD4(a, b, c, d)
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    turned(lane &+ word &* 0xC2B2_AE3D_27D4_EB4F, 31) &* 0x9E37_79B1_85EB_CA87
  }

  @inline(__always)
  private static func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func turned(_ word: UInt64, _ count: UInt64) -> UInt64 {
    (word &<< count) | (word &>> (64 &- count))
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
