import MemoryModel

/// What one thread of a search for regular expressions holds.
@safe final class RegexScanWorker: @unchecked Sendable {
  private let reader: BlockReader
  private let stream: RegexStream
  private let blockBytes: Int
  private(set) var holes = HoleList()
  /// The runs in which something could not be read.
  private(set) var tornRuns: Set<Int> = []

  init(_ source: any MemorySource, _ set: RegexSet, blockBytes: Int) throws(RemoteMemoryError) {
    self.blockBytes = max(blockBytes, 4096)
    reader = try BlockReader(source, byteCount: self.blockBytes)
    do throws(RegexError) {
      stream = try RegexStream(set)
    } catch {
      throw RemoteMemoryError(error)
    }
  }

  /// Searches a segment of a run, given in bytes from its start.
  func search(_ segment: Range<Int>, of run: AddressRange, run number: Int)
    throws(RemoteMemoryError) -> RegexFindings
  {
    let range = try regex { () throws(RegexError) in
      try stream.begin(segment, of: Int(run.count))
    }
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(blockBytes, range.upperBound - offset)
      try read(run.start.offset(by: Int64(offset)), count, run: number)
      try regex { () throws(RegexError) in
        try unsafe stream.feed(UnsafeRawBufferPointer(start: reader.room, count: count))
      }
      offset += count
    }
    return try regex { () throws(RegexError) in try stream.finish() }
  }

  private func regex<Answer>(_ body: () throws(RegexError) -> Answer) throws(RemoteMemoryError)
    -> Answer
  {
    do throws(RegexError) {
      return try body()
    } catch {
      throw RemoteMemoryError(error)
    }
  }

  /// Reads a block; what cannot be read is zero, and tears the run.
  private func read(_ address: Address, _ count: Int, run: Int) throws(RemoteMemoryError) {
    reader.begin()
    reader.add(AddressRange(start: address, count: UInt64(count)))
    for gap in unsafe try reader.read(count) {
      holes.add(AddressRange(start: gap.address, count: UInt64(gap.count)))
      tornRuns.insert(run)
      unsafe (reader.room + gap.offset).initializeMemory(
        as: UInt8.self, repeating: 0, count: gap.count)
    }
  }
}

/// Puts matches together to chunks, with their lengths as values.
@safe struct MatchRecorder {
  private var slab: MemorySlab
  private var recorder = HitRecorder(step: 1, valueWidth: 4, keeping: .values)
  private var base: UInt64 = 0
  private var slots: [UInt16] = []
  private var lengths: [UInt32] = []

  init(_ store: MemoryStore) { slab = MemorySlab(store) }

  /// Adds a match; they come by rising start.
  mutating func add(_ match: RegexHit) throws(RemoteMemoryError) {
    if let last = slots.last {
      if match.start &- base >= UInt64(HitChunk.mostSlots) {
        try close()
      } else if match.start <= base &+ UInt64(last) {
        return
      }
    }
    if slots.isEmpty { base = match.start }
    slots.append(UInt16(match.start &- base))
    lengths.append(UInt32(clamping: match.count).littleEndian)
  }

  private mutating func close() throws(RemoteMemoryError) {
    guard let last = slots.last else { return }
    var slab = self.slab
    var recorder = self.recorder
    let outcome: Result<Void, RemoteMemoryError> = unsafe slots.withUnsafeBufferPointer { slots in
      unsafe lengths.withUnsafeBytes { lengths in
        do throws(RemoteMemoryError) {
          return try unsafe .success(
            recorder.record(
              base: base, slots: Int(last) + 1, list: slots.baseAddress!, count: slots.count,
              values: lengths.baseAddress, slab: &slab))
        } catch {
          return .failure(error)
        }
      }
    }
    self.slab = slab
    self.recorder = recorder
    slots.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    try outcome.get()
  }

  /// The chunks.
  mutating func finish() throws(RemoteMemoryError) -> [HitChunk] {
    try close()
    return recorder.chunks
  }
}
