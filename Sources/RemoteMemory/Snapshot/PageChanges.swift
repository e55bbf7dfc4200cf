import CScanKernels

/// How what has changed in a page is kept: a bit for each word, and behind them those words that are
/// not as they were, as they are now.
struct PageChanges: Sendable {
  let pageSize: Int
  /// The bytes of a word: 4 or 8.
  let unit: Int

  /// The bytes of a page's bits.
  var bitmapBytes: Int { pageSize / unit / 8 }

  /// Marks the words of a page that are not as they were.
  /// - Parameter bits: room for a bit for each word.
  /// - Returns: how many there are.
  func mark(
    _ new: UnsafeRawPointer, _ old: UnsafeRawPointer, into bits: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var change = pvk_change()
    change.width = UInt8(unit)
    change.relation = UInt8(PVK_EQUAL.rawValue)
    change.inverted = true
    return unsafe pvk_compare(&change, new, unit, old, unit, pageSize / unit, bits)
  }

  /// Keeps the marked words of a page.
  /// - Returns: where, and how many bytes they take.
  func keep(
    _ new: UnsafeRawPointer, _ bits: UnsafePointer<UInt64>, count: Int, in slab: inout MemorySlab
  ) throws(RemoteMemoryError) -> (place: UnsafeRawPointer, byteCount: Int) {
    let size = bitmapBytes + unit * count
    let room = unsafe try slab.take(size)
    unsafe room.copyMemory(from: bits, byteCount: bitmapBytes)
    unsafe pvk_pick_bits(new, unit, unit, bits, bitmapBytes / 8, room + bitmapBytes)
    return (UnsafeRawPointer(room), size)
  }

  /// Puts what was kept of a page over a part of the page as it was.
  /// - Parameters:
  ///   - change: where it was kept.
  ///   - part: the bytes of the page that are in the room.
  ///   - room: at least as long.
  func apply(_ change: UnsafeRawPointer, to part: Range<Int>, in room: UnsafeMutableRawPointer) {
    guard !part.isEmpty else { return }
    let bits = unsafe change.assumingMemoryBound(to: UInt64.self)
    let words = unsafe change + bitmapBytes
    let first = part.lowerBound / unit
    let last = (part.upperBound - 1) / unit
    var rank = unsafe pvk_rank(bits, first)
    for index in (first / 64)...(last / 64) {
      var left = unsafe bits[index]
      if index == first / 64 { left &= .max << UInt64(first % 64) }
      if index == last / 64 { left &= .max >> UInt64(63 - last % 64) }
      while left != 0 {
        let start = (index * 64 + left.trailingZeroBitCount) * unit
        left &= left &- 1
        let wanted = part.clamped(to: start..<(start + unit))
        unsafe (room + (wanted.lowerBound - part.lowerBound)).copyMemory(
          from: words + (rank * unit + wanted.lowerBound - start), byteCount: wanted.count)
        rank += 1
      }
    }
  }
}
