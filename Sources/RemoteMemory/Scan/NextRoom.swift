import CScanKernels
import MemoryModel

/// One thread's room for the hits of one chunk: their numbers, their values now and before, and the
/// answer for each.
@safe final class NextRoom {
  let bits = HitBits()
  /// The numbers of the candidates in hand.
  let slots: UnsafeMutablePointer<UInt16>
  /// Their values now, packed; for what is no scalar unused.
  let now: UnsafeMutableRawPointer
  private let before: UnsafeMutableRawPointer
  /// Where in the chunk each stood; empty where none had to be dropped.
  private var ranks: [Int] = []
  /// Which of the picked hits another scan does not have.
  private var missing: [Int] = []
  private let otherSlots: UnsafeMutablePointer<UInt16>
  /// Where in the buffer each lies, for what is no scalar.
  private var places: [UnsafeRawPointer] = unsafe []

  init() {
    let most = HitChunk.mostSlots
    unsafe slots = .allocate(capacity: most)
    unsafe otherSlots = .allocate(capacity: most)
    unsafe now = .allocate(byteCount: 8 * most, alignment: 64)
    unsafe before = .allocate(byteCount: 8 * most, alignment: 64)
  }

  deinit {
    unsafe slots.deallocate()
    unsafe otherSlots.deallocate()
    unsafe now.deallocate()
    unsafe before.deallocate()
  }

  /// Marks the candidates of a chunk that lie one after the other at `bytes`; false when its values
  /// are kept in a way that does not allow it.
  func mark(_ candidates: NextCandidates, _ bytes: UnsafeRawPointer, _ step: NextStep) -> Bool {
    let chunk = candidates.chunk
    let distance = candidates.lane.step
    let count = Int(chunk.slots)
    switch step {
    case .drop: return false
    case .refresh:
      for word in 0..<HitChunk.words(count) { unsafe bits.words[word] = .max }
      if count % 64 != 0 { unsafe bits.words[count / 64] = 1 << UInt64(count % 64) - 1 }
      return true
    case .test(let matcher, _):
      guard matcher.links.isEmpty else { return false }
      _ = unsafe matcher.mark(bytes, count: count, step: distance, into: bits.words)
      return true
    case .compare(let comparison):
      guard comparison.other == nil else { return false }
      var change = comparison.change
      switch chunk.keeping {
      case .nothing, .packed: return false
      case .block:
        if let digests = unsafe chunk.digests, let values = unsafe chunk.values {
          unsafe pvk_compare_digested(
            &change, bytes, values, count, BlockDigests.key.words, digests, bits.words)
        } else {
          unsafe pvk_compare(&change, bytes, distance, chunk.values, distance, count, bits.words)
        }
      case .constant:
        var constant = candidates.lane.constant.littleEndian
        unsafe pvk_compare(&change, bytes, distance, &constant, 0, count, bits.words)
      }
      return true
    }
  }

  /// Picks the hits of a chunk out of the buffer that could be read.
  /// - Returns: how many there are.
  func pick(
    _ candidates: NextCandidates, _ spans: NextSpans, _ gaps: [Hole], _ buffer: UnsafeRawPointer
  ) -> Int {
    let chunk = candidates.chunk
    let lane = candidates.lane
    unsafe chunk.writeSlots(to: slots)
    ranks.removeAll(keepingCapacity: true)
    unsafe places.removeAll(keepingCapacity: true)
    if unsafe pickTogether(candidates, spans, gaps, buffer) { return Int(chunk.count) }
    var span = unsafe spans.find(chunk.base &+ UInt64(Int(slots[0]) * lane.step))
    var gap = 0
    var kept = 0
    for rank in 0..<Int(chunk.count) {
      let slot = unsafe slots[rank]
      let address = chunk.base &+ UInt64(Int(slot) * lane.step)
      span = spans.index(of: address, from: span)
      let offset = spans.offset(of: address, in: span)
      while gap < gaps.count, gaps[gap].offset + gaps[gap].count <= offset { gap += 1 }
      if gap < gaps.count, gaps[gap].offset < offset + lane.width { continue }
      unsafe slots[kept] = slot
      unsafe put(buffer + offset, kept, lane)
      ranks.append(rank)
      kept += 1
    }
    return kept
  }

  /// Picks all hits of a chunk, when they are scalars that lie in one range without a gap; else
  /// false.
  private func pickTogether(
    _ candidates: NextCandidates, _ spans: NextSpans, _ gaps: [Hole], _ buffer: UnsafeRawPointer
  ) -> Bool {
    let chunk = candidates.chunk
    let lane = candidates.lane
    guard gaps.isEmpty, lane.element.format != nil else { return false }
    let count = Int(chunk.count)
    let start = unsafe Int(slots[0]) * lane.step
    let first = chunk.base &+ UInt64(start)
    let last = unsafe chunk.base &+ UInt64(Int(slots[count - 1]) * lane.step)
    let span = spans.find(first)
    guard spans[span].contains(Address(last)) else { return false }
    // Candidates before the first hit need not lie in the buffer.
    let bytes = unsafe buffer + (spans.offset(of: first, in: span) - start)
    unsafe pvk_pick(bytes, lane.step, lane.width, slots, count, now)
    return true
  }

  private func put(_ bytes: UnsafeRawPointer, _ index: Int, _ lane: HitLane) {
    switch lane.element.format == nil ? 0 : lane.width {
    case 1:
      unsafe now.storeBytes(of: bytes.load(as: UInt8.self), toByteOffset: index, as: UInt8.self)
    case 2:
      unsafe now.storeBytes(
        of: bytes.loadUnaligned(as: UInt16.self), toByteOffset: 2 * index, as: UInt16.self)
    case 4:
      unsafe now.storeBytes(
        of: bytes.loadUnaligned(as: UInt32.self), toByteOffset: 4 * index, as: UInt32.self)
    case 8:
      unsafe now.storeBytes(
        of: bytes.loadUnaligned(as: UInt64.self), toByteOffset: 8 * index, as: UInt64.self)
    default: unsafe places.append(bytes)
    }
  }

  /// Notes what the picked hits point at.
  func want(_ links: [PointerLink], in pointees: inout PointeeReader) {
    for index in unsafe places.indices { unsafe pointees.want(links, of: places[index]) }
  }

  /// Keeps those of the picked hits that pass, with their values.
  /// - Parameter pointees: what they point at, as far as the step asks.
  /// - Returns: how many there are.
  func keep(
    _ count: Int, _ candidates: NextCandidates, _ step: NextStep, _ pointees: PointeeReader
  ) throws(RemoteMemoryError) -> Int {
    let lane = candidates.lane
    let width = lane.width
    switch step {
    case .drop: return 0
    case .refresh: return count
    case .test(let matcher, _):
      if unsafe places.isEmpty {
        _ = unsafe matcher.mark(now, count: count, step: width, into: bits.words)
      } else {
        testOneByOne(matcher, count, pointees)
      }
    case .compare(let comparison):
      var change = comparison.change
      let distance = fetchEarlier(count, candidates, comparison.other)
      unsafe pvk_compare(&change, now, width, before, distance, count, bits.words)
      for index in missing { unsafe bits.words[index / 64] &= ~(1 << UInt64(index % 64)) }
    }
    if lane.element.format != nil { unsafe pvk_keep_values(now, width, count, bits.words) }
    return unsafe pvk_keep_u16(slots, count, bits.words)
  }

  private func testOneByOne(
    _ matcher: any CandidateMatcher, _ count: Int, _ pointees: PointeeReader
  ) {
    for word in 0..<HitChunk.words(count) { unsafe bits.words[word] = 0 }
    for index in 0..<count {
      if unsafe matcher.accepts(places[index], pointees) {
        unsafe bits.words[index / 64] |= 1 << UInt64(index % 64)
      }
    }
  }

  /// Puts the values that another scan kept for the picked hits into `before`; a hit it does not
  /// have is noted as missing.
  private func fetch(from other: Hits, _ count: Int, _ candidates: NextCandidates) {
    let lane = candidates.lane
    let base = candidates.chunk.base
    missing.removeAll(keepingCapacity: true)
    let same = other.lanes.first { $0.label == lane.label && $0.element == lane.element }
    guard let same else {
      missing = Array(0..<count)
      return
    }
    let start = unsafe base &+ UInt64(Int(slots[0]) * lane.step)
    var kept = unsafe KeptValues(same, room: otherSlots, from: start)
    for index in 0..<count {
      let address = unsafe base &+ UInt64(Int(slots[index]) * lane.step)
      if unsafe !kept.copy(address, to: before + index * lane.width) { missing.append(index) }
    }
  }

  /// Puts the earlier values of the picked hits into `before`.
  /// - Returns: how far apart they lie there; 0 where all had the same.
  private func fetchEarlier(_ count: Int, _ candidates: NextCandidates, _ other: Hits?) -> Int {
    let chunk = candidates.chunk
    let lane = candidates.lane
    let width = lane.width
    if let other {
      fetch(from: other, count, candidates)
      return width
    }
    missing.removeAll(keepingCapacity: true)
    switch chunk.keeping {
    case .nothing: missing = Array(0..<count)
    case .constant:
      unsafe before.storeBytes(of: lane.constant.littleEndian, as: UInt64.self)
      return 0
    case .block: unsafe pvk_pick(chunk.values, lane.step, width, slots, count, before)
    case .packed where ranks.isEmpty:
      unsafe before.copyMemory(from: chunk.values!, byteCount: count * width)
    case .packed:
      for index in 0..<count {
        unsafe (before + index * width).copyMemory(
          from: chunk.values! + ranks[index] * width, byteCount: width)
      }
    }
    return width
  }
}
