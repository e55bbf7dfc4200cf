import CScanKernels
import MemoryModel

/// The addresses a pointer may hold for something readable to lie within its reach, and the
/// numbering of these, in which every address has a place.
///
/// Addresses of one run follow each other in it; between runs lie so many free places that what is
/// within reach of an address never has a place in another run. A place and its address differ by
/// whole pages.
@safe final class PointerSpace: @unchecked Sendable {
  /// What runs begin and end at.
  static let pageSize: UInt64 = 4096
  /// What the kernels compare one after the other.
  private static let mostAreas = 8
  private static let mostCells: UInt64 = 1 << 16
  /// The most places: packed with a slot they have to fit 64 bits.
  static let mostPlaces: UInt64 = 1 << 39

  /// How far below and above readable memory pointers may lead, a multiple of the page size.
  let reach: UInt64
  /// All places are below.
  let placeCount: UInt64
  private let runs: UnsafeMutableBufferPointer<pvk_run>
  private let areas: UnsafeMutableBufferPointer<pvk_area>
  private let cells: UnsafeMutableBufferPointer<UInt32>
  let pointees: pvk_pointees

  /// - Parameters:
  ///   - readable: what can be read, rising.
  ///   - reach: a multiple of the page size, at least one page.
  /// - Throws: `E2BIG` for more memory than can be numbered.
  convenience init(_ readable: [AddressRange], reach: UInt64) throws(RemoteMemoryError) {
    try self.init(extents: Self.extended(readable, by: reach), reach: reach)
  }

  /// - Parameters:
  ///   - extents: the addresses that pointers may hold, in whole pages, rising, none touching.
  ///   - reach: as above.
  init(extents: [ClosedRange<UInt64>], reach: UInt64) throws(RemoteMemoryError) {
    self.reach = reach
    let list = extents.map { (start: $0.lowerBound, last: $0.upperBound) }
    let total = list.reduce(reach) { sum, run in
      let (part, overflow) = sum.addingReportingOverflow(run.last - run.start)
      return overflow ? .max : min(part, Self.mostPlaces) &+ 1 &+ reach
    }
    guard total <= Self.mostPlaces, list.count < Int(UInt32.max) else {
      throw RemoteMemoryError(
        .scan, .tooLarge,
        detail: "a map of pointers covers at most \(Self.mostPlaces.sizeText) of memory in use")
    }
    placeCount = max(total, 1)
    let split = Self.areas(of: list)
    unsafe runs = .allocate(capacity: list.count)
    unsafe areas = .allocate(capacity: split.count)
    let shifts = split.map { Self.shift(for: list[$0.upperBound].last - list[$0.lowerBound].start) }
    let sizes = zip(split, shifts).map { area, shift in
      Int((list[area.upperBound].last - list[area.lowerBound].start) >> shift) + 2
    }
    unsafe cells = .allocate(capacity: sizes.reduce(0, +))
    unsafe pointees = pvk_pointees(
      areas: areas.baseAddress, area_count: areas.count, runs: runs.baseAddress)
    number(list)
    var first = 0
    for (index, area) in split.enumerated() {
      fill(index, area, shift: shifts[index], list, first..<(first + sizes[index]))
      first += sizes[index]
    }
  }

  deinit {
    unsafe runs.deallocate()
    unsafe areas.deallocate()
    unsafe cells.deallocate()
  }

  private typealias Run = (start: UInt64, last: UInt64)

  /// What lies within reach, in whole pages; what then touches is one.
  private static func extended(_ ranges: [AddressRange], by reach: UInt64)
    -> [ClosedRange<UInt64>]
  {
    var runs: [Run] = []
    for range in ranges where !range.isEmpty {
      let start = range.start.alignedDown(to: pageSize).rawValue
      let last = (range.start.rawValue &+ (range.count &- 1)) | (pageSize - 1)
      // Null is no pointer, and nothing lies in its page.
      let low = max(start < reach ? 0 : start - reach, pageSize)
      let high = last > .max - reach ? .max : last + reach
      guard low <= high, last >= pageSize else { continue }
      if let before = runs.last, low <= before.last || low == before.last + 1 {
        runs[runs.count - 1].last = max(before.last, high)
      } else {
        runs.append((low, high))
      }
    }
    return runs.map { $0.start...$0.last }
  }

  /// Rows of runs: cut at the widest gaps.
  private static func areas(of runs: [Run]) -> [ClosedRange<Int>] {
    guard !runs.isEmpty else { return [] }
    let gaps = (1..<runs.count).map { (index: $0, size: runs[$0].start - runs[$0 - 1].last) }
      .filter { $0.size > 1 << 30 }
    let cuts = gaps.sorted { $0.size > $1.size }.prefix(mostAreas - 1).map(\.index).sorted()
    return zip([0] + cuts, cuts + [runs.count]).map { $0...($1 - 1) }
  }

  private static func shift(for span: UInt64) -> UInt32 {
    var shift: UInt32 = 12
    while span >> shift >= mostCells { shift += 1 }
    return shift
  }

  private func number(_ list: [Run]) {
    var place = reach
    for (index, run) in list.enumerated() {
      unsafe runs.initializeElement(
        at: index, to: pvk_run(start: run.start, last: run.last, place: place))
      place += run.last - run.start + 1 + reach
    }
  }

  private func fill(
    _ index: Int, _ area: ClosedRange<Int>, shift: UInt32, _ list: [Run], _ range: Range<Int>
  ) {
    let start = list[area.lowerBound].start
    unsafe areas.initializeElement(
      at: index,
      to: pvk_area(
        start: start, span: list[area.upperBound].last - start, shift: shift,
        first: UnsafePointer(cells.baseAddress! + range.lowerBound)))
    var run = area.lowerBound
    for cell in range.dropLast() {
      let begin = start + UInt64(cell - range.lowerBound) << UInt64(shift)
      while list[run].last < begin { run += 1 }
      unsafe cells.initializeElement(at: cell, to: UInt32(run))
    }
    unsafe cells.initializeElement(at: range.upperBound - 1, to: UInt32(area.upperBound))
  }

  /// From the first to the last address of each row of runs, for a first rough test.
  var bounds: [ClosedRange<UInt64>] { unsafe areas.map { unsafe $0.start...($0.start + $0.span) } }

  /// The runs, as they are saved.
  var extents: [ClosedRange<UInt64>] { unsafe runs.map { $0.start...$0.last } }

  /// The place of an address; nil for one from which nothing readable is within reach.
  func place(of address: UInt64) -> UInt64? {
    let place = unsafe withUnsafePointer(to: pointees) { unsafe pvk_place($0, address) }
    return place == .max ? nil : place
  }

  /// The address at a place.
  func address(at place: UInt64) -> UInt64 {
    var (low, high) = (0, unsafe runs.count)
    while low < high {
      let middle = (low + high) / 2
      if unsafe runs[middle].place <= place { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return 0 }
    return unsafe runs[low - 1].start &+ (place &- runs[low - 1].place)
  }

  /// The places of a range of addresses, rising.
  func places(of range: AddressRange) -> [Range<UInt64>] {
    guard !range.isEmpty else { return [] }
    let last = range.start.rawValue &+ (range.count &- 1)
    var found: [Range<UInt64>] = []
    var (low, high) = (0, unsafe runs.count)
    while low < high {
      let middle = (low + high) / 2
      if unsafe runs[middle].last < range.start.rawValue { low = middle + 1 } else { high = middle }
    }
    while unsafe low < runs.count, unsafe runs[low].start <= last {
      let run = unsafe runs[low]
      let from = max(run.start, range.start.rawValue)
      let to = min(run.last, last)
      found.append((run.place + (from - run.start))..<(run.place + (to - run.start) + 1))
      low += 1
    }
    return found
  }
}
