/// The chunks of all lanes of some hits, in the order of their addresses, cut into tasks.
struct NextTasks {
  /// One chunk of one lane.
  struct Entry {
    let lane: Int
    let chunk: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var ends: [Int] = []
  /// The bytes that are looked at, in all; for a sparse chunk an estimate.
  private(set) var byteCount: UInt64 = 0

  /// - Parameters:
  ///   - lanes: where the hits lie; lanes that are dropped take no part.
  ///   - steps: what is asked of each lane.
  ///   - blockBytes: about how many bytes a task reads.
  init(_ lanes: [HitLane], _ steps: [NextStep], blockBytes: Int) {
    for (number, lane) in lanes.enumerated() {
      if case .drop = steps[number] { continue }
      for chunk in lane.chunks.indices { entries.append(Entry(lane: number, chunk: chunk)) }
    }
    if lanes.count > 1 {
      entries.sort {
        lanes[$0.lane].chunks[$0.chunk].base < lanes[$1.lane].chunks[$1.chunk].base
      }
    }
    var bytes = 0
    for (index, entry) in entries.enumerated() {
      let size = Self.size(lanes[entry.lane].chunks[entry.chunk], lanes[entry.lane])
      if bytes > 0, bytes + size > blockBytes {
        ends.append(index)
        bytes = 0
      }
      bytes += size
      byteCount &+= UInt64(size)
    }
    if !entries.isEmpty { ends.append(entries.count) }
  }

  /// About how many bytes have to be read for a chunk.
  private static func size(_ chunk: HitChunk, _ lane: HitLane) -> Int {
    let whole = (Int(chunk.slots) - 1) * lane.step + lane.width
    return chunk.form == .list
      ? min(whole, Int(chunk.count) * (NextSpans.mergeGap + lane.width)) : whole
  }

  var count: Int { ends.count }

  func entries(of task: Int) -> ArraySlice<Entry> {
    entries[(task == 0 ? 0 : ends[task - 1])..<ends[task]]
  }
}
