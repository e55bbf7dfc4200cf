import CScanKernels

/// Candidates at equal distances, as a chunk has them.
struct HitGrid {
  /// The address of candidate 0.
  let base: UInt64
  /// The distance of two candidates, in bytes.
  let step: Int
  /// How many there are, 1 to `HitChunk.mostSlots`.
  let slots: Int

  /// The address of the last candidate.
  var last: UInt64 { base &+ UInt64(slots - 1) &* UInt64(step) }

  /// The number of the candidate at an address; nil where there is none.
  @inline(__always)
  func slot(of address: UInt64) -> Int? {
    if address < base { return nil }
    let (slot, rest) = (address - base).quotientAndRemainder(dividingBy: UInt64(step))
    return rest == 0 && slot < UInt64(slots) ? Int(slot) : nil
  }

  /// The candidates at addresses from `low` to `high`, both included.
  func slots(from low: UInt64, to high: UInt64) -> Range<Int> {
    if high < base || low > last || low > high { return 0..<0 }
    let distance = UInt64(step)
    let skipped = low <= base ? 0 : (low - base - 1) / distance + 1
    let end = min((high - base) / distance, UInt64(slots - 1)) + 1
    return skipped < end ? Int(skipped)..<Int(end) : 0..<0
  }
}

extension HitChunk {
  /// Its candidates.
  func grid(step: Int) -> HitGrid { HitGrid(base: base, step: step, slots: Int(slots)) }

  /// Whether a candidate is a hit.
  func contains(slot: Int) -> Bool {
    switch form {
    case .run: return true
    case .bits: return unsafe Bitmap.has(slot, in: bits!)
    case .list:
      let rank = rank(from: slot)
      return unsafe rank < Int(count) && Int(list![rank]) == slot
    }
  }

  /// Writes a bit for each candidate, in whole words.
  func writeBits(to words: UnsafeMutablePointer<UInt64>) {
    let size = Self.words(Int(slots))
    switch form {
    case .run:
      unsafe Bitmap.clear(words, count: size)
      unsafe Bitmap.set(0..<Int(slots), in: words)
    case .bits: unsafe words.update(from: bits!, count: size)
    case .list: unsafe pvk_bits(list, Int(count), words, size)
    }
  }

  /// Sets the bit of each candidate of a grid at which this chunk has a hit.
  /// - Parameters:
  ///   - step: this chunk's.
  ///   - room: for the numbers of the hits.
  func mark(
    step: Int, on grid: HitGrid, _ words: UnsafeMutablePointer<UInt64>,
    room: UnsafeMutablePointer<UInt16>
  ) {
    let distance = Int64(bitPattern: base &- grid.base)
    guard step == grid.step, distance % Int64(step) == 0 else {
      unsafe markOneByOne(step: step, on: grid, words, room: room)
      return
    }
    let shift = Int(distance / Int64(step))
    switch form {
    case .run:
      let low = max(0, shift)
      unsafe Bitmap.set(low..<max(low, min(grid.slots, shift + Int(slots))), in: words)
    case .bits:
      unsafe Bitmap.merge(
        bits!, otherSlots: Int(slots), shift: shift, into: words, slots: grid.slots)
    case .list:
      for rank in 0..<Int(count) {
        let slot = unsafe Int(list![rank]) + shift
        if slot >= 0, slot < grid.slots { unsafe Bitmap.set(slot, in: words) }
      }
    }
  }

  private func markOneByOne(
    step: Int, on grid: HitGrid, _ words: UnsafeMutablePointer<UInt64>,
    room: UnsafeMutablePointer<UInt16>
  ) {
    unsafe writeSlots(to: room)
    for rank in 0..<Int(count) {
      let address = unsafe base &+ UInt64(room[rank]) &* UInt64(step)
      if let slot = grid.slot(of: address) { unsafe Bitmap.set(slot, in: words) }
    }
  }
}
