import MemoryModel

/// Freezes laid out to be looked at together: neighbours are read as one range, and most are compared
/// by one word.
struct FreezePlan {
  /// By rising address.
  let freezes: [Freeze]
  private let spans: [AddressRange]
  private let buffer: Allocation
  private let byteCount: Int
  /// Where each lies in the buffer.
  private let offsets: [Int]
  /// What the low bytes of the word there are to be; without a mask where a word does not tell.
  private let words: [UInt64]
  private let masks: [UInt64]
  /// Those that a word does not tell of.
  private let others: [Int]

  /// - Throws: `E2BIG` when all take more than 1 GiB together, `ENOMEM`.
  init(_ freezes: [Freeze], of process: RemoteProcess) throws(RemoteMemoryError) {
    self.freezes = freezes
    let plan = try Self.transfer(freezes, process)
    spans = plan.spans.map { AddressRange(start: $0.address, count: UInt64($0.byteCount)) }
    offsets = plan.placements.map(\.bufferOffset)
    byteCount = plan.bufferByteCount
    // The word of the last place may reach past its end.
    buffer = try Allocation(byteCount: byteCount + 8, for: .freeze)
    let patterns = freezes.map { Self.pattern($0.state.rule) }
    words = patterns.map { $0?.word ?? 0 }
    masks = patterns.map { $0?.mask ?? 0 }
    others = patterns.indices.filter { patterns[$0] == nil }
  }

  private static func transfer(_ freezes: [Freeze], _ process: RemoteProcess)
    throws(RemoteMemoryError) -> TransferPlan
  {
    do throws(TransferPlan.Failure) {
      return try TransferPlan(
        freezes.map { TransferPlan.Item(address: $0.address, byteCount: $0.byteCount) },
        mergeGap: process.limits.mergeGap, elementLimit: process.limits.elements,
        byteLimit: process.limits.bytes, bufferLimit: TransferLimits.longestResult)
    } catch {
      throw RemoteMemoryError(
        .freeze, .tooLarge, process: process.id,
        detail: "at most \(TransferLimits.longestResult) bytes at once")
    }
  }

  /// What at most eight bytes are as a word read from where they lie.
  private static func pattern(_ rule: FreezeRule) -> (word: UInt64, mask: UInt64)? {
    guard let bytes = rule.fixedBytes, bytes.count <= 8 else { return nil }
    var (word, mask): (UInt64, UInt64) = (0, 0)
    for (index, byte) in bytes.enumerated() {
      word |= UInt64(byte) << UInt64(8 * index)
      mask |= 0xff << UInt64(8 * index)
    }
    return (word, mask)
  }

  /// Reads all places.
  /// - Returns: which of them could not be read, in rising order.
  func read(from process: RemoteProcess) throws(RemoteMemoryError) -> [Int] {
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe spans.withUnsafeBufferPointer { spans in
      do throws(RemoteMemoryError) {
        return try unsafe .success(
          process.gather(
            spans, into: UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<byteCount])))
      } catch {
        return .failure(error)
      }
    }
    let holes = try outcome.get()
    guard !holes.isEmpty else { return [] }
    return freezes.indices.filter { index in
      let end = offsets[index] + freezes[index].byteCount
      return holes.contains { $0.offset < end && offsets[index] < $0.offset + $0.count }
    }
  }

  /// Which places may hold something else than they are to, in rising order.
  func differing() -> [Int] {
    var found: [Int] = []
    let base = unsafe UnsafeRawBufferPointer(buffer.bytes)
    for index in offsets.indices {
      let word = unsafe UInt64(
        littleEndian: base.loadUnaligned(fromByteOffset: offsets[index], as: UInt64.self))
      if (word ^ words[index]) & masks[index] != 0 { found.append(index) }
    }
    return others.isEmpty ? found : (found + others).sorted()
  }

  /// What is to be written at a place; nil: nothing.
  func correction(_ index: Int) -> [UInt8]? {
    let freeze = freezes[index]
    let start = offsets[index]
    return unsafe freeze.state.rule.correction(
      of: UnsafeRawBufferPointer(rebasing: buffer.bytes[start..<(start + freeze.byteCount)]))
  }
}
