import MemoryModel

/// Reads the addresses of a lane's hits part by part; cheap as long as parts are asked for in rising
/// order.
@safe final class LaneAddresses {
  private let lane: HitLane
  /// The numbers of the hits of the chunk in hand.
  private let slots: UnsafeMutablePointer<UInt16>
  private var decoded = -1

  init(_ lane: HitLane) {
    self.lane = lane
    unsafe slots = .allocate(capacity: HitChunk.mostSlots)
  }

  deinit { unsafe slots.deallocate() }

  /// The first hit at an address or behind it; nil when there is none.
  func first(from address: UInt64) -> UInt64? {
    var chunk = self.chunk(of: address)
    while chunk < lane.chunks.count {
      let rank = rank(from: address, in: chunk)
      if rank < Int(lane.chunks[chunk].count) { return self.address(chunk, rank) }
      chunk += 1
    }
    return nil
  }

  /// Appends the hits from `start` to before `end`.
  func append(from start: UInt64, to end: UInt64, into list: inout [UInt64]) {
    var chunk = self.chunk(of: start)
    while chunk < lane.chunks.count, lane.chunks[chunk].base < end {
      var rank = rank(from: start, in: chunk)
      while rank < Int(lane.chunks[chunk].count) {
        let address = self.address(chunk, rank)
        guard address < end else { return }
        list.append(address)
        rank += 1
      }
      chunk += 1
    }
  }

  /// The chunk in which an address would be; where it lies between two, the one before.
  private func chunk(of address: UInt64) -> Int {
    var low = 0
    var high = lane.chunks.count
    while low < high {
      let middle = (low + high) / 2
      if lane.chunks[middle].base <= address { low = middle + 1 } else { high = middle }
    }
    return max(low - 1, 0)
  }

  /// The rank of the first hit of a chunk at an address or behind it.
  private func rank(from address: UInt64, in chunk: Int) -> Int {
    let here = lane.chunks[chunk]
    if decoded != chunk {
      unsafe here.writeSlots(to: slots)
      decoded = chunk
    }
    guard address > here.base else { return 0 }
    var low = 0
    var high = Int(here.count)
    while low < high {
      let middle = (low + high) / 2
      if self.address(chunk, middle) < address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func address(_ chunk: Int, _ rank: Int) -> UInt64 {
    unsafe lane.chunks[chunk].base &+ UInt64(Int(slots[rank]) * lane.step)
  }
}
