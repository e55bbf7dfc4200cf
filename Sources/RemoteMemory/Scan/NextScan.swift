import MemoryModel

/// A refining step: reads where the hits are and keeps those that pass.
final class NextScan: Sendable {
  private let hits: Hits
  private let steps: [NextStep]
  private let tasks: NextTasks
  private let store: MemoryStore
  private let workers: [NextScanWorker]
  private let meter = ScanMeter()

  private init(
    _ hits: Hits, _ steps: [NextStep], _ tasks: NextTasks, _ store: MemoryStore, threads: Int
  ) throws(RemoteMemoryError) {
    self.hits = hits
    self.steps = steps
    self.tasks = tasks
    self.store = store
    var workers: [NextScanWorker] = []
    for _ in 0..<threads { workers.append(try NextScanWorker(hits, steps, store)) }
    self.workers = workers
  }

  /// Refines hits, a step for each lane.
  /// - Parameter title: what is asked for, in words: `increased`.
  static func run(
    _ hits: Hits, _ steps: [NextStep], title: String, progress: ((ScanProgress) -> Bool)?
  ) throws(RemoteMemoryError) -> Hits {
    let clock = Clock.now
    var renewed: [NextStep] = []
    for step in steps { renewed.append(try step.renewed(for: hits.source)) }
    let steps = renewed
    var options = hits.options
    options.progress = progress
    let tasks = NextTasks(hits.lanes, steps, blockBytes: options.blockBytes)
    let lends = steps.contains {
      if case .compare(let comparison) = $0 { comparison.keepsValues } else { false }
    }
    let store = MemoryStore(budget: options.budget, lenders: lends ? hits.store.blockOwners : [])
    let threads = options.threads(forBytes: tasks.byteCount, tasks: tasks.count)
    let scan = try NextScan(hits, steps, tasks, store, threads: threads)
    let isComplete = try ScanCrew.run(
      hits.source, tasks: tasks.count, bytes: tasks.byteCount, threads: threads,
      look: {
        options.progress?(scan.meter.progress(of: scan.tasks.byteCount, since: clock)) ?? true
      },
      work: { (task, worker) throws(RemoteMemoryError) in try scan.work(task, worker) })
    return scan.result(title, options, since: clock, isComplete: isComplete)
  }

  private func work(_ task: Int, _ worker: Int) throws(RemoteMemoryError) {
    let (found, bytes) = try workers[worker].refine(task, tasks.entries(of: task))
    meter.add(bytes: UInt64(bytes), hits: found)
  }

  private func result(
    _ title: String, _ options: ScanOptions, since start: Double, isComplete: Bool
  ) -> Hits {
    let found = workers.flatMap(\.found).sorted { $0.task < $1.task }
    let lanes = hits.lanes.enumerated().map { number, lane in
      lane.with(
        constant: steps[number].constant(of: lane), chunks: found.flatMap { $0.lanes[number] })
    }
    let holes = HoleList.joined(workers.map(\.holes))
    var statistics = ScanStatistics()
    statistics.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    statistics.bytesRead = meter.bytesDone &- statistics.bytesUnreadable
    statistics.threads = workers.count
    statistics.lostHits = workers.reduce(0) { $0 + $1.lostHits }
    statistics.seconds = Clock.now - start
    return Hits(
      source: hits.source, lanes: lanes, parent: hits, title: title, store: store,
      outcome: ScanOutcome(statistics: statistics, holes: holes, isComplete: isComplete),
      options: options)
  }
}

extension NextStep {
  /// What all hits that stay have, where that is one value.
  func constant(of lane: HitLane) -> UInt64 {
    switch self {
    case .test(_, .constant(let word)): word
    case .compare(let comparison) where comparison.keepsValues: lane.constant
    default: 0
    }
  }
}
