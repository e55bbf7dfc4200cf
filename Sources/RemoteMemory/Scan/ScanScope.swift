public import MemoryModel

/// Where a scan looks.
public struct ScanScope: Hashable, Sendable {
  /// Which regions; a range in it, and ranges it excludes, are kept to the byte.
  public var filter: RegionFilter
  /// What to take in beside what is safe and populated.
  public var survey: SurveyOptions

  /// A scope; by default what the process can write and shares with nobody.
  public init(
    filter: RegionFilter = ScanScope.writablePrivate, survey: SurveyOptions = .harmless
  ) {
    self.filter = filter
    self.survey = survey
  }

  /// Private memory that can be read and written: heaps, stacks, the data of modules.
  public static let writablePrivate = RegionFilter(
    permissions: PermissionFilter(required: [.read, .write], forbidden: .shared))

  /// What there is to read at this moment.
  func extent(of source: any MemorySource) throws(RemoteMemoryError) -> ScanExtent {
    let map = try source.regionMap()
    let wanted = regions(of: map)
    let regions = windowed(wanted.regions)
    var extent = ScanExtent(map: map, survey: try source.survey(regions, survey))
    extent.regionCount = wanted.count
    extent.outside = OutsideBytes(map: map, wanted: wanted)
    let leftOut = Set(extent.survey.leftOut.map(\.region.start))
    extent.whole = regions.map(\.range).filter { !leftOut.contains($0.start) }
    clip(&extent.survey.runs)
    clip(&extent.whole)
    return extent
  }

  /// The regions that share a byte with what is wanted.
  func regions(of map: RegionMap) -> RegionMap {
    var wide = filter
    wide.exclusions.removeAll { if case .range = $0 { true } else { false } }
    return map.filtered(wide)
  }

  /// The regions cut to the window, in whole pages: what lies outside need not be asked about.
  private func windowed(_ regions: [Region]) -> [Region] {
    guard let window = filter.range else { return regions }
    let page = System.pageSize
    let start = window.start.alignedDown(to: page)
    let toPage = window.start.rawValue &- start.rawValue &+ (page &- 1)
    let (sum, overflows) = window.count.addingReportingOverflow(toPage)
    let pages = AddressRange(start: start, count: overflows ? .max : sum & ~(page &- 1))
    return regions.compactMap { $0.clipped(to: pages) }
  }

  /// Cuts runs to the window, and cuts out the excluded ranges.
  func clip(_ runs: inout [AddressRange]) {
    if let window = filter.range { runs = runs.compactMap { $0.intersection(window) } }
    for case .range(let hole) in filter.exclusions where !hole.isEmpty {
      runs = runs.flatMap { run in
        [
          AddressRange(start: run.start, end: min(run.end, hole.start)),
          Self.part(of: run, behind: hole),
        ].filter { !$0.isEmpty }
      }
    }
  }

  /// What of a run lies behind a range; neither is empty, and both may reach the last address.
  private static func part(of run: AddressRange, behind hole: AddressRange) -> AddressRange {
    let last = run.start.rawValue + (run.count - 1)
    let end = hole.start.rawValue + (hole.count - 1)
    if end < run.start.rawValue { return run }
    guard end < last else { return AddressRange(start: run.start, count: 0) }
    return AddressRange(start: Address(end + 1), count: last - end)
  }
}

/// What a scope came to for one source at one moment.
struct ScanExtent {
  /// All that was mapped.
  var map: RegionMap
  /// What is to be read, and what was left out of the wanted regions.
  var survey: Survey
  /// What was wanted and not left out: where nothing is to be read in it, it holds zeroes.
  var whole: [AddressRange] = []
  /// How many regions were wanted.
  var regionCount = 0
  /// What lies in regions that were not wanted.
  var outside = OutsideBytes()
}

/// Readable memory that a scope did not ask for, in bytes.
public struct OutsideBytes: Hashable, Sendable {
  /// Private memory that cannot be written: code and constants.
  public var readOnly: UInt64 = 0
  /// Memory shared with others.
  public var shared: UInt64 = 0
  /// Private memory that can be written, and was not asked for all the same.
  public var writable: UInt64 = 0

  init() {}

  init(map: RegionMap, wanted: RegionMap) {
    let starts = Set(wanted.regions.map(\.start))
    for region in map.regions where region.permissions.contains(.read) {
      guard !starts.contains(region.start) else { continue }
      if region.permissions.contains(.shared) {
        shared &+= region.range.count
      } else if region.permissions.contains(.write) {
        writable &+= region.range.count
      } else {
        readOnly &+= region.range.count
      }
    }
  }
}
