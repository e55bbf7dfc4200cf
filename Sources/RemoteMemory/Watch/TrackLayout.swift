import MemoryModel

/// What is to be tracked: kinds of values, and blocks of memory that hold them.
struct TrackLayout {
  private(set) var kinds: [TrackedKind] = []
  private(set) var blocks: [TrackBlock] = []

  /// The most values of hits that are tracked.
  static let mostHits = 4_000_000

  /// All values of one type in some runs of memory.
  init(_ runs: [AddressRange], _ kind: TrackedKind, alignment: Int?) {
    kinds = [kind]
    blocks = TrackBlock.cut(
      runs, kind: 0, width: kind.byteCount, step: max(1, alignment ?? kind.byteCount))
  }

  /// The places of hits.
  /// - Throws: `EINVAL` for hits that are no scalars, `E2BIG` for too many.
  init(_ hits: Hits) throws(RemoteMemoryError) {
    guard hits.count <= Self.mostHits else {
      throw RemoteMemoryError(
        .track, .tooLarge, process: hits.source.processID,
        detail: "at most \(Self.mostHits) hits can be tracked at once")
    }
    for lane in hits.lanes where lane.count > 0 {
      guard case .scalar(let format) = lane.element else {
        throw RemoteMemoryError(
          .track, .invalid, process: hits.source.processID,
          detail: "\(lane.label) is no number, which could be tracked")
      }
      kinds.append(TrackedKind(format, lane.encoding, in: hits.source))
      add(lane, kinds.count - 1)
    }
  }

  private mutating func add(_ lane: HitLane, _ kind: Int) {
    var cursor = LaneCursor(lane)
    var spans = NextSpans()
    var addresses: [UInt64] = []
    var bytes = 0
    for _ in 0..<lane.count {
      let address = cursor.address
      cursor.advance()
      // A hit that would pass the end of all addresses cannot be read.
      if address > .max - UInt64(lane.width) { continue }
      let gap = addresses.last.map { Int(clamping: address &- $0) } ?? 0
      bytes += min(gap, NextSpans.mergeGap) + lane.width
      addresses.append(address)
      spans.add(address, lane.width)
      if bytes >= TrackBlock.mostBytes || spans.starts.count >= TrackBlock.mostSpans {
        close(&spans, &addresses, kind)
        bytes = 0
      }
    }
    close(&spans, &addresses, kind)
  }

  private mutating func close(_ spans: inout NextSpans, _ addresses: inout [UInt64], _ kind: Int) {
    if addresses.isEmpty { return }
    spans.settle(sorting: false)
    var span = 0
    let places = addresses.map { address in
      span = spans.index(of: address, from: span)
      return TrackBlock.Place(
        kind: kind, offset: spans.offset(of: address, in: span), address: Address(address))
    }
    blocks.append(
      TrackBlock(spans: spans.ranges, byteCount: spans.byteCount, cells: .list(places)))
    spans.clear()
    addresses.removeAll(keepingCapacity: true)
  }

  /// Replaces the blocks by what of them can be read, and says where each lies among all bytes.
  /// - Parameter holes: those of each block.
  mutating func keepReadable(_ holes: [[Hole]]) {
    blocks = zip(blocks, holes).flatMap { block, holes in
      block.without(holes) { kinds[$0].byteCount }
    }
    place()
  }

  /// Says where each block lies among all bytes.
  /// - Returns: how many bytes those are.
  @discardableResult
  mutating func place() -> Int {
    var start = 0
    for index in blocks.indices {
      blocks[index].start = start
      start += blocks[index].byteCount
    }
    return start
  }
}
