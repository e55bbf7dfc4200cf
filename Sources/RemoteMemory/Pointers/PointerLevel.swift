import CScanKernels

/// All pointers from which the target is reached by following so many of them, sorted by where they
/// lie.
///
/// An entry is the slot of a pointer above its number in the map.
@safe final class PointerLevel: @unchecked Sendable {
  let entries: UnsafeMutablePointer<UInt64>
  let count: Int
  private let store: MemoryStore

  /// Room for so many entries, which are still to be filled in.
  init(count: Int, budget: MemoryBudget) throws(RemoteMemoryError) {
    self.count = count
    store = MemoryStore(budget: budget)
    unsafe entries = try store.slab(byteCount: max(count, 1) * 8).baseAddress!
      .assumingMemoryBound(to: UInt64.self)
  }

  /// Sorts the entries by slot.
  func sort(_ form: PointerEntry, budget: MemoryBudget) throws(RemoteMemoryError) {
    guard count > 1 else { return }
    let room = MemoryStore(budget: budget)
    let other = unsafe try room.slab(byteCount: count * 8).baseAddress!
    unsafe pvk_sort_words(
      entries, other.assumingMemoryBound(to: UInt64.self), count, UInt32(form.numberBits),
      UInt32(form.slotBits))
    withExtendedLifetime(room) {}
  }

  /// The first entry that is not below one.
  func index(of entry: UInt64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if unsafe entries[middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// How a slot and the number of its pointer are packed into one word.
struct PointerEntry: Sendable {
  let numberBits: Int
  let slotBits: Int

  init(_ table: PointerTable) {
    slotBits = table.layout.slotBits
    let numbers = UInt64(max(table.chunkCount * PointerTable.chunkWords, 2)) - 1
    numberBits = UInt64.bitWidth - numbers.leadingZeroBitCount
  }

  /// Whether a word holds both.
  var fits: Bool { numberBits + slotBits <= UInt64.bitWidth }

  @inline(__always) func entry(slot: UInt64, number: Int) -> UInt64 {
    slot << UInt64(numberBits) | UInt64(number)
  }
  @inline(__always) func slot(_ entry: UInt64) -> UInt64 { entry >> UInt64(numberBits) }
  @inline(__always) func number(_ entry: UInt64) -> Int {
    Int(entry & ((1 << UInt64(numberBits)) &- 1))
  }
}
