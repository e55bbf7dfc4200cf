import MemoryModel

extension GroupPlaces {
  /// The members of a group that begins with a place, in the order of the items; nil when no group
  /// does.
  func members(from start: UInt64, _ kind: Int) -> [UInt64]? {
    rules.isOrdered ? orderedMembers(from: start, kind) : anyMembers(from: start, kind)
  }

  /// Each item as near as can be behind the one before.
  private func orderedMembers(from start: UInt64, _ kind: Int) -> [UInt64]? {
    guard rules.order[0] == kind else { return nil }
    let limit = rules.end(of: start)
    var members = [start]
    var end = start &+ rules.kinds[kind].width
    for next in rules.order.dropFirst() {
      let index = index(next, from: end)
      guard index < places[next].count else { return nil }
      members.append(places[next][index])
      end = places[next][index] &+ rules.kinds[next].width
    }
    return end <= limit ? members : nil
  }

  /// A place that may become a member, and which other it then follows.
  private struct Step {
    let start: UInt64
    let kind: Int
    let before: Int
  }

  /// The choice that ends first.
  private func anyMembers(from start: UInt64, _ kind: Int) -> [UInt64]? {
    var units: [Int] = []
    var states = 1
    for kind in rules.kinds {
      units.append(states)
      states *= kind.count + 1
    }
    var ends = [UInt64](repeating: .max, count: states)
    var steps = [Step?](repeating: nil, count: states)
    ends[units[kind]] = start &+ rules.kinds[kind].width
    steps[units[kind]] = Step(start: start, kind: kind, before: 0)
    for (place, kind) in candidates(from: start &+ rules.kinds[kind].width, rules.end(of: start)) {
      let end = place &+ rules.kinds[kind].width
      let count = rules.kinds[kind].count
      for state in 1..<states
      where ends[state] <= place && state / units[kind] % (count + 1) < count {
        let next = state + units[kind]
        if end < ends[next] {
          ends[next] = end
          steps[next] = Step(start: place, kind: kind, before: state)
        }
      }
    }
    guard ends[states - 1] != .max else { return nil }
    var found = places.map { _ in [UInt64]() }
    var state = states - 1
    while state > 0, let step = steps[state] {
      found[step.kind].append(step.start)
      state = step.before
    }
    return rules.order.map { found[$0].popLast() ?? start }
  }

  /// The places of each kind in a stretch, in the order of addresses; of many the first are enough.
  private func candidates(from start: UInt64, _ end: UInt64) -> [(place: UInt64, kind: Int)] {
    var candidates: [(place: UInt64, kind: Int)] = []
    for (kind, rule) in rules.kinds.enumerated() {
      var index = index(kind, from: start)
      let last = min(places[kind].count, index + rule.plenty)
      while index < last, places[kind][index] <= end, end - places[kind][index] >= rule.width {
        candidates.append((places[kind][index], kind))
        index += 1
      }
    }
    candidates.sort { $0 < $1 }
    return candidates
  }
}
