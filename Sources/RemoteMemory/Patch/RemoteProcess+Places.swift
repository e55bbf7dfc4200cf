import MemoryModel

extension RemoteProcess {
  /// The bytes of many places, in a few system calls.
  /// - Throws: `EFAULT` for the first that cannot be read.
  func bytes(at places: [AddressRange]) throws(RemoteMemoryError) -> [[UInt8]] {
    let count = places.reduce(0) { $0 + Int(clamping: $1.count) }
    try checkCount(count, .read)
    let room = try Allocation(byteCount: count, for: .read)
    let result: Result<[Hole], RemoteMemoryError> = unsafe places.withUnsafeBufferPointer { spans in
      do throws(RemoteMemoryError) {
        return try unsafe .success(gather(spans, into: room.bytes))
      } catch {
        return .failure(error)
      }
    }
    if let hole = try result.get().first {
      throw fault(.read, at: hole.address, requestedBytes: hole.count, completedBytes: 0)
    }
    var offset = 0
    return places.map { place in
      defer { offset += Int(place.count) }
      return unsafe Array(room.bytes[offset..<(offset + Int(place.count))])
    }
  }
}
