import CScanKernels

/// Digests of memory that is kept for later comparisons: they tell which blocks are as they were, so
/// that only those that have changed have to be fetched from memory, or from the disk.
@safe enum BlockDigests {
  /// Random bytes that no program we look at can know.
  @safe final class Key: @unchecked Sendable {
    let words: UnsafePointer<UInt64>

    fileprivate init() {
      var random = SystemRandomNumberGenerator()
      let count = Int(PVK_DIGEST_BYTES) / 8
      let words = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
      for index in 0..<count { unsafe words[index] = random.next() }
      unsafe self.words = UnsafePointer(words)
    }
  }

  /// That of this run.
  static let key = Key()

  /// So many bytes and their digests.
  static func with(_ byteCount: Int) -> Int {
    let count = min(byteCount, .max / 2)
    return count + count / (Int(PVK_DIGEST_BYTES) / 8)
  }

  /// The digests of the whole blocks at `bytes`; nil where there are none, or no quick way to make
  /// them.
  static func make(of bytes: UnsafeRawPointer, byteCount: Int, in slab: inout MemorySlab)
    throws(RemoteMemoryError) -> UnsafePointer<UInt64>?
  {
    let blocks = byteCount / Int(PVK_DIGEST_BYTES)
    guard blocks > 0, unsafe pvk_digest(key.words, bytes, 0, nil) else { return nil }
    let room = unsafe try slab.take(8 * blocks).assumingMemoryBound(to: UInt64.self)
    unsafe pvk_digest(key.words, bytes, blocks, room)
    return unsafe UnsafePointer(room)
  }
}
