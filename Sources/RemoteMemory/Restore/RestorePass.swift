import CProcessVM
import MemoryModel

/// The work of putting bytes back.
@safe final class RestorePass {
  /// How many bytes, and how many pieces, are read at once.
  private static let batch = (bytes: 256 << 10, pieces: 512)
  /// Runs of differing bytes with no more equal ones between them are written as one.
  private static let writtenGap = 4

  private let process: RemoteProcess
  private let source: any MemorySource
  /// Where the bytes lie in the source.
  private let alignment: RegionAlignment
  private let options: WriteOptions
  private let old: BlockReader
  private let now: BlockReader

  init(
    _ process: RemoteProcess, _ source: any MemorySource, _ alignment: RegionAlignment,
    _ options: WriteOptions
  ) throws(RemoteMemoryError) {
    if process.mode == .readOnly {
      throw RemoteMemoryError(.restore, .readOnly, process: process.id)
    }
    self.process = process
    self.source = source
    self.alignment = alignment
    self.options = options
    old = try BlockReader(source, byteCount: Self.batch.bytes)
    now = try BlockReader(process, byteCount: Self.batch.bytes)
  }

  /// Restores some bytes, mapping by mapping.
  /// - Parameters:
  ///   - places: where, in the process.
  ///   - known: the mappings as they were, for what is gone.
  ///   - populated: what of the source may be anything but zeroes, where the rest of `places` needs
  ///     no look unless the process has written it; nil to look at all of it.
  func restore(_ places: AddressRanges, known: RegionMap, populated: AddressRanges?)
    throws(RemoteMemoryError) -> [RestoreOutcome]
  {
    let map = try process.regionMap()
    var outcomes: [RestoreOutcome] = []
    for region in map.regions {
      let mine = places.clipped(to: region.range)
      guard let outcome = RestoreOutcome(region, mine) else { continue }
      outcomes.append(try restore(mine, outcome, populated))
    }
    let gone = places.subtracting(AddressRanges(map.regions.map(\.range)))
    for region in known.regions {
      let mine = gone.clipped(to: region.range)
      guard var outcome = RestoreOutcome(region, mine) else { continue }
      outcome.unreadableBytes = mine.byteCount
      outcome.failure = RemoteMemoryError(
        .restore, .fault, process: process.id, address: outcome.range.start,
        requestedBytes: Int(clamping: mine.byteCount), detail: "not mapped any more")
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func restore(
    _ places: AddressRanges, _ empty: RestoreOutcome, _ populated: AddressRanges?
  ) throws(RemoteMemoryError) -> RestoreOutcome {
    var outcome = empty
    guard outcome.region.permissions.contains(.read) else {
      outcome.unreadableBytes = places.byteCount
      outcome.failure = RemoteMemoryError(
        .restore, .fault, process: process.id, address: outcome.range.start,
        requestedBytes: Int(clamping: places.byteCount), detail: "not readable any more")
      return outcome
    }
    var worth = places
    if let populated {
      let survey = try process.survey([outcome.region], .harmless)
      worth = worth.intersection(populated.union(AddressRanges(survey.runs)))
    }
    var pairs: [RegionAlignment.Pair] = []
    var bytes = 0
    for pair in alignment.pairs(in: worth) {
      var done: UInt64 = 0
      while done < pair.count {
        let count = min(pair.count - done, UInt64(Self.batch.bytes - bytes))
        pairs.append(
          RegionAlignment.Pair(
            before: pair.before.offset(by: Int64(done)), after: pair.after.offset(by: Int64(done)),
            count: count))
        bytes += Int(count)
        done += count
        if bytes == Self.batch.bytes || pairs.count == Self.batch.pieces {
          try restore(pairs, bytes, &outcome)
          pairs.removeAll(keepingCapacity: true)
          bytes = 0
        }
      }
    }
    if bytes > 0 { try restore(pairs, bytes, &outcome) }
    return outcome
  }

  /// Restores pieces that are read at once.
  private func restore(
    _ pairs: [RegionAlignment.Pair], _ count: Int, _ outcome: inout RestoreOutcome
  ) throws(RemoteMemoryError) {
    if process.interrupt.isInterrupted {
      throw RemoteMemoryError(.restore, .interrupted, process: process.id)
    }
    old.begin()
    for pair in pairs { old.add(pair.beforeRange) }
    var gaps = unsafe try old.read(count)
    gaps += try readNow(pairs, count)
    outcome.unreadableBytes &+= UInt64(Self.byteCount(gaps))
    let runs = differences(pairs, gaps, &outcome)
    if runs.isEmpty { return }
    guard outcome.region.permissions.contains(.write) else {
      outcome.failure = RemoteMemoryError(
        .restore, .notWritable, process: process.id, address: runs[0].address,
        detail: "\(outcome.region.messageName) is not writable (\(outcome.region.permissions))")
      return
    }
    var written: [Run] = []
    for run in runs where try write(run, &outcome) { written.append(run) }
    try check(written, pairs, count, &outcome)
  }

  private func readNow(_ pairs: [RegionAlignment.Pair], _ count: Int) throws(RemoteMemoryError)
    -> [Hole]
  {
    now.begin()
    for pair in pairs { now.add(pair.afterRange) }
    let gaps = unsafe try now.read(count)
    try process.confirm()
    return gaps
  }

  /// How many bytes some gaps cover, overlaps counted once.
  private static func byteCount(_ gaps: [Hole]) -> Int {
    var (covered, end) = (0, 0)
    for gap in gaps.sorted(by: { $0.offset < $1.offset }) {
      let start = max(gap.offset, end)
      end = max(end, gap.offset + gap.count)
      covered += max(0, end - start)
    }
    return covered
  }
}

extension RestorePass {
  /// Bytes that are not what they were.
  fileprivate struct Run {
    let address: Address
    let offset: Int
    var count: Int
    /// How many of them differ.
    var differing: Int
  }

  /// Where the two rooms differ, gaps left out.
  private func differences(
    _ pairs: [RegionAlignment.Pair], _ gaps: [Hole], _ outcome: inout RestoreOutcome
  ) -> [Run] {
    let holes = gaps.map { $0.offset..<($0.offset + $0.count) }
      .sorted { $0.lowerBound < $1.lowerBound }
    var runs: [Run] = []
    var start = 0
    var hole = 0
    for pair in pairs {
      let end = start + Int(pair.count)
      let base = pair.after.offset(by: -Int64(start))
      var first = runs.count
      var offset = start
      while offset < end {
        while hole < holes.count, holes[hole].upperBound <= offset { hole += 1 }
        var limit = end
        if hole < holes.count, holes[hole].lowerBound <= offset {
          offset = holes[hole].upperBound
          first = runs.count
          continue
        }
        if hole < holes.count { limit = min(limit, holes[hole].lowerBound) }
        let equal = unsafe pvm_first_difference(
          old.room + offset, now.room + offset, limit - offset)
        offset += equal
        guard offset < limit else { continue }
        note(offset, base, from: first, in: &runs)
        offset += 1
      }
      start = end
    }
    outcome.differingBytes &+= UInt64(runs.reduce(0) { $0 + $1.differing })
    return runs
  }

  /// Notes that a byte differs.
  private func note(_ offset: Int, _ base: Address, from first: Int, in runs: inout [Run]) {
    if runs.count > first, let last = runs.last,
      offset - (last.offset + last.count) <= Self.writtenGap
    {
      runs[runs.count - 1].count = offset + 1 - last.offset
      runs[runs.count - 1].differing += 1
    } else {
      runs.append(
        Run(address: base.offset(by: Int64(offset)), offset: offset, count: 1, differing: 1))
    }
  }

  /// Writes a run; false when that failed, which is noted.
  private func write(_ run: Run, _ outcome: inout RestoreOutcome) throws(RemoteMemoryError) -> Bool
  {
    do throws(RemoteMemoryError) {
      unsafe try process.write(
        UnsafeRawBufferPointer(start: old.room + run.offset, count: run.count), to: run.address,
        options: options)
      return true
    } catch {
      switch error.cause {
      case .fault, .notWritable, .sharedFile, .refused, .system:
        if outcome.failure == nil { outcome.failure = error.during(.restore) }
        return false
      default: throw error.during(.restore)
      }
    }
  }

  /// Reads back what was written and counts what stayed.
  private func check(
    _ written: [Run], _ pairs: [RegionAlignment.Pair], _ count: Int, _ outcome: inout RestoreOutcome
  ) throws(RemoteMemoryError) {
    if written.isEmpty { return }
    _ = try readNow(pairs, count)
    for run in written {
      let isKept =
        unsafe pvm_first_difference(old.room + run.offset, now.room + run.offset, run.count)
        == run.count
      if isKept {
        outcome.writtenBytes &+= UInt64(run.differing)
      } else if outcome.failure == nil {
        outcome.failure = RemoteMemoryError(
          .restore, .fault, process: process.id, address: run.address, requestedBytes: run.count,
          detail: "written, and changed again by the process; pause it")
      }
    }
  }
}

extension RestoreOutcome {
  /// An outcome for some bytes of a mapping; nil for none.
  fileprivate init?(_ region: Region, _ places: AddressRanges) {
    guard let first = places.ranges.first, let last = places.ranges.last else { return nil }
    self.init(region: region, range: AddressRange(start: first.start, end: last.end))
  }
}
