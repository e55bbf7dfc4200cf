import CProcessVM
import MemoryModel

/// Takes samples of memory and notes what has changed from one to the next.
final class TrackSampler {
  private let source: any MemorySource
  private var layout: TrackLayout
  /// All bytes as they were at the last sample.
  private var last: Allocation
  /// Room for a block.
  private let room: Allocation
  private(set) var log: TrackLog
  private(set) var outcome = Track.Outcome()

  /// Takes the first sample, of what can be read.
  init(_ source: any MemorySource, _ layout: TrackLayout, _ options: TrackOptions)
    throws(RemoteMemoryError)
  {
    self.source = source
    self.layout = layout
    log = TrackLog(limit: options.cellLimit)
    let byteCount = self.layout.place()
    guard byteCount <= TransferLimits.longestResult else {
      throw RemoteMemoryError(
        .track, .tooLarge, process: source.processID,
        detail: "\(UInt64(byteCount).sizeText) are to be tracked, and at most 1 GiB can be")
    }
    room = try Allocation(
      byteCount: layout.blocks.map(\.byteCount).max() ?? 0, for: .track)
    last = try Allocation(byteCount: byteCount, for: .track)
    var holes: [[Hole]] = []
    for block in self.layout.blocks {
      unsafe holes.append(try read(block, into: bytes(of: block)))
    }
    try source.confirm()
    if holes.contains(where: { !$0.isEmpty }) { try leaveOut(holes) }
    outcome.samples = 1
    outcome.bytes = self.layout.place()
    outcome.candidates = self.layout.blocks.reduce(0) { $0 + $1.cellCount }
    log.endSample(0)
  }

  /// Looks no more at what cannot be read.
  private func leaveOut(_ holes: [[Hole]]) throws(RemoteMemoryError) {
    for hole in holes.joined() { outcome.unreadableBytes += hole.count }
    layout.keepReadable(holes)
    last = try Allocation(byteCount: layout.place(), for: .track)
    unsafe last.bytes.clear()
    for block in layout.blocks { _ = unsafe try read(block, into: unsafe bytes(of: block)) }
    try source.confirm()
  }

  /// The bytes of a block at the last sample.
  private func bytes(of block: TrackBlock) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      rebasing: last.bytes[block.start..<(block.start + block.byteCount)])
  }

  /// Takes another sample and notes what has changed.
  func sample() throws(RemoteMemoryError) {
    for block in layout.blocks {
      let old = unsafe bytes(of: block)
      let new = unsafe UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<block.byteCount])
      // What can be read no more stays as it was.
      for hole in unsafe try read(block, into: unsafe new) {
        let part = hole.offset..<(hole.offset + hole.count)
        unsafe UnsafeMutableRawBufferPointer(rebasing: new[part]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: old[part]))
      }
      if unsafe compare(block, UnsafeRawBufferPointer(old), UnsafeRawBufferPointer(new)) {
        unsafe old.copyMemory(from: UnsafeRawBufferPointer(new))
      }
    }
    try source.confirm()
    log.endSample(outcome.samples)
    outcome.samples += 1
  }

  private func read(_ block: TrackBlock, into buffer: UnsafeMutableRawBufferPointer)
    throws(RemoteMemoryError) -> [Hole]
  {
    if source.interrupt.isInterrupted {
      throw RemoteMemoryError(.track, .interrupted, process: source.processID)
    }
    let found: Result<[Hole], RemoteMemoryError> = unsafe block.spans.withUnsafeBufferPointer {
      do throws(RemoteMemoryError) {
        return try unsafe .success(source.gatherGently($0, into: buffer))
      } catch {
        return .failure(error.during(.track))
      }
    }
    return try found.get()
  }

  /// Notes what differs in a block.
  /// - Returns: whether anything does.
  private func compare(
    _ block: TrackBlock, _ old: UnsafeRawBufferPointer, _ new: UnsafeRawBufferPointer
  ) -> Bool {
    guard let before = old.baseAddress, let now = new.baseAddress else { return false }
    let first = unsafe pvm_first_difference(before, now, block.byteCount)
    if first >= block.byteCount { return false }
    unsafe noteDifferences(block, from: first, before, now)
    return true
  }

  private func noteDifferences(
    _ block: TrackBlock, from difference: Int, _ before: UnsafeRawPointer, _ now: UnsafeRawPointer
  ) {
    switch block.cells {
    case .list(let places):
      for place in places {
        unsafe note(
          block, place.kind, place.offset, at: place.address, before + place.offset,
          now + place.offset)
      }
    case .grid(let kind, let first, let step, let count):
      let width = layout.kinds[kind].byteCount
      let start = block.spans[0].start
      var cell = 0
      var next = difference
      while next < block.byteCount {
        // All candidates that cover the byte, but those that were looked at for an earlier one.
        let lowest = max(0, (next - first - width) / step + (next - first >= width ? 1 : 0))
        let highest = min((next - first) / step, count - 1)
        cell = max(cell, lowest)
        while cell <= highest {
          let offset = first + cell * step
          unsafe note(
            block, kind, offset, at: start.offset(by: Int64(offset)), before + offset, now + offset)
          cell += 1
        }
        next = step >= width ? max(next + 1, first + cell * step) : next + 1
        if next >= block.byteCount { break }
        next += unsafe pvm_first_difference(before + next, now + next, block.byteCount - next)
      }
    }
  }

  private func note(
    _ block: TrackBlock, _ number: Int, _ offset: Int, at address: Address,
    _ old: UnsafeRawPointer, _ new: UnsafeRawPointer
  ) {
    let kind = layout.kinds[number]
    let before = unsafe HitLane.word(old, kind.byteCount)
    let now = unsafe HitLane.word(new, kind.byteCount)
    if before == now { return }
    log.note(
      kind, number, at: address, place: block.start + offset, old: before, new: now)
  }

  /// What was found, after so many seconds.
  func finish(after seconds: Double, isComplete: Bool, failure: RemoteMemoryError?) -> Track {
    outcome.seconds = seconds
    outcome.isComplete = isComplete && failure == nil
    outcome.failure = failure
    outcome.unfollowedChanges = log.unfollowedChanges
    let order = Dictionary(
      uniqueKeysWithValues: CellBehaviour.allCases.enumerated().map { ($1, $0) })
    let ranked = log.cells.map { (rank: order[$0.behaviour] ?? 0, cell: $0) }
    let sorted = ranked.sorted {
      ($0.rank, $0.cell.address.rawValue) < ($1.rank, $1.cell.address.rawValue)
    }
    return Track(source, sorted.map(\.cell), outcome)
  }
}
