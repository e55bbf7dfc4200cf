import CScanKernels

/// The hits among up to 65536 candidates that lie one step apart.
///
/// What it points at belongs to a `MemoryStore`, which must outlive it.
@safe struct HitChunk {
  /// How the hits among the candidates are told.
  enum Form: UInt8 {
    /// Every candidate is one.
    case run
    /// A bit for each candidate.
    case bits
    /// The numbers of those that are, rising.
    case list
  }

  /// How the value that each hit had is kept.
  enum Keeping: UInt8 {
    /// Not at all: it is known from what was searched, or not wanted.
    case nothing
    /// All hits of the lane had the same.
    case constant
    /// One behind the other.
    case packed
    /// As the memory lay, from the first candidate on.
    case block
  }

  /// The most candidates of a chunk: what 16 bits can number.
  static let mostSlots = 1 << 16

  /// The address of candidate 0.
  var base: UInt64
  /// How many candidates there are, hits or not.
  var slots: UInt32
  /// How many hits there are, at least 1.
  var count: UInt32
  /// The bitmap or the list; null for a run.
  var places: UnsafeRawPointer?
  /// The values; null where they are not kept one by one.
  var values: UnsafeRawPointer?
  /// The digests of the whole blocks of the values, as `BlockDigests` makes them, where those lie as
  /// the memory lay, without gaps; null where there are none.
  var digests: UnsafePointer<UInt64>? = nil
  var form: Form
  var keeping: Keeping

  /// How many words a bitmap of so many candidates takes.
  static func words(_ slots: Int) -> Int { (slots + 63) / 64 }

  var bits: UnsafePointer<UInt64>? { unsafe places?.assumingMemoryBound(to: UInt64.self) }
  var list: UnsafePointer<UInt16>? { unsafe places?.assumingMemoryBound(to: UInt16.self) }

  /// The number of the candidate that is the hit of this rank, from 0.
  func slot(rank: Int) -> Int {
    switch form {
    case .run: rank
    case .list: unsafe Int(list![rank])
    case .bits: unsafe pvk_select(bits, Self.words(Int(slots)), rank)
    }
  }

  /// The rank of the first hit at candidate `slot` or behind it; `count` when there is none.
  func rank(from slot: Int) -> Int {
    if slot >= Int(slots) { return Int(count) }
    switch form {
    case .run: return slot
    case .bits: return unsafe pvk_rank(bits, slot)
    case .list:
      var low = 0
      var high = Int(count)
      while low < high {
        let middle = (low + high) / 2
        if unsafe Int(list![middle]) < slot { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// Writes the numbers of the candidates that are hits; room for `count` of them.
  func writeSlots(to slots: UnsafeMutablePointer<UInt16>) {
    switch form {
    case .run: for rank in 0..<Int(count) { unsafe slots[rank] = UInt16(rank) }
    case .list: unsafe slots.update(from: list!, count: Int(count))
    case .bits: unsafe pvk_slots(bits, Self.words(Int(self.slots)), slots)
    }
  }
}
