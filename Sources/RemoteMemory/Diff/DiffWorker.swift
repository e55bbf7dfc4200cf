import CScanKernels
import MemoryModel

/// What one thread of a diff holds: room for both sides, and what it has found.
@safe final class DiffWorker: @unchecked Sendable {
  /// The two memories where they lie, when they need not be read.
  private let snapshots: SnapshotPair?
  /// The live process that is compared with a snapshot, and what is kept of it.
  private let later: LaterPages?
  private let before: BlockReader
  let after: BlockReader
  let cells: DiffCells
  let bits = HitBits()
  private var slab: MemorySlab
  private var recorder: HitRecorder
  private(set) var found: [(task: Int, chunks: [HitChunk])] = []
  private(set) var holes = HoleList()
  var bytesCompared: UInt64 = 0
  var bytesShared: UInt64 = 0
  /// Room for the changed words.
  var changes: MemorySlab
  /// Bytes of the words that have changed, with what tells which they are.
  var bytesKept: UInt64 = 0

  init(
    _ before: any MemorySource, _ after: any MemorySource, _ cells: DiffCells, _ store: MemoryStore,
    _ tasks: DiffTasks, _ later: LaterPages? = nil
  ) throws(RemoteMemoryError) {
    snapshots = later == nil ? try SnapshotPair(before, after, cells, tasks) : nil
    let size = snapshots == nil ? tasks.largest : 4096
    self.before = try BlockReader(before, byteCount: later == nil ? size : 4096)
    self.after = try BlockReader(after, byteCount: later == nil ? size : tasks.largestPages)
    self.cells = cells
    self.later = later
    slab = MemorySlab(store)
    changes = MemorySlab(later?.store ?? store)
    recorder = cells.recorder
  }

  /// Compares the pieces of a task.
  /// - Returns: how many cells were found.
  func compare(_ task: Int, _ pieces: ArraySlice<DiffPiece>) throws(RemoteMemoryError) -> Int {
    recorder = cells.recorder
    if let later {
      try compare(pieces, with: later)
    } else if let snapshots {
      for piece in pieces { try compare(piece, in: snapshots) }
    } else {
      try gather(pieces)
    }
    let count = recorder.chunks.reduce(0) { $0 + Int($1.count) }
    if count > 0 { found.append((task, recorder.chunks)) }
    return count
  }

  /// Reads both sides of some pieces and compares them.
  private func gather(_ pieces: ArraySlice<DiffPiece>) throws(RemoteMemoryError) {
    before.begin()
    after.begin()
    var total = 0
    for piece in pieces {
      before.add(piece.beforeRange)
      after.add(piece.afterRange)
      total += piece.count + piece.reach
    }
    let gaps = try gaps(total)
    var offset = 0
    var gap = 0
    for piece in pieces {
      try compare(piece, offset, gaps, &gap)
      offset += piece.count + piece.reach
    }
  }

  /// Compares a piece of two snapshots where it lies.
  private func compare(_ piece: DiffPiece, in snapshots: SnapshotPair) throws(RemoteMemoryError) {
    var offset = 0
    while offset < piece.count {
      let (stretch, count) = snapshots.stretch(piece, offset, keepsShared: cells.unchanged)
      switch stretch {
      case .hole: note(hole: offset..<(offset + count), of: piece)
      case .shared:
        bytesCompared &+= UInt64(count)
        bytesShared &+= UInt64(count)
      case .bytes(let old, let new):
        bytesCompared &+= UInt64(count)
        try unsafe mark(
          base: piece.after &+ UInt64(offset), old, new, 0..<count, starts: count)
      }
      offset += count
    }
  }

  /// Reads both sides.
  /// - Returns: where in the buffers one of them could not be read, rising and disjoint.
  private func gaps(_ total: Int) throws(RemoteMemoryError) -> [Range<Int>] {
    var gaps = unsafe try before.read(total).map { $0.offset..<($0.offset + $0.count) }
    gaps += unsafe try after.read(total).map { $0.offset..<($0.offset + $0.count) }
    if gaps.count < 2 { return gaps }
    gaps.sort { $0.lowerBound < $1.lowerBound }
    var joined: [Range<Int>] = []
    for gap in gaps {
      if let last = joined.last, gap.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, gap.upperBound)
      } else {
        joined.append(gap)
      }
    }
    return joined
  }

  /// Compares the stretches of a piece that both sides have; the piece lies at `offset`.
  private func compare(
    _ piece: DiffPiece, _ offset: Int, _ gaps: [Range<Int>], _ gap: inout Int
  ) throws(RemoteMemoryError) {
    let end = piece.count + piece.reach
    var start = 0
    while gap < gaps.count, gaps[gap].upperBound <= offset { gap += 1 }
    var next = gap
    while next < gaps.count, gaps[next].lowerBound < offset + end {
      let low = max(gaps[next].lowerBound - offset, 0)
      let high = min(gaps[next].upperBound - offset, end)
      note(hole: low..<high, of: piece)
      if start < low { try compare(piece, offset, start..<low) }
      start = high
      next += 1
    }
    if start < end { try compare(piece, offset, start..<end) }
  }

  func note(hole: Range<Int>, of piece: DiffPiece) {
    let owned = hole.clamped(to: 0..<piece.count)
    if owned.isEmpty { return }
    holes.add(
      AddressRange(
        start: Address(piece.after &+ UInt64(owned.lowerBound)), count: UInt64(owned.count)))
  }

  private func compare(_ piece: DiffPiece, _ offset: Int, _ stretch: Range<Int>)
    throws(RemoteMemoryError)
  {
    bytesCompared &+= UInt64(max(0, min(stretch.upperBound, piece.count) - stretch.lowerBound))
    unsafe try mark(
      base: piece.after, before.room + offset, after.room + offset, stretch,
      starts: piece.count)
  }

  /// Records the cells of a stretch of a piece that both sides have.
  /// - Parameters:
  ///   - base: the address after of the piece's first byte.
  ///   - old: where the piece lies as it was.
  ///   - new: where it lies as it is.
  ///   - starts: in how many bytes of the piece cells may start.
  /// - Returns: how many cells were recorded.
  @discardableResult
  func mark(
    base: UInt64, _ old: UnsafeRawPointer, _ new: UnsafeRawPointer, _ stretch: Range<Int>,
    starts: Int
  ) throws(RemoteMemoryError) -> Int {
    var found = 0
    let step = cells.step
    let skew = Int((base &+ UInt64(stretch.lowerBound)) % UInt64(step))
    var first = stretch.lowerBound + (skew == 0 ? 0 : step - skew)
    let last = min(starts, stretch.upperBound - cells.width + 1) - 1
    while first <= last {
      let slots = min((last - first) / step + 1, HitChunk.mostSlots)
      let count = unsafe cells.mark(
        base: base &+ UInt64(first), old + first, new + first, slots: slots, into: bits.words)
      unsafe try recorder.record(
        base: base &+ UInt64(first), slots: slots, bits: bits.words, count: count,
        bytes: old + first, slab: &slab)
      first += slots * step
      found += count
    }
    return found
  }
}
