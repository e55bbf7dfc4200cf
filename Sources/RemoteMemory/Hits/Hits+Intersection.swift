import MemoryModel

extension Hits {
  /// The hits that both have, lane by lane; lanes go together by label and element.
  ///
  /// Each has the old value it has here, or, where none is kept here, the one it has there.
  /// - Throws: `EINVAL` when the two are of different memory.
  public func intersection(_ other: Hits) throws(RemoteMemoryError) -> Hits {
    try checkSameSource(other)
    let common = try overlap(with: other, isKept: true, title: "intersection with \(other.title)")
    return try common.takingValues(from: other, parent: self)
  }

  /// The hits that the other has not, lane by lane; lanes go together by label and element.
  /// - Throws: `EINVAL` when the two are of different memory.
  public func minus(_ other: Hits) throws(RemoteMemoryError) -> Hits {
    try checkSameSource(other)
    return try overlap(with: other, isKept: false, title: "minus \(other.title)")
  }

  /// Throws unless both are of the same memory.
  func checkSameSource(_ other: Hits) throws(RemoteMemoryError) {
    if source === other.source { return }
    if let one = source as? RemoteProcess, let two = other.source as? RemoteProcess,
      one.id == two.id, one.startTime == two.startTime
    {
      return
    }
    throw RemoteMemoryError(
      .scan, .invalid, process: source.processID,
      detail: """
        these hits lie in \(source.label) and the others in \(other.source.label); scan the same \
        one, or save the others and load them for this one
        """)
  }

  /// The lane of the same label and element, unless it is empty.
  func lane(like lane: HitLane) -> HitLane? {
    lanes.first { $0.label == lane.label && $0.element == lane.element && $0.count > 0 }
  }

  /// The hits that another scan has too, or those that it has not.
  private func overlap(with other: Hits, isKept: Bool, title: String) throws(RemoteMemoryError)
    -> Hits
  {
    let others = lanes.map { other.lane(like: $0) }
    var walks = others.map { $0.map { ChunkWalk($0) } }
    return try subset(title) { (hand) throws(RemoteMemoryError) in
      let number = hand.laneNumber
      guard let lane = others[number] else { return isKept ? .none : .all }
      let near = walks[number]?.chunks(overlapping: hand.grid) ?? 0..<0
      if near.isEmpty { return isKept ? .none : .all }
      for index in near { hand.mark(lane.chunks[index], of: lane) }
      if !isKept { unsafe Bitmap.invert(hand.mask, slots: Int(hand.chunk.slots)) }
      return .masked
    }
  }

  /// The same hits, with old values where only the other scan has them.
  private func takingValues(from other: Hits, parent: Hits) throws(RemoteMemoryError) -> Hits {
    let isNeeded = lanes.contains { lane in
      lane.chunks.contains { $0.keeping == .nothing } && other.lane(like: lane) != nil
        && other.lane(like: lane)!.chunks.contains { $0.keeping != .nothing }
    }
    if !isNeeded { return self.with(parent: parent) }
    let union = try self.union(other)
    // What the union has beside the common hits does not matter; what it has of them has values.
    let filled = try union.overlap(with: self, isKept: true, title: title)
    return filled.with(parent: parent)
  }

  /// The same hits as a step of another one.
  func with(parent: Hits?) -> Hits {
    Hits(
      source: source, lanes: lanes, parent: parent, title: title, store: store, outcome: outcome,
      options: options)
  }
}

extension ChunkInHand {
  /// Marks the candidates at which a chunk of another lane has hits.
  func mark(_ other: HitChunk, of otherLane: HitLane) {
    guard chunk.form == .list, Int(chunk.count) < Int(other.count) / 8 else {
      unsafe other.mark(step: otherLane.step, on: grid, mask, room: slots)
      return
    }
    let grid = other.grid(step: otherLane.step)
    for rank in 0..<Int(chunk.count) {
      let slot = chunk.slot(rank: rank)
      let address = chunk.base &+ UInt64(slot) &* UInt64(lane.step)
      if let place = grid.slot(of: address), other.contains(slot: place) {
        unsafe Bitmap.set(slot, in: mask)
      }
    }
  }
}

/// A walk over the chunks of a lane for grids that rise.
struct ChunkWalk {
  private let lane: HitLane
  private var first = 0

  init(_ lane: HitLane) { self.lane = lane }

  /// The chunks that have candidates between the first and the last of a grid.
  mutating func chunks(overlapping grid: HitGrid) -> Range<Int> {
    while first < lane.chunks.count, lane.chunks[first].grid(step: lane.step).last < grid.base {
      first += 1
    }
    var end = first
    while end < lane.chunks.count, lane.chunks[end].base <= grid.last { end += 1 }
    return first..<end
  }
}
