/// Puts sorted items into spans. An open run grows until an item lies too far off or the run would
/// get too long.
struct TransferPlanBuilder {
  let mergeGap: UInt64
  let byteLimit: Int
  let bufferLimit: Int
  private(set) var spans: [TransferPlan.Span] = []
  private(set) var placements: [TransferPlan.Placement] = []
  private(set) var bufferByteCount = 0
  /// The run that still grows: its start, its length, and the first span it will become.
  private var start: UInt64 = 0
  private var length: UInt64 = 0

  init(mergeGap: UInt64, byteLimit: Int, bufferLimit: Int) {
    self.mergeGap = mergeGap
    self.byteLimit = byteLimit
    self.bufferLimit = max(0, min(bufferLimit, .max / 2))
  }

  /// Places every item and closes the last run.
  mutating func place(_ items: [TransferPlan.Item]) throws(TransferPlan.Failure) {
    let empty = TransferPlan.Placement(bufferOffset: 0, spans: 0..<0)
    placements = Array(repeating: empty, count: items.count)
    for index in Self.order(of: items) where items[index].byteCount > 0 {
      placements[index] = try place(items[index])
    }
    close()
  }

  /// The positions of the items by address.
  private static func order(of items: [TransferPlan.Item]) -> [Int] {
    var isSorted = true
    for index in items.indices.dropFirst()
    where items[index].address.rawValue < items[index &- 1].address.rawValue {
      isSorted = false
      break
    }
    if isSorted { return Array(items.indices) }
    return items.indices.sorted { items[$0].address.rawValue < items[$1].address.rawValue }
  }

  /// Adds one item to the open run, or closes that and opens another.
  private mutating func place(
    _ item: TransferPlan.Item
  ) throws(TransferPlan.Failure) -> TransferPlan.Placement {
    let address = item.address.rawValue
    let count = UInt64(item.byteCount)
    if !fits(address, count) {
      close()
      start = address
    }
    let skipped = address &- start
    length = max(length, skipped &+ count)
    guard length <= UInt64(max(0, bufferLimit &- bufferByteCount)) else {
      throw .tooLarge(limitBytes: bufferLimit)
    }
    let bufferOffset = bufferByteCount &+ Int(skipped)
    return TransferPlan.Placement(
      bufferOffset: bufferOffset,
      spans: span(at: skipped)..<(span(at: skipped &+ count &- 1) &+ 1))
  }

  /// Whether the open run can take `count` bytes at `address` and stay one span.
  private func fits(_ address: UInt64, _ count: UInt64) -> Bool {
    guard length > 0 else { return false }
    let skipped = address &- start
    let (end, overflow) = skipped.addingReportingOverflow(count)
    if overflow || skipped > length &+ min(mergeGap, .max &- length) { return false }
    return end <= UInt64(byteLimit) || end <= length
  }

  /// The span that the byte this far into the open run will lie in.
  private func span(at skipped: UInt64) -> Int {
    spans.count &+ Int(skipped / UInt64(byteLimit))
  }

  /// Turns the open run into spans of at most `byteLimit` bytes.
  private mutating func close() {
    guard length > 0 else { return }
    var address = Address(start)
    var rest = Int(length)
    while rest > 0 {
      let count = min(rest, byteLimit)
      spans.append(.init(address: address, byteCount: count, bufferOffset: bufferByteCount))
      address = address.offset(by: Int64(count))
      bufferByteCount &+= count
      rest &-= count
    }
    length = 0
  }
}
