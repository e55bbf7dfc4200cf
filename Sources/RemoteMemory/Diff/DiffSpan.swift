public import MemoryModel

/// Cells of a diff that lie next to each other.
public struct DiffSpan: Hashable, Sendable {
  /// The bytes from the first cell to the last, in the later memory.
  public let range: AddressRange
  /// How many cells of the diff it holds.
  public let cellCount: Int
}

/// A walk over the spans of a diff, in the order of their addresses. Belongs to one thread at a time.
public final class DiffSpanCursor {
  private let cursor: HitCursor
  private let width: UInt64
  private let gap: UInt64
  private let longest: UInt64
  private var pending: Address?

  /// - Parameters:
  ///   - diff: whose cells.
  ///   - gap: how many bytes that are no cells may lie between two of one span; default 0.
  ///   - longest: where a span is cut, in bytes; default 16 MiB.
  public init(_ diff: Diff, gap: Int = 0, longest: Int = 16 << 20) {
    cursor = HitCursor(diff.hits)
    width = UInt64(diff.width)
    self.gap = UInt64(max(gap, 0))
    self.longest = UInt64(max(longest, 1))
  }

  /// The next span; nil behind the last.
  public func next() -> DiffSpan? {
    guard let first = pending ?? cursor.next()?.address else { return nil }
    pending = nil
    var end = first.rawValue &+ width
    var count = 1
    while let next = cursor.next()?.address {
      let isNear = next.rawValue <= end || next.rawValue - end <= gap
      guard isNear, next.rawValue &+ width &- first.rawValue <= longest else {
        pending = next
        break
      }
      end = max(end, next.rawValue &+ width)
      count += 1
    }
    return DiffSpan(range: AddressRange(start: first, end: Address(end)), cellCount: count)
  }
}

extension Diff {
  /// The bytes of a span as they were and as they are; nil for what one of the two cannot give.
  /// - Throws: only when nothing can be read any more.
  public func bytes(of range: AddressRange) throws(RemoteMemoryError) -> (
    old: [UInt8?], new: [UInt8?]
  ) {
    let count = Int(min(range.count, UInt64(TransferLimits.longestValue)))
    let new = try Self.bytes(after, range.start, count)
    var old: [UInt8?] = []
    for pair in alignment.pairs(
      in: AddressRanges([AddressRange(start: range.start, count: UInt64(count))]))
    {
      let offset = Int(pair.after.rawValue &- range.start.rawValue)
      if offset > old.count { old += [UInt8?](repeating: nil, count: offset - old.count) }
      old += try Self.bytes(before, pair.before, Int(pair.count))
    }
    if old.count < count { old += [UInt8?](repeating: nil, count: count - old.count) }
    return (old, new)
  }

  private static func bytes(_ source: any MemorySource, _ start: Address, _ count: Int)
    throws(RemoteMemoryError) -> [UInt8?]
  {
    let (bytes, holes) = try source.readSparse(at: start, count: count)
    var result: [UInt8?] = bytes
    for hole in holes {
      for index in hole.offset..<(hole.offset + hole.count) { result[index] = nil }
    }
    return result
  }
}
