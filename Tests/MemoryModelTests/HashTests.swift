import MemoryModel
import Testing

@Suite("hashes") struct HashTests {
  /// The text, and what sha256sum(1) and xxhsum(1) say of it.
  static let known: [(text: String, sha256: String, xxh64: String)] = [
    (
      "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "ef46db3751d8e999"
    ),
    (
      "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "44bc2cf5ad770999"
    ),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", "f06103773e8585df"
    ),
  ]

  static func hash(_ bytes: [UInt8], _ algorithm: HashAlgorithm, pieces: Int = .max) -> String {
    var hash = ByteHash(algorithm)
    var start = 0
    bytes.withUnsafeBytes { bytes in
      while start < bytes.count {
        let end = min(start + min(pieces, bytes.count), bytes.count)
        hash.update(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
    }
    return hash.finish()
  }

  @Test("are what the programs of that name print", arguments: 0..<3)
  func isKnown(_ index: Int) {
    let known = Self.known[index]
    #expect(Self.hash(Array(known.text.utf8), .sha256) == known.sha256)
    #expect(Self.hash(Array(known.text.utf8), .xxh64) == known.xxh64)
  }

  @Test("do not depend on the pieces", arguments: HashAlgorithm.allCases, 0..<140)
  func pieces(_ algorithm: HashAlgorithm, _ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let whole = Self.hash(bytes, algorithm)
    for piece in [1, 7, 31, 32, 33, 64, 65] {
      #expect(Self.hash(bytes, algorithm, pieces: piece) == whole)
    }
  }

  @Test("zeroes need not be at hand", arguments: HashAlgorithm.allCases)
  func zeroes(_ algorithm: HashAlgorithm) {
    var hash = ByteHash(algorithm)
    hash.update(zeroes: 70_001)
    #expect(hash.finish() == Self.hash([UInt8](repeating: 0, count: 70_001), algorithm))
  }
}
