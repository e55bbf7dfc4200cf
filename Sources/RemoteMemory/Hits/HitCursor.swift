/// Walks over hits in the order of their numbers, at a cost that does not depend on how they are
/// stored. Belongs to one thread at a time.
public final class HitCursor {
  /// The hits it walks over.
  public let hits: Hits
  /// The number of the hit that comes next, from 0.
  public private(set) var index: Int
  private var laneNumber: Int
  private var cursor: LaneCursor

  /// - Parameters:
  ///   - hits: what to walk over.
  ///   - first: the number of the hit to begin with, from 0; default 0.
  public init(_ hits: Hits, from first: Int = 0) {
    self.hits = hits
    index = max(first, 0)
    if let (lane, inner) = hits.place(of: index) {
      laneNumber = lane
      cursor = LaneCursor(hits.lanes[lane], at: inner)
    } else {
      laneNumber = hits.lanes.count
      cursor = LaneCursor(.empty)
    }
  }

  /// The next hit; nil behind the last one.
  public func next() -> Hit? {
    while cursor.isAtEnd {
      guard laneNumber < hits.lanes.count - 1 else { return nil }
      laneNumber += 1
      cursor = LaneCursor(hits.lanes[laneNumber])
    }
    let word = cursor.word
    let hit = hits.hit(lane: laneNumber, address: cursor.address, word: word, of: cursor.lane)
    cursor.advance()
    index += 1
    return hit
  }

  /// The next hits, at most so many; empty behind the last one.
  public func next(_ most: Int) -> [Hit] {
    var batch: [Hit] = []
    batch.reserveCapacity(min(max(most, 0), max(hits.count - index, 0)))
    while batch.count < most, let hit = next() { batch.append(hit) }
    return batch
  }
}

extension HitLane {
  /// A lane without hits.
  static let empty = HitLane(
    label: "", element: .bytes(count: 1), step: 1, width: 1, matcher: nil)
}
