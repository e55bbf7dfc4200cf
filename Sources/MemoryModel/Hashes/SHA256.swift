/// SHA-256, FIPS 180-4: what sha256sum(1) prints.
public struct SHA256: Sendable {
  private var state: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
  ]
  /// What is left over from the last whole block, fewer than 64 bytes.
  private var rest: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// The hash of nothing so far.
  public init() {}

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var used = 0
    if !rest.isEmpty {
      used = min(64 &- rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<used])
      guard rest.count == 64 else { return }
      takeRest()
    }
    let whole = (bytes.count &- used) & ~63
    if whole > 0, let start = bytes.baseAddress {
      take(UnsafeRawBufferPointer(start: start + used, count: whole))
    }
    rest.append(contentsOf: bytes[(used &+ whole)...])
  }

  /// Ends the hash.
  /// - Returns: 32 bytes.
  public mutating func finish() -> [UInt8] {
    let bits = byteCount &* 8
    rest.append(0x80)
    if rest.count > 56 {
      rest.append(contentsOf: repeatElement(0, count: 64 &- rest.count))
      takeRest()
    }
    rest.append(contentsOf: repeatElement(0, count: 56 &- rest.count))
    rest.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 &- 8 &* $0)) })
    takeRest()
    return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> (24 &- 8 &* ($0 % 4))) }
  }

  private mutating func takeRest() {
    let block = rest
    rest.removeAll(keepingCapacity: true)
    block.withUnsafeBytes { take($0) }
  }

  /// Takes in whole blocks of 64 bytes.
  private mutating func take(_ blocks: UnsafeRawBufferPointer) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      Self.rounds.withUnsafeBufferPointer { rounds in
        var offset = 0
        while offset < blocks.count {
          Self.spread(blocks, offset, into: words)
          state = Self.mixed(state, words, rounds)
          offset &+= 64
        }
      }
    }
  }

  /// The message schedule of one block.
  @inline(__always)
  private static func spread(
    _ blocks: UnsafeRawBufferPointer, _ offset: Int, into words: UnsafeMutableBufferPointer<UInt32>
  ) {
    var index = 0
    while index < 16 {
      let word = blocks.loadUnaligned(fromByteOffset: offset &+ 4 &* index, as: UInt32.self)
      words[index] = UInt32(bigEndian: word)
      index &+= 1
    }
    while index < 64 {
      let (early, late) = (words[index &- 15], words[index &- 2])
      let low = turned(early, 7) ^ turned(early, 18) ^ (early >> 3)
      let high = turned(late, 17) ^ turned(late, 19) ^ (late >> 10)
      words[index] = words[index &- 16] &+ low &+ words[index &- 7] &+ high
      index &+= 1
    }
  }

  /// The state after one block more.
  @inline(__always)
  private static func mixed(
    _ state: SIMD8<UInt32>, _ words: UnsafeMutableBufferPointer<UInt32>,
    _ rounds: UnsafeBufferPointer<UInt32>
  ) -> SIMD8<UInt32> {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    var index = 0
    while index < 64 {
      let choice = (e & f) ^ (~e & g)
      let first =
        h &+ (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) &+ choice &+ rounds[index]
        &+ words[index]
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) &+ majority
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
      index &+= 1
    }
    return state &+ SIMD8(a, b, c, d, e, f, g, h)
  }

  @inline(__always)
  private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 {
    (word &>> count) | (word &<< (32 &- count))
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let rounds: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
