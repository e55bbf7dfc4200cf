import CScanKernels
import MemoryModel

/// What one thread of a first scan holds: its room, and what it has found. Used by that thread
/// alone, and by others once it has ended.
@safe final class FirstScanWorker: @unchecked Sendable {
  private let reader: BlockReader
  private let bits: HitBits
  private let lanes: [ScanLane]
  private var slab: MemorySlab
  /// For each task, the chunks of each lane.
  private(set) var found: [(task: Int, lanes: [[HitChunk]])] = []
  private(set) var holes = HoleList()

  init(
    _ source: any MemorySource, _ store: MemoryStore, lanes: [ScanLane], largest: Int, expected: Int
  ) throws(RemoteMemoryError) {
    self.lanes = lanes
    reader = try BlockReader(source, byteCount: largest)
    bits = HitBits()
    slab = MemorySlab(store, expected: expected)
    if expected > 0 { store.noteBlocks() }
  }

  /// Reads the pieces of a task and marks the hits in them.
  /// - Returns: how many hits there are.
  func scan(_ task: Int, _ pieces: ArraySlice<ScanPiece>, captures: Bool) throws(RemoteMemoryError)
    -> Int
  {
    reader.begin()
    var total = 0
    for piece in pieces {
      reader.add(piece.range)
      total += piece.count + piece.reach
    }
    let memory = unsafe captures ? try slab.take(total) : reader.room
    let gaps = unsafe try reader.read(total, into: memory)
    var recorders = lanes.map { $0.recorder(capturing: captures) }
    try unsafe mark(pieces, memory, gaps, &recorders)
    let chunks = recorders.map { $0.chunks }
    let count = chunks.reduce(0) { $0 + $1.reduce(0) { $0 + Int($1.count) } }
    if count > 0 { found.append((task, chunks)) }
    return count
  }

  /// Marks the hits in each readable stretch of each piece.
  private func mark(
    _ pieces: ArraySlice<ScanPiece>, _ memory: UnsafeRawPointer, _ gaps: [Hole],
    _ recorders: inout [HitRecorder]
  ) throws(RemoteMemoryError) {
    var offset = 0
    var gap = 0
    for piece in pieces {
      var start = 0
      let end = piece.count + piece.reach
      while gap < gaps.count, gaps[gap].offset < offset + end {
        let hole = gaps[gap]
        holes.add(hole, within: piece)
        try unsafe mark(piece, memory + offset, start..<(hole.offset - offset), &recorders)
        start = hole.offset + hole.count - offset
        // A hole that began in this piece's reach goes on in the next one's bytes, as another hole.
        gap += 1
      }
      if start < end { try unsafe mark(piece, memory + offset, start..<end, &recorders) }
      offset += end
    }
  }

  /// Marks the hits in a stretch of a piece; `bytes` is where the piece lies.
  private func mark(
    _ piece: ScanPiece, _ bytes: UnsafeRawPointer, _ stretch: Range<Int>,
    _ recorders: inout [HitRecorder]
  ) throws(RemoteMemoryError) {
    for (number, lane) in lanes.enumerated() {
      let step = lane.step
      let skew = Int((piece.start &+ UInt64(stretch.lowerBound)) % UInt64(step))
      var first = stretch.lowerBound + (skew == 0 ? 0 : step - skew)
      let last = min(piece.count, stretch.upperBound - lane.width + 1) - 1
      while first <= last {
        let slots = min((last - first) / step + 1, HitChunk.mostSlots)
        let base = piece.start &+ UInt64(first)
        if let matcher = lane.matcher {
          let count = unsafe matcher.mark(bytes + first, count: slots, step: step, into: bits.words)
          unsafe try recorders[number].record(
            base: base, slots: slots, bits: bits.words, count: count, bytes: bytes + first,
            slab: &slab)
        } else {
          let digests = unsafe try digests(of: bytes + first, slots: slots, lane)
          unsafe recorders[number].recordRun(
            base: base, slots: slots, bytes: bytes + first, digests: digests)
        }
        first += slots * step
      }
    }
  }

  /// Digests of what stays where it was read; nil where several types share it, or values overlap.
  private func digests(of bytes: UnsafeRawPointer, slots: Int, _ lane: ScanLane)
    throws(RemoteMemoryError) -> UnsafePointer<UInt64>?
  {
    guard lanes.count == 1, lane.step == lane.width else { return nil }
    return unsafe try BlockDigests.make(of: bytes, byteCount: slots * lane.width, in: &slab)
  }
}

/// Room for the bits of one chunk.
@safe final class HitBits {
  let words: UnsafeMutablePointer<UInt64>

  init() { unsafe words = .allocate(capacity: HitChunk.words(HitChunk.mostSlots)) }

  deinit { unsafe words.deallocate() }
}
