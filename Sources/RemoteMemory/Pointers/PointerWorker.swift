import CScanKernels
import MemoryModel

/// What one thread of the making of a pointer map holds: its room, and the pointers it has found.
/// Used by that thread alone, and by others once it has ended.
@safe final class PointerWorker: @unchecked Sendable {
  /// A piece of memory that chunks are cut from.
  @safe struct Piece {
    let start: UnsafeMutablePointer<UInt64>
    /// The part of each chunk.
    let owners: [UInt16]
  }

  private static let chunksAPiece = 1024

  private let reader: BlockReader
  private let matcher: ValueMatcher
  private let space: PointerSpace
  private let layout: PointerLayout
  private let store: MemoryStore
  private let width: Int
  private let isSwapped: Bool
  private let bits: UnsafeMutablePointer<UInt64>
  private let next: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>
  private let owners: UnsafeMutablePointer<UInt16>
  private var sink: pvk_sink
  private var piece: UnsafeMutablePointer<UInt64>?
  private(set) var pieces: [Piece] = []
  private(set) var holes = HoleList()

  /// - Parameters:
  ///   - matcher: a first rough test of what may be a pointer.
  ///   - largest: the most bytes of a task.
  init(
    _ source: any MemorySource, _ matcher: ValueMatcher, _ space: PointerSpace,
    _ layout: PointerLayout, _ store: MemoryStore, largest: Int
  ) throws(RemoteMemoryError) {
    self.matcher = matcher
    self.space = space
    self.layout = layout
    self.store = store
    width = source.pointerWidth.bytes
    isSwapped = source.byteOrder != .host
    reader = try BlockReader(source, byteCount: largest)
    unsafe bits = .allocate(capacity: largest / layout.step / 64 + 2)
    unsafe next = .allocate(capacity: layout.partCount)
    unsafe next.initialize(repeating: nil, count: layout.partCount)
    unsafe owners = .allocate(capacity: Self.chunksAPiece)
    unsafe sink = pvk_sink(
      next: next, part_shift: UInt32(layout.partShift), slot_bits: UInt32(layout.slotBits),
      room: nil, chunks: 0, owners: owners, taken: 0)
  }

  deinit {
    unsafe bits.deallocate()
    unsafe next.deallocate()
    unsafe owners.deallocate()
  }

  /// How many pointers it has found.
  var count: Int { unsafe sink.taken }

  /// How many words the chunk of a part has that is not full; 0 when there is none.
  func openCount(_ part: Int) -> Int {
    let address = unsafe UInt(bitPattern: next[part])
    return Int(address / 8) % Int(PVK_CHUNK)
  }

  /// Whether a chunk is the one of its part that is not full.
  func isOpen(_ chunk: UnsafeMutablePointer<UInt64>, _ part: Int) -> Bool {
    unsafe openCount(part) > 0 && next[part]! - openCount(part) == chunk
  }

  /// Reads the pieces of a task and takes the pointers in them.
  /// - Returns: how many there are.
  func scan(_ pieces: ArraySlice<ScanPiece>) throws(RemoteMemoryError) -> Int {
    reader.begin()
    var total = 0
    for piece in pieces {
      reader.add(piece.range)
      total += piece.count + piece.reach
    }
    let gaps = try unsafe reader.read(total)
    let before = count
    var offset = 0
    var gap = 0
    for piece in pieces {
      var start = 0
      let end = piece.count + piece.reach
      while gap < gaps.count, gaps[gap].offset < offset + end {
        let hole = gaps[gap]
        holes.add(hole, within: piece)
        try unsafe take(piece, reader.room + offset, start..<(hole.offset - offset))
        start = hole.offset + hole.count - offset
        gap += 1
      }
      if start < end { try unsafe take(piece, reader.room + offset, start..<end) }
      offset += end
    }
    return count - before
  }

  /// Takes the pointers in a stretch of a piece; `bytes` is where the piece lies.
  private func take(_ piece: ScanPiece, _ bytes: UnsafeRawPointer, _ stretch: Range<Int>)
    throws(RemoteMemoryError)
  {
    let step = layout.step
    let skew = Int((piece.start &+ UInt64(stretch.lowerBound)) % UInt64(step))
    let first = stretch.lowerBound + (skew == 0 ? 0 : step - skew)
    let last = min(piece.count, stretch.upperBound - width + 1) - 1
    guard first <= last else { return }
    let count = (last - first) / step + 1
    guard unsafe matcher.mark(bytes + first, count: count, step: step, into: bits) > 0,
      let place = space.place(of: piece.start &+ UInt64(first))
    else { return }
    var words = unsafe pvk_words(
      bytes: bytes + first, count: count, step: step, width: width, swapped: isSwapped,
      first_slot: place / UInt64(step))
    var done = 0
    while true {
      done = unsafe withUnsafePointer(to: space.pointees) { pointees in
        unsafe pvk_take_pointers(pointees, &words, bits, done, &sink)
      }
      if done == count { return }
      try addPiece()
    }
  }

  /// Gets memory for more chunks.
  private func addPiece() throws(RemoteMemoryError) {
    endPiece()
    let slab = try unsafe store.slab(byteCount: Self.chunksAPiece * Int(PVK_CHUNK) * 8)
    unsafe piece = slab.baseAddress!.assumingMemoryBound(to: UInt64.self)
    unsafe sink.room = piece
    unsafe sink.chunks = Self.chunksAPiece
    unsafe sink.owners = owners
  }

  /// Notes which chunks were cut from the piece in use.
  private func endPiece() {
    guard let start = unsafe piece else { return }
    let used = unsafe Self.chunksAPiece - sink.chunks
    unsafe pieces.append(
      Piece(start: start, owners: Array(UnsafeBufferPointer(start: owners, count: used))))
    unsafe piece = nil
    unsafe sink.chunks = 0
  }

  /// To be called when all is found.
  func finish() { endPiece() }
}
