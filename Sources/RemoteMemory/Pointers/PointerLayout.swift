/// How a pointer is packed into one word of a map: where it leads and where it lies.
///
/// All places are cut into parts of equal size. A word is the place it leads to, counted from the
/// start of its part, above its slot: the number of the place it lies at, counted in steps. So the
/// words of a part are sorted by where they lead.
struct PointerLayout: Sendable {
  /// The most parts: so many that each is sorted in the fastest cache.
  private static let mostPartBits = 12
  private static let leastPartShift = 16

  /// The bytes from one slot to the next; a power of two.
  let step: Int
  /// The size of a part, as a power of two.
  let partShift: Int
  let partCount: Int
  let slotBits: Int

  init(placeCount: UInt64, step: Int) {
    let placeBits = UInt64.bitWidth - (placeCount - 1).leadingZeroBitCount
    self.step = step
    partShift = max(Self.leastPartShift, placeBits - Self.mostPartBits)
    partCount = Int((placeCount - 1) >> UInt64(partShift)) + 1
    let slots = (placeCount - 1) / UInt64(step)
    slotBits = max(1, UInt64.bitWidth - slots.leadingZeroBitCount)
  }

  /// Whether a word holds both numbers.
  var fits: Bool { partShift + slotBits <= UInt64.bitWidth }

  @inline(__always) var slotMask: UInt64 { (1 << UInt64(slotBits)) &- 1 }
  @inline(__always) var partMask: UInt64 { (1 << UInt64(partShift)) &- 1 }

  @inline(__always) func part(of place: UInt64) -> Int { Int(place >> UInt64(partShift)) }

  /// The first place that is not in the parts below a number.
  @inline(__always) func start(of part: Int) -> UInt64 { UInt64(part) << UInt64(partShift) }

  @inline(__always) func slot(of word: UInt64) -> UInt64 { word & slotMask }

  /// Where a word of a part leads.
  @inline(__always) func place(of word: UInt64, in part: Int) -> UInt64 {
    start(of: part) | word >> UInt64(slotBits)
  }

  /// The least word of its part that leads to a place or behind it.
  @inline(__always) func word(for place: UInt64) -> UInt64 {
    (place & partMask) << UInt64(slotBits)
  }
}
