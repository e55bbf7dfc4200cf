import MemoryModel

/// What a finished capture hands to the snapshot.
struct SnapshotParts {
  let source: any MemorySource
  let extent: ScanExtent
  let table: PageTable
  let stores: [MemoryStore]
  let captured: [AddressRange]
  let holes: [AddressRange]
  let notes: ProcessNotes
  let time: Double
  let cost: SnapshotStatistics
  var earlier: Snapshot?
  var changes: PageChanges?
}

extension Snapshot {
  /// Copies what a source holds at this moment: all its populated pages, on all processors.
  ///
  /// Unless it is paused, the process goes on meanwhile, and pages are of different moments. A pause
  /// ends as soon as all is read, however that goes; registers are known of paused threads only.
  /// - Throws: as reading and pausing do; `ETIMEDOUT` when the pause was too short; `E2BIG` when there is no room, before anything is read;
  ///   `EINTERRUPTED` when the host asks to stop.
  public static func capture(_ source: any MemorySource, _ options: SnapshotOptions = .init())
    throws(RemoteMemoryError) -> Snapshot
  {
    let clock = Clock.now
    var options = options
    // One that keeps changes alone has few pages to share.
    options.base = options.base.map { $0.earlier ?? $0 }
    var notes = notes(of: source)
    let pause = try options.pausing ? pause(source, options) : nil
    if let pause { notes.threads = pause.threads }
    let extent = try options.scope.extent(of: source)
    let tasks = ScanTasks(wholePages(extent.survey.runs), width: 1, blockBytes: options.blockBytes)
    let capture = try SnapshotCapture(source, tasks, options)
    try capture.run(options, since: clock)
    var cost = capture.cost
    if let pause {
      try pause.checkHeld()
      cost.pausedSeconds = pause.seconds
    }
    cost.regions = extent.regionCount
    cost.seconds = Clock.now - clock
    return Snapshot(
      SnapshotParts(
        source: source, extent: extent, table: capture.table, stores: capture.stores,
        captured: RunList(extent.whole).runs, holes: capture.holes, notes: notes, time: Clock.date,
        cost: cost))
  }

  /// What is told of a source beside its memory.
  static func notes(of source: any MemorySource) -> ProcessNotes {
    (source as? RemoteProcess)?.notes ?? (source as? any CapturedMemory)?.notes
      ?? ProcessNotes(id: ProcessID(0))
  }

  /// Pauses a live process as long as the result is kept.
  static func pause(_ source: any MemorySource, _ options: SnapshotOptions)
    throws(RemoteMemoryError) -> Pause
  {
    guard let process = source as? RemoteProcess else {
      throw RemoteMemoryError(
        .pause, .invalid, detail: "\(source.label) does not run: there is nothing to pause")
    }
    return try process.pause(seconds: options.pauseSeconds)
  }

  /// Runs widened to the pages they touch.
  static func wholePages(_ runs: [AddressRange]) -> [AddressRange] {
    let page = System.pageSize
    var list = RunList()
    for run in runs {
      let start = run.start.alignedDown(to: page)
      let end = run.start.rawValue &+ (run.count - 1)
      list.append(
        AddressRange(start: start, count: (end & ~(page - 1)) &- start.rawValue &+ page))
    }
    return list.runs
  }
}

/// The work of a capture.
private final class SnapshotCapture: Sendable {
  let table: PageTable
  private let source: any MemorySource
  private let tasks: ScanTasks
  private let store: MemoryStore
  private let base: Snapshot?
  private let workers: [SnapshotWorker]
  private let meter = ScanMeter()

  init(_ source: any MemorySource, _ tasks: ScanTasks, _ options: SnapshotOptions)
    throws(RemoteMemoryError)
  {
    self.source = source
    self.tasks = tasks
    base = options.base
    store = MemoryStore(budget: options.budget)
    if options.base == nil { try Self.checkRoom(for: tasks.byteCount, options.budget) }
    table = try PageTable(tasks.runs)
    let pool = try PagePool(
      pages: options.base == nil ? table.count : table.count / 8, pageSize: table.pageSize)
    let choice = ScanOptions(threads: options.threads)
    let threads = choice.threads(forBytes: tasks.byteCount, tasks: tasks.count)
    var workers: [SnapshotWorker] = []
    for _ in 0..<threads {
      workers.append(
        try SnapshotWorker(
          source, table, pool, base: options.base?.table, store, largest: tasks.largest,
          expected: options.base == nil ? Int(clamping: tasks.byteCount) / threads : 2 << 20))
    }
    self.workers = workers
  }

  /// Refuses before the work what there is no room for.
  private static func checkRoom(for needed: UInt64, _ budget: MemoryBudget)
    throws(RemoteMemoryError)
  {
    let memory = budget.left
    let disk = budget.diskLeft
    guard needed > UInt64(memory), needed - UInt64(memory) > UInt64(disk) else { return }
    throw RemoteMemoryError(
      .snapshot, .tooLarge,
      detail: """
        \(needed.sizeText) have to be kept; there is room for \(UInt64(memory).sizeText) in \
        memory and \(UInt64(disk).sizeText) in \(SpillFolder.path); choose fewer regions (perms=, \
        kind=, range=, size=)
        """)
  }

  func run(_ options: SnapshotOptions, since clock: Double) throws(RemoteMemoryError) {
    let isComplete = try ScanCrew.run(
      source, tasks: tasks.count, bytes: tasks.byteCount, threads: workers.count,
      look: {
        options.progress?(self.meter.progress(of: self.tasks.byteCount, since: clock)) ?? true
      },
      work: { (task, worker) throws(RemoteMemoryError) in
        let pieces = self.tasks.pieces(of: task)
        let stored = try self.workers[worker].capture(pieces)
        self.meter.add(bytes: pieces.reduce(0) { $0 &+ UInt64($1.count) }, hits: stored >> 12)
      })
    guard isComplete else {
      throw RemoteMemoryError(.snapshot, .interrupted, process: source.processID)
    }
  }

  /// Its own store and those of the base that it shares pages with: the others may go.
  var stores: [MemoryStore] { [store] + table.owners(among: base?.stores ?? []) }

  var holes: [AddressRange] { HoleList.joined(workers.map(\.holes)) }

  var cost: SnapshotStatistics {
    var cost = SnapshotStatistics()
    cost.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    cost.bytesRead = meter.bytesDone &- cost.bytesUnreadable
    for worker in workers {
      cost.bytesStored &+= worker.bytesStored
      cost.bytesShared &+= worker.bytesShared
      cost.bytesZero &+= worker.bytesZero
    }
    cost.threads = workers.count
    return cost
  }
}
