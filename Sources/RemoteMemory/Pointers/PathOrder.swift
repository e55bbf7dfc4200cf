import MemoryModel

/// Puts paths into the order in which they are likely to last.
struct PathOrder {
  let bases: [PointerBase]
  private(set) var records: [PointerPaths.Record] = []

  /// What a path is ordered by, from the first number to the last.
  private struct Key {
    var hops: UInt8
    /// The program before libraries before anything else.
    var kind: UInt8
    /// Which of the paths from its root it is.
    var turn: UInt32
    /// All offsets together.
    var distance: UInt64
    var root: UInt64
    /// Where it was found.
    var number: Int

    func isBefore(_ other: Key) -> Bool {
      if hops != other.hops { return hops < other.hops }
      if kind != other.kind { return kind < other.kind }
      if turn != other.turn { return turn < other.turn }
      if distance != other.distance { return distance < other.distance }
      if root != other.root { return root < other.root }
      return number < other.number
    }
  }

  init(_ found: PathCollector, _ map: PointerMap) {
    bases = map.bases + [.absolute]
    var places = BasePlaces(map.bases)
    var keys: [Key] = []
    keys.reserveCapacity(found.count)
    var first = 0
    for number in 0..<found.count {
      let hops = found.hops[number]
      let root = found.roots[number]
      let base = places.base(of: root) ?? map.bases.count
      let distance = found.offsets[first..<(first + Int(hops))].reduce(0 as UInt64) {
        $0 &+ UInt64($1.magnitude)
      }
      records.append(
        PointerPaths.Record(
          base: UInt32(base), hops: hops, offset: root.rawValue &- bases[base].start.rawValue,
          first: first))
      keys.append(
        Key(
          hops: hops, kind: bases[base].rank, turn: 0, distance: distance, root: root.rawValue,
          number: number))
      first += Int(hops)
    }
    Self.takeTurns(&keys)
    keys.sort { $0.isBefore($1) }
    let records = records
    self.records = keys.map { records[$0.number] }
  }

  /// Numbers the paths with as many pointers that begin in the same place.
  private static func takeTurns(_ keys: inout [Key]) {
    keys.sort { one, other in
      if one.hops != other.hops { return one.hops < other.hops }
      if one.root != other.root { return one.root < other.root }
      if one.distance != other.distance { return one.distance < other.distance }
      return one.number < other.number
    }
    for index in keys.indices.dropFirst() {
      let before = keys[index - 1]
      if before.hops == keys[index].hops, before.root == keys[index].root {
        keys[index].turn = before.turn + 1
      }
    }
  }
}

extension PointerBase {
  fileprivate var rank: UInt8 { isProgram ? 0 : kind == .module ? 1 : 2 }
}

/// Finds the base an address lies in.
struct BasePlaces {
  private let ranges: [(range: AddressRange, base: Int)]
  private var last: (range: AddressRange, base: Int)?

  init(_ bases: [PointerBase]) {
    ranges = bases.enumerated().flatMap { number, base in base.ranges.map { ($0, number) } }
      .sorted { $0.0.start < $1.0.start }
  }

  /// The number of the base; nil for none.
  mutating func base(of address: Address) -> Int? {
    if let last, last.range.contains(address) { return last.base }
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].range.start <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, ranges[low - 1].range.contains(address) else { return nil }
    last = ranges[low - 1]
    return ranges[low - 1].base
  }
}

extension PointerMap {
  /// Where paths may begin.
  /// - Throws: `ENOENT` and `EAMBIGUOUS` for the name of a base.
  func ranges(of start: PointerScanOptions.Start) throws(RemoteMemoryError) -> [AddressRange] {
    switch start {
    case .statics: return bases.filter { $0.kind == .module }.flatMap(\.ranges)
    case .range(let range): return [range]
    case .base(let name): return try base(named: name).ranges
    }
  }

  /// The base with a name: of a region with or without its brackets, or of a module by its whole
  /// name, its last part, or the start of that up to a dot.
  private func base(named wanted: String) throws(RemoteMemoryError) -> PointerBase {
    let rules: [(PointerBase) -> Bool] = [
      { $0.name == wanted || $0.name == "[\(wanted)]" },
      { $0.kind == .module && $0.name.hasSuffix("/" + wanted) },
      { $0.kind == .module && $0.lastName.hasPrefix(wanted + ".") },
    ]
    for rule in rules {
      let found = bases.filter(rule)
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        let names = found.map(\.name).joined(separator: ", ")
        throw RemoteMemoryError(
          .scan, .ambiguous([]), detail: "\"\(wanted)\" could be \(names)")
      }
    }
    let names = bases.prefix(12).map(\.name).joined(separator: ", ")
    throw RemoteMemoryError(
      .scan, .notFound,
      detail: "no module or region named \"\(wanted)\"; there are \(names)"
        + (bases.count > 12 ? " and \(bases.count - 12) more" : ""))
  }
}

extension PointerBase {
  fileprivate var lastName: Substring {
    name[(name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex)...]
  }
}
