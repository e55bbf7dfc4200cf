import MemoryModel

/// What stays of a chunk.
enum ChunkPart {
  /// Nothing.
  case none
  /// All hits.
  case all
  /// Those whose bits are set in the mask; what other bits say does not matter.
  case masked
}

/// A chunk about which a step has to decide.
@safe struct ChunkInHand {
  /// The number of the lane, from 0.
  let laneNumber: Int
  let lane: HitLane
  let chunk: HitChunk
  /// The number of its first hit, over all lanes.
  let start: Int
  /// A bit for each candidate, all 0.
  let mask: UnsafeMutablePointer<UInt64>
  /// Room for the numbers of its hits.
  let slots: UnsafeMutablePointer<UInt16>

  /// The numbers of its hits, over all lanes.
  var numbers: Range<Int> { start..<(start + Int(chunk.count)) }

  var grid: HitGrid { chunk.grid(step: lane.step) }

  /// Marks the hits with these numbers, as far as they are in this chunk.
  func mark(numbers wanted: Range<Int>) -> ChunkPart {
    let part = numbers.clamped(to: wanted)
    if part.isEmpty { return .none }
    if part == numbers { return .all }
    let first = chunk.slot(rank: part.lowerBound - start)
    let last = chunk.slot(rank: part.upperBound - 1 - start)
    unsafe Bitmap.set(first..<(last + 1), in: mask)
    return .masked
  }

  /// Marks all hits but one.
  func mark(allBut slot: Int) -> ChunkPart {
    unsafe Bitmap.set(0..<Int(chunk.slots), in: mask)
    unsafe Bitmap.remove(slot, from: mask)
    return .masked
  }
}

extension Hits {
  /// How many chunks are worked on between two looks at whether to stop.
  static let chunksBetweenLooks = 64

  /// A step that keeps some of the hits, with the values they have.
  /// - Parameters:
  ///   - title: what is asked for, in words.
  ///   - lanes: the numbers of the lanes that stay; nil for all.
  ///   - choose: says what stays of a chunk; called lane by lane in the order of addresses.
  func subset(
    _ title: String, lanes wanted: [Int]? = nil,
    _ choose: (ChunkInHand) throws(RemoteMemoryError) -> ChunkPart
  ) throws(RemoteMemoryError) -> Hits {
    var builder = HitsBuilder(self)
    var start = 0
    var chunks = 0
    for (number, lane) in lanes.enumerated() {
      defer { start += lane.count }
      if let wanted, !wanted.contains(number) { continue }
      builder.begin(lane, constant: lane.constant)
      for index in lane.chunks.indices {
        if chunks % Self.chunksBetweenLooks == 0 { try checkInterrupt() }
        chunks += 1
        let chunk = lane.chunks[index]
        let room = builder.room
        unsafe Bitmap.clear(room.mask, count: HitChunk.words(Int(chunk.slots)))
        let part = unsafe try choose(
          ChunkInHand(
            laneNumber: number, lane: lane, chunk: chunk,
            start: start + lane.start(ofChunk: index), mask: room.mask, slots: room.slots))
        switch part {
        case .none: break
        case .all: builder.add(chunk, of: lane)
        case .masked: try builder.addMasked(chunk, of: lane)
        }
      }
    }
    return try builder.finish(source, parent: self, title: title, options: options)
  }

  /// Throws when the host asks to stop. What there was before stays as it is.
  func checkInterrupt() throws(RemoteMemoryError) {
    if source.interrupt.isInterrupted {
      throw RemoteMemoryError(.scan, .interrupted, process: source.processID)
    }
  }
}
