public import MemoryModel

/// Many places, planned once, to be read in as few system calls as possible, as often as wanted.
///
/// Neighbours within `TransferLimits.mergeGap` are read as one range, and up to 1024 ranges are
/// read by one call.
public final class ScatterPlan: Sendable {
  /// The places, in the order given.
  public let items: [ScatterItem]
  /// How wide pointers are taken to be.
  public let pointerWidth: PointerWidth
  /// The byte order numbers are taken to have.
  public let byteOrder: ByteOrder
  let plan: TransferPlan
  /// The ranges to read, one behind the other in the buffer.
  let spans: [AddressRange]

  /// A plan for reading from this source, or from others of the same kind.
  /// - Throws: `EINVAL` for an item with an impossible size, `E2BIG` when all together take more
  ///   than 1 GiB.
  public init(_ items: [ScatterItem], for source: any MemorySource) throws(RemoteMemoryError) {
    self.items = items
    pointerWidth = source.pointerWidth
    byteOrder = source.byteOrder
    plan = try Self.plan(items, source)
    spans = plan.spans.map { AddressRange(start: $0.address, count: UInt64($0.byteCount)) }
  }

  private static func plan(_ items: [ScatterItem], _ source: any MemorySource)
    throws(RemoteMemoryError) -> TransferPlan
  {
    let width = source.pointerWidth
    var places: [TransferPlan.Item] = []
    places.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      guard let count = item.byteCount(pointerWidth: width) else {
        throw RemoteMemoryError(
          .read, .invalid, process: source.processID,
          detail: "the size of item \(index + 1) is impossible")
      }
      places.append(.init(address: item.address, byteCount: count))
    }
    do throws(TransferPlan.Failure) {
      return try TransferPlan(
        places, mergeGap: source.limits.mergeGap, elementLimit: source.limits.elements,
        byteLimit: source.limits.bytes, bufferLimit: TransferLimits.longestResult)
    } catch {
      throw RemoteMemoryError(
        .read, .tooLarge, process: source.processID,
        detail: "at most \(TransferLimits.longestResult) bytes at once")
    }
  }

  /// Reads all places. Each has an outcome of its own, decoded when it is asked for.
  /// - Throws: only when nothing can be read any more.
  public func read(from source: any MemorySource) throws(RemoteMemoryError) -> ScatterResult {
    let buffer = try Allocation(byteCount: plan.bufferByteCount, for: .read)
    let holes = try fill(buffer, from: source)
    return ScatterResult(plan: self, source: source, buffer: buffer, holes: holes)
  }

  /// Reads all places into a buffer of the plan's size.
  func fill(_ buffer: Allocation, from source: any MemorySource) throws(RemoteMemoryError) -> [Hole]
  {
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe spans.withUnsafeBufferPointer { spans in
      do throws(RemoteMemoryError) {
        return try unsafe .success(source.gather(spans, into: buffer.bytes))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }
}
