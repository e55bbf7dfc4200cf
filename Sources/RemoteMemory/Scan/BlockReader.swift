import MemoryModel

/// One thread's room for a task's bytes, and the way to fill it.
///
/// Every block goes to the same place, so that it is written to and compared in the cache next to
/// the processor as long as it fits there.
@safe final class BlockReader {
  private let source: any MemorySource
  private let memory: BlockRoom
  private var spans: [AddressRange] = []
  /// libhs may look a few bytes past its input.
  private static let slack = 64

  /// - Parameter byteCount: the most a task reads.
  init(_ source: any MemorySource, byteCount: Int) throws(RemoteMemoryError) {
    self.source = source
    memory = try BlockRoom(byteCount: byteCount + Self.slack)
  }

  /// The room.
  var room: UnsafeMutableRawPointer { unsafe memory.start }

  /// How much it holds, at least what was asked for.
  var capacity: Int { memory.byteCount - Self.slack }

  /// Forgets the ranges to read.
  func begin() { spans.removeAll(keepingCapacity: true) }

  /// Adds a range to read behind the others.
  func add(_ range: AddressRange) { spans.append(range) }

  /// Reads all ranges, one behind the other.
  /// - Parameter destination: where to; the reader's own room by default.
  /// - Returns: the holes, by offset.
  func read(_ byteCount: Int, into destination: UnsafeMutableRawPointer? = nil)
    throws(RemoteMemoryError) -> [Hole]
  {
    let buffer = unsafe UnsafeMutableRawBufferPointer(
      start: destination ?? room, count: byteCount)
    // Files and captured memory do not keep anybody waiting.
    if source.processID != nil, let first = spans.first, let last = spans.last {
      BlockReads.begin(self, source, AddressRange(start: first.start, end: last.end))
    }
    defer { if source.processID != nil { BlockReads.end(self) } }
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe spans.withUnsafeBufferPointer { spans in
      do throws(RemoteMemoryError) {
        return try unsafe .success(source.gatherGently(spans, into: buffer))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}
