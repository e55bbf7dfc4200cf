import Synchronization

/// A file descriptor that is closed once: when asked to, or with its owner. -1 when there is none.
struct Descriptor: ~Copyable, Sendable {
  private let number: Atomic<Int32>

  /// Takes over a descriptor; any negative number means none.
  init(_ number: Int32) { self.number = Atomic(max(number, -1)) }

  deinit { close() }

  /// The number, or -1.
  @inline(__always) var value: Int32 { number.load(ordering: .relaxed) }

  /// Whether there is one.
  var isOpen: Bool { value >= 0 }

  /// Puts another descriptor in its place and closes the old one.
  borrowing func replace(by replacement: Int32) {
    let old = number.exchange(max(replacement, -1), ordering: .acquiringAndReleasing)
    if old >= 0 { System.close(old) }
  }

  /// Takes over a descriptor unless there is one already, from another thread; that of the two which
  /// is not kept is closed. Gives back the number that is in use.
  borrowing func fill(with candidate: Int32) -> Int32 {
    guard candidate >= 0 else { return value }
    let (isFirst, present) = number.compareExchange(
      expected: -1, desired: candidate, ordering: .acquiringAndReleasing)
    if isFirst { return candidate }
    System.close(candidate)
    return present
  }

  /// Closes it, if it is still open.
  borrowing func close() { replace(by: -1) }
}
