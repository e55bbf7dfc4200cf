import MemoryModel

/// What a source holds.
struct HeldMemory {
  /// What is mapped there.
  let map: RegionMap
  /// What can be read.
  let readable: AddressRanges
  /// The part of it that may be anything but zeroes.
  let populated: AddressRanges

  init(_ source: any MemorySource) throws(RemoteMemoryError) {
    map = try source.regionMap()
    let regions = map.regions.filter { $0.permissions.contains(.read) }
    let survey = try source.survey(regions, .harmless)
    populated = AddressRanges(survey.runs)
    if let memory = source as? any CapturedMemory {
      readable = AddressRanges(memory.captured).union(populated)
      return
    }
    // What was left out must not be taken for zeroes.
    let whole = AddressRanges(regions.map(\.range))
    let leftOut = AddressRanges(survey.leftOut.map(\.region.range))
    readable = whole.subtracting(leftOut).union(populated)
  }

  /// What a snapshot of that extent would hold.
  init(_ extent: ScanExtent) {
    map = extent.map
    populated = AddressRanges(Snapshot.wholePages(extent.survey.runs))
    readable = AddressRanges(extent.whole).union(populated)
  }
}

/// What two sources have in common and is to be compared.
struct DiffExtent {
  let before: HeldMemory
  let after: HeldMemory
  let alignment: RegionAlignment
  /// What is compared, in the order of the addresses after.
  let pairs: [RegionAlignment.Pair]
  /// What neither has anything but zeroes in.
  let bytesZero: UInt64
  let bytesOnlyBefore: UInt64
  let bytesOnlyAfter: UInt64

  init(
    _ before: HeldMemory, _ after: HeldMemory, _ filter: RegionFilter,
    _ kind: DiffOptions.Alignment
  ) {
    self.before = before
    self.after = after
    alignment =
      kind == .address ? .identity : .modules(before: before.map, after: after.map)
    let scope = ScanScope(filter: filter)
    let there = alignment.after(before.readable)
    var wanted = AddressRanges(scope.regions(of: after.map).regions.map(\.range))
    // A window is one of the later addresses.
    var anywhere = scope
    if kind != .address { anywhere.filter.range = nil }
    let earlierWanted = AddressRanges(anywhere.regions(of: before.map).regions.map(\.range))
    wanted = wanted.union(alignment.after(earlierWanted))
    var clipped = wanted.ranges
    scope.clip(&clipped)
    wanted = AddressRanges(clipped)
    let common = after.readable.intersection(there).intersection(wanted)
    let populated = after.populated.union(alignment.after(before.populated))
    let worth = common.intersection(populated)
    pairs = alignment.pairs(in: worth)
    bytesZero = common.byteCount &- worth.byteCount
    bytesOnlyAfter = after.readable.intersection(wanted).byteCount &- common.byteCount
    let goesWith = there.intersection(after.readable).byteCount
    let mine = kind == .address ? before.readable.intersection(wanted) : before.readable
    bytesOnlyBefore =
      mine.byteCount
      &- min(
        mine.byteCount, kind == .address ? common.byteCount : goesWith)
  }
}
