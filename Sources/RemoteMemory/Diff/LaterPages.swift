import MemoryModel

/// What is kept of a live process that is compared with a snapshot: of each page the words that
/// have changed. Used by all threads of the diff.
final class LaterPages: Sendable {
  /// What it is compared with.
  let before: Snapshot
  /// What is compared, cut between pages.
  let tasks: DiffTasks
  /// For each page where its change lies; nothing where it has none.
  let table: PageTable
  let changes: PageChanges
  /// Where the changes lie.
  let store: MemoryStore
  /// For pages that are not stored or that nobody wrote.
  let zeroes: ZeroBlock
  private let populated: [AddressRange]
  private let extent: ScanExtent
  private let notes: ProcessNotes
  private let pause: Pause?

  /// Nil where cells may lie across two pages, or two stretches in one page.
  init?(
    _ before: Snapshot, _ extent: ScanExtent, _ pairs: [RegionAlignment.Pair], _ cells: DiffCells,
    _ notes: ProcessNotes, _ pause: Pause?, _ options: ScanOptions
  ) throws(RemoteMemoryError) {
    let page = System.pageSize
    let isApart = zip(pairs, pairs.dropFirst()).allSatisfy {
      ($0.after.rawValue &+ ($0.count - 1)) / page < $1.after.rawValue / page
    }
    guard before.earlier == nil, cells.staysWithinPages, isApart else { return nil }
    let blockBytes = (options.blockBytes + Int(page) - 1) / Int(page) * Int(page)
    let populated = AddressRanges(Snapshot.wholePages(extent.survey.runs))
    tasks = DiffTasks(
      Self.cut(pairs, at: populated), width: cells.width, blockBytes: max(blockBytes, Int(page)))
    table = try PageTable(
      Snapshot.wholePages(pairs.map { AddressRange(start: $0.after, count: $0.count) }))
    // Cells of that size need not be compared once more as words.
    changes = PageChanges(pageSize: Int(page), unit: cells.width == 4 ? 4 : 8)
    store = MemoryStore(budget: options.budget)
    zeroes = try ZeroBlock(byteCount: max(tasks.largestPages, Int(page)))
    self.populated = populated.ranges
    self.before = before
    self.extent = extent
    self.notes = notes
    self.pause = pause
  }

  /// Pairs at the same addresses, so that each is populated as a whole or not at all.
  private static func cut(_ pairs: [RegionAlignment.Pair], at populated: AddressRanges)
    -> [RegionAlignment.Pair]
  {
    let all = AddressRanges(pairs.map { AddressRange(start: $0.after, count: $0.count) })
    let parts = all.intersection(populated).ranges + all.subtracting(populated).ranges
    return parts.sorted { $0.start < $1.start }.map {
      RegionAlignment.Pair(before: $0.start, after: $0.start, count: $0.count)
    }
  }

  /// The number of the page that holds an address that is compared.
  func number(of address: UInt64) -> Int {
    table.number(of: address, inRun: table.run(at: address))
  }

  /// Whether the pages of a piece hold anything but zeroes.
  func isPopulated(_ piece: DiffPiece) -> Bool {
    let next = populated.firstIndex(reaching: piece.after)
    return next < populated.count && populated[next].contains(Address(piece.after))
  }

  /// The later memory as it was found.
  func snapshot(
    of source: any MemorySource, _ workers: [DiffWorker], _ holes: [AddressRange],
    since clock: Double
  ) throws(RemoteMemoryError) -> Snapshot {
    var cost = SnapshotStatistics()
    if let pause {
      try pause.checkHeld()
      cost.pausedSeconds = pause.seconds
    }
    for worker in workers {
      cost.bytesRead &+= worker.bytesCompared
      cost.bytesShared &+= worker.bytesShared
      cost.bytesStored &+= worker.bytesKept
    }
    cost.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    cost.regions = extent.regionCount
    cost.threads = workers.count
    cost.seconds = Clock.now - clock
    return Snapshot(
      SnapshotParts(
        source: source, extent: extent, table: table, stores: [store] + before.stores,
        captured: RunList(extent.whole).runs, holes: Snapshot.wholePages(holes), notes: notes,
        time: Clock.date, cost: cost, earlier: before, changes: changes))
  }
}
