import LuaHost
import MemoryModel
import RemoteMemory

/// The options of `snapshot`.
struct SnapshotSettings {
  let options: SnapshotOptions
  let work: SnapshotWork
  /// Whether nothing but progress was asked for.
  let isPlain: Bool

  /// Whether something was asked for that only a snapshot has.
  var needsCapture: Bool { work.pauses || work.base != nil || work.memory != nil }

  init(_ filter: RegionFilter, _ work: SnapshotWork) throws {
    self.work = work
    isPlain = filter == RegionFilter() && work.isPlain
    var filter = filter
    if filter.permissions == nil { filter.permissions = PermissionFilter(required: .read) }
    var options = SnapshotOptions(
      scope: ScanScope(filter: filter, survey: SurveyOptions(readsHanging: work.takesHanging)),
      pausing: work.pauses, pauseSeconds: work.pauseSeconds, threads: work.threads)
    if let memory = work.memory { options.budget = MemoryBudget(limit: memory) }
    if let base = work.base {
      guard let snapshot = base.source as? Snapshot else {
        throw ArgumentMismatch("base: snapshot expected, got \(base.source.label)")
      }
      options.base = snapshot
    }
    self.options = options
  }
}

/// How a snapshot is taken.
struct SnapshotWork {
  let pauses: Bool
  let pauseSeconds: Double
  let takesHanging: Bool
  let base: ProcessHandle?
  let threads: Int?
  let memory: Int?
  let progress: KeptFunction?

  /// Whether nothing but progress was asked for.
  var isPlain: Bool { !pauses && !takesHanging && base == nil && threads == nil && memory == nil }

  static var parameter: Parameter<SnapshotWork> {
    Parameter<(Bool, Double, Bool, ProcessHandle?, Int?, Int?, KeptFunction?)>.options(
      "how",
      Parameter<Bool>(
        "paused", .boolean, "freeze the process meanwhile, so that all is of one moment",
        default: false),
      Parameter<Double>(
        "timeout", .seconds, "how long it may be frozen at most; longer is an error", default: 30),
      Parameter<Bool>(
        "hanging", .boolean,
        "also what can make a reader wait for ever: FUSE, network files, userfaultfd, devices",
        default: false),
      .optional(
        "base", .object("pvm.process"),
        "an earlier snapshot to share pages with; by default the last one of this process"),
      SearchWork.threads,
      SearchWork.memory("pages"),
      SearchWork.progress
    ).map(SnapshotWork.init)
  }
}
