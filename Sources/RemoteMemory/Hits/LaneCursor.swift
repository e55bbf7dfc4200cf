/// Walks over the hits of a lane in the order of their addresses; each chunk is decoded once.
@safe struct LaneCursor: ~Copyable {
  let lane: HitLane
  /// The address of the hit in hand; 0 behind the last one.
  private(set) var address: UInt64 = 0
  /// Whether all hits are behind.
  private(set) var isAtEnd = false

  private let step: UInt64
  /// Room for the numbers of the hits of a chunk that has a bitmap.
  private let room: UnsafeMutablePointer<UInt16>
  /// The number of the chunk in hand, and what is asked of it most.
  private var number = 0
  private var base: UInt64 = 0
  private var count = 0
  /// The numbers of its hits; nil where every candidate is one.
  private var slots: UnsafePointer<UInt16>?
  private var rank = 0

  /// - Parameter index: the number of the hit to begin with, from 0.
  init(_ lane: HitLane, at index: Int = 0) {
    self.lane = lane
    step = UInt64(lane.step)
    unsafe room = .allocate(capacity: HitChunk.mostSlots)
    unsafe slots = nil
    if index >= lane.count {
      isAtEnd = true
    } else {
      let place = lane.place(of: max(index, 0))
      enter(place.chunk, rank: place.rank)
    }
  }

  deinit { unsafe room.deallocate() }

  /// The value kept for the hit in hand, the first byte in the lowest 8 bits; nil where there is
  /// none.
  var word: UInt64? {
    if isAtEnd { return nil }
    let width = lane.valueWidth
    switch lane.chunks[number].keeping {
    case .nothing: return nil
    case .constant: return lane.constant
    case .packed:
      return unsafe HitLane.word(lane.chunks[number].values! + rank * width, width)
    case .block:
      return unsafe HitLane.word(lane.chunks[number].values! + slot * lane.step, width)
    }
  }

  private var slot: Int {
    @inline(__always) get {
      if let slots = unsafe slots { return unsafe Int(slots[rank]) }
      return rank
    }
  }

  @inline(__always)
  private mutating func settle() { address = base &+ UInt64(slot) &* step }

  /// Goes on to the next hit.
  @inline(__always)
  mutating func advance() {
    rank &+= 1
    if rank < count { settle() } else { enter(number + 1, rank: 0) }
  }

  private mutating func enter(_ next: Int, rank: Int) {
    guard next < lane.chunks.count else {
      isAtEnd = true
      address = 0
      return
    }
    number = next
    self.rank = rank
    let chunk = lane.chunks[next]
    base = chunk.base
    count = Int(chunk.count)
    switch chunk.form {
    case .run: unsafe slots = nil
    case .list: unsafe slots = chunk.list
    case .bits:
      unsafe chunk.writeSlots(to: room)
      unsafe slots = UnsafePointer(room)
    }
    settle()
  }

  /// Goes on to the first hit at an address or behind it; stays where it is when it is there or
  /// farther already.
  @inline(__always)
  mutating func seek(_ wanted: UInt64) {
    if !isAtEnd, address < wanted { goOn(to: wanted) }
  }

  /// Goes on: some hits one by one, then by counting, over whole chunks without decoding them.
  private mutating func goOn(to wanted: UInt64) {
    for _ in 0..<8 {
      advance()
      if isAtEnd || address >= wanted { return }
    }
    var next = number
    while next < lane.chunks.count, lane.chunks[next].grid(step: lane.step).last < wanted {
      next += 1
    }
    if next != number {
      enter(next, rank: 0)
      if isAtEnd || address >= wanted { return }
    }
    let distance = wanted - base
    let slot = Int(clamping: distance / step + (distance % step == 0 ? 0 : 1))
    rank = max(rank, lane.chunks[number].rank(from: slot))
    if rank < count { settle() } else { enter(number + 1, rank: 0) }
  }
}
