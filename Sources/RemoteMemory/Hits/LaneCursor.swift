/// Walks over the hits of a lane in the order of their addresses; each chunk is decoded once.
@safe struct LaneCursor: ~Copyable {
  let lane: HitLane
  /// The numbers of the hits of the chunk in hand.
  private let slots: UnsafeMutablePointer<UInt16>
  private var chunk: HitChunk?
  private var number: Int
  private var rank = 0
  private var isDecoded = false

  /// - Parameter index: the number of the hit to begin with, from 0.
  init(_ lane: HitLane, at index: Int = 0) {
    self.lane = lane
    unsafe slots = .allocate(capacity: HitChunk.mostSlots)
    if index >= lane.count {
      number = lane.chunks.count
    } else {
      let place = lane.place(of: max(index, 0))
      number = place.chunk
      rank = place.rank
      chunk = lane.chunks[number]
    }
  }

  deinit { unsafe slots.deallocate() }

  /// Whether all hits are behind.
  var isAtEnd: Bool { chunk == nil }

  /// The address of the hit in hand; 0 behind the last one.
  var address: UInt64 {
    mutating get {
      guard let chunk else { return 0 }
      return chunk.base &+ UInt64(slot(chunk)) &* UInt64(lane.step)
    }
  }

  /// The value kept for the hit in hand, the first byte in the lowest 8 bits; nil where there is
  /// none.
  var word: UInt64? {
    mutating get {
      guard let chunk else { return nil }
      let width = lane.valueWidth
      switch chunk.keeping {
      case .nothing: return nil
      case .constant: return lane.constant
      case .packed: return unsafe HitLane.word(chunk.values! + rank * width, width)
      case .block: return unsafe HitLane.word(chunk.values! + slot(chunk) * lane.step, width)
      }
    }
  }

  @inline(__always)
  private mutating func slot(_ chunk: HitChunk) -> Int {
    switch chunk.form {
    case .run: return rank
    case .list: return unsafe Int(chunk.list![rank])
    case .bits:
      if !isDecoded {
        unsafe chunk.writeSlots(to: slots)
        isDecoded = true
      }
      return unsafe Int(slots[rank])
    }
  }

  /// Goes on to the next hit.
  @inline(__always)
  mutating func advance() {
    guard let chunk else { return }
    rank += 1
    if rank >= Int(chunk.count) { enter(number + 1) }
  }

  private mutating func enter(_ next: Int) {
    number = next
    rank = 0
    isDecoded = false
    chunk = next < lane.chunks.count ? lane.chunks[next] : nil
  }

  /// Goes on to the first hit at an address or behind it; stays where it is when it is there or
  /// farther already.
  mutating func seek(_ wanted: UInt64) {
    while let chunk {
      let grid = chunk.grid(step: lane.step)
      if grid.last < wanted {
        enter(number + 1)
        continue
      }
      if wanted <= chunk.base || address >= wanted { return }
      seek(wanted, in: chunk)
      if self.chunk == nil || address >= wanted { return }
    }
  }

  /// Goes on in the chunk in hand: some hits one by one, then by counting.
  private mutating func seek(_ wanted: UInt64, in here: HitChunk) {
    for _ in 0..<8 {
      rank += 1
      if rank >= Int(here.count) {
        enter(number + 1)
        return
      }
      if address >= wanted { return }
    }
    let distance = wanted - here.base
    let step = UInt64(lane.step)
    let slot = Int(clamping: distance / step + (distance % step == 0 ? 0 : 1))
    rank = max(rank, here.rank(from: slot))
    if rank >= Int(here.count) { enter(number + 1) }
  }
}
