import CScanKernels
import MemoryModel

/// The pointers of a map, in parts by where they lead, each part sorted.
///
/// The words of a part lie in chunks, all full but its last. A pointer's number is its place among
/// all chunks, so that some numbers stand for no pointer.
@safe final class PointerTable: @unchecked Sendable {
  static let chunkWords = Int(PVK_CHUNK)

  let layout: PointerLayout
  let store: MemoryStore
  /// The chunks, part by part.
  private let chunks: UnsafeMutableBufferPointer<UnsafeMutablePointer<UInt64>>
  /// The part of each.
  private let owners: UnsafeMutableBufferPointer<UInt16>
  /// The first chunk of each part, and behind the last part how many there are.
  private let firsts: UnsafeMutableBufferPointer<Int>
  /// How many words each part has.
  private let counts: UnsafeMutableBufferPointer<Int>
  /// How many pointers there are.
  private(set) var count = 0

  /// A table of parts whose chunks are still to be given.
  /// - Parameter chunkCounts: how many chunks each part has.
  init(_ layout: PointerLayout, _ store: MemoryStore, chunkCounts: [Int]) {
    self.layout = layout
    self.store = store
    let total = chunkCounts.reduce(0, +)
    unsafe chunks = .allocate(capacity: total)
    unsafe owners = .allocate(capacity: total)
    unsafe firsts = .allocate(capacity: layout.partCount + 1)
    unsafe counts = .allocate(capacity: layout.partCount)
    unsafe counts.initialize(repeating: 0)
    var first = 0
    for (part, count) in chunkCounts.enumerated() {
      unsafe firsts.initializeElement(at: part, to: first)
      for chunk in first..<(first + count) {
        unsafe owners.initializeElement(at: chunk, to: UInt16(part))
      }
      first += count
    }
    unsafe firsts.initializeElement(at: layout.partCount, to: first)
  }

  deinit {
    unsafe chunks.deallocate()
    unsafe owners.deallocate()
    unsafe firsts.deallocate()
    unsafe counts.deallocate()
  }

  /// How many chunks there are.
  var chunkCount: Int { unsafe chunks.count }

  /// What it takes of memory, that of the chunks apart.
  var indexByteCount: Int { unsafe chunks.count * 10 + counts.count * 16 }

  /// Puts a chunk into its place.
  func setChunk(_ number: Int, _ start: UnsafeMutablePointer<UInt64>) {
    unsafe chunks.initializeElement(at: number, to: start)
  }

  /// Sets how many words a part has; its chunks hold them, sorted, from the first on.
  func setCount(of part: Int, _ count: Int) { unsafe counts[part] = count }

  /// To be called when all counts are set.
  func finish() { count = unsafe counts.reduce(0, +) }

  func count(of part: Int) -> Int { unsafe counts[part] }

  /// The chunks of a part.
  func chunks(of part: Int) -> Range<Int> { unsafe firsts[part]..<firsts[part + 1] }

  @inline(__always) func chunk(_ number: Int) -> UnsafeMutablePointer<UInt64> {
    unsafe chunks[number]
  }

  /// The word of a pointer.
  @inline(__always) func word(_ number: Int) -> UInt64 {
    unsafe chunks[number / Self.chunkWords][number % Self.chunkWords]
  }

  /// Where a pointer leads.
  @inline(__always) func place(_ number: Int) -> UInt64 {
    unsafe layout.place(of: word(number), in: Int(owners[number / Self.chunkWords]))
  }

  /// The number of the first word of a part.
  @inline(__always) func first(of part: Int) -> Int { unsafe firsts[part] * Self.chunkWords }

  /// The first word of a part, from one of them on, that is not below a word; its count when there
  /// is none. Quick where it is near.
  @inline(__always)
  func index(of wanted: UInt64, in part: Int, from start: Int) -> Int {
    let base = first(of: part)
    let end = unsafe counts[part]
    var low = start
    var width = 1
    while low + width < end, word(base + low + width) < wanted {
      low += width
      width *= 2
    }
    var high = min(low + width, end)
    while low < high {
      let middle = (low + high) / 2
      if word(base + middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Puts what the threads have found in order, part by part.
@safe final class PointerSorter: @unchecked Sendable {
  private let workers: [PointerWorker]
  private let table: PointerTable
  /// The words in the chunks of each part that are not full.
  private var counts: [Int] = []
  private let rooms: [Room]

  /// One thread's room.
  @safe private final class Room: @unchecked Sendable {
    private var memory: Allocation?

    /// Room for two times so many words.
    func words(_ count: Int) throws(RemoteMemoryError) -> UnsafeMutablePointer<UInt64> {
      if unsafe memory == nil || memory!.bytes.count < 16 * count {
        memory = nil
        memory = try Allocation(byteCount: 16 * max(count, 4096), for: .scan)
      }
      return unsafe memory!.bytes.baseAddress!.assumingMemoryBound(to: UInt64.self)
    }
  }

  init(_ workers: [PointerWorker], _ layout: PointerLayout, _ store: MemoryStore, threads: Int) {
    self.workers = workers
    var chunkCounts = [Int](repeating: 0, count: layout.partCount)
    for worker in workers {
      for piece in worker.pieces {
        for part in piece.owners { chunkCounts[Int(part)] += 1 }
      }
    }
    table = PointerTable(layout, store, chunkCounts: chunkCounts)
    rooms = (0..<max(threads, 1)).map { _ in Room() }
    placeChunks()
  }

  /// Gives each part its chunks: the full ones first.
  private func placeChunks() {
    let layout = table.layout
    var next = (0..<layout.partCount).map { table.chunks(of: $0).lowerBound }
    var open: [(part: Int, start: UnsafeMutablePointer<UInt64>)] = unsafe []
    counts = [Int](repeating: 0, count: layout.partCount)
    for worker in workers {
      for piece in worker.pieces {
        for (index, owner) in piece.owners.enumerated() {
          let part = Int(owner)
          let start = unsafe piece.start + index * PointerTable.chunkWords
          if unsafe worker.isOpen(start, part) {
            unsafe open.append((part, start))
          } else {
            unsafe table.setChunk(next[part], start)
            next[part] += 1
            counts[part] += PointerTable.chunkWords
          }
        }
      }
    }
    for unsafe(part, start) in unsafe open {
      unsafe table.setChunk(next[part], start)
      next[part] += 1
    }
  }

  /// Sorts one part, which no other thread works on.
  func sort(_ part: Int, _ worker: Int) throws(RemoteMemoryError) {
    let full = counts[part]
    let open = workers.map { $0.openCount(part) }
    let total = full + open.reduce(0, +)
    if total == 0 { return }
    let room = unsafe try rooms[worker % rooms.count].words(total)
    let chunks = table.chunks(of: part)
    var filled = 0
    var opened = open.filter { $0 > 0 }[...]
    for chunk in chunks {
      let isFull = filled < full
      let count = isFull ? PointerTable.chunkWords : opened.removeFirst()
      unsafe (room + filled).update(from: table.chunk(chunk), count: count)
      filled += count
    }
    let layout = table.layout
    unsafe pvk_sort_words(
      room, room + total, total, UInt32(layout.slotBits), UInt32(layout.partShift))
    var taken = 0
    for chunk in chunks where taken < total {
      let count = min(PointerTable.chunkWords, total - taken)
      unsafe table.chunk(chunk).update(from: room + taken, count: count)
      taken += count
    }
    table.setCount(of: part, total)
  }

  /// The table, when all parts are sorted.
  func finish() -> PointerTable {
    table.finish()
    return table
  }
}
