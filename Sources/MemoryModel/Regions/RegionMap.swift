/// Every mapping of a process at one moment, in the order of addresses, without overlaps.
public struct RegionMap: Hashable, Sendable {
  /// The regions, sorted by start.
  public let regions: [Region]
  /// Where images end whose headers lie at the start of a region, as those headers say; by that
  /// start. Whoever can read the memory fills it in; it takes no part in comparing two maps.
  public var imageEnds: [Address: Address] = [:]

  /// The map of these regions: sorted, and each cut where the one before it reaches into it.
  public init(_ regions: [Region]) {
    self.regions = Self.isOrdered(regions) ? regions : Self.ordered(regions)
  }

  /// Maps are equal whose regions are.
  public static func == (left: RegionMap, right: RegionMap) -> Bool {
    left.regions == right.regions
  }

  /// Hashes the regions.
  public func hash(into hasher: inout Hasher) { hasher.combine(regions) }

  /// Parses the whole text of proc_pid_maps(5), which may be empty.
  /// - Parameter text: the bytes of the file; the last line need not end with a newline.
  /// - Throws: `MapsSyntaxError` with line and column.
  public init(mapsText text: UnsafeRawBufferPointer) throws(MapsSyntaxError) {
    var regions: [Region] = []
    if let base = text.baseAddress {
      var parser = MapsParser(base.assumingMemoryBound(to: UInt8.self), count: text.count)
      regions.reserveCapacity(text.count / 96)
      while !parser.isAtEnd { regions.append(try parser.next()) }
    }
    self.init(regions)
  }

  /// Parses the whole text of proc_pid_maps(5), which may be empty; throws as the other initializer
  /// does.
  public init(mapsText text: [UInt8]) throws(MapsSyntaxError) {
    let result: Result<RegionMap, MapsSyntaxError> = text.withUnsafeBytes { bytes in
      Result { () throws(MapsSyntaxError) in try RegionMap(mapsText: bytes) }
    }
    self = try result.get()
  }

  /// How many regions there are.
  public var count: Int { regions.count }

  /// Whether nothing is mapped, as in a kernel thread or a zombie.
  public var isEmpty: Bool { regions.isEmpty }

  /// How many bytes are mapped.
  public var byteCount: UInt64 { regions.reduce(0) { $0 &+ $1.range.count } }

  /// Whether each region starts where the one before ends, or above.
  private static func isOrdered(_ regions: [Region]) -> Bool {
    var index = 1
    while index < regions.count {
      if regions[index].range.start < regions[index &- 1].range.end { return false }
      index &+= 1
    }
    return true
  }

  /// The regions sorted by start and cut where they overlap; what nothing is left of is dropped.
  private static func ordered(_ regions: [Region]) -> [Region] {
    var kept: [Region] = []
    for region in regions.sorted(by: { $0.range.start < $1.range.start }) {
      guard let last = kept.last, region.range.start < last.range.end else {
        kept.append(region)
        continue
      }
      if region.range.end > last.range.end { kept.append(region.trimmed(from: last.range.end)) }
    }
    return kept
  }
}

extension RegionMap {
  /// The region that holds the byte at `address`, or nil.
  public func region(containing address: Address) -> Region? {
    let index = firstIndex(endingAbove: address)
    guard index < regions.count, regions[index].range.contains(address) else { return nil }
    return regions[index]
  }

  /// The region wholly below `address` that is nearest to it, and the nearest one wholly above.
  public func neighbours(of address: Address) -> (below: Region?, above: Region?) {
    let index = firstIndex(endingAbove: address)
    let below = index > 0 ? regions[index &- 1] : nil
    var above = index
    if above < regions.count, regions[above].range.contains(address) { above &+= 1 }
    return (below, above < regions.count ? regions[above] : nil)
  }

  /// The regions that share a byte with `range`, in order.
  public func regions(overlapping range: AddressRange) -> ArraySlice<Region> {
    let first = firstIndex(endingAbove: range.start)
    var end = first
    while end < regions.count, regions[end].range.overlaps(range) { end &+= 1 }
    return regions[first..<end]
  }

  /// The first region whose last byte is at or above `address`; found by halving.
  private func firstIndex(endingAbove address: Address) -> Int {
    var low = 0
    var high = regions.count
    while low < high {
      let middle = low &+ (high &- low) / 2
      let range = regions[middle].range
      if range.start > address || range.contains(address) {
        high = middle
      } else {
        low = middle &+ 1
      }
    }
    return low
  }
}
