import CProcessVM
import Synchronization

/// A thread's room for what it reads, on huge pages.
///
/// A few rooms that are done with are kept for those that come next: that the kernel clears new
/// memory takes longer than to read a few MiB.
@safe final class BlockRoom {
  private static let usual = 2 << 20
  /// 16 MiB in all.
  private static let mostSpare = 8
  private static let spare = Mutex<[UInt]>([])

  let start: UnsafeMutableRawPointer
  let byteCount: Int

  /// Room for at least so many bytes; what is in it is left from before.
  init(byteCount: Int) throws(RemoteMemoryError) {
    let size = max((byteCount + Self.usual - 1) / Self.usual, 1) * Self.usual
    let known = size == Self.usual ? Self.spare.withLock { $0.popLast() } : nil
    guard
      let memory = unsafe known.flatMap({ unsafe UnsafeMutableRawPointer(bitPattern: $0) })
        ?? pvm_map_memory(size, true)
    else { throw MemoryStore.noRoom(size) }
    unsafe start = memory
    self.byteCount = size
  }

  deinit {
    let place = UInt(bitPattern: unsafe start)
    let isKept =
      byteCount == Self.usual
      && Self.spare.withLock { spare in
        guard spare.count < Self.mostSpare else { return false }
        spare.append(place)
        return true
      }
    if !isKept { _ = unsafe pvm_unmap(start, byteCount) }
  }
}
