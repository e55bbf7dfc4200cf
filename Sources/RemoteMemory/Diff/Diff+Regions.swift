public import MemoryModel

/// How much of a mapping is not the same.
public struct RegionDiff: Hashable, Sendable {
  /// The mapping, as the later memory has it.
  public let region: Region
  /// How many cells of the diff lie in it.
  public let cellCount: Int
  /// How many pages have at least one.
  public let pageCount: Int
  /// Where they lie.
  public let strip: HeatStrip
}

extension Diff {
  /// The mappings that cells of the diff lie in, in the order of their addresses.
  /// - Parameter columns: into how many parts each is cut for its strip, 1 to 1024; default 32. One
  ///   with fewer pages is cut into its pages.
  public func regionDiffs(columns: Int = 32) -> [RegionDiff] {
    var result: [RegionDiff] = []
    let step = UInt64(hits.lanes.first?.step ?? 1)
    for lane in hits.lanes {
      var cursor = LaneCursor(lane)
      for region in map.regions {
        cursor.seek(region.start.rawValue)
        if cursor.isAtEnd { break }
        if cursor.address >= region.end.rawValue { continue }
        var tally = RegionTally(region, step: step, columns: min(max(columns, 1), 1024))
        while !cursor.isAtEnd, cursor.address < region.end.rawValue {
          tally.count(cursor.address)
          cursor.advance()
        }
        result.append(tally.result)
      }
    }
    return result
  }
}

/// A mapping whose cells are being counted.
private struct RegionTally {
  private let region: Region
  private let columnBytes: UInt64
  private let step: UInt64
  private var counts: [UInt64]
  private var cellCount = 0
  private var pageCount = 0
  private var lastPage = UInt64.max

  init(_ region: Region, step: UInt64, columns: Int) {
    self.region = region
    self.step = step
    let pages = max((region.range.count - 1) / 4096 + 1, 1)
    let perColumn = (pages - 1) / UInt64(columns) + 1
    columnBytes = perColumn * 4096
    counts = [UInt64](repeating: 0, count: Int((pages - 1) / perColumn + 1))
  }

  mutating func count(_ address: UInt64) {
    let offset = address - region.start.rawValue
    counts[min(Int(offset / columnBytes), counts.count - 1)] += 1
    cellCount += 1
    if offset / 4096 != lastPage {
      lastPage = offset / 4096
      pageCount += 1
    }
  }

  var result: RegionDiff {
    RegionDiff(
      region: region, cellCount: cellCount, pageCount: pageCount,
      strip: HeatStrip(counts: counts, most: min(columnBytes, region.range.count) / step))
  }
}
