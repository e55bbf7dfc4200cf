/// One thread's way into a `MemoryStore`: memory is cut off the front of a slab, and a larger slab is
/// taken when it is used up.
@safe struct MemorySlab {
  private static let first = 64 << 10
  static let largest = 32 << 20

  private let store: MemoryStore
  private var rest: UnsafeMutableRawBufferPointer
  private var next: Int
  private let most: Int

  /// - Parameters:
  ///   - expected: how many bytes will be wanted in all, if that is known; default few.
  ///   - most: the largest slab that is taken at once unless more is wanted together.
  init(_ store: MemoryStore, expected: Int = 0, most: Int = largest) {
    self.most = most
    self.store = store
    unsafe rest = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    next = min(max(expected, Self.first), most)
  }

  /// So many bytes, aligned to 8, not cleared.
  mutating func take(_ byteCount: Int) throws(RemoteMemoryError) -> UnsafeMutableRawPointer {
    let size = (byteCount + 7) & ~7
    if unsafe rest.count < size || rest.baseAddress == nil {
      unsafe rest = try store.slab(byteCount: max(size, next))
      next = min(2 * next, most)
    }
    let start = unsafe rest.baseAddress!
    unsafe rest = UnsafeMutableRawBufferPointer(start: start + size, count: rest.count - size)
    return unsafe start
  }

  /// Gives the end of what was taken last back, so many bytes; a multiple of 8.
  mutating func giveBack(_ byteCount: Int) {
    guard byteCount > 0, let start = unsafe rest.baseAddress else { return }
    unsafe rest = UnsafeMutableRawBufferPointer(
      start: start - byteCount, count: rest.count + byteCount)
  }

  /// Notes that values lie there as blocks; see `MemoryStore.blockOwners`.
  func noteBlocks() { store.noteBlocks() }
}
