import MemoryModel

/// Works out for one source, as it is mapped at one moment, what a struct is tested for.
struct RecordPatternReader {
  private let source: any MemorySource
  private let survey: SurveyOptions
  private var map: RegionMap?
  private var tests: [RecordTest] = []
  private var links: [PointerLink] = []

  init(_ source: any MemorySource, _ survey: SurveyOptions) {
    self.source = source
    self.survey = survey
  }

  /// The matcher for a pattern.
  /// - Parameter isRenewal: whether regions that are no longer there are no error.
  mutating func matcher(for pattern: RecordPattern, isRenewal: Bool = false)
    throws(RemoteMemoryError) -> RecordMatcher
  {
    do throws(RecordPatternError) {
      try pattern.check(pointerWidth: source.pointerWidth)
    } catch {
      throw invalid("\(error)")
    }
    for field in pattern.fields {
      try add(field.condition, field.offset, isNegated: false, isRenewal: isRenewal)
    }
    return RecordMatcher(pattern, survey, tests, links)
  }

  private func invalid(_ detail: String) -> RemoteMemoryError {
    RemoteMemoryError(.scan, .invalid, process: source.processID, detail: detail)
  }

  private mutating func add(
    _ condition: RecordCondition, _ offset: Int, isNegated: Bool, isRenewal: Bool
  ) throws(RemoteMemoryError) {
    switch condition {
    case .not(let inner):
      try add(inner, offset, isNegated: !isNegated, isRenewal: isRenewal)
    case .bytes(let pattern):
      tests.append(RecordTest(pattern, offset: offset, isNegated: isNegated))
    case .value(let format, let condition):
      let matcher = try matcher(format, condition, offset)
      tests.append(RecordTest([.init(offset: offset, matcher: matcher)], isNegated: isNegated))
    case .pointer(let condition):
      try add(condition, offset, isNegated: isNegated, isRenewal: isRenewal)
    }
  }

  private func matcher(
    _ format: ScalarFormat, _ condition: ValueCondition, _ offset: Int
  ) throws(RemoteMemoryError) -> ValueMatcher {
    do throws(ConditionError) {
      let intervals = try condition.intervals(for: format, pointerWidth: source.pointerWidth)
      return ValueMatcher(intervals, isSwapped: format.isSwapped(in: source))
    } catch {
      var refusal = RemoteMemoryError(error)
      refusal.process = source.processID
      refusal.detail = "the field at \(offset): \(refusal.detail)"
      throw refusal
    }
  }

  private mutating func add(
    _ condition: PointerCondition, _ offset: Int, isNegated: Bool, isRenewal: Bool
  ) throws(RemoteMemoryError) {
    let shape = PointerShape(of: source)
    let wanted = try regions(condition.into)
    guard let target = condition.target else {
      let targets = AddressSet(wanted.ranges)
      if targets.ranges.isEmpty, !isRenewal { throw nothing(condition, offset) }
      let matcher = targets.matcher(shape, isNullable: condition.isNullable)
      tests.append(RecordTest([.init(offset: offset, matcher: matcher)], isNegated: isNegated))
      return
    }
    let extent = try source.survey(wanted.regions, survey)
    let readable = AddressSet(wanted.clipped(extent.runs))
    if readable.ranges.isEmpty, !isRenewal { throw nothing(condition, offset) }
    let test = try pointeeTest(target, offset)
    // What points nowhere need not be looked up; when that is what is wanted, everything must be.
    if !isNegated {
      let matcher = readable.matcher(shape, isNullable: condition.isNullable)
      tests.append(RecordTest([.init(offset: offset, matcher: matcher)], isNegated: false))
    }
    links.append(
      PointerLink(offset: offset, shape, readable, condition, test, isNegated: isNegated))
  }

  private func nothing(_ condition: PointerCondition, _ offset: Int) -> RemoteMemoryError {
    RemoteMemoryError(
      .scan, .notFound, process: source.processID,
      detail: "the field at \(offset), \(condition): nothing like that is mapped to point into")
  }

  private mutating func regions(_ filter: RegionFilter?) throws(RemoteMemoryError)
    -> PointerRegions
  {
    if map == nil { map = try source.regionMap() }
    return PointerRegions(map ?? RegionMap([]), filter ?? RegionFilter())
  }

  private func pointeeTest(_ condition: PointeeCondition, _ offset: Int)
    throws(RemoteMemoryError) -> PointeeTest
  {
    let byteCount = condition.byteCount(pointerWidth: source.pointerWidth)
    switch condition {
    case .bytes(let pattern): return .bytes(pattern)
    case .value(let format, let condition): return .value(try matcher(format, condition, offset))
    case .printableText(let count, let encoding):
      return .printable(count: count, byteCount: byteCount, encoding)
    case .text(let text, let encoding, let isTerminated):
      guard var bytes = try? encoding.encode(text) else { throw invalid("\(condition)") }
      if isTerminated { bytes += encoding.terminator }
      guard let pattern = try? BytePattern(bytes) else { throw invalid("\(condition)") }
      return .bytes(pattern)
    }
  }
}

/// The regions a filter lets pass, and the parts of them it means.
private struct PointerRegions {
  let regions: [Region]
  private let scope: ScanScope

  init(_ map: RegionMap, _ filter: RegionFilter) {
    scope = ScanScope(filter: filter)
    regions = scope.regions(of: map).regions
  }

  var ranges: [AddressRange] { clipped(regions.map(\.range)) }

  /// What of some ranges lies in the window of the filter, and not in ranges it excludes.
  func clipped(_ ranges: [AddressRange]) -> [AddressRange] {
    var ranges = ranges
    scope.clip(&ranges)
    return ranges
  }
}
