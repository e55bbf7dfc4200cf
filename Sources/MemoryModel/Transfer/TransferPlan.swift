/// How to read or write many scattered items with few system calls.
///
/// Items are sorted and those that touch, overlap or lie near each other are merged into spans; the
/// spans lie one after the other in a single buffer and are grouped into batches, each small enough
/// for one call. Every item knows where its bytes are. The same plan serves for writing only when
/// it was made with a merge gap of 0, since a gap would be written too.
public struct TransferPlan: Hashable, Sendable {
  /// A place to read: where it is and how many bytes it has.
  public struct Item: Hashable, Sendable {
    /// The first byte.
    public let address: Address
    /// The length in bytes; negative counts as 0.
    public let byteCount: Int

    /// An item of `byteCount` bytes at `address`.
    @inlinable public init(address: Address, byteCount: Int) {
      self.address = address
      self.byteCount = max(0, byteCount)
    }
  }

  /// One contiguous piece of memory to transfer, at most `byteLimit` bytes long.
  public struct Span: Hashable, Sendable {
    /// The first byte in the target.
    public let address: Address
    /// The length in bytes, at least 1.
    public let byteCount: Int
    /// Where it lies in the buffer.
    public let bufferOffset: Int
  }

  /// Where the bytes of one item are.
  public struct Placement: Hashable, Sendable {
    /// Where the item's first byte lies in the buffer.
    public let bufferOffset: Int
    /// The spans that hold it: one, or several when the item is longer than `byteLimit`; none for
    /// an item without bytes. They follow each other in the buffer.
    public let spans: Range<Int>
  }

  /// Why no plan could be made.
  public enum Failure: Error, Hashable, Sendable {
    /// The buffer would be larger than this many bytes.
    case tooLarge(limitBytes: Int)
  }

  /// The pieces to transfer, sorted by address; no address is in two of them unless an item is
  /// longer than `byteLimit`.
  public let spans: [Span]
  /// Which spans go into each call, in order.
  public let batches: [Range<Int>]
  /// For each item, in the order given, where its bytes are.
  public let placements: [Placement]
  /// The size of the buffer in bytes: the sum of all spans.
  public let bufferByteCount: Int

  /// Plans the transfer of `items`, which may overlap, repeat and come in any order.
  /// - Parameters:
  ///   - items: the places.
  ///   - mergeGap: items at most this many bytes apart become one span, since a further element
  ///     costs the kernel more than copying a short gap; default 2048. Below the page size no gap
  ///     touches a page that no item touches.
  ///   - elementLimit: how many spans one call takes; default 1024, the kernel's `IOV_MAX`.
  ///   - byteLimit: how many bytes a span and a call take; default 8 MiB, so that a call stays
  ///     short.
  ///   - bufferLimit: how large the buffer may become in bytes; default 1 GiB.
  /// - Throws: `Failure.tooLarge` before anything large is allocated.
  public init(
    _ items: [Item], mergeGap: Int = 2048, elementLimit: Int = 1024, byteLimit: Int = 8 << 20,
    bufferLimit: Int = 1 << 30
  ) throws(Failure) {
    var builder = TransferPlanBuilder(
      mergeGap: UInt64(max(0, mergeGap)), byteLimit: max(1, byteLimit), bufferLimit: bufferLimit)
    try builder.place(items)
    spans = builder.spans
    placements = builder.placements
    bufferByteCount = builder.bufferByteCount
    batches = Self.batches(of: spans, max(1, elementLimit), max(1, byteLimit))
  }

  /// Groups spans, taking as many as both limits allow.
  private static func batches(
    of spans: [Span], _ elementLimit: Int, _ byteLimit: Int
  ) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var first = 0
    var byteCount = 0
    for (index, span) in spans.enumerated() {
      let isFull = index &- first >= elementLimit || span.byteCount > byteLimit &- byteCount
      if index > first, isFull {
        batches.append(first..<index)
        first = index
        byteCount = 0
      }
      byteCount &+= span.byteCount
    }
    if first < spans.count { batches.append(first..<spans.count) }
    return batches
  }
}
