import MemoryModel

/// Something of a process by which addresses are told: it is found again in another run, where it
/// lies somewhere else.
struct HitPlace: Hashable {
  enum Kind: UInt8 {
    /// All addresses; they mean the same only where nothing has moved.
    case absolute
    /// A mapped file, by its name without folders.
    case module
    /// A region with a name: `[heap]`, `[stack]`.
    case region
  }

  var kind: Kind
  var name: [UInt8] = []
  /// Which of several with this name it is, from 0.
  var ordinal: UInt32 = 0
  /// What distances are counted from: the start, or the end of what grows downwards.
  var anchor: UInt64 = 0
  /// Its length in bytes; of a module only what lies in the file, since what follows varies.
  var size: UInt64 = 0

  /// All addresses.
  static let absolute = HitPlace(kind: .absolute)

  /// Whether this may be the same thing in another run.
  func isLike(_ other: HitPlace) -> Bool {
    kind == other.kind && name == other.name && ordinal == other.ordinal
      && (kind != .module || size == other.size)
  }
}

/// The places of a process at one moment.
struct HitPlaces {
  /// All of them; the first is `absolute`.
  private(set) var places: [HitPlace] = [.absolute]
  /// The addresses of each, gaps included.
  private(set) var extents: [AddressRange] = [
    AddressRange(start: .zero, end: Address(.max))
  ]
  /// Mapped addresses by place, rising; what is in none of them is absolute.
  private(set) var ranges: [(range: AddressRange, place: Int)] = []
  /// What the system puts somewhere else in each run: when all are the same, nothing has moved.
  private(set) var witnesses: [HitPlace] = []

  init(_ map: RegionMap) {
    var ordinals: [HitPlace: UInt32] = [:]
    var taken: Set<Address> = []
    for module in map.modules() {
      let file = module.regions.last { $0.kind != .anonymous } ?? module.regions[0]
      var place = HitPlace(kind: .module, name: Array(module.name.utf8))
      place.ordinal = ordinals[place, default: 0]
      ordinals[HitPlace(kind: .module, name: place.name), default: 0] += 1
      place.anchor = module.base.rawValue
      place.size = file.end.rawValue &- module.base.rawValue
      add(place, module.range, module.regions)
      taken.formUnion(module.regions.map(\.start))
      if module.hasCode, witnesses.isEmpty { witnesses.append(place) }
    }
    for region in map.regionsCutAtImages
    where !region.nameBytes.isEmpty && !taken.contains(region.start) {
      var place = HitPlace(kind: .region, name: region.nameBytes)
      place.ordinal = ordinals[place, default: 0]
      ordinals[HitPlace(kind: .region, name: place.name), default: 0] += 1
      place.anchor = (region.kind == .stack ? region.end : region.start).rawValue
      add(place, region.range, [region])
      if region.kind == .stack || region.kind == .vdso { witnesses.append(place) }
    }
    ranges.sort { $0.range.start < $1.range.start }
  }

  private mutating func add(_ place: HitPlace, _ extent: AddressRange, _ regions: [Region]) {
    for region in regions { ranges.append((region.range, places.count)) }
    places.append(place)
    extents.append(extent)
  }

  /// Cuts a grid where places meet: parts of its candidates, rising, each with its place.
  func parts(of grid: HitGrid) -> [(slots: Range<Int>, place: Int)] {
    var parts: [(slots: Range<Int>, place: Int)] = []
    var next = 0
    var index = first(endingAbove: grid.base)
    while index < ranges.count, ranges[index].range.start.rawValue <= grid.last {
      let (range, place) = ranges[index]
      let last = range.start.rawValue &+ (range.count &- 1)
      let slots = grid.slots(from: range.start.rawValue, to: last)
      if !slots.isEmpty {
        if next < slots.lowerBound { parts.append((next..<slots.lowerBound, 0)) }
        if let before = parts.last, before.place == place,
          before.slots.upperBound == slots.lowerBound
        {
          parts[parts.count - 1].slots = before.slots.lowerBound..<slots.upperBound
        } else {
          parts.append((slots, place))
        }
        next = slots.upperBound
      }
      index += 1
    }
    if next < grid.slots { parts.append((next..<grid.slots, 0)) }
    return parts
  }

  private func first(endingAbove address: UInt64) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      let range = ranges[middle].range
      if range.start.rawValue > address || range.contains(Address(address)) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  /// Where places of another run are in this one; nil for what is not there.
  /// - Parameter witnesses: those of that run.
  func resolved(_ others: [HitPlace], witnesses otherWitnesses: [HitPlace])
    -> [ResolvedPlace?]
  {
    let isSame = otherWitnesses == witnesses
    return others.map { other in
      if isSame { return ResolvedPlace(anchor: other.anchor, range: nil) }
      guard other.kind != .absolute, let index = places.firstIndex(where: other.isLike) else {
        return nil
      }
      return ResolvedPlace(anchor: places[index].anchor, range: extents[index])
    }
  }
}

/// Where a saved place is now.
struct ResolvedPlace {
  /// What distances are counted from.
  let anchor: UInt64
  /// Where its hits may lie; nil for anywhere.
  let range: AddressRange?
}
