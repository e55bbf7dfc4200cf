import Glibc

/// Memory with a page before and one after it that nothing may touch: a loop that reads a byte too
/// many ends the test run.
final class GuardedMemory {
  private let mapping: UnsafeMutableRawPointer
  private let page = 4096
  private let capacity: Int

  init(capacity wanted: Int) {
    capacity = (wanted + page - 1) / page * page
    mapping = mmap(nil, capacity + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    precondition(mapping != MAP_FAILED)
    precondition(mprotect(mapping + page, capacity, PROT_READ | PROT_WRITE) == 0)
  }

  deinit { munmap(mapping, capacity + 2 * page) }

  /// The bytes, such that the page after begins right behind them.
  func atEnd(_ bytes: [UInt8]) -> UnsafeMutableRawPointer {
    put(bytes, at: mapping + page + capacity - bytes.count)
  }

  /// The bytes, such that the page before ends right before them.
  func atStart(_ bytes: [UInt8]) -> UnsafeMutableRawPointer { put(bytes, at: mapping + page) }

  private func put(
    _ bytes: [UInt8], at place: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    precondition(bytes.count <= capacity)
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { place.copyMemory(from: start, byteCount: source.count) }
    }
    return place
  }
}
