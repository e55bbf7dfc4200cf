import Synchronization

/// The last few mappings that were found readable, each trusted for a few milliseconds.
///
/// Small reads go through /proc/PID/mem, which also reads pages the target itself may not. So they
/// are kept inside these bounds. Readers on any thread look without a lock: a counter, odd while a
/// writer is at work, tells a torn look.
@safe struct ReadableWindows: ~Copyable, @unchecked Sendable {
  /// How long a mapping is trusted, in nanoseconds.
  static let lifetime: UInt64 = 10_000_000
  private static let entryCount = 4

  private let counter = Atomic<UInt64>(0)
  private let next = Atomic<Int>(0)
  /// Start, end and deadline of each entry.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>

  init() {
    unsafe words = .allocate(capacity: 3 * Self.entryCount)
    for index in 0..<(3 * Self.entryCount) {
      unsafe (words + index).initialize(to: Atomic(0))
    }
  }

  deinit { unsafe words.deallocate() }

  /// Whether `count` bytes from `address`, at least one, lie in a mapping that is still trusted at
  /// `now`.
  @inline(__always)
  borrowing func covers(_ address: UInt64, _ count: Int, now: UInt64) -> Bool {
    let before = counter.load(ordering: .acquiring)
    guard before & 1 == 0, count > 0 else { return false }
    for entry in 0..<Self.entryCount {
      let start = unsafe words[3 * entry].load(ordering: .relaxed)
      let end = unsafe words[3 * entry + 1].load(ordering: .relaxed)
      guard address >= start, address < end, UInt64(count) <= end &- address else { continue }
      let deadline = unsafe words[3 * entry + 2].load(ordering: .relaxed)
      atomicMemoryFence(ordering: .acquiring)
      return now < deadline && counter.load(ordering: .relaxed) == before
    }
    return false
  }

  /// Trusts a mapping from `now` on; forgets the oldest one. Gives way when another thread is at
  /// it.
  borrowing func trust(start: UInt64, end: UInt64, now: UInt64) {
    change { slot in
      unsafe words[3 * slot].store(start, ordering: .relaxed)
      unsafe words[3 * slot + 1].store(end, ordering: .relaxed)
      unsafe words[3 * slot + 2].store(now &+ Self.lifetime, ordering: .relaxed)
    }
  }

  private borrowing func change(_ body: (Int) -> Void) {
    let before = counter.load(ordering: .relaxed)
    guard before & 1 == 0,
      counter.compareExchange(
        expected: before, desired: before &+ 1, ordering: .acquiringAndReleasing
      )
      .exchanged
    else { return }
    let slot = next.load(ordering: .relaxed) % Self.entryCount
    next.store(slot + 1, ordering: .relaxed)
    body(slot)
    counter.store(before &+ 2, ordering: .releasing)
  }
}
