import MemoryModel

/// Where values of each kind lie in a part of memory, and which of them belong to a group.
struct GroupPlaces {
  let rules: GroupRules
  /// For each kind the addresses, rising.
  var places: [[UInt64]]
  /// For each of them whether it is in some group.
  private(set) var marks: [[Bool]] = []

  init(_ rules: GroupRules) {
    self.rules = rules
    places = rules.kinds.map { _ in [] }
  }

  /// Forgets all places.
  mutating func clear() {
    for kind in places.indices { places[kind].removeAll(keepingCapacity: true) }
  }

  /// Finds out which places are in some group.
  mutating func mark() {
    marks = places.map { [Bool](repeating: false, count: $0.count) }
    if places.contains(where: \.isEmpty) { return }
    rules.isOrdered ? markOrdered() : markUnordered()
  }

  /// The index of the first place of a kind at an address or behind it.
  func index(_ kind: Int, from address: UInt64) -> Int {
    var low = 0
    var high = places[kind].count
    while low < high {
      let middle = (low + high) / 2
      if places[kind][middle] < address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Ordered

  /// For each item and each place it may take: the latest start of a chain of the items before that
  /// ends there, and the earliest end of a chain of the items behind that begins there.
  private mutating func markOrdered() {
    let starts = latestStarts()
    let ends = earliestEnds()
    for (item, kind) in rules.order.enumerated() {
      for index in places[kind].indices {
        guard let start = starts[item][index], let end = ends[item][index] else { continue }
        if end &- start <= rules.within { marks[kind][index] = true }
      }
    }
  }

  private func latestStarts() -> [[UInt64?]] {
    var table: [[UInt64?]] = [places[rules.order[0]]]
    for item in 1..<rules.order.count {
      let (before, here) = (rules.order[item - 1], rules.order[item])
      var next = 0
      var latest: UInt64?
      table.append(
        places[here].map { address in
          while next < places[before].count,
            places[before][next] &+ rules.kinds[before].width <= address
          {
            if let start = table[item - 1][next] { latest = max(latest ?? 0, start) }
            next += 1
          }
          return latest
        })
    }
    return table
  }

  func earliestEnds() -> [[UInt64?]] {
    let last = rules.order.count - 1
    var table = [[UInt64?]](repeating: [], count: last + 1)
    let width = rules.kinds[rules.order[last]].width
    table[last] = places[rules.order[last]].map { $0 &+ width }
    for item in stride(from: last - 1, through: 0, by: -1) {
      let (here, behind) = (rules.order[item], rules.order[item + 1])
      let width = rules.kinds[here].width
      var next = places[behind].count
      var earliest: UInt64?
      var ends = [UInt64?](repeating: nil, count: places[here].count)
      for index in places[here].indices.reversed() {
        while next > 0, places[behind][next - 1] >= places[here][index] &+ width {
          next -= 1
          if let end = table[item + 1][next] { earliest = min(earliest ?? .max, end) }
        }
        ends[index] = earliest
      }
      table[item] = ends
    }
    return table
  }

  // MARK: In any order

  /// Moves a stretch over all places. Where it holds plenty of every kind all of them are in a
  /// group; elsewhere the scarce ones are tried.
  private mutating func markUnordered() {
    var low = places.map { _ in 0 }
    var high = low
    /// Below these all places are marked.
    var done = low
    while let start = lowest(low) {
      let end = rules.end(of: start)
      var isWider = false
      for kind in places.indices {
        while high[kind] < places[kind].count,
          places[kind][high[kind]] <= end,
          end - places[kind][high[kind]] >= rules.kinds[kind].width
        {
          high[kind] += 1
          isWider = true
        }
        while done[kind] < high[kind], done[kind] < low[kind] || marks[kind][done[kind]] {
          done[kind] += 1
        }
      }
      // A stretch that holds nothing new was tried before, when it held more.
      if isWider, places.indices.contains(where: { done[$0] < high[$0] }) {
        markStretch(low, high, done)
      }
      for kind in places.indices {
        while low[kind] < places[kind].count, places[kind][low[kind]] == start { low[kind] += 1 }
      }
    }
  }

  private func lowest(_ low: [Int]) -> UInt64? {
    var lowest: UInt64?
    for kind in places.indices where low[kind] < places[kind].count {
      lowest = min(lowest ?? .max, places[kind][low[kind]])
    }
    return lowest
  }

  private mutating func markStretch(_ low: [Int], _ high: [Int], _ done: [Int]) {
    var scarce: [Int] = []
    for kind in places.indices {
      let count = high[kind] - low[kind]
      if count < rules.kinds[kind].count { return }
      if count < rules.kinds[kind].plenty { scarce.append(kind) }
    }
    let choices = scarce.isEmpty ? nil : GroupChoices(self, scarce, low, high)
    for kind in places.indices {
      for index in done[kind]..<high[kind] where !marks[kind][index] {
        marks[kind][index] = choices?.allow(kind, places[kind][index]) ?? true
      }
    }
  }
}
