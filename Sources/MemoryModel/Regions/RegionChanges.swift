/// What has become of the mappings of a process from one moment to another.
public struct RegionChanges: Hashable, Sendable {
  /// The changes in the order of their addresses.
  public let changes: [RegionChange]

  /// Compares two maps.
  /// - Parameters:
  ///   - before: what was mapped.
  ///   - after: what is mapped.
  ///   - alignment: which memory goes together; by default what lies at the same address.
  ///   - content: something that tells the content of a mapping, such as a hash of its first page;
  ///     nil where it holds nothing that tells it from others. Asked of memory without a file that
  ///     vanished or appeared, to find what moved; `isAfter` says in which of the two it lies.
  public init(
    before: RegionMap, after: RegionMap, alignment: RegionAlignment = .identity,
    content: (_ region: Region, _ isAfter: Bool) -> UInt64? = { _, _ in nil }
  ) {
    var comparison = MapComparison(before, after, alignment)
    comparison.compare()
    comparison.findMoved(content)
    changes = comparison.changes.sorted {
      ($0.range.start, $0.kind.rawValue) < ($1.range.start, $1.kind.rawValue)
    }
  }
}

/// Two maps under comparison.
private struct MapComparison {
  /// Regions of before, with where they would lie after.
  private let before: [(region: Region, range: AddressRange)]
  private let after: [Region]
  private var vanished: [Region] = []
  private var appeared: [Region] = []
  private(set) var changes: [RegionChange] = []

  init(_ before: RegionMap, _ after: RegionMap, _ alignment: RegionAlignment) {
    self.after = after.regions
    var placed: [(region: Region, range: AddressRange)] = []
    for region in before.regions {
      if let place = Self.place(of: region, alignment) {
        placed.append((region, place))
      } else {
        vanished.append(region)
      }
    }
    placed.sort { $0.range.start < $1.range.start }
    // Of two that would lie over each other the second has no place.
    var kept: [(region: Region, range: AddressRange)] = []
    for entry in placed {
      if let last = kept.last, entry.range.start < last.range.end {
        vanished.append(entry.region)
      } else {
        kept.append(entry)
      }
    }
    self.before = kept
  }

  /// Where a region of before would lie after, told from its first byte that goes with another.
  private static func place(of region: Region, _ alignment: RegionAlignment) -> AddressRange? {
    if alignment.isIdentity { return region.range }
    guard let part = alignment.firstAfter(in: region.range) else { return nil }
    let skipped = part.before.rawValue &- region.start.rawValue
    guard part.after.rawValue >= skipped else { return nil }
    return AddressRange(
      start: Address(part.after.rawValue &- skipped), count: region.range.count)
  }

  /// Walks over both maps at once, from border to border.
  mutating func compare() {
    var survives: Set<Int> = []
    var stays: Set<Int> = []
    var gone: [(before: Int, range: AddressRange)] = []
    var come: [(after: Int, range: AddressRange)] = []
    var successor: [Int: Int] = [:]
    var ancestor: [Int: Int] = [:]
    walk { one, two, range in
      switch (one, two) {
      case (let one?, let two?) where isSame(one, two):
        survives.insert(one)
        stays.insert(two)
        successor[one] = successor[one] ?? two
        ancestor[two] = ancestor[two] ?? one
        if before[one].region.permissions != after[two].permissions {
          note(.permissions, before[one].region, after[two], range)
        }
      case (let one, let two):
        if let one { gone.append((one, range)) }
        if let two { come.append((two, range)) }
      }
    }
    for part in gone {
      if let two = successor[part.before] {
        note(.shrank, before[part.before].region, after[two], part.range)
      }
    }
    for part in come {
      if let one = ancestor[part.after] {
        note(.grew, before[one].region, after[part.after], part.range)
      }
    }
    vanished += before.indices.filter { !survives.contains($0) }.map { before[$0].region }
    appeared = after.indices.filter { !stays.contains($0) }.map { after[$0] }
  }

  /// Calls `body` for each stretch in which neither map has a border, with what each has there.
  private func walk(_ body: (_ one: Int?, _ two: Int?, _ range: AddressRange) -> Void) {
    var (one, two) = (0, 0)
    var position: UInt64 = 0
    while one < before.count || two < after.count {
      let first = one < before.count ? before[one].range : nil
      let second = two < after.count ? after[two].range : nil
      let starts = [first, second].compactMap { $0?.start.rawValue }
      position = max(position, starts.min() ?? position)
      var end = UInt64.max
      for range in [first, second].compactMap({ $0 }) {
        end = min(end, range.start.rawValue > position ? range.start.rawValue : range.end.rawValue)
      }
      let range = AddressRange(start: Address(position), end: Address(end))
      let inFirst = first?.contains(Address(position)) == true
      let inSecond = second?.contains(Address(position)) == true
      if (inFirst || inSecond) && !range.isEmpty {
        body(inFirst ? one : nil, inSecond ? two : nil, range)
      }
      position = max(position, end)
      if let first, first.end.rawValue <= position { one &+= 1 }
      if let second, second.end.rawValue <= position { two &+= 1 }
    }
  }

  /// Whether a region is the same object as before, whatever its permissions.
  private func isSame(_ one: Int, _ two: Int) -> Bool {
    let (earlier, region) = (before[one], after[two])
    guard earlier.region.kind == region.kind, earlier.region.nameBytes == region.nameBytes else {
      return false
    }
    guard region.kind == .file || region.kind == .memfd || region.kind == .shared else {
      return true
    }
    return earlier.region.inode == region.inode
      && earlier.region.offset &- earlier.range.start.rawValue
        == region.offset &- region.start.rawValue
  }

  private mutating func note(
    _ kind: RegionChange.Kind, _ one: Region?, _ two: Region?, _ range: AddressRange
  ) {
    // A change may go on over a border of the other map.
    if let last = changes.last, last.kind == kind, last.before == one, last.after == two,
      last.range.end == range.start
    {
      let whole = AddressRange(start: last.range.start, end: range.end)
      changes[changes.count &- 1] = RegionChange(kind, before: one, after: two, range: whole)
    } else {
      changes.append(RegionChange(kind, before: one, after: two, range: range))
    }
  }

  /// Puts together what vanished and what appeared elsewhere: the same part of a file, or memory
  /// without a file that holds the same.
  mutating func findMoved(_ content: (Region, Bool) -> UInt64?) {
    var places: [MovedKey: [Region]] = [:]
    for region in vanished.reversed() {
      guard let key = MovedKey(region, content: { content(region, false) }) else { continue }
      places[key, default: []].append(region)
    }
    var moved: Set<Address> = []
    for region in appeared {
      guard !places.isEmpty, let key = MovedKey(region, content: { content(region, true) }),
        let one = places[key]?.popLast()
      else {
        note(.appeared, nil, region, region.range)
        continue
      }
      moved.insert(one.start)
      note(.moved, one, region, region.range)
    }
    for region in vanished where !moved.contains(region.start) {
      note(.vanished, region, nil, region.range)
    }
  }
}

/// What a mapping keeps when it moves.
private enum MovedKey: Hashable {
  case file(name: [UInt8], inode: UInt64, offset: UInt64)
  case content(UInt64)

  init?(_ region: Region, content: () -> UInt64?) {
    switch region.kind {
    case .file, .memfd:
      self = .file(name: region.nameBytes, inode: region.inode, offset: region.offset)
    case .shared where region.inode != 0:
      self = .file(name: region.nameBytes, inode: region.inode, offset: region.offset)
    case .anonymous, .shared:
      guard let hash = content() else { return nil }
      self = .content(hash)
    default: return nil
    }
  }
}

extension RegionAlignment {
  /// The first byte of a range of before that goes with one after, and that one.
  fileprivate func firstAfter(in range: AddressRange) -> (before: Address, after: Address)? {
    for pair in pairs {
      if let part = pair.beforeRange.intersection(range) {
        let distance = part.start.rawValue &- pair.before.rawValue
        return (part.start, Address(pair.after.rawValue &+ distance))
      }
    }
    return nil
  }
}
