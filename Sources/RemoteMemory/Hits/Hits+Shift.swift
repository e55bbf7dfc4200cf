import MemoryModel

extension Hits {
  /// The hits moved by so many bytes: what lies that far from each, as other members of a struct do.
  ///
  /// Values are read anew, so that the next step can compare with them; hits at which nothing can be
  /// read are dropped and counted in `outcome.statistics.lostHits`. What is no scalar moves as it
  /// is and is not read.
  /// - Parameters:
  ///   - byteCount: how far, up or, if negative, down.
  ///   - progress: called now and then while values are read; false ends it with what was read so
  ///     far.
  public func shifted(
    by byteCount: Int64, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> Hits {
    let title = "shifted by \(byteCount < 0 ? "-" : "+")\(byteCount.magnitude)"
    let moved = try moved(by: byteCount, title: title)
    let steps = moved.lanes.map { $0.element.format == nil ? NextStep.drop : .refresh }
    let read = try NextScan.run(moved, steps, title: title, progress: progress)
    var lanes = read.lanes
    for (number, lane) in moved.lanes.enumerated() where lane.element.format == nil {
      lanes[number] = lane
      if lane.count > 0 { read.store.borrow(from: moved.store.owners) }
    }
    var outcome = read.outcome
    outcome.statistics.lostHits += count - moved.count
    return Hits(
      source: source, lanes: lanes, parent: self, title: title, store: read.store,
      outcome: outcome, options: options)
  }

  /// The hits moved, without values; those that would leave the range of addresses are dropped.
  private func moved(by byteCount: Int64, title: String) throws(RemoteMemoryError) -> Hits {
    var builder = HitsBuilder(self)
    let distance = UInt64(byteCount.magnitude)
    let room = builder.room
    for lane in lanes {
      builder.begin(lane, constant: lane.constant)
      let reach = UInt64(lane.width)
      let low = byteCount < 0 ? distance : 0
      let high = .max - reach - (byteCount < 0 ? 0 : min(distance, .max - reach))
      for index in lane.chunks.indices {
        let chunk = lane.chunks[index]
        let grid = chunk.grid(step: lane.step)
        if grid.base >= low, grid.last <= high {
          builder.add(chunk, of: lane)
          continue
        }
        unsafe Bitmap.clear(room.mask, count: HitChunk.words(grid.slots))
        unsafe Bitmap.set(grid.slots(from: low, to: high), in: room.mask)
        try builder.addMasked(chunk, of: lane, isTrimmed: true)
      }
      let keepsLengths = if case .match = lane.element { true } else { false }
      builder.change { chunk in
        chunk.base = chunk.base &+ UInt64(bitPattern: byteCount)
        if !keepsLengths {
          chunk.keeping = .nothing
          unsafe chunk.values = nil
        }
      }
    }
    return try builder.finish(source, parent: nil, title: title, options: options)
  }
}
