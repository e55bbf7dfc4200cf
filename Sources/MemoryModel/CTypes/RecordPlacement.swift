/// Places the members of a struct or union as gcc and clang do on Linux.
struct RecordPlacement {
  let isUnion: Bool
  /// `__attribute__((packed))`.
  let isPacked: Bool
  /// `#pragma pack(n)`.
  let pack: Int?
  private var bit = 0
  private var endBit = 0
  private(set) var alignment = 1

  init(isUnion: Bool, isPacked: Bool, pack: Int?) {
    self.isUnion = isUnion
    self.isPacked = isPacked
    self.pack = pack
  }

  /// How many bytes are taken so far, padded to the alignment.
  mutating func byteCount(aligned explicit: Int?) -> Int {
    alignment = max(alignment, explicit ?? 1)
    return Self.padded((endBit &+ 7) / 8, alignment)
  }

  /// The offset of a member that is no field of bits.
  mutating func place(_ type: CType, packed: Bool, aligned explicit: Int?) -> Int {
    var needed = (isPacked || packed) && !type.isAligned ? 1 : type.alignment
    if let explicit { needed = max(needed, explicit) }
    if let pack { needed = min(needed, pack) }
    alignment = max(alignment, needed)
    if isUnion { bit = 0 }
    let offset = Self.padded((bit &+ 7) / 8, needed)
    bit = 8 &* (offset &+ type.byteCount)
    endBit = max(endBit, bit)
    return offset
  }

  /// The first bit of a field of bits, counted from the start.
  ///
  /// It must not span more words of its type's alignment than the type has, unless packed. One
  /// without a name takes its place but does not align the whole. One of 0 bits ends a word of its
  /// type, packed or not.
  mutating func place(bits count: Int, of type: CType, isNamed: Bool, packed: Bool) -> Int {
    if isUnion { bit = 0 }
    let needed = 8 &* type.alignment
    if count == 0 {
      bit = Self.padded(bit, needed)
      endBit = max(endBit, bit)
      return bit
    }
    let isPacked = isPacked || packed
    let size = 8 &* type.byteCount
    if !isPacked, pack == nil, (bit % needed &+ count &+ needed &- 1) / needed > size / needed {
      bit = Self.padded(bit, needed)
    }
    if isNamed {
      // gcc asks for the one or the other: with #pragma pack the attribute does not count here.
      let byteAlignment = pack.map { min($0, type.alignment) } ?? (isPacked ? 1 : type.alignment)
      alignment = max(alignment, byteAlignment)
    }
    let first = bit
    bit &+= count
    endBit = max(endBit, bit)
    return first
  }

  static func padded(_ value: Int, _ alignment: Int) -> Int {
    (value &+ alignment &- 1) & ~(alignment &- 1)
  }
}
