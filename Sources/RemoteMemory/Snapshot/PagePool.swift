import CProcessVM
import CScanKernels
import Synchronization

/// The pages a capture has stored so far, found by what they hold, so that equal ones are stored
/// once. Used by all threads of it.
///
/// A slot holds an address and 16 bits of what the page looks like. Pages that look alike and are
/// not equal are tried a few places on; one that finds no place is stored all the same.
@safe final class PagePool: @unchecked Sendable {
  private static let attempts = 8
  private static let addressBits: UInt64 = 48

  private let pageSize: Int
  private let slots: UnsafeMutablePointer<Atomic<UInt64>>
  private let mask: UInt64
  private let byteCount: Int

  /// - Parameter pages: how many there may be.
  init(pages: Int, pageSize: Int) throws(RemoteMemoryError) {
    self.pageSize = pageSize
    var count = 1024
    while count < pages / 2 * 3 { count *= 2 }
    byteCount = count * 8
    guard let memory = unsafe pvm_map_memory(byteCount, byteCount >= 4 << 20) else {
      throw MemoryStore.noRoom(byteCount)
    }
    // Fresh memory is zero, as a slot that nothing was put in.
    unsafe slots = memory.bindMemory(to: Atomic<UInt64>.self, capacity: count)
    mask = UInt64(count - 1)
  }

  deinit { _ = unsafe pvm_unmap(slots, byteCount) }

  /// What a page looks like. Where such pages are looked for comes into the cache meanwhile, so that
  /// it pays to sample some pages before the first of them is looked for.
  func sample(_ page: UnsafeRawPointer) -> UInt64 {
    let sample = unsafe pvk_sample(page, pageSize)
    unsafe pvk_prefetch(slots + Int(sample & mask))
    return sample
  }

  /// A page with the same bytes that was kept before; nil when there was none, and then `page` is
  /// kept.
  func equal(to page: UnsafeRawPointer, sample: UInt64) -> UnsafeRawPointer? {
    let tag = sample >> Self.addressBits
    let own = UInt64(UInt(bitPattern: page))
    // Addresses of our own memory have 47 bits; with more this would only find nothing.
    guard own >> Self.addressBits == 0 else { return nil }
    for attempt in 0..<UInt64(Self.attempts) {
      let slot = unsafe slots + Int((sample &+ attempt) & mask)
      var held = unsafe slot.pointee.load(ordering: .acquiring)
      if held == 0 {
        let (isKept, other) = unsafe slot.pointee.compareExchange(
          expected: 0, desired: tag << Self.addressBits | own,
          ordering: .acquiringAndReleasing)
        if isKept { return nil }
        held = other
      }
      guard held >> Self.addressBits == tag else { continue }
      let address = UInt(held & (1 << Self.addressBits - 1))
      if let kept = unsafe UnsafeRawPointer(bitPattern: address),
        unsafe pvk_is_equal(kept, page, pageSize)
      {
        return unsafe kept
      }
    }
    return nil
  }
}
