import CScanKernels
import MemoryModel

/// Puts hits together out of chunks of others.
///
/// What is taken over whole stays where it lies, in the memory of the scan it comes from, when that
/// saves much; otherwise it is copied in the end, so that a small result keeps no large scan alive.
@safe struct HitsBuilder {
  /// What of a chunk lies in another scan's memory.
  private struct Borrowed: OptionSet {
    let rawValue: UInt8
    static let places = Borrowed(rawValue: 1)
    static let values = Borrowed(rawValue: 2)
  }

  private struct Part {
    var lane: HitLane
    var chunks: [HitChunk] = []
    var borrowed: [Borrowed] = []
  }

  /// The most scans whose memory a result keeps alive, so that a history of many small steps does
  /// not become a chain of as many stores.
  private static let mostLenders = 8

  let store: MemoryStore
  let room = SetRoom()
  private var slab: MemorySlab
  private let lenders: [MemoryStore]
  private var parts: [Part] = []
  private var borrowedBytes = 0
  private let start = Clock.now

  /// - Parameters:
  ///   - hits: where chunks are taken from; says how much memory may be held.
  ///   - other: where else.
  init(_ hits: Hits, _ other: Hits? = nil) {
    store = MemoryStore(budget: hits.budget)
    slab = MemorySlab(store)
    var lenders = hits.store.owners
    for owner in other?.store.owners ?? [] where !lenders.contains(where: { $0 === owner }) {
      lenders.append(owner)
    }
    self.lenders = lenders
  }

  /// For hits that are taken from nowhere else.
  init(budget: MemoryBudget) {
    store = MemoryStore(budget: budget)
    slab = MemorySlab(store)
    lenders = []
  }

  /// Memory for what is added by `addOwn`.
  mutating func take(_ byteCount: Int) throws(RemoteMemoryError) -> UnsafeMutableRawPointer {
    unsafe try slab.take(byteCount)
  }

  /// Adds a chunk that lies in memory taken here.
  mutating func addOwn(_ chunk: HitChunk, of lane: HitLane) { append(chunk, [], of: lane) }

  /// Puts the chunks of the lane begun last in order; nothing of it was taken from elsewhere.
  /// - Returns: false when two lie between each other.
  mutating func sortChunks() -> Bool {
    guard let last = parts.indices.last else { return true }
    let step = parts[last].lane.step
    parts[last].chunks.sort { $0.base < $1.base }
    let chunks = parts[last].chunks
    for index in chunks.indices.dropFirst() {
      if chunks[index - 1].grid(step: step).last >= chunks[index].base { return false }
    }
    return true
  }

  /// Begins a lane of the kind of another; what is added from now on belongs to it.
  mutating func begin(_ lane: HitLane) { parts.append(Part(lane: lane.with(chunks: []))) }

  /// Begins a lane of the kind of another with a step and a constant of its own.
  mutating func begin(_ lane: HitLane, step: Int, constant: UInt64) {
    let kind = HitLane(
      label: lane.label, element: lane.element, step: step, width: lane.width,
      matcher: lane.matcher, constant: constant, encoding: lane.encoding)
    parts.append(Part(lane: kind))
  }

  /// Begins a lane and says what all hits have whose chunks say so.
  mutating func begin(_ lane: HitLane, constant: UInt64) {
    begin(lane, step: lane.step, constant: constant)
  }

  /// Adds a chunk as it is.
  mutating func add(_ chunk: HitChunk, of lane: HitLane) {
    var borrowed: Borrowed = []
    if unsafe chunk.places != nil { borrowed.insert(.places) }
    if unsafe chunk.values != nil { borrowed.insert(.values) }
    append(chunk, borrowed, of: lane)
  }

  /// Adds those hits of a chunk whose bits are set in `room.mask`.
  /// - Parameter isTrimmed: whether candidates before the first hit and behind the last are left out
  ///   even when all hits stay.
  /// - Returns: how many hits stay.
  @discardableResult
  mutating func addMasked(_ chunk: HitChunk, of lane: HitLane, isTrimmed: Bool = false)
    throws(RemoteMemoryError) -> Int
  {
    let words = HitChunk.words(Int(chunk.slots))
    let mask = unsafe room.mask
    if chunk.form == .list {
      unsafe chunk.writeBits(to: room.bits)
      unsafe pvk_and(mask, room.bits, words)
    } else if let bits = unsafe chunk.bits {
      unsafe pvk_and(mask, bits, words)
    } else {
      unsafe Bitmap.trim(mask, slots: Int(chunk.slots))
    }
    let count = unsafe pvk_count(mask, words)
    guard let extent = unsafe Bitmap.extent(mask, count: words) else { return 0 }
    if count == Int(chunk.count), !isTrimmed {
      add(chunk, of: lane)
      return count
    }
    var values = unsafe chunk.values
    var borrowed: Borrowed = []
    switch chunk.keeping {
    case .nothing, .constant: break
    case .block:
      if let block = unsafe values { unsafe values = block + extent.lowerBound * lane.step }
      borrowed = .values
    case .packed: unsafe values = UnsafeRawPointer(try packedValues(chunk, lane, count: count))
    }
    var kept = try recorded(chunk, lane, extent, count: count)
    kept.keeping = chunk.keeping
    unsafe kept.values = values
    append(kept, borrowed, of: lane)
    return count
  }

  /// Adds hits of one's own.
  /// - Parameters:
  ///   - grid: the candidates.
  ///   - bits: a bit for each.
  ///   - values: one for each candidate, `lane.valueWidth` bytes apart, which are kept for hits; nil
  ///     when none are.
  ///   - isConstant: whether all have the lane's constant.
  mutating func add(
    _ grid: HitGrid, _ bits: UnsafePointer<UInt64>, values: UnsafeRawPointer? = nil,
    isConstant: Bool = false
  ) throws(RemoteMemoryError) {
    guard let lane = parts.last?.lane else { return }
    let words = HitChunk.words(grid.slots)
    let count = unsafe pvk_count(bits, words)
    guard count > 0 else { return }
    var recorder = HitRecorder(
      step: grid.step, valueWidth: lane.valueWidth, keeping: isConstant ? .constant : .nothing)
    unsafe try recorder.record(
      base: grid.base, slots: grid.slots, bits: bits, count: count, bytes: bits, slab: &slab)
    guard var chunk = recorder.chunks.first else { return }
    if let values = unsafe values {
      let width = lane.valueWidth
      let packed = unsafe try slab.take(count * width)
      unsafe pvk_pick_bits(values, width, width, bits, words, packed)
      unsafe chunk.values = UnsafeRawPointer(packed)
      chunk.keeping = .packed
    }
    append(chunk, [], of: lane)
  }

  /// Changes every chunk of the lane begun last.
  mutating func change(_ body: (inout HitChunk) -> Void) {
    guard let last = parts.indices.last else { return }
    for index in parts[last].chunks.indices { body(&parts[last].chunks[index]) }
  }

  private mutating func append(_ chunk: HitChunk, _ borrowed: Borrowed, of lane: HitLane) {
    let last = parts.count - 1
    parts[last].chunks.append(chunk)
    parts[last].borrowed.append(borrowed)
    if borrowed.contains(.places) { borrowedBytes += chunk.placesByteCount }
    if borrowed.contains(.values) { borrowedBytes += Int(chunk.count) * lane.valueWidth }
  }

  /// The values of the hits in the mask, one behind the other.
  private mutating func packedValues(_ chunk: HitChunk, _ lane: HitLane, count: Int)
    throws(RemoteMemoryError) -> UnsafeMutableRawPointer
  {
    let width = lane.valueWidth
    let packed = unsafe try slab.take(count * width)
    guard let values = unsafe chunk.values else { return unsafe packed }
    unsafe chunk.writeSlots(to: room.slots)
    switch width {
    case 1: unsafe copyMasked(UInt8.self, values, chunk, to: packed)
    case 2: unsafe copyMasked(UInt16.self, values, chunk, to: packed)
    case 4: unsafe copyMasked(UInt32.self, values, chunk, to: packed)
    case 8: unsafe copyMasked(UInt64.self, values, chunk, to: packed)
    default:
      var kept = 0
      for rank in 0..<Int(chunk.count) {
        guard unsafe Bitmap.has(Int(room.slots[rank]), in: room.mask) else { continue }
        unsafe (packed + kept * width).copyMemory(from: values + rank * width, byteCount: width)
        kept += 1
      }
    }
    return unsafe packed
  }

  /// Copies the values of the hits in the mask: first all of them, each over one that is not wanted,
  /// so that nothing has to be guessed.
  private func copyMasked<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, _ values: UnsafeRawPointer, _ chunk: HitChunk,
    to packed: UnsafeMutableRawPointer
  ) {
    let words = unsafe room.values.assumingMemoryBound(to: Word.self)
    var kept = 0
    for rank in 0..<Int(chunk.count) {
      unsafe words[kept] = values.loadUnaligned(
        fromByteOffset: rank &* MemoryLayout<Word>.size, as: Word.self)
      kept &+= unsafe Bitmap.has(Int(room.slots[rank]), in: room.mask) ? 1 : 0
    }
    unsafe packed.copyMemory(from: words, byteCount: kept * MemoryLayout<Word>.size)
  }

  /// The places of the hits in the mask as a chunk that begins with the first and ends with the
  /// last.
  private mutating func recorded(
    _ chunk: HitChunk, _ lane: HitLane, _ extent: ClosedRange<Int>, count: Int
  ) throws(RemoteMemoryError) -> HitChunk {
    var bits = unsafe room.mask
    let slots = extent.count
    if extent.lowerBound > 0 {
      unsafe bits = room.bits
      unsafe Bitmap.clear(bits, count: HitChunk.words(slots))
      unsafe Bitmap.merge(
        room.mask, otherSlots: Int(chunk.slots), shift: -extent.lowerBound, into: bits,
        slots: slots)
    }
    var recorder = HitRecorder(step: lane.step, valueWidth: lane.valueWidth, keeping: .nothing)
    unsafe try recorder.record(
      base: chunk.base &+ UInt64(extent.lowerBound) &* UInt64(lane.step), slots: slots, bits: bits,
      count: count, bytes: bits, slab: &slab)
    return recorder.chunks[0]
  }
}

extension HitsBuilder {
  /// The hits that were added.
  mutating func finish(
    _ source: any MemorySource, parent: Hits?, title: String, options: ScanOptions,
    outcome: ScanOutcome? = nil, earlierTitles: [String] = []
  ) throws(RemoteMemoryError) -> Hits {
    if borrowedBytes > 0 {
      let lent = lenders.reduce(0) { $0 + $1.memoryByteCount + $1.diskByteCount }
      if lenders.count <= Self.mostLenders, borrowedBytes >= lent / 4 {
        store.borrow(from: lenders)
      } else {
        try copyWhatIsBorrowed()
      }
    }
    var result = outcome ?? ScanOutcome()
    if outcome == nil { result.statistics.seconds = Clock.now - start }
    return Hits(
      source: source,
      lanes: parts.map { $0.lane.with(constant: $0.lane.constant, chunks: $0.chunks) },
      parent: parent, title: title, store: store, outcome: result, options: options,
      earlierTitles: earlierTitles)
  }

  private mutating func copyWhatIsBorrowed() throws(RemoteMemoryError) {
    for part in parts.indices {
      let lane = parts[part].lane
      for index in parts[part].chunks.indices {
        let borrowed = parts[part].borrowed[index]
        if borrowed.isEmpty { continue }
        var chunk = parts[part].chunks[index]
        try copy(&chunk, borrowed, lane)
        parts[part].chunks[index] = chunk
      }
    }
  }

  private mutating func copy(_ chunk: inout HitChunk, _ borrowed: Borrowed, _ lane: HitLane)
    throws(RemoteMemoryError)
  {
    if borrowed.contains(.values), let values = unsafe chunk.values {
      let size = Int(chunk.count) * lane.valueWidth
      let copy = unsafe try slab.take(size)
      if chunk.keeping == .block {
        unsafe chunk.writeBits(to: room.bits)
        let words = HitChunk.words(Int(chunk.slots))
        unsafe pvk_pick_bits(values, lane.step, lane.valueWidth, room.bits, words, copy)
        chunk.keeping = .packed
      } else {
        unsafe copy.copyMemory(from: values, byteCount: size)
      }
      unsafe chunk.values = UnsafeRawPointer(copy)
      unsafe chunk.digests = nil
    }
    if borrowed.contains(.places), let places = unsafe chunk.places {
      let copy = unsafe try slab.take(chunk.placesByteCount)
      unsafe copy.copyMemory(from: places, byteCount: chunk.placesByteCount)
      unsafe chunk.places = UnsafeRawPointer(copy)
    }
  }
}

extension HitChunk {
  /// What its bitmap or list takes, in bytes.
  var placesByteCount: Int {
    switch form {
    case .run: 0
    case .bits: 8 * Self.words(Int(slots))
    case .list: 2 * Int(count)
    }
  }
}
