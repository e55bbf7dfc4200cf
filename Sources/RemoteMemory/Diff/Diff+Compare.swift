import MemoryModel

extension Diff {
  /// Compares two memories.
  /// - Parameters:
  ///   - before: the earlier one, a snapshot or a file.
  ///   - after: the later one, a snapshot or a file.
  ///   - options: what of them, as which type, and how.
  /// - Throws: `EINVAL` when their pointers differ in width, `ENOMEM` and `ENOSPC` when the cells
  ///   have no room, and what reading throws.
  public static func compare(
    _ before: any MemorySource, _ after: any MemorySource, _ options: DiffOptions = DiffOptions()
  ) throws(RemoteMemoryError) -> Diff {
    try checkMachines(before, after)
    let extent = DiffExtent(
      try HeldMemory(before), try HeldMemory(after), options.filter, options.alignment)
    return try DiffRun.run(before, after, extent, options)
  }

  static func checkMachines(_ before: any MemorySource, _ after: any MemorySource)
    throws(RemoteMemoryError)
  {
    guard before.pointerWidth == after.pointerWidth, before.byteOrder == after.byteOrder else {
      throw RemoteMemoryError(
        .compare, .invalid, process: after.processID,
        detail: "\(before.label) and \(after.label) are of different kinds of machine")
    }
  }
}

/// A comparison under way.
final class DiffRun: Sendable {
  private let tasks: DiffTasks
  private let workers: [DiffWorker]
  private let meter = ScanMeter()

  private init(_ tasks: DiffTasks, _ workers: [DiffWorker]) {
    self.tasks = tasks
    self.workers = workers
  }

  /// - Parameter later: for a live process, what is kept of it; else both do not change.
  static func run(
    _ before: any MemorySource, _ after: any MemorySource, _ extent: DiffExtent,
    _ options: DiffOptions, later: LaterPages? = nil
  ) throws(RemoteMemoryError) -> Diff {
    let clock = Clock.now
    let cells = DiffCells(options, extent.alignment, in: after)
    let scan = options.scan
    let tasks =
      later?.tasks
      ?? DiffTasks(extent.pairs, width: cells.width, blockBytes: scan.blockBytes)
    let store = MemoryStore(budget: scan.budget)
    let threads = scan.threads(forBytes: tasks.byteCount, tasks: tasks.count)
    var workers: [DiffWorker] = []
    for _ in 0..<threads {
      workers.append(try DiffWorker(before, after, cells, store, tasks, later))
    }
    let run = DiffRun(tasks, workers)
    let isComplete = try ScanCrew.run(
      after, tasks: tasks.count, bytes: tasks.byteCount, threads: threads,
      look: { scan.progress?(run.meter.progress(of: run.tasks.byteCount, since: clock)) ?? true },
      work: { (task, worker) throws(RemoteMemoryError) in try run.work(task, worker) })
    try before.confirm()
    var statistics = run.statistics(extent)
    let holes = HoleList.joined(workers.map(\.holes))
    statistics.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    statistics.seconds = Clock.now - clock
    var outcome = ScanOutcome(
      statistics: ScanStatistics(), holes: holes, isComplete: isComplete)
    outcome.statistics.bytesRead = statistics.bytesCompared
    outcome.statistics.bytesUnreadable = statistics.bytesUnreadable
    outcome.statistics.threads = threads
    outcome.statistics.seconds = statistics.seconds
    let found = workers.flatMap(\.found).sorted { $0.task < $1.task }
    let still = try later?.snapshot(of: after, workers, holes, since: clock) ?? after
    let hits = Hits(
      source: still, lanes: [cells.lane(found.flatMap(\.chunks))], parent: nil,
      title: title(options, cells), store: store, outcome: outcome, options: scan)
    return Diff(
      before: before, after: still, hits: hits, alignment: extent.alignment,
      statistics: statistics, mapChanges: changes(before, after, extent), map: extent.after.map)
  }

  private static func title(_ options: DiffOptions, _ cells: DiffCells) -> String {
    let what = options.format.map(\.name) ?? "bytes"
    return "\(what) \(options.unchanged ? "unchanged" : "changed")"
  }

  private func work(_ task: Int, _ worker: Int) throws(RemoteMemoryError) {
    let pieces = tasks.pieces(of: task)
    let found = try workers[worker].compare(task, pieces)
    meter.add(bytes: pieces.reduce(0) { $0 &+ UInt64($1.count) }, hits: found)
  }

  private func statistics(_ extent: DiffExtent) -> DiffStatistics {
    var statistics = DiffStatistics()
    for worker in workers {
      statistics.bytesCompared &+= worker.bytesCompared
      statistics.bytesShared &+= worker.bytesShared
    }
    statistics.bytesCompared &+= extent.bytesZero
    statistics.bytesOnlyBefore = extent.bytesOnlyBefore
    statistics.bytesOnlyAfter = extent.bytesOnlyAfter
    statistics.threads = workers.count
    return statistics
  }

  /// What became of the mappings; memory without a file is known again by its first page.
  private static func changes(
    _ before: any MemorySource, _ after: any MemorySource, _ extent: DiffExtent
  ) -> RegionChanges {
    RegionChanges(
      before: extent.before.map, after: extent.after.map, alignment: extent.alignment
    ) { region, isAfter in
      let held = isAfter ? extent.after : extent.before
      guard held.populated.contains(region.start) else { return nil }
      let count = Int(min(region.range.count, 4096))
      let page = try? (isAfter ? after : before).readPartial(at: region.start, count: count)
      guard let bytes = page?.bytes, bytes.count == count, bytes.contains(where: { $0 != 0 }) else {
        return nil
      }
      return Self.hash(bytes)
    }
  }

  /// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
