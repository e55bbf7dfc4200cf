import MemoryModel

/// Memory that is read together for a sample, and where in it the candidates lie.
struct TrackBlock {
  /// Where candidates lie in the block.
  enum Cells {
    /// Side by side: the first one's offset, the distance to the next, and how many.
    case grid(kind: Int, first: Int, step: Int, count: Int)
    /// Each at an offset of its own, rising for one kind.
    case list([Place])
  }

  /// A candidate of a list.
  struct Place {
    let kind: Int
    let offset: Int
    let address: Address
  }

  /// What is read, one range behind the other.
  var spans: [AddressRange]
  var byteCount: Int
  var cells: Cells
  /// Where the bytes of the last sample lie among those of all blocks.
  var start = 0

  /// About so many bytes are read at once.
  static let mostBytes = 1 << 20
  /// And at most so many ranges.
  static let mostSpans = 1024

  /// How many candidates it has.
  var cellCount: Int {
    switch cells {
    case .grid(_, _, _, let count): count
    case .list(let places): places.count
    }
  }
}

extension TrackBlock {
  /// Cuts runs of memory into blocks with candidates of one kind.
  /// - Parameters:
  ///   - kind: the number of the kind.
  ///   - width: the size of a candidate in bytes.
  ///   - step: the distance of two; they lie at multiples of it.
  static func cut(_ runs: [AddressRange], kind: Int, width: Int, step: Int) -> [TrackBlock] {
    var blocks: [TrackBlock] = []
    let (wide, distance) = (UInt64(width), UInt64(step))
    for run in runs {
      let skipped = (distance &- run.start.rawValue % distance) % distance
      guard run.count >= wide, skipped <= run.count - wide else { continue }
      var first = skipped
      let slots = max(1, UInt64(mostBytes) / distance)
      while first <= run.count - wide {
        let count = min((run.count - wide - first) / distance + 1, slots)
        let bytes = (count - 1) * distance + wide
        blocks.append(
          TrackBlock(
            spans: [
              AddressRange(start: Address(run.start.rawValue &+ first), count: bytes)
            ], byteCount: Int(bytes),
            cells: .grid(kind: kind, first: 0, step: step, count: Int(count))))
        let (next, overflow) = first.addingReportingOverflow(count * distance)
        if overflow { break }
        first = next
      }
    }
    return blocks
  }

  /// The same block without what could not be read.
  /// - Parameters:
  ///   - holes: rising, by offset in the block.
  ///   - width: gives the size of the candidates of a kind.
  func without(_ holes: [Hole], width: (Int) -> Int) -> [TrackBlock] {
    if holes.isEmpty { return [self] }
    switch cells {
    case .grid(let kind, let first, let step, _):
      var runs: [AddressRange] = []
      var begin = first
      for end in holes.map(\.offset) + [byteCount] {
        if end > begin, let base = spans.first?.start {
          runs.append(
            AddressRange(
              start: base.offset(by: Int64(begin)), count: UInt64(end - begin)))
        }
        if let hole = holes.first(where: { $0.offset == end }) { begin = end + hole.count }
      }
      return Self.cut(runs, kind: kind, width: width(kind), step: step)
    case .list(let places):
      var block = self
      var next = 0
      block.cells = .list(
        places.filter { place in
          let end = place.offset + width(place.kind)
          if next > 0, holes[next - 1].offset + holes[next - 1].count > place.offset { next -= 1 }
          while next < holes.count, holes[next].offset + holes[next].count <= place.offset {
            next += 1
          }
          return next >= holes.count || holes[next].offset >= end
        })
      return block.cellCount == 0 ? [] : [block]
    }
  }
}
