import CProcessVM
import MemoryModel

/// Finding the pages of a process that hold something.
///
/// By PAGEMAP_SCAN where the kernel has it, else by the entries of /proc/PID/pagemap; where neither
/// may be used the answer is that nothing is known. Pages of zeroes that all processes share, and
/// guard pages, hold nothing.
struct PopulatedPages {
  /// Which pages count.
  enum Selection {
    /// All that are present or swapped out.
    case all
    /// Of those, the ones that belong to this process alone and not to a file.
    case own
  }

  /// What an attempt came to.
  enum Answer {
    /// All was found.
    case complete
    /// Nothing is known of the rest, which starts at this address.
    case unknown(UInt64)
    /// The address space is gone.
    case lost
  }

  private let process: RemoteProcess
  private let descriptor: Int32
  private var scans: Bool
  private var knowsGuards = true

  init(_ process: RemoteProcess) {
    self.process = process
    descriptor = process.openPageMap()
    scans = !process.without.contains(.pageScan)
  }

  /// Calls `body` with the ends of each run of pages, in rising order; touching ones are not
  /// always one.
  mutating func find(
    _ selection: Selection, _ start: UInt64, _ end: UInt64, _ body: (UInt64, UInt64) -> Void
  ) throws(RemoteMemoryError) -> Answer {
    guard descriptor >= 0 else { return .unknown(start) }
    if scans {
      let answer = try scan(selection, start, end, body)
      guard case .unknown(let rest) = answer, !scans else { return answer }
      return try readEntries(selection, rest, end, body)
    }
    return try readEntries(selection, start, end, body)
  }

  /// A scan over more addresses than this could not be interrupted soon.
  private static let scanLimit: UInt64 = 64 << 30

  private mutating func scan(
    _ selection: Selection, _ start: UInt64, _ end: UInt64, _ body: (UInt64, UInt64) -> Void
  ) throws(RemoteMemoryError) -> Answer {
    let capacity = 2048
    let room = UnsafeMutableBufferPointer<pvm_page_range>.allocate(capacity: capacity)
    defer { unsafe room.deallocate() }
    var place = start
    while place < end {
      try process.checkInterrupt(.survey)
      let limit = min(end, place &+ min(Self.scanLimit, UInt64.max &- place))
      let count = unsafe System.scanPages(
        descriptor, place, limit, selection == .all ? emptyPages : ownPages, into: room)
      process.counters.countCall()
      if let errno = Errno(result: count) {
        switch refusal(errno) {
        case .again: continue
        case .lost: return .lost
        case .never: return .unknown(place)
        }
      }
      // Only a list that was not filled says that the whole stretch was walked.
      let reached = unsafe count < capacity ? limit : max(room[capacity - 1].end, place &+ 1)
      let ranges = unsafe UnsafeBufferPointer(rebasing: room[..<min(count, capacity)])
      switch selection {
      case .all: unsafe Self.populated(ranges, place, reached, body)
      case .own:
        for index in 0..<ranges.count { unsafe body(ranges[index].start, ranges[index].end) }
      }
      place = reached
    }
    return .complete
  }

  /// Pages that hold nothing, and swapped ones marked as such: finding these and taking the others
  /// costs the kernel a quarter of what it takes to list what is present.
  private var emptyPages: pvm_page_query {
    pvm_page_query(
      inverted: Self.present, all_of: 0, any_of: Self.present | Self.zeroPage | guardPage,
      shown: Self.swapped | guardPage)
  }

  private var ownPages: pvm_page_query {
    let unwanted = UInt64(PVM_PAGE_IS_FILE) | Self.zeroPage | guardPage
    return pvm_page_query(
      inverted: unwanted, all_of: unwanted, any_of: Self.present | Self.swapped, shown: 0)
  }

  private static let present = UInt64(PVM_PAGE_IS_PRESENT)
  private static let swapped = UInt64(PVM_PAGE_IS_SWAPPED)
  private static let zeroPage = UInt64(PVM_PAGE_IS_ZERO_PAGE)
  private var guardPage: UInt64 { knowsGuards ? UInt64(PVM_PAGE_IS_GUARD) : 0 }

  /// What lies between ranges of empty pages.
  private static func populated(
    _ ranges: UnsafeBufferPointer<pvm_page_range>, _ start: UInt64, _ end: UInt64,
    _ body: (UInt64, UInt64) -> Void
  ) {
    var place = start
    for index in 0..<ranges.count {
      let range = unsafe ranges[index]
      let isSwapped = range.bits & (swapped | UInt64(PVM_PAGE_IS_GUARD)) == swapped
      if isSwapped { continue }
      if range.start > place { body(place, range.start) }
      place = max(place, range.end)
    }
    if place < end { body(place, end) }
  }

  private enum Refusal { case again, lost, never }

  /// What to do after an error: a kernel before 6.15 knows no guard pages, one before 6.7 no scans.
  private mutating func refusal(_ errno: Errno) -> Refusal {
    switch errno {
    case .interrupted: return .again
    case .noSuchProcess: return .lost
    case .invalidArgument where knowsGuards:
      knowsGuards = false
      return .again
    case .badAddress: return .never
    default:
      scans = false
      return .never
    }
  }

  private func readEntries(
    _ selection: Selection, _ start: UInt64, _ end: UInt64, _ body: (UInt64, UInt64) -> Void
  ) throws(RemoteMemoryError) -> Answer {
    let capacity: UInt64 = 65_536
    let room = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: Int(capacity))
    defer { unsafe room.deallocate() }
    var place = start
    while place < end {
      try process.checkInterrupt(.survey)
      let wanted = min((end &- place) / System.pageSize, capacity)
      let count = unsafe process.pageMapEntries(
        at: place, into: UnsafeMutableBufferPointer(rebasing: room[..<Int(wanted)]))
      guard count > 0 else { return count == 0 ? .lost : .unknown(place) }
      unsafe Self.runs(UnsafeBufferPointer(rebasing: room[..<count]), place, selection, body)
      place &+= UInt64(count) &* System.pageSize
    }
    return .complete
  }

  /// Puts entries of neighbouring pages together.
  private static func runs(
    _ entries: UnsafeBufferPointer<UInt64>, _ start: UInt64, _ selection: Selection,
    _ body: (UInt64, UInt64) -> Void
  ) {
    var first: Int?
    for index in 0..<entries.count {
      let entry = unsafe PageMapEntry(rawValue: entries[index])
      if entry.isPopulated && (selection == .all || !entry.isFile) {
        first = first ?? index
      } else if let begin = first {
        body(start &+ UInt64(begin) &* System.pageSize, start &+ UInt64(index) &* System.pageSize)
        first = nil
      }
    }
    if let begin = first {
      body(
        start &+ UInt64(begin) &* System.pageSize,
        start &+ UInt64(entries.count) &* System.pageSize)
    }
  }
}
