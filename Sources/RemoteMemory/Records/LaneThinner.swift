import MemoryModel

/// Makes a lane of some of the hits of another, with the values these had.
@safe final class LaneThinner {
  private let lane: HitLane
  private var slab: MemorySlab
  private var recorder: HitRecorder
  /// The chunk in hand, and its hits that stay.
  private var chunk = 0
  private var slots: [UInt16] = []
  private let values: UnsafeMutableRawPointer
  private let room: UnsafeMutablePointer<UInt16>
  private var kept: KeptValues

  init(_ lane: HitLane, _ store: MemoryStore) {
    self.lane = lane
    slab = MemorySlab(store)
    let keeping: HitRecorder.Keeping =
      switch lane.chunks.first?.keeping {
      case nil, .nothing: .nothing
      case .constant: .constant
      case .packed, .block: .values
      }
    recorder = HitRecorder(step: lane.step, valueWidth: lane.valueWidth, keeping: keeping)
    unsafe values = .allocate(byteCount: 8 * HitChunk.mostSlots, alignment: 8)
    unsafe room = .allocate(capacity: HitChunk.mostSlots)
    unsafe kept = KeptValues(lane, room: room, from: 0)
  }

  deinit {
    unsafe values.deallocate()
    unsafe room.deallocate()
  }

  /// Keeps a hit; addresses rise.
  func keep(_ address: UInt64) throws(RemoteMemoryError) {
    while let distance = distance(of: address), distance >= UInt64(lane.chunks[chunk].slots) {
      try flush()
      chunk += 1
    }
    guard let distance = distance(of: address) else { return }
    if recorder.keeping == .values {
      let place = unsafe values + slots.count * lane.valueWidth
      guard unsafe kept.copy(address, to: place) else { return }
    }
    slots.append(UInt16(truncatingIfNeeded: distance))
  }

  /// How many steps an address lies behind the start of the chunk in hand.
  private func distance(of address: UInt64) -> UInt64? {
    guard chunk < lane.chunks.count, address >= lane.chunks[chunk].base else { return nil }
    return (address - lane.chunks[chunk].base) / UInt64(lane.step)
  }

  private func flush() throws(RemoteMemoryError) {
    guard !slots.isEmpty else { return }
    let here = lane.chunks[chunk]
    let count = slots.count
    let outcome: Result<Void, RemoteMemoryError> = unsafe slots.withUnsafeBufferPointer { list in
      do throws(RemoteMemoryError) {
        return try unsafe .success(
          recorder.record(
            base: here.base, slots: Int(here.slots), list: list.baseAddress!, count: count,
            values: UnsafeRawPointer(values), slab: &slab))
      } catch {
        return .failure(error)
      }
    }
    slots.removeAll(keepingCapacity: true)
    try outcome.get()
  }

  /// The lane of all that was kept.
  func thinned() throws(RemoteMemoryError) -> HitLane {
    try flush()
    return lane.with(constant: lane.constant, chunks: recorder.chunks)
  }
}
