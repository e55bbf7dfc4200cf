/// The form of a file of saved hits. All numbers are little endian, as on every machine this runs on.
///
/// | what | bytes |
/// |---|---|
/// | `pvmhits` and a line feed | 8 |
/// | version, now 1 | 4 |
/// | bytes of a pointer; 0, or 1 where the high byte comes first; two bytes 0 | 4 |
/// | the length of the file | 8 |
/// | titles: how many (4), each with its length (4), the oldest first | |
/// | witnesses, then places: how many (4), each kind (1), name with its length (4), ordinal (4), anchor (8), size (8) | |
/// | lanes: how many (4), each as `HitFileWriter` writes it | |
/// | check sum over everything before, the length counted as 0 | 8 |
///
/// A lane is followed by its chunks: place (4), distance from the place's anchor (8), candidates (4),
/// hits (4), form (1), keeping (1), two bytes 0, the places of the hits and their values. The place
/// `0xffffffff` ends it.
enum HitFile {
  static let magic = Array("pvmhits\n".utf8)
  static let version: UInt32 = 1
  /// Where the length stands.
  static let lengthOffset = 16
  static let headerByteCount = 24
  static let endOfLane = UInt32.max
  /// The longest text in it, in bytes.
  static let longestText = 1 << 20
  /// The greatest distance of two candidates.
  static let greatestStep = 1 << 20
  /// The most bytes that the candidates of a run or bitmap cover, since a step reads all of them.
  static let widestChunk = 128 << 20
}

/// What tells one kind of saved file from another. All begin with a name of 8 bytes, the version (4),
/// four bytes of their own and the length of the file (8), and end with a check sum.
struct SavedForm: Sendable {
  let magic: [UInt8]
  let version: UInt32
  /// What is in it, for messages.
  let contents: String

  static let hits = SavedForm(
    magic: HitFile.magic, version: HitFile.version, contents: "saved hits")
  static let pointerPaths = SavedForm(
    magic: Array("pvmpath\n".utf8), version: 1, contents: "saved pointer paths")
  static let pointerMap = SavedForm(
    magic: Array("pvmptrs\n".utf8), version: 1, contents: "a saved pointer map")
}

/// A sum that changes with every bit of what it is of; made of words of 8 bytes.
struct HitFileSum {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Takes bytes in; all but the last time a multiple of 8.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var value = value
    var offset = 0
    while offset + 8 <= bytes.count {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      value = Self.mixed(value, UInt64(littleEndian: word))
      offset += 8
    }
    if offset < bytes.count {
      var word: UInt64 = 0
      while offset < bytes.count {
        word = unsafe word << 8 | UInt64(bytes[offset])
        offset += 1
      }
      value = Self.mixed(value, word)
    }
    self.value = value
  }

  /// Two different words never give the same result for the same value.
  @inline(__always)
  private static func mixed(_ value: UInt64, _ word: UInt64) -> UInt64 {
    let product = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product >> 32)
  }
}
