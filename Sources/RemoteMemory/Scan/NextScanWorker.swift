import CScanKernels
import MemoryModel

/// What one thread of a refining step holds, and what it has kept.
@safe final class NextScanWorker: @unchecked Sendable {
  private let hits: Hits
  private let steps: [NextStep]
  private let source: any MemorySource
  private var reader: BlockReader
  private let room = NextRoom()
  private var slab: MemorySlab
  private var pointees: PointeeReader
  private var spans = NextSpans()
  private var gaps: [Hole] = []
  private(set) var found: [(task: Int, lanes: [[HitChunk]])] = []
  private(set) var holes = HoleList()
  private(set) var lostHits = 0

  init(_ hits: Hits, _ steps: [NextStep], _ store: MemoryStore) throws(RemoteMemoryError) {
    self.hits = hits
    self.steps = steps
    source = hits.source
    reader = try BlockReader(hits.source, byteCount: hits.blockBytes)
    slab = MemorySlab(store)
    pointees = PointeeReader(hits.source)
  }

  /// Refines the chunks of a task.
  /// - Returns: how many hits stay, and how many bytes were read.
  func refine(_ task: Int, _ entries: ArraySlice<NextTasks.Entry>) throws(RemoteMemoryError)
    -> (hits: Int, bytes: Int)
  {
    try read(entries)
    try follow(entries)
    var recorders = steps.indices.map { recorder(for: $0) }
    for entry in entries {
      let lane = hits.lanes[entry.lane]
      let candidates = NextCandidates(chunk: lane.chunks[entry.chunk], lane: lane)
      try refine(candidates, steps[entry.lane], &recorders[entry.lane])
    }
    let chunks = recorders.map { $0.chunks }
    let count = chunks.reduce(0) { $0 + $1.reduce(0) { $0 + Int($1.count) } }
    if count > 0 { found.append((task, chunks)) }
    return (count, spans.byteCount + pointees.bytesRead)
  }

  /// Reads what the hits of a task point at, where a step asks for it.
  private func follow(_ entries: ArraySlice<NextTasks.Entry>) throws(RemoteMemoryError) {
    guard steps.contains(where: { !$0.links.isEmpty }) else { return }
    pointees.begin()
    for entry in entries {
      let links = steps[entry.lane].links
      if links.isEmpty { continue }
      let lane = hits.lanes[entry.lane]
      let candidates = NextCandidates(chunk: lane.chunks[entry.chunk], lane: lane)
      _ = unsafe room.pick(candidates, spans, gaps, reader.room)
      room.want(links, in: &pointees)
    }
    try pointees.read()
  }

  private func recorder(for lane: Int) -> HitRecorder {
    let keeping: HitRecorder.Keeping =
      switch steps[lane] {
      case .drop, .test(_, .nothing): .nothing
      // What is no scalar has no value that fits the room.
      case .refresh where hits.lanes[lane].element.format == nil: .nothing
      case .test(_, .constant): .constant
      case .refresh, .test(_, .values), .compare: .values
      }
    return HitRecorder(
      step: hits.lanes[lane].step, valueWidth: hits.lanes[lane].valueWidth, keeping: keeping)
  }

  /// Reads what the chunks of a task need.
  private func read(_ entries: ArraySlice<NextTasks.Entry>) throws(RemoteMemoryError) {
    spans.clear()
    for entry in entries {
      let lane = hits.lanes[entry.lane]
      addSpans(of: lane.chunks[entry.chunk], lane)
    }
    spans.settle(sorting: hits.lanes.count > 1)
    if spans.byteCount > reader.capacity {
      reader = try BlockReader(source, byteCount: spans.byteCount)
    }
    reader.begin()
    for range in spans.ranges { reader.add(range) }
    gaps = unsafe try reader.read(spans.byteCount)
    for gap in gaps {
      holes.add(AddressRange(start: gap.address, count: UInt64(gap.count)))
    }
  }

  private func addSpans(of chunk: HitChunk, _ lane: HitLane) {
    guard chunk.form == .list else {
      spans.add(chunk.base, (Int(chunk.slots) - 1) * lane.step + lane.width)
      return
    }
    let list = unsafe chunk.list!
    for rank in 0..<Int(chunk.count) {
      unsafe spans.add(chunk.base &+ UInt64(Int(list[rank]) * lane.step), lane.width)
    }
  }

  private func refine(
    _ candidates: NextCandidates, _ step: NextStep, _ recorder: inout HitRecorder
  ) throws(RemoteMemoryError) {
    let whole = unsafe candidates.chunk.form == .list ? nil : bytesWithoutGaps(candidates)
    if let bytes = unsafe whole, try unsafe refineWhole(candidates, bytes, step, &recorder) {
      return
    }
    let count = unsafe room.pick(candidates, spans, gaps, reader.room)
    lostHits += Int(candidates.chunk.count) - count
    guard count > 0 else { return }
    let kept = try room.keep(count, candidates, step, pointees)
    unsafe try recorder.record(
      base: candidates.chunk.base, slots: Int(candidates.chunk.slots), list: room.slots,
      count: kept, values: room.now, slab: &slab)
  }

  /// Where a chunk's candidates lie in the buffer; nil when some of them could not be read.
  private func bytesWithoutGaps(_ candidates: NextCandidates) -> UnsafeRawPointer? {
    let base = candidates.chunk.base
    let offset = spans.offset(of: base, in: spans.find(base))
    let end = offset + candidates.byteCount
    for gap in gaps where gap.offset < end && gap.offset + gap.count > offset { return nil }
    return unsafe UnsafeRawPointer(reader.room + offset)
  }

  /// Refines a chunk whose candidates lie one after the other, without picking them; false when
  /// that cannot be done.
  private func refineWhole(
    _ candidates: NextCandidates, _ bytes: UnsafeRawPointer, _ step: NextStep,
    _ recorder: inout HitRecorder
  ) throws(RemoteMemoryError) -> Bool {
    guard unsafe room.mark(candidates, bytes, step) else { return false }
    let chunk = candidates.chunk
    let words = HitChunk.words(Int(chunk.slots))
    if let earlier = unsafe chunk.bits { unsafe pvk_and(room.bits.words, earlier, words) }
    let count = unsafe pvk_count(room.bits.words, words)
    // What did not change need not be copied: the block it lay in belongs to an earlier step.
    if case .compare(let comparison) = step, comparison.keepsValues, chunk.keeping != .packed {
      var sharing = HitRecorder(
        step: candidates.lane.step, valueWidth: candidates.lane.valueWidth,
        keeping: chunk.keeping == .constant ? .constant : .blocks)
      unsafe try sharing.record(
        base: chunk.base, slots: Int(chunk.slots), bits: room.bits.words, count: count,
        bytes: chunk.values ?? bytes, slab: &slab)
      for index in sharing.chunks.indices { unsafe sharing.chunks[index].digests = chunk.digests }
      recorder.chunks += sharing.chunks
    } else {
      unsafe try recorder.record(
        base: chunk.base, slots: Int(chunk.slots), bits: room.bits.words, count: count,
        bytes: bytes, slab: &slab)
    }
    return true
  }
}

/// A chunk that is refined, and the lane it belongs to.
@safe struct NextCandidates {
  let chunk: HitChunk
  let lane: HitLane

  /// From the first byte of the first candidate to the last of the last.
  var byteCount: Int { (Int(chunk.slots) - 1) * lane.step + lane.width }
}
