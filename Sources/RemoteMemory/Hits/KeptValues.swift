/// Looks up the kept values of a lane for addresses that rise: one walk over its chunks.
@safe struct KeptValues {
  private let lane: HitLane
  private var chunk = 0
  /// The numbers of the hits of the chunk in hand, and the one to look at next.
  private let slots: UnsafeMutablePointer<UInt16>
  private var isDecoded = false
  private var rank = 0

  /// - Parameters:
  ///   - room: for `HitChunk.mostSlots` numbers.
  ///   - address: no smaller one will be asked for.
  init(_ lane: HitLane, room: UnsafeMutablePointer<UInt16>, from address: UInt64) {
    self.lane = lane
    unsafe slots = room
    var low = 0
    var high = lane.chunks.count
    while low < high {
      let middle = (low + high) / 2
      if lane.chunks[middle].base <= address { low = middle + 1 } else { high = middle }
    }
    chunk = max(low - 1, 0)
  }

  /// Copies the value kept for the hit at `address` to `destination`; false when there is none.
  mutating func copy(_ address: UInt64, to destination: UnsafeMutableRawPointer) -> Bool {
    let step = UInt64(lane.step)
    while chunk < lane.chunks.count {
      let here = lane.chunks[chunk]
      if address < here.base { return false }
      let distance = address - here.base
      guard distance / step < UInt64(here.slots) else {
        chunk += 1
        isDecoded = false
        continue
      }
      guard distance % step == 0 else { return false }
      return unsafe copy(here, slot: UInt16(distance / step), to: destination)
    }
    return false
  }

  private mutating func copy(
    _ here: HitChunk, slot: UInt16, to destination: UnsafeMutableRawPointer
  ) -> Bool {
    if !isDecoded {
      unsafe here.writeSlots(to: slots)
      isDecoded = true
      rank = 0
    }
    while rank < Int(here.count), unsafe slots[rank] < slot { rank += 1 }
    guard rank < Int(here.count), unsafe slots[rank] == slot else { return false }
    let width = lane.valueWidth
    switch here.keeping {
    case .nothing: return false
    case .constant:
      var word = lane.constant.littleEndian
      unsafe destination.copyMemory(from: &word, byteCount: min(width, 8))
    case .packed:
      unsafe destination.copyMemory(from: here.values! + rank * width, byteCount: width)
    case .block:
      unsafe destination.copyMemory(from: here.values! + Int(slot) * lane.step, byteCount: width)
    }
    return true
  }
}
