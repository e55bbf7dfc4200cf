import CProcessVM
public import MemoryModel

/// What a scatter plan read: an outcome for each item, decoded when it is asked for.
public struct ScatterResult: Sendable {
  /// The plan it was read by.
  public let plan: ScatterPlan
  private let source: any MemorySource
  private var buffer: Allocation
  /// What could not be read, by offset in the buffer.
  private var holes: [Hole]

  init(plan: ScatterPlan, source: any MemorySource, buffer: Allocation, holes: [Hole]) {
    self.plan = plan
    self.source = source
    self.buffer = buffer
    self.holes = holes
  }

  /// How many items there are.
  public var count: Int { plan.items.count }

  /// The memory it holds, in bytes.
  public var byteCount: Int { unsafe buffer.bytes.count }

  /// Reads all places anew, into the same memory unless a copy of this result holds it too.
  /// - Throws: only when nothing can be read any more; every item is a failure then.
  public mutating func refresh() throws(RemoteMemoryError) {
    if !isKnownUniquelyReferenced(&buffer) {
      buffer = unsafe try Allocation(byteCount: buffer.bytes.count, for: .read)
    }
    holes = unsafe [Hole(offset: 0, count: buffer.bytes.count, address: .zero)]
    holes = try plan.fill(buffer, from: source)
  }

  /// Whether every byte could be read.
  public var isComplete: Bool { holes.isEmpty }

  /// One value, without an allocation; nil when the item is no single value or could not be read.
  /// - Parameter index: the item's position in the plan, from 0; a precondition failure outside.
  public func scalar(at index: Int) -> ScalarValue? {
    let item = plan.items[index]
    guard case .scalar(let format) = item.element, firstHole(in: index) == nil else { return nil }
    return unsafe format.decode(
      UnsafeRawBufferPointer(buffer.bytes), at: plan.plan.placements[index].bufferOffset,
      pointerWidth: plan.pointerWidth, targetOrder: plan.byteOrder)
  }

  /// The value of an item, or why there is none.
  /// - Parameter index: the item's position in the plan, from 0; a precondition failure outside.
  public func outcome(at index: Int) -> ScatterOutcome {
    let item = plan.items[index]
    if case .text(let encoding, let count) = item.element {
      return text(index, encoding, byteCount: count)
    }
    if let hole = firstHole(in: index) { return .failure(failure(index, hole)) }
    switch item.element {
    case .scalar: return .scalar(scalar(at: index) ?? .integer(0))
    case .array(let format, _):
      return .array(
        ScalarArray(
          bytes: bytes(index), format: format, pointerWidth: plan.pointerWidth,
          byteOrder: plan.byteOrder))
    case .bytes, .text: return .bytes(bytes(index))
    }
  }

  /// Text needs no more than its terminator: what cannot be read behind it does not matter.
  private func text(_ index: Int, _ encoding: TextEncoding, byteCount: Int) -> ScatterOutcome {
    guard let hole = firstHole(in: index) else {
      return .text(RemoteString(raw: bytes(index), encoding: encoding))
    }
    let readable = hole - plan.plan.placements[index].bufferOffset
    if readable < encoding.unitBytes { return .failure(failure(index, hole)) }
    return .text(RemoteString(raw: Array(bytes(index).prefix(readable)), encoding: encoding))
  }

  /// Whether every byte of an item could be read.
  func isReadable(at index: Int) -> Bool { firstHole(in: index) == nil }

  /// Whether everything that was read is the same in another result, what lies between the items
  /// included: quicker to say than for each item. False also where that is not known.
  func isSame(as other: ScatterResult) -> Bool {
    guard other.plan === plan, holes.isEmpty, other.holes.isEmpty else { return false }
    return unsafe pvm_first_difference(
      buffer.bytes.baseAddress, other.buffer.bytes.baseAddress, byteCount) == byteCount
  }

  /// Whether an item has the same bytes in a result that has an item of the same kind there; only
  /// for items that could be read.
  func hasSameBytes(at index: Int, as other: ScatterResult) -> Bool {
    let count = itemByteCount(index)
    let start = plan.plan.placements[index].bufferOffset
    let otherStart = other.plan.plan.placements[index].bufferOffset
    guard count > 0, let bytes = unsafe buffer.bytes.baseAddress,
      let others = unsafe other.buffer.bytes.baseAddress
    else { return true }
    return unsafe pvm_first_difference(bytes + start, others + otherStart, count) == count
  }

  private func itemByteCount(_ index: Int) -> Int {
    plan.items[index].byteCount(pointerWidth: plan.pointerWidth) ?? 0
  }

  private func bytes(_ index: Int) -> [UInt8] {
    let start = plan.plan.placements[index].bufferOffset
    return unsafe Array(buffer.bytes[start..<(start + itemByteCount(index))])
  }

  private func failure(_ index: Int, _ hole: Int) -> RemoteMemoryError {
    let completed = hole - plan.plan.placements[index].bufferOffset
    return source.fault(
      .read, at: plan.items[index].address.offset(by: Int64(completed)),
      requestedBytes: itemByteCount(index), completedBytes: completed)
  }

  /// The first unreadable byte of an item, as an offset into the buffer.
  private func firstHole(in index: Int) -> Int? {
    if holes.isEmpty { return nil }
    let start = plan.plan.placements[index].bufferOffset
    let end = start + itemByteCount(index)
    var low = 0
    var high = holes.count
    while low < high {
      let middle = (low + high) / 2
      if holes[middle].offset + holes[middle].count <= start {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < holes.count, holes[low].offset < end else { return nil }
    return max(holes[low].offset, start)
  }
}
