import CScanKernels
import MemoryModel

/// What one thread of a capture holds: its memory, and what it counted. Used by that thread alone,
/// and by others once it has ended.
@safe final class SnapshotWorker: @unchecked Sendable {
  private let reader: BlockReader
  private let table: PageTable
  private let pool: PagePool
  private let base: PageTable?
  private var slab: MemorySlab
  /// What the pages of the task in hand look like; those of a second snapshot are mostly known
  /// without.
  private var samples: [UInt64] = []
  private(set) var holes = HoleList()
  private(set) var bytesStored: UInt64 = 0
  private(set) var bytesShared: UInt64 = 0
  private(set) var bytesZero: UInt64 = 0

  init(
    _ source: any MemorySource, _ table: PageTable, _ pool: PagePool, base: PageTable?,
    _ store: MemoryStore, largest: Int, expected: Int
  ) throws(RemoteMemoryError) {
    self.table = table
    self.pool = pool
    self.base = base
    reader = try BlockReader(source, byteCount: largest)
    // Of a slab some may be left over, of which all threads together waste a sixteenth at most.
    slab = MemorySlab(store, expected: expected, most: max(expected / 16, 2 << 20))
  }

  /// Reads the pieces of a task, straight to where their pages stay, and then moves the pages
  /// together that need to be stored.
  /// - Returns: how many bytes were stored.
  func capture(_ pieces: ArraySlice<ScanPiece>) throws(RemoteMemoryError) -> Int {
    reader.begin()
    var total = 0
    for piece in pieces {
      reader.add(piece.range)
      total += piece.count
    }
    let memory = unsafe try slab.take(total)
    let gaps = unsafe try reader.read(total, into: memory)
    if base == nil {
      samples = stride(from: 0, to: total, by: table.pageSize).map { place in
        unsafe pool.sample(memory + place)
      }
    }
    var filled = 0
    var offset = 0
    var gap = 0
    for piece in pieces {
      let run = table.run(at: piece.start)
      var number = table.number(of: piece.start, inRun: run)
      var earlier = unsafe BasePages(base, from: piece.start)
      for inside in stride(from: 0, to: piece.count, by: table.pageSize) {
        let place = offset + inside
        while gap < gaps.count, gaps[gap].offset + gaps[gap].count <= place { gap += 1 }
        if gap < gaps.count, gaps[gap].offset < place + table.pageSize {
          table.setHole(number)
          holes.add(
            AddressRange(
              start: Address(piece.start &+ UInt64(inside)), count: UInt64(table.pageSize)))
        } else {
          let sample = base == nil ? samples[place / table.pageSize] : nil
          unsafe keep(memory + place, number, earlier.next(), sample, memory, &filled)
          number += 1
          continue
        }
        _ = unsafe earlier.next()
        number += 1
      }
      offset += piece.count
    }
    slab.giveBack(total - filled)
    return filled
  }

  /// Stores a page unless it is known.
  private func keep(
    _ page: UnsafeRawPointer, _ number: Int, _ earlier: PageTable.Page?, _ sample: UInt64?,
    _ memory: UnsafeMutableRawPointer, _ filled: inout Int
  ) {
    let size = table.pageSize
    if case .bytes(let kept) = earlier, unsafe pvk_is_equal(kept, page, size) {
      unsafe table.set(number, to: kept)
      bytesShared &+= UInt64(size)
      return
    }
    if unsafe pvk_is_zero(page, size) {
      bytesZero &+= UInt64(size)
      return
    }
    // The room of a page that was not stored is free for the next one that is.
    let place = unsafe memory + filled
    if unsafe UnsafeRawPointer(place) != page {
      unsafe place.copyMemory(from: page, byteCount: size)
    }
    if let kept = unsafe pool.equal(to: place, sample: sample ?? pool.sample(place)) {
      unsafe table.set(number, to: kept)
      bytesShared &+= UInt64(size)
      return
    }
    unsafe table.set(number, to: place)
    bytesStored &+= UInt64(size)
    filled += size
  }
}

/// The pages of an earlier snapshot, one after the other from an address on.
@unsafe private struct BasePages {
  private let table: PageTable?
  private var run = 0
  private var address: UInt64

  init(_ table: PageTable?, from address: UInt64) {
    unsafe self.table = table
    unsafe self.address = address
    unsafe run = table?.run(at: address) ?? 0
  }

  /// The page at the address; nil where the earlier snapshot has none. Moves on.
  mutating func next() -> PageTable.Page? {
    guard let table = unsafe table else { return nil }
    let here = unsafe address
    unsafe address &+= UInt64(table.pageSize)
    while unsafe run < table.runs.count,
      unsafe here > table.runs[run].start.rawValue,
      unsafe here &- table.runs[run].start.rawValue >= table.runs[run].count
    {
      unsafe run += 1
    }
    guard unsafe run < table.runs.count, unsafe here >= table.runs[run].start.rawValue else {
      return nil
    }
    return unsafe table[table.number(of: here, inRun: run)]
  }
}
