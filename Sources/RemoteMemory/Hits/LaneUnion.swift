import CScanKernels
import MemoryModel

/// Two lanes of the same kind made one.
///
/// Chunks that nothing of the other lane lies between are taken over as they are. The others are
/// worked through in windows: maps of bits are put together, and where the two keep different
/// values each candidate of the window gets a place for its value.
@safe struct LaneUnion {
  /// The most bytes a window covers, since a later step may read all of them at once.
  private static let widestWindow = 4 << 20

  private let one: HitLane
  private let two: HitLane
  /// The distance of candidates in which those of both lie.
  private let step: Int
  private let constant: UInt64
  /// Which hits of a window have a value.
  private let valued = HitBits()
  private let part = HitBits()

  /// - Parameters:
  ///   - one: the lane whose values count where both have one.
  ///   - two: the other lane, of the same element.
  init(_ one: HitLane, _ two: HitLane) {
    self.one = one
    self.two = two
    step = Self.commonStep(one, two)
    let hasConstant = one.chunks.contains { $0.keeping == .constant }
    constant = hasConstant ? one.constant : two.constant
  }

  /// The greatest distance of which all distances of candidates are multiples.
  private static func commonStep(_ one: HitLane, _ two: HitLane) -> Int {
    var step = UInt64(commonDivisor(UInt64(one.step), UInt64(two.step)))
    guard let base = one.chunks.first?.base ?? two.chunks.first?.base else { return Int(step) }
    for lane in [one, two] {
      for index in lane.chunks.indices where step > 1 {
        let other = lane.chunks[index].base
        let distance = other > base ? other - base : base - other
        if distance % step != 0 { step = commonDivisor(step, distance) }
      }
    }
    return Int(step)
  }

  private static func commonDivisor(_ one: UInt64, _ two: UInt64) -> UInt64 {
    var (one, two) = (one, two)
    while two != 0 { (one, two) = (two, one % two) }
    return one
  }

  /// Adds the union to a result as another lane of it.
  func add(to builder: inout HitsBuilder, look: () throws(RemoteMemoryError) -> Void)
    throws(RemoteMemoryError)
  {
    builder.begin(one, step: step, constant: constant)
    var (first, second) = (0, 0)
    var groups = 0
    while let group = nextGroup(&first, &second) {
      if groups % Hits.chunksBetweenLooks == 0 { try look() }
      groups += 1
      if group.one.count + group.two.count > 1 || !takeOver(group, &builder) {
        try merge(group, &builder)
      }
    }
  }

  /// Chunks of both lanes that lie between each other.
  private struct Group {
    var one: Range<Int>
    var two: Range<Int>
    var base: UInt64
    var last: UInt64
  }

  private func nextGroup(_ first: inout Int, _ second: inout Int) -> Group? {
    let starts = (first, second)
    var group: Group?
    while true {
      let left = first < one.chunks.count ? one.chunks[first].grid(step: one.step) : nil
      let right = second < two.chunks.count ? two.chunks[second].grid(step: two.step) : nil
      let isLeft = (left?.base ?? .max) <= (right?.base ?? .max) && left != nil
      guard let next = isLeft ? left : right, group == nil || next.base <= group!.last else {
        break
      }
      if isLeft { first += 1 } else { second += 1 }
      group = Group(
        one: starts.0..<first, two: starts.1..<second, base: group?.base ?? next.base,
        last: max(group?.last ?? 0, next.last))
    }
    return group
  }

  /// Adds the only chunk of a group as it is; false when that cannot be.
  private func takeOver(_ group: Group, _ builder: inout HitsBuilder) -> Bool {
    let lane = group.one.isEmpty ? two : one
    let chunk = lane.chunks[group.one.isEmpty ? group.two.lowerBound : group.one.lowerBound]
    if lane.step != step { return false }
    if chunk.keeping == .constant, lane.constant != constant { return false }
    builder.add(chunk, of: lane)
    return true
  }

  private func merge(_ group: Group, _ builder: inout HitsBuilder) throws(RemoteMemoryError) {
    let distance = UInt64(step)
    let most = UInt64(max(1, min(HitChunk.mostSlots, Self.widestWindow / step)))
    var base = group.base
    while true {
      let left = (group.last - base) / distance
      let slots = Int(min(left, most - 1)) + 1
      let window = HitGrid(base: base, step: step, slots: slots)
      try merge(group, window, &builder)
      if left < most { return }
      base += most * distance
    }
  }

  /// The chunks of a group that have candidates in a window, those that count less first.
  private func chunks(_ group: Group, _ window: HitGrid) -> [(chunk: HitChunk, lane: HitLane)] {
    var found: [(chunk: HitChunk, lane: HitLane)] = []
    for (lane, range) in [(two, group.two), (one, group.one)] {
      for index in range {
        let grid = lane.chunks[index].grid(step: lane.step)
        if grid.base > window.last { break }
        if grid.last >= window.base { found.append((lane.chunks[index], lane)) }
      }
    }
    return found
  }

  private func merge(_ group: Group, _ window: HitGrid, _ builder: inout HitsBuilder)
    throws(RemoteMemoryError)
  {
    let members = chunks(group, window)
    let room = builder.room
    let words = HitChunk.words(window.slots)
    unsafe Bitmap.clear(room.mask, count: words)
    for (chunk, lane) in members {
      unsafe chunk.mark(step: lane.step, on: window, room.mask, room: room.slots)
    }
    if members.allSatisfy({ $0.chunk.keeping == .nothing }) || one.valueWidth > 8 {
      unsafe try builder.add(window, room.mask)
    } else if members.allSatisfy({
      $0.chunk.keeping == .constant && $0.lane.constant == constant
    }) {
      unsafe try builder.add(window, room.mask, isConstant: true)
    } else {
      unsafe Bitmap.clear(valued.words, count: words)
      for (chunk, lane) in members { place(chunk, lane, window, room) }
      try addValued(window, &builder)
    }
  }

  /// Puts the values of a chunk where its hits stand in a window.
  private func place(_ chunk: HitChunk, _ lane: HitLane, _ window: HitGrid, _ room: SetRoom) {
    if chunk.keeping == .nothing { return }
    let width = lane.valueWidth
    unsafe chunk.mark(step: lane.step, on: window, valued.words, room: room.slots)
    unsafe chunk.writeSlots(to: room.slots)
    var constant = lane.constant.littleEndian
    unsafe withUnsafeBytes(of: &constant) { constant in
      for rank in 0..<Int(chunk.count) {
        let slot = unsafe Int(room.slots[rank])
        let address = chunk.base &+ UInt64(slot) &* UInt64(lane.step)
        guard let place = window.slot(of: address) else { continue }
        let value: UnsafeRawPointer? =
          switch chunk.keeping {
          case .nothing: nil
          case .constant: constant.baseAddress
          case .packed: unsafe chunk.values.map { unsafe $0 + rank * width }
          case .block: unsafe chunk.values.map { unsafe $0 + slot * lane.step }
          }
        guard let value = unsafe value else { continue }
        let target = unsafe room.values + place * width
        switch width {
        case 4:
          unsafe target.storeBytes(of: value.loadUnaligned(as: UInt32.self), as: UInt32.self)
        case 8:
          unsafe target.storeBytes(of: value.loadUnaligned(as: UInt64.self), as: UInt64.self)
        default: unsafe target.copyMemory(from: value, byteCount: width)
        }
      }
    }
  }

  /// Adds the hits of a window. Where some have values and some have none, they become chunks in
  /// turn.
  private func addValued(_ window: HitGrid, _ builder: inout HitsBuilder) throws(RemoteMemoryError)
  {
    let room = builder.room
    let words = HitChunk.words(window.slots)
    let count = unsafe pvk_count(room.mask, words)
    if unsafe pvk_count(valued.words, words) == count {
      unsafe try builder.add(window, room.mask, values: room.values)
      return
    }
    unsafe pvk_slots(room.mask, words, room.slots)
    var first = 0
    while first < count {
      let isValued = unsafe Bitmap.has(Int(room.slots[first]), in: valued.words)
      var end = first + 1
      while end < count,
        unsafe Bitmap.has(Int(room.slots[end]), in: valued.words) == isValued
      { end += 1 }
      try add(first..<end, window, isValued, &builder)
      first = end
    }
  }

  /// Adds some hits of a window by their ranks.
  private func add(
    _ ranks: Range<Int>, _ window: HitGrid, _ isValued: Bool, _ builder: inout HitsBuilder
  ) throws(RemoteMemoryError) {
    let room = builder.room
    let first = unsafe Int(room.slots[ranks.lowerBound])
    let slots = unsafe Int(room.slots[ranks.upperBound - 1]) - first + 1
    unsafe Bitmap.clear(part.words, count: HitChunk.words(slots))
    for rank in ranks { unsafe Bitmap.set(Int(room.slots[rank]) - first, in: part.words) }
    let grid = HitGrid(
      base: window.base &+ UInt64(first) &* UInt64(step), step: step, slots: slots)
    let values = unsafe room.values + first * one.valueWidth
    unsafe try builder.add(grid, part.words, values: isValued ? UnsafeRawPointer(values) : nil)
  }
}
