import MemoryModel
import Synchronization

/// A search for regular expressions: contiguous runs are cut into segments that all threads take,
/// and what they find is joined as if one thread had read each run from end to end.
///
/// No match goes over memory that cannot be read. Where some turns up, the run is searched once more
/// in the pieces that are left of it.
final class RegexScan: Sendable {
  /// Long enough that what is read twice at its borders does not matter.
  private static let segmentBytes: UInt64 = 8 << 20

  /// A part of a run that one thread searches.
  private struct Segment: Sendable {
    let run: Int
    let range: Range<Int>
  }

  private let set: RegexSet
  private let runs: [AddressRange]
  private let segments: [Segment]
  private let workers: [RegexScanWorker]
  private let findings: Mutex<[RegexFindings?]>
  private let bytesDone = Atomic<UInt64>(0)

  private init(
    _ source: any MemorySource, _ set: RegexSet, _ runs: [AddressRange], threads: Int,
    blockBytes: Int
  ) throws(RemoteMemoryError) {
    self.set = set
    self.runs = runs
    var segments: [Segment] = []
    for (number, run) in runs.enumerated() {
      for start in stride(from: 0, to: run.count, by: UInt64.Stride(Self.segmentBytes)) {
        let end = min(start + Self.segmentBytes, run.count)
        segments.append(Segment(run: number, range: Int(start)..<Int(end)))
      }
    }
    self.segments = segments
    findings = Mutex(Array(repeating: nil, count: segments.count))
    var workers: [RegexScanWorker] = []
    for _ in 0..<max(1, min(threads, segments.count)) {
      workers.append(try RegexScanWorker(source, set, blockBytes: blockBytes))
    }
    self.workers = workers
  }

  static func run(
    _ source: any MemorySource, _ set: RegexSet, in scope: ScanScope, options: ScanOptions
  ) throws(RemoteMemoryError) -> Hits {
    let start = Clock.now
    let extent = try scope.extent(of: source)
    let runs = extent.survey.runs.compactMap { $0.aligned(to: set.alignment) }
    let whole = try RegexScan(
      source, set, runs, threads: options.threadCount, blockBytes: options.blockBytes)
    var isComplete = try whole.search(source, options, since: start)
    var (matches, torn) = whole.matches()
    let holes = HoleList.joined(whole.workers.map(\.holes))
    if !torn.isEmpty, isComplete {
      let pieces = torn.flatMap { runs[$0].without(holes) }
        .compactMap { $0.aligned(to: set.alignment) }
      let rest = try RegexScan(
        source, set, pieces, threads: options.threadCount, blockBytes: options.blockBytes)
      isComplete = try rest.search(source, options, since: start)
      matches += rest.matches(takesTorn: true).matches
      matches.sort { $0.start < $1.start }
    }
    var statistics = ScanStatistics(extent)
    statistics.bytesUnreadable = holes.reduce(0) { $0 &+ $1.count }
    statistics.bytesRead = whole.bytesDone.load(ordering: .relaxed) &- statistics.bytesUnreadable
    statistics.threads = whole.workers.count
    let store = MemoryStore(budget: options.budget)
    let lanes = try Self.lanes(matches, set, store)
    statistics.seconds = Clock.now - start
    return Hits(
      source: source, lanes: lanes, parent: nil,
      title: set.patterns.map { "/\($0.text)/" }.joined(separator: ", "), store: store,
      outcome: ScanOutcome(
        statistics: statistics, holes: holes, leftOut: extent.survey.leftOut,
        outside: extent.outside, isComplete: isComplete),
      options: options)
  }

  private func search(_ source: any MemorySource, _ options: ScanOptions, since start: Double)
    throws(RemoteMemoryError) -> Bool
  {
    let total = runs.reduce(UInt64(0)) { $0 &+ $1.count }
    return try ScanCrew.run(
      source, tasks: segments.count, bytes: total, threads: workers.count,
      look: {
        options.progress?(
          ScanProgress(
            bytesDone: bytesDone.load(ordering: .relaxed), bytesTotal: total,
            hits: findings.withLock { $0.reduce(0) { $0 + ($1?.settledCount ?? 0) } },
            seconds: Clock.now - start)) ?? true
      },
      work: { (task, worker) throws(RemoteMemoryError) in
        let segment = self.segments[task]
        let found = try self.workers[worker].search(
          segment.range, of: self.runs[segment.run], run: segment.run)
        self.findings.withLock { $0[task] = found }
        self.bytesDone.wrappingAdd(UInt64(segment.range.count), ordering: .relaxed)
      })
  }

  /// The matches by address, and the runs whose own were left out since they have holes.
  private func matches(takesTorn: Bool = false) -> (matches: [RegexHit], torn: [Int]) {
    let torn = takesTorn ? [] : Set(workers.flatMap(\.tornRuns)).sorted()
    let found = findings.withLock { $0 }
    var matches: [RegexHit] = []
    var first = 0
    while first < segments.count {
      let run = segments[first].run
      var end = first
      while end < segments.count, segments[end].run == run { end += 1 }
      // What an interrupt left out ends a stretch as a hole does.
      let parts = found[first..<end].prefix { $0 != nil }.compactMap(\.self)
      first = end
      if torn.contains(run) { continue }
      for match in RegexFindings.join(parts) {
        matches.append(
          RegexHit(
            pattern: match.pattern, start: runs[run].start.rawValue &+ UInt64(match.start),
            count: match.end - match.start))
      }
    }
    return (matches, torn)
  }

  /// A lane for each pattern.
  private static func lanes(_ matches: [RegexHit], _ set: RegexSet, _ store: MemoryStore)
    throws(RemoteMemoryError) -> [HitLane]
  {
    var recorders = set.patterns.map { _ in MatchRecorder(store) }
    for match in matches { try recorders[match.pattern].add(match) }
    var lanes: [HitLane] = []
    for (number, pattern) in set.patterns.enumerated() {
      let encoding: TextEncoding? = set.encoding == .bytes ? nil : set.encoding
      lanes.append(
        HitLane(
          label: pattern.label, element: .match(encoding), step: 1, width: 1, matcher: nil,
          chunks: try recorders[number].finish()))
    }
    return lanes
  }
}

/// Where an expression matches.
struct RegexHit {
  let pattern: Int
  let start: UInt64
  let count: Int
}

extension AddressRange {
  /// What begins at a multiple of `alignment`; nil when nothing is left.
  fileprivate func aligned(to alignment: Int) -> AddressRange? {
    let skew = start.rawValue % UInt64(alignment)
    let skipped = skew == 0 ? 0 : UInt64(alignment) - skew
    guard count > skipped else { return nil }
    return AddressRange(start: start.offset(by: Int64(skipped)), count: count - skipped)
  }

  /// What is left without some ranges, which rise.
  fileprivate func without(_ holes: [AddressRange]) -> [AddressRange] {
    var pieces: [AddressRange] = []
    var place = start
    for hole in holes where hole.overlaps(self) {
      if hole.start > place { pieces.append(AddressRange(start: place, end: hole.start)) }
      place = max(place, hole.end)
    }
    if place < end { pieces.append(AddressRange(start: place, end: end)) }
    return pieces
  }
}
