import MemoryModel

/// One thread's way to look at what many structs point at: the addresses are put together first,
/// and then read in order, a few calls for all of them.
struct PointeeReader {
  /// How much is read at once.
  private static let batchBytes = 1 << 20

  private let source: any MemorySource
  private var reader: BlockReader?
  private var readerSize = 0
  private var wanted: [ObjectIdentifier: (link: PointerLink, pointers: [UInt64])] = [:]
  /// The addresses at which the condition of a link is met.
  private var met: [ObjectIdentifier: Set<UInt64>] = [:]
  private(set) var bytesRead = 0

  init(_ source: any MemorySource) { self.source = source }

  /// Forgets everything.
  mutating func begin() {
    wanted.removeAll(keepingCapacity: true)
    met.removeAll(keepingCapacity: true)
    bytesRead = 0
  }

  /// Notes what a struct points at.
  mutating func want(_ links: [PointerLink], of record: UnsafeRawPointer) {
    for link in links {
      let pointer = unsafe link.pointer(in: record)
      guard link.byteCount(at: pointer) > 0 else { continue }
      wanted[ObjectIdentifier(link), default: (link, [])].pointers.append(pointer)
    }
  }

  /// Reads what was noted.
  mutating func read() throws(RemoteMemoryError) {
    for (key, entry) in wanted {
      let pointers = entry.pointers.sorted()
      var found: Set<UInt64> = []
      var next = 0
      while next < pointers.count {
        next = try readBatch(entry.link, pointers, from: next, &found)
        if source.interrupt.isInterrupted {
          throw RemoteMemoryError(.scan, .interrupted, process: source.processID)
        }
      }
      met[key] = found
    }
  }

  /// Reads some of the addresses, which rise.
  /// - Returns: the index of the first that was not read.
  private mutating func readBatch(
    _ link: PointerLink, _ pointers: [UInt64], from first: Int, _ found: inout Set<UInt64>
  ) throws(RemoteMemoryError) -> Int {
    var spans = NextSpans()
    var end = first
    var bytes = 0
    while end < pointers.count, bytes < Self.batchBytes {
      let count = link.byteCount(at: pointers[end])
      let distance = end == first ? .max : Int(clamping: pointers[end] - pointers[end - 1])
      bytes += min(distance, count + NextSpans.mergeGap)
      if distance > 0 { spans.add(pointers[end], count) }
      end += 1
    }
    spans.settle(sorting: false)
    let reader = try reader(for: spans.byteCount)
    reader.begin()
    for range in spans.ranges { reader.add(range) }
    let gaps = unsafe try reader.read(spans.byteCount)
    bytesRead += spans.byteCount
    judge(link, pointers[first..<end], spans, gaps, reader, &found)
    return end
  }

  /// A reader with room for so much.
  private mutating func reader(for byteCount: Int) throws(RemoteMemoryError) -> BlockReader {
    if let reader, byteCount <= readerSize { return reader }
    let fresh = try BlockReader(source, byteCount: max(byteCount, Self.batchBytes))
    readerSize = max(byteCount, Self.batchBytes)
    reader = fresh
    return fresh
  }

  private func judge(
    _ link: PointerLink, _ pointers: ArraySlice<UInt64>, _ spans: NextSpans, _ gaps: [Hole],
    _ reader: BlockReader, _ found: inout Set<UInt64>
  ) {
    var span = 0
    var gap = 0
    for pointer in pointers {
      span = spans.index(of: pointer, from: span)
      let offset = spans.offset(of: pointer, in: span)
      var count = link.byteCount(at: pointer)
      while gap < gaps.count, gaps[gap].offset + gaps[gap].count <= offset { gap += 1 }
      if gap < gaps.count { count = min(count, max(gaps[gap].offset - offset, 0)) }
      let bytes = unsafe UnsafeRawBufferPointer(start: reader.room + offset, count: count)
      if unsafe link.holds(bytes) { found.insert(pointer) }
    }
  }

  /// Whether all links of a struct are as they are to be.
  func holds(_ links: [PointerLink], of record: UnsafeRawPointer) -> Bool {
    for link in links {
      let pointer = unsafe link.pointer(in: record)
      let isMet = met[ObjectIdentifier(link)]?.contains(pointer) ?? false
      if !link.holds(pointer, isMet: isMet) { return false }
    }
    return true
  }
}
