/// One thread's way into a `MemoryStore`: memory is cut off the front of a slab, and a larger slab is
/// taken when it is used up.
@safe struct MemorySlab {
  private static let first = 64 << 10
  private static let largest = 32 << 20

  private let store: MemoryStore
  private var rest: UnsafeMutableRawBufferPointer
  private var next: Int

  /// - Parameter expected: how many bytes will be wanted in all, if that is known; default few.
  init(_ store: MemoryStore, expected: Int = 0) {
    self.store = store
    unsafe rest = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    next = min(max(expected, Self.first), Self.largest)
  }

  /// So many bytes, aligned to 8, not cleared.
  mutating func take(_ byteCount: Int) throws(RemoteMemoryError) -> UnsafeMutableRawPointer {
    let size = (byteCount + 7) & ~7
    if unsafe rest.count < size || rest.baseAddress == nil {
      unsafe rest = try store.slab(byteCount: max(size, next))
      next = min(2 * next, Self.largest)
    }
    let start = unsafe rest.baseAddress!
    unsafe rest = UnsafeMutableRawBufferPointer(start: start + size, count: rest.count - size)
    return unsafe start
  }

  /// Notes that values lie there as blocks; see `MemoryStore.blockOwners`.
  func noteBlocks() { store.noteBlocks() }
}
