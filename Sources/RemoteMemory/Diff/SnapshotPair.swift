import CProcessVM
import MemoryModel

/// Zeroes to compare with, which take no memory.
@safe final class ZeroBlock: @unchecked Sendable {
  let bytes: UnsafeRawPointer
  let byteCount: Int

  init(byteCount: Int) throws(RemoteMemoryError) {
    guard let memory = unsafe pvm_map_memory(byteCount, false) else {
      throw MemoryStore.noRoom(byteCount)
    }
    unsafe bytes = UnsafeRawPointer(memory)
    self.byteCount = byteCount
  }

  deinit { _ = unsafe pvm_unmap(UnsafeMutableRawPointer(mutating: bytes), byteCount) }
}

/// Two snapshots that are compared where they lie in our memory.
@safe final class SnapshotPair: @unchecked Sendable {
  /// What the two have at one place.
  @safe enum Part {
    /// The same page, or zeroes.
    case shared
    /// One of the two has nothing.
    case hole
    /// The old bytes, and the new ones.
    case bytes(UnsafeRawPointer, UnsafeRawPointer)
  }

  /// What is looked at in one go, at most: as many bytes as a chunk has candidates, eight for each.
  private static let longest = 8 * HitChunk.mostSlots

  private let before: Snapshot
  private let after: Snapshot
  /// For pages that are not stored.
  private let block: ZeroBlock

  /// Nil where one of the two has to be read, and where cells may lie across two pages.
  init?(
    _ before: any MemorySource, _ after: any MemorySource, _ cells: DiffCells, _ tasks: DiffTasks
  ) throws(RemoteMemoryError) {
    guard let before = before as? Snapshot, let after = after as? Snapshot,
      before.earlier == nil, after.earlier == nil, cells.staysWithinPages, tasks.keepsPages
    else { return nil }
    self.before = before
    self.after = after
    block = try ZeroBlock(byteCount: Self.longest)
  }

  private var zeroes: UnsafeRawPointer { unsafe block.bytes }

  /// What the two have at an offset of a piece, and for how many bytes.
  /// - Parameter keepsShared: whether pages that both share are wanted as bytes.
  func stretch(_ piece: DiffPiece, _ offset: Int, keepsShared: Bool) -> (Part, count: Int) {
    let limit = UInt64(min(piece.count - offset, Self.longest))
    let old = before.stretch(at: piece.beforeRange.start.offset(by: Int64(offset)), limit: limit)
    let new = after.stretch(at: piece.afterRange.start.offset(by: Int64(offset)), limit: old.count)
    let count = Int(new.count)
    switch (old, new) {
    case (.hole, _), (_, .hole): return (.hole, count)
    case (.zeroes, .zeroes):
      return (keepsShared ? unsafe .bytes(zeroes, zeroes) : .shared, count)
    case (.zeroes, .bytes(let now, _)): return (unsafe .bytes(zeroes, now), count)
    case (.bytes(let earlier, _), .zeroes): return (unsafe .bytes(earlier, zeroes), count)
    case (.bytes(let earlier, _), .bytes(let now, _)):
      let isShared = unsafe earlier == now && !keepsShared
      return (isShared ? .shared : unsafe .bytes(earlier, now), count)
    }
  }
}
