import CScanKernels
import MemoryModel

/// A scan that looks at memory for the first time: reads it task by task and marks each lane's hits.
final class FirstScan: Sendable {
  private let source: any MemorySource
  private let lanes: [ScanLane]
  private let tasks: ScanTasks
  private let store: MemoryStore
  private let workers: [FirstScanWorker]
  /// Whether what is read stays, as the old values of an unknown-value scan.
  private let captures: Bool
  private let meter = ScanMeter()

  private init(
    _ source: any MemorySource, _ lanes: [ScanLane], _ tasks: ScanTasks, _ store: MemoryStore,
    threads: Int
  ) throws(RemoteMemoryError) {
    self.source = source
    self.lanes = lanes
    self.tasks = tasks
    self.store = store
    captures = lanes.contains(where: \.captures)
    var workers: [FirstScanWorker] = []
    for _ in 0..<threads {
      workers.append(
        try FirstScanWorker(
          source, store, lanes: lanes, largest: tasks.largest,
          expected: captures ? BlockDigests.with(Int(clamping: tasks.byteCount)) / threads : 0))
    }
    self.workers = workers
  }

  /// Scans what lies in a scope.
  /// - Parameter title: what is looked for, in words: `i32 = 100`.
  static func run(
    _ source: any MemorySource, _ lanes: [ScanLane], in scope: ScanScope, title: String,
    options: ScanOptions
  ) throws(RemoteMemoryError) -> Hits {
    let clock = Clock.now
    let extent = try scope.extent(of: source)
    let width = lanes.map { $0.reach(blockBytes: options.blockBytes) }.max() ?? 1
    let tasks = ScanTasks(extent.survey.runs, width: width, blockBytes: options.blockBytes)
    let store = MemoryStore(budget: options.budget)
    if lanes.contains(where: \.captures) { try checkRoom(for: tasks, lanes, options.budget) }
    let threads = options.threads(forBytes: tasks.byteCount, tasks: tasks.count)
    let scan = try FirstScan(source, lanes, tasks, store, threads: threads)
    let isComplete = try ScanCrew.run(
      source, tasks: tasks.count, bytes: tasks.byteCount, threads: threads,
      look: {
        options.progress?(scan.meter.progress(of: scan.tasks.byteCount, since: clock)) ?? true
      },
      work: { (task, worker) throws(RemoteMemoryError) in try scan.work(task, worker) })
    return scan.hits(extent, title, options, since: clock, isComplete: isComplete)
  }

  /// Refuses a scan that has to keep what it reads before it begins, when that has no room.
  private static func checkRoom(
    for tasks: ScanTasks, _ lanes: [ScanLane], _ budget: MemoryBudget
  ) throws(RemoteMemoryError) {
    let needed = BlockDigests.with(Int(clamping: tasks.byteCount))
    let memory = budget.left
    if needed <= memory { return }
    let disk = budget.diskLeft
    guard needed - memory > disk else { return }
    throw RemoteMemoryError(
      .scan, .tooLarge,
      detail: """
        an unknown value in \(tasks.byteCount.sizeText) has to keep all of it; there is room \
        for \(UInt64(memory).sizeText) in memory and \(UInt64(disk).sizeText) \
        in \(SpillFolder.path); choose fewer regions (kind=, range=, size=) or a first value
        """)
  }

  /// One task: read, then mark lane by lane.
  private func work(_ task: Int, _ worker: Int) throws(RemoteMemoryError) {
    let pieces = tasks.pieces(of: task)
    let found = try workers[worker].scan(task, pieces, captures: captures)
    meter.add(bytes: pieces.reduce(0) { $0 &+ UInt64($1.count) }, hits: found)
  }

  /// Puts the workers' chunks in the order of their addresses.
  private func hits(
    _ extent: ScanExtent, _ title: String, _ options: ScanOptions, since start: Double,
    isComplete: Bool
  ) -> Hits {
    let found = workers.flatMap(\.found).sorted { $0.task < $1.task }
    let lanes = self.lanes.enumerated().map { number, lane in
      lane.lane(found.flatMap { $0.lanes[number] })
    }
    let holes = HoleList.joined(workers.map(\.holes))
    var statistics = ScanStatistics(extent)
    statistics.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    statistics.bytesRead = meter.bytesDone &- statistics.bytesUnreadable
    statistics.threads = workers.count
    statistics.seconds = Clock.now - start
    return Hits(
      source: source, lanes: lanes, parent: nil, title: title, store: store,
      outcome: ScanOutcome(
        statistics: statistics, holes: holes, leftOut: extent.survey.leftOut,
        outside: extent.outside, isComplete: isComplete),
      options: options)
  }
}

extension ScanStatistics {
  /// What a scope alone settles.
  init(_ extent: ScanExtent) {
    self.init()
    bytesUnpopulated = extent.survey.unpopulatedBytes
    bytesLeftOut = extent.survey.leftOutBytes
    regions = extent.regionCount
  }
}

extension ScanLane {
  /// How many bytes of candidates may lie in the block before: 1 where blocks begin with candidates
  /// that end before the next, as those of natural alignment do.
  fileprivate func reach(blockBytes: Int) -> Int {
    step >= width && blockBytes % step == 0 ? 1 : width
  }

  /// Whether every candidate is a hit and its value is to be remembered, so that all that is read
  /// has to stay.
  var captures: Bool {
    guard matcher == nil, case .values = remembering else { return false }
    return true
  }
}

extension ScanOptions {
  /// How many threads so much work is worth: starting one costs as much as reading a MiB.
  func threads(forBytes bytes: UInt64, tasks: Int) -> Int {
    bytes <= 2 << 20 && threads == nil ? 1 : max(1, min(threadCount, tasks))
  }
}
