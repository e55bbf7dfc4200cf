import CScanKernels
import Testing

extension KernelTests {
  @Suite("digest")
  struct Digest {
    let size = Int(PVK_DIGEST_BYTES)
    let place = GuardedMemory(capacity: 16 << 10)

    @Test("is what its definition says, at every level that makes one")
    func definition() {
      var numbers = Numbers(12)
      for blocks in [1, 2, 7] {
        let bytes = numbers.memory(blocks * size)
        let memory = place.atEnd(bytes)
        let expected = Digests(of: bytes)
        atEveryLevel { level in
          var made = [UInt64](repeating: 5, count: blocks + 1)
          guard pvk_digest(expected.key, memory, blocks, &made) else { return }
          #expect(made == expected.words + [5], "level \(level)")
        }
      }
    }

    @Test("changes with every bit")
    func everyBit() {
      var numbers = Numbers(13)
      var bytes = numbers.memory(size)
      var seen: Set<UInt64> = []
      var made: UInt64 = 0
      let key = Digests.randomKey
      guard pvk_digest(key, bytes, 1, &made) else { return }
      seen.insert(made)
      for bit in 0..<8 * size {
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(pvk_digest(key, bytes, 1, &made))
        seen.insert(made)
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      }
      #expect(seen.count == 8 * size + 1)
    }

    @Test("spares a comparison what has not changed", arguments: [1, 2, 4, 8])
    func spares(_ width: Int) throws {
      var numbers = Numbers(14)
      let bytes = numbers.memory(8 * size)
      let memory = place.atEnd(bytes)
      let digests = Digests(of: bytes)
      // Nothing may be read there.
      let before = try #require(UnsafeRawPointer(bitPattern: 4096))
      let count = bytes.count / width
      var change = pvk_change()
      change.width = UInt8(width)
      change.relation = UInt8(PVK_EQUAL.rawValue)
      atEveryLevel { level in
        guard pvk_digest(digests.key, memory, 0, nil) else { return }
        let found = answer(count) {
          pvk_compare_digested(&change, memory, before, count, digests.key, digests.words, $0)
        }
        #expect(found == [Bool](repeating: true, count: count), "level \(level)")
      }
    }
  }
}

/// The digests of whole blocks, by the plainest of multiplications.
struct Digests {
  static let randomKey: [UInt64] = {
    var numbers = Numbers(11)
    return (0..<Int(PVK_DIGEST_BYTES) / 8).map { _ in numbers.next() }
  }()

  let key = Digests.randomKey
  private(set) var words: [UInt64] = []

  init(of bytes: [UInt8]) {
    let size = Int(PVK_DIGEST_BYTES)
    for start in stride(from: 0, through: bytes.count - size, by: size) {
      let block = stride(from: start, to: start + size, by: 8).map { place in
        (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
      }
      words.append(
        stride(from: 0, to: block.count, by: 2).reduce(0) {
          $0 ^ Self.product(block[$1] ^ key[$1], block[$1 + 1] ^ key[$1 + 1])
        })
    }
  }

  /// In the field of 2^64 elements with the polynomial x^64 + x^4 + x^3 + x + 1.
  private static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (sum, power, rest): (UInt64, UInt64, UInt64) = (0, a, b)
    while rest != 0 {
      if rest & 1 == 1 { sum ^= power }
      power = power << 1 ^ (power >> 63 == 1 ? 0x1b : 0)
      rest >>= 1
    }
    return sum
  }
}
