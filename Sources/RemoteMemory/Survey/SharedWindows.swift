import CProcessVM
import Synchronization

/// Which stretches of 2 MiB hold pages that may be shared with a relative, as /proc/PID/pagemap told
/// a moment ago.
///
/// A huge page is one allocation: where a relative has replaced a part of it, the kernel counts the
/// rest as mapped once and yet copies it for a pinned read. So a stretch that a huge page can fill
/// is judged as a whole. While it is one page still, the file tells of its first 4096 bytes only:
/// such a stretch always counts as shared. Threads that read neighbouring blocks share an answer
/// for a millisecond.
@safe final class SharedWindows: @unchecked Sendable {
  /// The size of a stretch, in bytes.
  static let windowSize: UInt64 = 2 << 20
  private static let slotCount = 256
  /// How many nanoseconds, as a power of two, a moment lasts; and how many moments an answer holds.
  private static let momentShift: UInt64 = 18
  private static let lifetime: UInt64 = 4

  /// A stretch's number (36 bits), the moment it was asked for (27 bits), the answer (1 bit).
  private let slots: UnsafeMutablePointer<Atomic<UInt64>>

  init() {
    unsafe slots = .allocate(capacity: Self.slotCount)
    for index in 0..<Self.slotCount { unsafe (slots + index).initialize(to: Atomic(0)) }
  }

  deinit { unsafe slots.deallocate() }

  /// Whether reading in the stretch that begins at `start` takes care.
  func isShared(_ start: UInt64, of process: RemoteProcess) -> Bool {
    let number = (start / Self.windowSize) & (1 << 36 - 1)
    let moment = (System.clock >> Self.momentShift) & (1 << 27 - 1)
    let slot = unsafe slots + Int(number % UInt64(Self.slotCount))
    let known = unsafe slot.pointee.load(ordering: .relaxed)
    if known >> 28 == number, (moment &- known >> 1) & (1 << 27 - 1) < Self.lifetime {
      return known & 1 != 0
    }
    let answer = Self.ask(start, process)
    unsafe slot.pointee.store(
      number << 28 | moment << 1 | (answer ? 1 : 0), ordering: .relaxed)
    return answer
  }

  /// True also when nothing can be known.
  private static func ask(_ start: UInt64, _ process: RemoteProcess) -> Bool {
    if mayHoldHugePage(start, process) { return true }
    let pages = Int(windowSize / System.pageSize)
    return unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: max(pages, 1)) { room in
      let count = unsafe process.pageMapEntries(at: start, into: room)
      if count < 0 { return true }
      for index in 0..<min(count, room.count)
      where unsafe PageMapEntry(rawValue: room[index]).mayBeShared { return true }
      return false
    }
  }

  private static func mayHoldHugePage(_ start: UInt64, _ process: RemoteProcess) -> Bool {
    let descriptor = process.openPageMap()
    guard descriptor >= 0, !process.without.contains(.pageScan) else { return true }
    let file = UInt64(PVM_PAGE_IS_FILE)
    let query = pvm_page_query(
      inverted: file, all_of: file | UInt64(PVM_PAGE_IS_HUGE), any_of: 0, shown: 0)
    process.counters.countCall()
    return unsafe withUnsafeTemporaryAllocation(of: pvm_page_range.self, capacity: 1) { room in
      unsafe System.scanPages(descriptor, start, start &+ windowSize, query, into: room) != 0
    }
  }
}
