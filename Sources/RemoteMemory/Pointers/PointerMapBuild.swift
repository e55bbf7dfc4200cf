import CScanKernels
import MemoryModel

extension MemorySource {
  /// Reads all pointers: those in memory that can be written, in the data of modules, and in other
  /// memory without a file. What only maps a file, without code, holds none.
  ///
  /// When it is interrupted, the map has what was read until then, and says so.
  /// - Throws: `EINVAL` for impossible options; `E2BIG` for more memory than can be numbered;
  ///   `ENOMEM` and `ENOSPC` when it fits neither memory nor disk; `ESRCH` and `EXEC` when the
  ///   process goes.
  public func pointerMap(_ options: PointerMapOptions = PointerMapOptions())
    throws(RemoteMemoryError) -> PointerMap
  {
    try PointerMapBuild.run(self, options)
  }
}

/// The making of a pointer map.
final class PointerMapBuild: Sendable {
  private let source: any MemorySource
  private let tasks: ScanTasks
  private let workers: [PointerWorker]
  private let meter = ScanMeter()

  private init(_ source: any MemorySource, _ tasks: ScanTasks, _ workers: [PointerWorker]) {
    self.source = source
    self.tasks = tasks
    self.workers = workers
  }

  static func run(_ source: any MemorySource, _ options: PointerMapOptions)
    throws(RemoteMemoryError) -> PointerMap
  {
    let clock = Clock.now
    let step = options.alignment ?? source.pointerWidth.bytes
    try check(options, step, source)
    let map = try source.regionMap()
    let regions = map.regionsWithPointers
    let survey = try source.survey(regions, .harmless)
    let space = try PointerSpace(
      (RunList(survey.runs).union(RunList(options.pages)).runs), reach: options.wholeReach)
    let layout = PointerLayout(placeCount: space.placeCount, step: step)
    guard layout.fits else { throw tooLarge(source) }
    let width = source.pointerWidth.bytes
    let tasks = ScanTasks(
      survey.runs, width: step >= width ? 1 : width, blockBytes: options.scan.blockBytes)
    let store = MemoryStore(budget: options.scan.budget)
    let threads = options.scan.threads(forBytes: tasks.byteCount, tasks: tasks.count)
    let matcher = PointerShape(source.pointerWidth, source.byteOrder).matcher(space.bounds)
    var workers: [PointerWorker] = []
    for _ in 0..<threads {
      workers.append(
        try PointerWorker(source, matcher, space, layout, store, largest: tasks.largest + width))
    }
    let build = PointerMapBuild(source, tasks, workers)
    let isComplete = try build.read(options.scan, threads: threads, since: clock)
    let table = try build.sort(layout, store, threads: threads)
    var statistics = ScanStatistics()
    statistics.bytesUnpopulated = survey.unpopulatedBytes
    statistics.bytesLeftOut = survey.leftOutBytes
    statistics.regions = regions.count
    let holes = HoleList.joined(workers.map(\.holes))
    statistics.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    statistics.bytesRead = build.meter.bytesDone &- statistics.bytesUnreadable
    statistics.threads = threads
    statistics.seconds = Clock.now - clock
    return PointerMap(
      label: source.label, pointerWidth: source.pointerWidth, byteOrder: source.byteOrder,
      bases: map.pointerBases,
      outcome: ScanOutcome(
        statistics: statistics, holes: holes, leftOut: survey.leftOut, outside: OutsideBytes(),
        isComplete: isComplete),
      space: space, table: table, interrupt: source.interrupt, budget: options.scan.budget)
  }

  private static func check(
    _ options: PointerMapOptions, _ step: Int, _ source: any MemorySource
  ) throws(RemoteMemoryError) {
    guard step >= 1, step <= 4096, step & (step - 1) == 0 else {
      throw RemoteMemoryError(
        .scan, .invalid, process: source.processID,
        detail: "pointers lie at multiples of a power of two up to 4096, not of \(step)")
    }
    guard options.reach <= PointerMapOptions.greatestReach else {
      throw RemoteMemoryError(
        .scan, .invalid, process: source.processID,
        detail: "offsets are at most \(PointerMapOptions.greatestReach), got \(options.reach)")
    }
  }

  private static func tooLarge(_ source: any MemorySource) -> RemoteMemoryError {
    RemoteMemoryError(
      .scan, .tooLarge, process: source.processID,
      detail: "pointers at any address are found in at most 256 GiB of memory in use")
  }

  private func read(_ options: ScanOptions, threads: Int, since start: Double)
    throws(RemoteMemoryError) -> Bool
  {
    let isComplete = try ScanCrew.run(
      source, tasks: tasks.count, threads: threads,
      look: { options.progress?(meter.progress(of: tasks.byteCount, since: start)) ?? true },
      work: { (task, worker) throws(RemoteMemoryError) in
        let pieces = self.tasks.pieces(of: task)
        let found = try self.workers[worker].scan(pieces)
        self.meter.add(bytes: pieces.reduce(0) { $0 &+ UInt64($1.count) }, hits: found)
      })
    for worker in workers { worker.finish() }
    return isComplete
  }

  private func sort(_ layout: PointerLayout, _ store: MemoryStore, threads: Int)
    throws(RemoteMemoryError) -> PointerTable
  {
    let sorter = PointerSorter(workers, layout, store, threads: threads)
    let group = 16
    let tasks = (layout.partCount + group - 1) / group
    // Not to be stopped half way: what was read is wanted, and it does not take long.
    _ = try ScanCrew.run(interrupt: .never, tasks: tasks, threads: threads) {
      true
    } work: {
      (task, worker) throws(RemoteMemoryError) in
      for part in (task * group)..<min((task + 1) * group, layout.partCount) {
        try sorter.sort(part, worker)
      }
    }
    return sorter.finish()
  }
}

extension PointerMapOptions {
  /// The reach in whole pages, at least one.
  fileprivate var wholeReach: UInt64 {
    max(1, (reach &+ (PointerSpace.pageSize - 1)) / PointerSpace.pageSize) * PointerSpace.pageSize
  }

  /// The pages of the targets, rising.
  fileprivate var pages: [AddressRange] {
    targets.map { $0.alignedDown(to: PointerSpace.pageSize) }.sorted().map {
      AddressRange(start: $0, count: PointerSpace.pageSize)
    }
  }
}

extension RegionMap {
  /// Those in which pointers may lie.
  fileprivate var regionsWithPointers: [Region] {
    var code: Set<Address> = []
    for module in modules() where module.hasCode {
      code.formUnion(module.regions.map(\.start))
    }
    return regions.filter { region in
      guard region.permissions.contains(.read) else { return false }
      return region.permissions.contains(.write) || region.kind != .file
        || code.contains(region.start)
    }
  }
}
