import MemoryModel

extension Track {
  /// The cells as hits, with the values of the last sample, so that a search can go on with them.
  /// - Parameter options: how later steps are carried out.
  /// - Throws: `ENOMEM`, `ENOSPC`.
  public func hits(_ options: ScanOptions = ScanOptions()) throws(RemoteMemoryError) -> Hits {
    var builder = HitsBuilder(budget: options.budget)
    var kinds: [TrackedKind] = []
    for cell in cells where !kinds.contains(cell.kind) { kinds.append(cell.kind) }
    for kind in kinds {
      try Self.add(
        cells.filter { $0.kind == kind }.sorted { $0.address < $1.address }, kind, to: &builder)
    }
    return try builder.finish(source, parent: nil, title: "tracked", options: options)
  }

  private static func add(
    _ cells: [TrackedCell], _ kind: TrackedKind, to builder: inout HitsBuilder
  ) throws(RemoteMemoryError) {
    let width = kind.byteCount
    let step = cells.allSatisfy { $0.address.rawValue % UInt64(width) == 0 } ? width : 1
    let lane = HitLane(
      label: kind.format.name, element: .scalar(kind.format), step: step, width: width,
      matcher: nil, encoding: kind.encoding)
    builder.begin(lane)
    var row: [TrackedCell] = []
    for cell in cells {
      if let first = row.first,
        cell.address.rawValue - first.address.rawValue >= UInt64(step * mostSlots)
      {
        try add(row, lane, to: &builder)
        row.removeAll(keepingCapacity: true)
      }
      row.append(cell)
    }
    try add(row, lane, to: &builder)
  }

  /// How many candidates are looked at together.
  private static var mostSlots: Int { 4096 }

  /// Adds cells that lie near each other.
  private static func add(
    _ row: [TrackedCell], _ lane: HitLane, to builder: inout HitsBuilder
  ) throws(RemoteMemoryError) {
    guard let first = row.first, let last = row.last else { return }
    let base = first.address.rawValue
    let slots = Int(last.address.rawValue - base) / lane.step + 1
    var bits = [UInt64](repeating: 0, count: HitChunk.words(slots))
    var values = [UInt8](repeating: 0, count: slots * lane.width)
    for cell in row {
      let slot = Int(cell.address.rawValue - base) / lane.step
      bits[slot / 64] |= 1 << UInt64(slot % 64)
      for byte in 0..<lane.width {
        values[slot * lane.width + byte] = UInt8(
          truncatingIfNeeded: cell.word >> UInt64(8 * byte))
      }
    }
    let grid = HitGrid(base: base, step: lane.step, slots: slots)
    let result: Result<Void, RemoteMemoryError> = unsafe values.withUnsafeBytes { values in
      unsafe bits.withUnsafeBufferPointer { bits in
        guard let bits = bits.baseAddress else { return .success(()) }
        do throws(RemoteMemoryError) {
          return .success(try unsafe builder.add(grid, bits, values: values.baseAddress))
        } catch {
          return .failure(error)
        }
      }
    }
    try result.get()
  }
}
