import MemoryModel

/// Keeps those hits that are part of a group.
struct GroupSearch {
  private let hits: Hits
  private let rules: GroupRules
  private let limit: Int
  private let blockBytes: UInt64
  private let store: MemoryStore
  private let addresses: [LaneAddresses]
  private let thinners: [LaneThinner]
  /// The lane with the fewest hits: only what is near one of them can be in a group.
  private let rarest: Int
  private var places: GroupPlaces
  private var groups: [FoundGroup] = []
  private var isCutShort = false

  /// - Parameters:
  ///   - hits: a lane for each kind of value.
  ///   - limit: the most groups to list.
  ///   - blockBytes: about how many bytes of memory are looked at together.
  init(_ hits: Hits, _ pattern: GroupPattern, limit: Int, blockBytes: UInt64 = 256 << 10) {
    self.hits = hits
    self.limit = max(limit, 0)
    self.blockBytes = blockBytes
    let distinct = pattern.distinctItems
    rules = GroupRules(
      order: pattern.items.map { item in distinct.firstIndex(of: item) ?? 0 },
      widths: hits.lanes.map(\.width), steps: hits.lanes.map(\.step), within: pattern.within,
      isOrdered: pattern.isOrdered)
    let store = MemoryStore(budget: hits.budget)
    self.store = store
    addresses = hits.lanes.map { LaneAddresses($0) }
    thinners = hits.lanes.map { LaneThinner($0, store) }
    rarest = hits.lanes.indices.min { hits.lanes[$0].count < hits.lanes[$1].count } ?? 0
    places = GroupPlaces(rules)
  }

  /// - Parameter parent: the step it refines; nil for a first scan, which it completes.
  mutating func run(
    title: String, parent: Hits?, progress: ((ScanProgress) -> Bool)?
  ) throws(RemoteMemoryError) -> FoundGroups {
    let clock = Clock.now
    let isComplete = try search(progress, since: clock)
    var lanes: [HitLane] = []
    for thinner in thinners { lanes.append(try thinner.thinned()) }
    var outcome = parent == nil ? hits.outcome : ScanOutcome()
    outcome.statistics.seconds += Clock.now - clock
    outcome.isComplete = isComplete && outcome.isComplete
    let kept = Hits(
      source: hits.source, lanes: lanes, parent: parent, title: title, store: store,
      outcome: outcome, options: hits.options)
    return FoundGroups(hits: kept, groups: groups, isCutShort: isCutShort)
  }

  /// Goes from one of the rarest hits to the next; false when it was ended early.
  private mutating func search(_ progress: ((ScanProgress) -> Bool)?, since clock: Double)
    throws(RemoteMemoryError) -> Bool
  {
    if hits.lanes.contains(where: { $0.count == 0 }) { return true }
    let within = rules.within
    var due = System.coarseClock
    /// Below this all is decided.
    var done: UInt64 = 0
    while let next = addresses[rarest].first(from: done - min(done, within)) {
      let start = max(done, next - min(next, within))
      let end = self.end(of: start, rare: next)
      try search(start, end)
      done = end
      if hits.source.interrupt.isInterrupted { return false }
      guard let progress, System.coarseClock >= due else { continue }
      due = System.coarseClock &+ 50_000_000
      let state = ScanProgress(
        bytesDone: hits.outcome.statistics.bytesRead,
        bytesTotal: hits.outcome.statistics.bytesRead, hits: hits.count,
        seconds: Clock.now - clock)
      if !progress(state) { return false }
    }
    return true
  }

  /// How far to look at once: as long as another of the rarest hits is near.
  private func end(of start: UInt64, rare: UInt64) -> UInt64 {
    let most = start.saturating(plus: max(blockBytes, 4 * rules.within))
    var end = max(start, rare).saturating(plus: rules.within)
    while end < most, let next = addresses[rarest].first(from: end - rules.within + 1),
      next <= end.saturating(plus: rules.within)
    {
      end = next.saturating(plus: rules.within)
    }
    return max(min(end, most), start.saturating(plus: 1))
  }

  /// Decides what lies from `start` to before `end`.
  private mutating func search(_ start: UInt64, _ end: UInt64) throws(RemoteMemoryError) {
    places.clear()
    let low = start - min(start, rules.within)
    let high = end.saturating(plus: rules.within)
    for kind in addresses.indices {
      addresses[kind].append(from: low, to: high, into: &places.places[kind])
    }
    places.mark()
    for kind in addresses.indices {
      for index in places.index(kind, from: start)..<places.index(kind, from: end)
      where places.marks[kind][index] {
        try thinners[kind].keep(places.places[kind][index])
      }
    }
    list(start, end)
  }

  /// Lists the groups that begin from `start` to before `end`.
  private mutating func list(_ start: UInt64, _ end: UInt64) {
    if isCutShort { return }
    var starts: [(UInt64, Int)] = []
    for kind in addresses.indices {
      for index in places.index(kind, from: start)..<places.index(kind, from: end)
      where places.marks[kind][index] {
        starts.append((places.places[kind][index], kind))
      }
    }
    starts.sort { $0 < $1 }
    for (start, kind) in starts {
      guard let members = places.members(from: start, kind) else { continue }
      if groups.count >= limit {
        isCutShort = true
        return
      }
      groups.append(FoundGroup(members: members.map { Address($0) }))
    }
  }
}

extension UInt64 {
  /// The sum, or the greatest number when it is too large.
  fileprivate func saturating(plus other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
