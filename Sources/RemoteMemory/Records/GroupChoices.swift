import MemoryModel

/// The ways to choose the scarce values of a group within a stretch so that no two share a byte.
///
/// Of the values in the order of their addresses, a choice is known by how many of each kind it has;
/// of all choices with the same numbers only the one that ends first matters, and from the other
/// side the one that begins last. There are at most 2 to the number of items such numbers.
struct GroupChoices {
  private let rules: GroupRules
  /// What one value of a kind adds to the number of a choice; 0 for kinds that are not scarce.
  private let units: [Int]
  /// The number of the choice that has all.
  private let full: Int
  /// The scarce values, rising.
  private var starts: [UInt64] = []
  /// For each of them, and one more: the first end of each choice among those before it.
  private var ends: [UInt64] = []
  /// For each of them, and one more: the last start of each choice among those from it on.
  private var begins: [UInt64] = []

  /// - Parameters:
  ///   - scarce: the kinds that are chosen.
  ///   - low: for each kind the first place in the stretch.
  ///   - high: for each kind the end of them.
  init(_ group: GroupPlaces, _ scarce: [Int], _ low: [Int], _ high: [Int]) {
    rules = group.rules
    var units = group.places.map { _ in 0 }
    var unit = 1
    for kind in scarce {
      units[kind] = unit
      unit *= rules.kinds[kind].count + 1
    }
    self.units = units
    full = unit - 1
    var values: [(start: UInt64, kind: Int)] = []
    for kind in scarce {
      for index in low[kind]..<high[kind] { values.append((group.places[kind][index], kind)) }
    }
    values.sort { $0 < $1 }
    starts = values.map(\.start)
    fill(values)
  }

  private mutating func fill(_ values: [(start: UInt64, kind: Int)]) {
    let states = full + 1
    ends = [UInt64](repeating: .max, count: states * (values.count + 1))
    begins = [UInt64](repeating: 0, count: states * (values.count + 1))
    ends[0] = 0
    for (index, value) in values.enumerated() {
      let row = states * index
      for state in 0..<states { ends[row + states + state] = ends[row + state] }
      let end = value.start &+ rules.kinds[value.kind].width
      for state in 0..<states where hasRoom(state, value.kind) && ends[row + state] <= value.start {
        let next = row + states + state + units[value.kind]
        ends[next] = min(ends[next], end)
      }
    }
    begins[states * values.count] = .max
    for (index, value) in values.enumerated().reversed() {
      let row = states * index
      for state in 0..<states { begins[row + state] = begins[row + states + state] }
      let end = value.start &+ rules.kinds[value.kind].width
      for state in 0..<states
      where hasRoom(state, value.kind) && begins[row + states + state] >= end {
        let next = row + state + units[value.kind]
        begins[next] = max(begins[next], value.start)
      }
    }
  }

  /// Whether a choice may have one more of a scarce kind.
  private func hasRoom(_ state: Int, _ kind: Int) -> Bool {
    let count = rules.kinds[kind].count
    return state / units[kind] % (count + 1) < count
  }

  /// Whether a value can be in a group with the others.
  func allow(_ kind: Int, _ start: UInt64) -> Bool {
    let states = full + 1
    let end = start &+ rules.kinds[kind].width
    let before = states * index(from: start)
    let behind = states * index(from: end)
    let unit = units[kind]
    for state in 0..<states where unit == 0 || hasRoom(state, kind) {
      let rest = full - state - unit
      if ends[before + state] <= start, begins[behind + rest] >= end { return true }
    }
    return false
  }

  private func index(from address: UInt64) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
