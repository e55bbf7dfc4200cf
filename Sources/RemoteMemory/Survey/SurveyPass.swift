import MemoryModel

/// One pass over the regions of a survey, from the lowest address to the highest.
struct SurveyPass {
  private let process: RemoteProcess
  private let regions: [Region]
  private let options: SurveyOptions
  private var pages: PopulatedPages
  private var kinds: MappingKinds
  private var files: SharedFiles
  private var list = RunList()
  private var survey = Survey()
  /// False when the address space was found to be gone.
  private var isReached = true

  init(_ process: RemoteProcess, _ regions: [Region], _ options: SurveyOptions) {
    self.process = process
    self.regions = regions
    self.options = options
    pages = PopulatedPages(process)
    kinds = MappingKinds(process, looksForUserFaults: !options.readsHanging)
    files = SharedFiles(process)
  }

  /// What was found.
  var result: Survey {
    var survey = survey
    survey.runs = list.runs
    return survey
  }

  /// False when the number in use names no process with memory.
  mutating func run() throws(RemoteMemoryError) -> Bool {
    var index = 0
    while index < regions.count, isReached {
      try process.checkInterrupt(.survey)
      let kind = kinds.kind(of: regions[index], files)
      if kind == .privateMemory, !options.readsUnpopulated {
        let end = groupEnd(from: index)
        try takePopulated(regions[index..<end])
        index = end
      } else {
        try take(regions[index], kind)
        index += 1
      }
    }
    return isReached
  }

  /// Regions nearer than this to each other are asked for in one call.
  private static let groupGap: UInt64 = 1 << 20

  /// The end of a row of regions of private memory, with only small gaps.
  private mutating func groupEnd(from first: Int) -> Int {
    var end = first + 1
    while end < regions.count,
      regions[end].start.rawValue &- regions[end - 1].end.rawValue <= Self.groupGap,
      kinds.kind(of: regions[end], files) == .privateMemory
    {
      end += 1
    }
    return end
  }

  private mutating func take(_ region: Region, _ kind: MappingKind) throws(RemoteMemoryError) {
    switch kind {
    case .leftOut(let reason): leaveOut(region, reason)
    case .hanging(let reason):
      if options.readsHanging { takeWhole(region) } else { try takeOwn(region, reason) }
    case .privateMemory, .wholeFile: takeWhole(region)
    case .sharedMemory:
      if options.readsUnpopulated { takeWhole(region) } else { try takeShared(region) }
    }
  }

  private mutating func takeWhole(_ region: Region) {
    survey.mappedBytes &+= region.range.count
    list.append(region.range)
  }

  private mutating func leaveOut(_ region: Region, _ reason: Survey.Reason, taken: UInt64 = 0) {
    survey.mappedBytes &+= region.range.count
    let count = region.range.count &- min(taken, region.range.count)
    guard count > 0 else { return }
    survey.leftOut.append(Survey.LeftOut(region: region, byteCount: count, reason: reason))
  }

  /// The populated pages of a row of regions, which may have gaps between them where something
  /// else is mapped.
  private mutating func takePopulated(_ group: ArraySlice<Region>) throws(RemoteMemoryError) {
    guard let first = group.first, let last = group.last else { return }
    var clip = RegionClip(group)
    var found = RunList()
    let answer = try pages.find(.all, first.start.rawValue, last.end.rawValue) { start, end in
      clip.clip(start, end) { found.append($0, $1) }
    }
    switch answer {
    case .complete: break
    case .lost: isReached = false
    case .unknown(let rest): clip.clip(rest, last.end.rawValue) { found.append($0, $1) }
    }
    let mapped = group.reduce(0 as UInt64) { $0 &+ $1.range.count }
    survey.mappedBytes &+= mapped
    survey.unpopulatedBytes &+= mapped &- min(add(found), mapped)
  }

  /// Adds runs that lie above all others. Gives back their size.
  private mutating func add(_ found: RunList) -> UInt64 {
    var count: UInt64 = 0
    for run in found.runs {
      list.append(run)
      count &+= run.count
    }
    return count
  }

  /// Of a mapping whose other pages may make a reader wait: what the process has written there
  /// itself, which no longer comes from the file.
  private mutating func takeOwn(_ region: Region, _ reason: Survey.Reason)
    throws(RemoteMemoryError)
  {
    guard case .remoteFileSystem = reason, !region.permissions.contains(.shared) else {
      return leaveOut(region, reason)
    }
    leaveOut(region, reason, taken: add(try presentPages(of: region, .own)))
  }

  /// The pages that are there through this process, as far as it can be known.
  private mutating func presentPages(of region: Region, _ selection: PopulatedPages.Selection)
    throws(RemoteMemoryError) -> RunList
  {
    var found = RunList()
    let answer = try pages.find(selection, region.start.rawValue, region.end.rawValue) {
      found.append($0, $1)
    }
    if case .lost = answer { isReached = false }
    return found
  }

  /// What exists in the file, and in a private mapping also what the process has written over it.
  private mutating func takeShared(_ region: Region) throws(RemoteMemoryError) {
    guard let data = try existingPages(of: region) else {
      let taken = add(try presentPages(of: region, .all))
      return leaveOut(region, .sharedPagesUnknown, taken: taken)
    }
    var found = data
    if !region.permissions.contains(.shared) {
      found = data.union(try presentPages(of: region, .all))
    }
    survey.mappedBytes &+= region.range.count
    survey.unpopulatedBytes &+= region.range.count &- min(add(found), region.range.count)
  }

  /// Nil when the file may not be asked.
  private mutating func existingPages(of region: Region) throws(RemoteMemoryError) -> RunList? {
    let descriptor = files.open(region)
    guard descriptor >= 0 else { return nil }
    defer { System.close(descriptor) }
    var found = RunList()
    let isKnown = try files.findData(descriptor, region) { found.append($0, $1) }
    return isKnown ? found : nil
  }
}

/// Cuts rising runs down to the regions that were asked for.
private struct RegionClip {
  private let regions: ArraySlice<Region>
  private var index: Int

  init(_ regions: ArraySlice<Region>) {
    self.regions = regions
    index = regions.startIndex
  }

  mutating func clip(_ start: UInt64, _ end: UInt64, _ body: (UInt64, UInt64) -> Void) {
    while index < regions.endIndex, regions[index].end.rawValue <= start { index += 1 }
    var current = index
    while current < regions.endIndex, regions[current].start.rawValue < end {
      let region = regions[current]
      body(max(start, region.start.rawValue), min(end, region.end.rawValue))
      current += 1
    }
  }
}
