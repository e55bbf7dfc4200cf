import MemoryModel

/// A search backwards from a target, level by level: first who points near it, then who points near
/// those.
///
/// Each level is a set, so that it takes at most one pass over the map however many ways there are.
/// The paths are then followed forwards through the levels, from where they may begin.
final class PointerSearch {
  private let map: PointerMap
  private let options: PointerScanOptions
  private let target: UInt64
  private let form: PointerEntry
  /// Where paths begin.
  private let roots: SlotSet
  /// What no path leads through.
  private let blocked: SlotSet
  private let threads: Int
  /// Level 1 is the first.
  private var levels: [PointerLevel] = []
  private var collector: PathCollector

  init(_ map: PointerMap, _ target: Address, _ options: PointerScanOptions)
    throws(RemoteMemoryError)
  {
    self.map = map
    self.options = options
    try Self.check(options, map)
    guard let place = map.space.place(of: target.rawValue) else {
      throw Self.invalid(
        "the map of \(map.label) knows no memory at \(target); is it an address of another run?")
    }
    self.target = place
    form = PointerEntry(map.table)
    guard form.fits else {
      throw RemoteMemoryError(.scan, .tooLarge, detail: "\(map.count) pointers are too many")
    }
    let statics = map.bases.filter { $0.kind == .module }.flatMap(\.ranges)
    let starts = try map.ranges(of: options.start)
    roots = SlotSet(starts, map.space, map.table.layout)
    blocked = SlotSet(
      options.passesStatics ? [] : statics + starts, map.space, map.table.layout)
    threads = map.count <= 1 << 16 ? 1 : options.scan.threadCount
    collector = PathCollector(map, options, target: place, form, blocked)
  }

  private static func check(_ options: PointerScanOptions, _ map: PointerMap)
    throws(RemoteMemoryError)
  {
    guard 1...PointerScanOptions.greatestDepth ~= options.depth else {
      throw invalid(
        "a depth is 1 to \(PointerScanOptions.greatestDepth) pointers, got \(options.depth)")
    }
    guard options.reach <= map.reach else {
      throw invalid(
        "the map knows offsets up to \(map.reach), and \(options.reach) is asked for: make it with "
          + "max_offset=\(options.reach)")
    }
    guard options.endOffsets.count <= options.depth else {
      throw invalid(
        "\(options.endOffsets.count) offsets at the end are more than \(options.depth) pointers")
    }
  }

  private static func invalid(_ detail: String) -> RemoteMemoryError {
    RemoteMemoryError(.scan, .invalid, detail: detail)
  }

  /// Carries it out.
  func run() throws(RemoteMemoryError) -> (paths: PathCollector, isComplete: Bool) {
    let start = Clock.now
    var isComplete = true
    for number in 1...options.depth where !collector.isLimited {
      let isLast = number == options.depth
      guard let level = try expand(number, onlyRoots: isLast, since: start) else {
        isComplete = false
        break
      }
      levels.append(level)
      if level.count == 0 { break }
      if number >= options.endOffsets.count {
        guard collector.collect(levels, roots) else {
          isComplete = false
          break
        }
      }
    }
    return (collector, isComplete)
  }

  private func look(since start: Double) -> Bool {
    let total = map.outcome.statistics.bytesRead
    return options.scan.progress?(
      ScanProgress(
        bytesDone: total, bytesTotal: total, hits: collector.count, seconds: Clock.now - start))
      ?? true
  }

  /// Makes the level with a number from the one before; nil when that was interrupted.
  private func expand(_ number: Int, onlyRoots: Bool, since start: Double)
    throws(RemoteMemoryError) -> PointerLevel?
  {
    let layout = map.table.layout
    let goal: PointerWindows.Goal =
      levels.last.map {
        .level($0, form, step: UInt64(layout.step), except: blocked)
      } ?? .place(target)
    let step = PointerStep(
      map.table, form, goal, options.offsets(of: number), roots: onlyRoots ? roots : nil)
    guard try run(step.taskCount, since: start, step.count) else { return nil }
    let level = try PointerLevel(count: step.prepareToFill(), budget: map.budget)
    guard try run(step.taskCount, since: start, { step.fill(level, $0) }) else { return nil }
    try level.sort(form, budget: map.budget)
    return level
  }

  private func run(_ tasks: Int, since start: Double, _ work: @escaping @Sendable (Int) -> Void)
    throws(RemoteMemoryError) -> Bool
  {
    try ScanCrew.run(
      interrupt: map.interrupt, tasks: tasks, threads: threads, look: { look(since: start) },
      work: { (task, _) throws(RemoteMemoryError) in work(task) })
  }
}
