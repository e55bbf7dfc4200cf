import CProcessVM
import MemoryModel

/// One thread's room for a task's bytes, on huge pages, and the way to fill it.
@safe final class BlockReader {
  private let source: any MemorySource
  private let memory: UnsafeMutableRawBufferPointer
  private let byteCount: Int
  /// Where in the memory the room in use begins.
  private var offset = 0
  private var spans: [AddressRange] = []

  /// - Parameter byteCount: the most a task reads.
  init(_ source: any MemorySource, byteCount: Int) throws(RemoteMemoryError) {
    self.source = source
    // Some slack: libhs may look a few bytes past its input.
    self.byteCount = (byteCount + 64 + 4095) & ~4095
    // What is small goes round in a few parts, since copying into what was just written is slower.
    let parts = max(1, min(4, (4 << 20) / self.byteCount))
    let size = ((parts * self.byteCount + (2 << 20) - 1) >> 21) << 21
    guard let memory = unsafe pvm_map_memory(size, true) else { throw MemoryStore.noRoom(size) }
    unsafe self.memory = UnsafeMutableRawBufferPointer(start: memory, count: size)
  }

  deinit { unsafe pvm_unmap(memory.baseAddress, memory.count) }

  /// The room, as large as was asked for.
  var room: UnsafeMutableRawPointer { unsafe memory.baseAddress! + offset }

  /// Forgets the ranges to read, and turns to the next part of the memory.
  func begin() {
    spans.removeAll(keepingCapacity: true)
    offset = unsafe offset + 2 * byteCount <= memory.count ? offset + byteCount : 0
  }

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
