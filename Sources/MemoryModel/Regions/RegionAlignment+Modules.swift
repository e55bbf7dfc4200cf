extension RegionAlignment {
  /// The alignment of two processes that run the same program, or of one before and after it was
  /// started anew, whose memory lies at other addresses each time.
  ///
  /// - Modules go together by path, or else by the last part of it, the first with the first where
  ///   there are several; within them what is equally far from the module's start and, for mapped
  ///   files, lies at the same place in the file.
  /// - `[heap]`, `[vdso]` and other special names go together from their start, `[stack]` from its
  ///   end.
  /// - What else is mapped goes together by its order below the next module: first what has the same
  ///   size, permissions and name, then what has the same permissions and name.
  public static func modules(before: RegionMap, after: RegionMap) -> RegionAlignment {
    var matcher = RegionMatcher(before, after)
    matcher.matchModules()
    matcher.matchSpecial()
    matcher.matchOthers()
    return RegionAlignment(matcher.pairs)
  }
}

/// Two maps of which more and more regions are matched.
private struct RegionMatcher {
  private let before: [Region]
  private let after: [Region]
  private let modulesBefore: [Module]
  private let modulesAfter: [Module]
  /// The starts of regions that are matched, or lie in a matched module.
  private var doneBefore: Set<Address> = []
  private var doneAfter: Set<Address> = []
  /// The modules that go together, in the order they were found.
  private var matched: [(before: Module, after: Module)] = []
  private(set) var pairs: [RegionAlignment.Pair] = []

  init(_ before: RegionMap, _ after: RegionMap) {
    self.before = before.regionsCutAtImages
    self.after = after.regionsCutAtImages
    modulesBefore = before.modules()
    modulesAfter = after.modules()
  }

  mutating func matchModules() {
    match { $0.pathBytes }
    match { Array($0.name.utf8) }
    for (one, two) in matched {
      for region in one.regions { doneBefore.insert(region.start) }
      for region in two.regions { doneAfter.insert(region.start) }
      pair(one, two)
    }
  }

  /// Matches modules not yet matched that have the same key, in their order.
  private mutating func match(_ key: (Module) -> [UInt8]) {
    var waiting: [[UInt8]: [Module]] = [:]
    let takenBefore = Set(matched.map(\.before.base))
    let takenAfter = Set(matched.map(\.after.base))
    for module in modulesBefore.reversed() where !takenBefore.contains(module.base) {
      waiting[key(module), default: []].append(module)
    }
    for module in modulesAfter where !takenAfter.contains(module.base) {
      if let one = waiting[key(module)]?.popLast() { matched.append((one, module)) }
    }
  }

  /// Pairs what is equally far from the start of two modules.
  private mutating func pair(_ one: Module, _ two: Module) {
    for region in two.regions {
      let distance = region.start.rawValue &- two.base.rawValue
      let shifted = AddressRange(
        start: Address(one.base.rawValue &+ distance), count: region.range.count)
      for earlier in one.regions {
        guard let part = earlier.range.intersection(shifted),
          Self.isSamePlace(earlier, region, at: part.start, distance: distance, base: one.base)
        else { continue }
        let skipped = part.start.rawValue &- shifted.start.rawValue
        pairs.append(
          RegionAlignment.Pair(
            before: part.start, after: Address(region.start.rawValue &+ skipped),
            count: part.count))
      }
    }
  }

  /// Whether a byte of two regions lies at the same place of the file, where both have one.
  private static func isSamePlace(
    _ earlier: Region, _ region: Region, at address: Address, distance: UInt64, base: Address
  ) -> Bool {
    guard earlier.kind != .anonymous, region.kind != .anonymous else {
      return earlier.kind == region.kind
    }
    let one = earlier.offset &+ (address.rawValue &- earlier.start.rawValue)
    let inRegion = address.rawValue &- base.rawValue &- distance
    return one == region.offset &+ inRegion
  }

  /// Matches regions the kernel names.
  mutating func matchSpecial() {
    let kinds: Set<RegionKind> = [.heap, .stack, .vdso, .vvar, .vsyscall]
    for region in after where kinds.contains(region.kind) && !doneAfter.contains(region.start) {
      let one = before.first {
        $0.kind == region.kind && $0.nameBytes == region.nameBytes && !doneBefore.contains($0.start)
      }
      if let one { pair(one, region, fromEnd: region.kind == .stack) }
    }
  }

  /// Matches what is left, in the order in which it lies below the next matched module.
  mutating func matchOthers() {
    let one = Self.groups(before, done: doneBefore, matched.map(\.before))
    let two = Self.groups(after, done: doneAfter, matched.map(\.after))
    for group in one.keys.sorted() {
      var waiting = one[group] ?? []
      var later = two[group] ?? []
      pairEqual(&waiting, &later) {
        $0.range.count == $1.range.count && $0.permissions == $1.permissions
          && $0.nameBytes == $1.nameBytes
      }
      pairEqual(&waiting, &later) {
        $0.permissions == $1.permissions && $0.nameBytes == $1.nameBytes
      }
    }
  }

  /// Pairs each region with the first of the others that is like it and behind those paired before.
  private mutating func pairEqual(
    _ one: inout [Region], _ two: inout [Region], _ isLike: (Region, Region) -> Bool
  ) {
    var first = 0
    var left: [Region] = []
    var taken: Set<Int> = []
    for region in one {
      // Near ones only: many regions that are like no other must not cost their square.
      let reach = min(two.count, first &+ 256)
      if let index = (first..<max(reach, first)).first(where: { isLike(region, two[$0]) }) {
        pair(region, two[index], fromEnd: false)
        taken.insert(index)
        first = index &+ 1
      } else {
        left.append(region)
      }
    }
    one = left
    two = two.indices.filter { !taken.contains($0) }.map { two[$0] }
  }

  private mutating func pair(_ one: Region, _ two: Region, fromEnd: Bool) {
    doneBefore.insert(one.start)
    doneAfter.insert(two.start)
    let count = min(one.range.count, two.range.count)
    pairs.append(
      RegionAlignment.Pair(
        before: fromEnd ? Address(one.end.rawValue &- count) : one.start,
        after: fromEnd ? Address(two.end.rawValue &- count) : two.start, count: count))
  }

  /// Unnamed memory by the number of the matched module above it (their count where there is none),
  /// the highest region first.
  private static func groups(_ regions: [Region], done: Set<Address>, _ modules: [Module])
    -> [Int: [Region]]
  {
    let bases = modules.enumerated().map { (base: $1.base, number: $0) }
      .sorted { $0.base < $1.base }
    var groups: [Int: [Region]] = [:]
    var next = bases.count
    for region in regions.reversed() where !done.contains(region.start) {
      let isOurs = region.kind == .anonymous || region.kind == .shared || region.kind == .memfd
      guard isOurs else { continue }
      while next > 0, bases[next &- 1].base > region.start { next &-= 1 }
      let group = next < bases.count ? bases[next].number : modules.count
      groups[group, default: []].append(region)
    }
    return groups
  }
}
