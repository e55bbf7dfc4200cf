import MemoryModel

/// Behind the head of a file of a map stand: the reach (8); the runs of addresses: how many (4),
/// each its first and last address (16); then each part that has pointers, rising: its number (4),
/// how many (4), and the words (8 each); and `0xffffffff` at the end.
extension PointerMap {
  private static let endOfParts = UInt32.max

  /// Writes the map to a file, from which `load(_:budget:interrupt:)` reads it back, in any process.
  ///
  /// A file of that name is replaced, at once and only when all is written; it can be read by its
  /// owner alone.
  /// - Throws: what the kernel says: `EACCES`, `ENOSPC`, ...; `EINTERRUPTED`.
  public func save(to path: String) throws(RemoteMemoryError) {
    let file = try HitFileWriter(path)
    try PointerFile.write(
      PointerFile.Head(
        pointerWidth: pointerWidth, byteOrder: byteOrder, step: alignment, label: label,
        isComplete: outcome.isComplete, isLimited: false, bases: bases),
      .pointerMap, to: file)
    try file.add(reach)
    let extents = space.extents
    try file.add(UInt32(extents.count))
    for extent in extents {
      try file.add(extent.lowerBound)
      try file.add(extent.upperBound)
    }
    for part in 0..<table.layout.partCount where table.count(of: part) > 0 {
      if interrupt.isInterrupted { throw RemoteMemoryError(.save, .interrupted) }
      try file.add(UInt32(part))
      try file.add(UInt32(table.count(of: part)))
      try addWords(of: part, to: file)
    }
    try file.add(Self.endOfParts)
    try file.commit()
  }

  private func addWords(of part: Int, to file: HitFileWriter) throws(RemoteMemoryError) {
    var left = table.count(of: part)
    for chunk in table.chunks(of: part) where left > 0 {
      let count = min(left, PointerTable.chunkWords)
      try unsafe file.add(UnsafeRawBufferPointer(start: table.chunk(chunk), count: 8 * count))
      left -= count
    }
  }

  /// Reads a map that `save(to:)` wrote.
  /// - Throws: what the kernel says: `ENOENT`, `EACCES`, ...; `EINVAL` for a file that is none of a
  ///   map, or is cut off or damaged; `ENOMEM` and `ENOSPC` when it fits neither memory nor disk;
  ///   `EINTERRUPTED`.
  public static func load(
    _ path: String, budget: MemoryBudget = .standard, interrupt: InterruptCheck = .never
  ) throws(RemoteMemoryError) -> PointerMap {
    let file = try HitFileReader(path, .pointerMap, interrupt: interrupt)
    let head = try PointerFile.read(file)
    let space = try readSpace(file)
    guard head.step >= 1, head.step <= 4096, head.step & (head.step - 1) == 0 else {
      throw file.damaged
    }
    let layout = PointerLayout(placeCount: space.placeCount, step: head.step)
    guard layout.fits else { throw file.damaged }
    var loader = PointerTableLoader(file, layout, budget, interrupt)
    let table = try loader.load(endOfParts)
    var outcome = ScanOutcome()
    outcome.isComplete = head.isComplete
    return PointerMap(
      label: head.label, pointerWidth: head.pointerWidth, byteOrder: head.byteOrder,
      bases: head.bases, outcome: outcome, space: space, table: table, interrupt: interrupt,
      budget: budget)
  }

  private static func readSpace(_ file: HitFileReader) throws(RemoteMemoryError) -> PointerSpace {
    let reach = try file.number(UInt64.self)
    guard reach >= PointerSpace.pageSize, reach <= PointerMapOptions.greatestReach,
      reach % PointerSpace.pageSize == 0
    else { throw file.damaged }
    var extents: [ClosedRange<UInt64>] = []
    for _ in 0..<(try file.count(least: 16)) {
      let first = try file.number(UInt64.self)
      let last = try file.number(UInt64.self)
      guard first <= last, first % PointerSpace.pageSize == 0,
        last % PointerSpace.pageSize == PointerSpace.pageSize - 1,
        extents.last.map({ $0.upperBound < first && $0.upperBound + 1 < first }) ?? true
      else { throw file.damaged }
      extents.append(first...last)
    }
    return try PointerSpace(extents: extents, reach: reach)
  }
}

/// Reads the words of a saved map; nothing in them is believed.
@safe private struct PointerTableLoader {
  private static let chunkByteCount = PointerTable.chunkWords * 8

  private let file: HitFileReader
  private let layout: PointerLayout
  private let store: MemoryStore
  private let interrupt: InterruptCheck
  private var chunkCounts: [Int]
  private var counts: [Int]
  private var chunks: [UnsafeMutablePointer<UInt64>] = unsafe []
  private var slab: UnsafeMutableRawPointer?
  private var slabLeft = 0

  init(
    _ file: HitFileReader, _ layout: PointerLayout, _ budget: MemoryBudget,
    _ interrupt: InterruptCheck
  ) {
    self.file = file
    self.layout = layout
    self.interrupt = interrupt
    store = MemoryStore(budget: budget)
    chunkCounts = [Int](repeating: 0, count: layout.partCount)
    counts = chunkCounts
  }

  mutating func load(_ end: UInt32) throws(RemoteMemoryError) -> PointerTable {
    try readParts(end)
    let table = PointerTable(layout, store, chunkCounts: chunkCounts)
    for unsafe(number, chunk) in unsafe chunks.enumerated() {
      unsafe table.setChunk(number, chunk)
    }
    for (part, count) in counts.enumerated() { table.setCount(of: part, count) }
    table.finish()
    return table
  }

  private mutating func readParts(_ end: UInt32) throws(RemoteMemoryError) {
    var last = -1
    while true {
      let part = try file.number(UInt32.self)
      if part == end { break }
      let count = Int(try file.number(UInt32.self))
      guard Int(part) > last, Int(part) < layout.partCount, count > 0,
        UInt64(count) <= file.left / 8
      else { throw file.damaged }
      if interrupt.isInterrupted { throw RemoteMemoryError(.load, .interrupted) }
      last = Int(part)
      counts[last] = count
      try readWords(count, of: last)
    }
    guard file.left == 0 else { throw file.damaged }
  }

  private mutating func readWords(_ count: Int, of part: Int) throws(RemoteMemoryError) {
    var left = count
    var before: UInt64 = 0
    while left > 0 {
      let here = min(left, PointerTable.chunkWords)
      let chunk = unsafe try newChunk()
      try unsafe file.take(8 * here, into: chunk)
      for index in 0..<here {
        let place = unsafe chunk[index] >> UInt64(layout.slotBits)
        guard place >= before, place <= layout.partMask else { throw file.damaged }
        before = place
      }
      unsafe chunks.append(chunk)
      chunkCounts[part] += 1
      left -= here
    }
  }

  private mutating func newChunk() throws(RemoteMemoryError) -> UnsafeMutablePointer<UInt64> {
    if slabLeft == 0 {
      unsafe slab = try store.slab(byteCount: 1024 * Self.chunkByteCount).baseAddress
      slabLeft = 1024
    }
    guard let start = unsafe slab else { throw MemoryStore.noRoom(Self.chunkByteCount) }
    unsafe slab = start + Self.chunkByteCount
    slabLeft -= 1
    return unsafe start.assumingMemoryBound(to: UInt64.self)
  }
}
