public import MemoryModel

/// What lies at a hit at this moment.
public enum HitValue: Hashable, Sendable {
  /// A value of the lane's type.
  case scalar(ScalarValue)
  /// The bytes of a pattern, a text, a match or a struct.
  case bytes([UInt8])
}

extension Hits {
  /// The addresses of consecutive hits.
  /// - Parameters:
  ///   - first: the number of the first, over all lanes, from 0.
  ///   - count: how many; fewer when there are no more.
  public func addresses(from first: Int = 0, count: Int = .max) -> [Address] {
    let numbers = clamped(first, count)
    var found: [Address] = []
    found.reserveCapacity(numbers.count)
    walk(numbers) { cursor, part in
      for _ in part {
        found.append(Address(cursor.address))
        cursor.advance()
      }
    }
    return found
  }

  /// The old values of consecutive hits; nil where none is kept, and for what is no scalar.
  /// - Parameters:
  ///   - first: the number of the first, over all lanes, from 0.
  ///   - count: how many; fewer when there are no more.
  public func oldValues(from first: Int = 0, count: Int = .max) -> [ScalarValue?] {
    let numbers = clamped(first, count)
    var found: [ScalarValue?] = []
    found.reserveCapacity(numbers.count)
    walk(numbers) { cursor, part in
      for _ in part {
        let word = cursor.word
        found.append(word.flatMap { value($0, of: cursor.lane) })
        cursor.advance()
      }
    }
    return found
  }

  /// What lies at consecutive hits at this moment, as the program means it; nil where it cannot be
  /// read.
  ///
  /// Read with few calls, as a refining step reads: hits that lie near each other together.
  /// - Parameters:
  ///   - first: the number of the first, over all lanes, from 0.
  ///   - count: how many; fewer when there are no more.
  /// - Throws: when nothing can be read any more; `EINTERRUPTED`; `ENOMEM`.
  public func readValues(from first: Int = 0, count: Int = .max) throws(RemoteMemoryError)
    -> [HitValue?]
  {
    let numbers = clamped(first, count)
    try Allocation.check(numbers.count * MemoryLayout<HitValue?>.stride, for: .read)
    var reader = HitValueReader(self, count: numbers.count)
    var start = 0
    for lane in lanes {
      let part = numbers.clamped(to: start..<(start + lane.count))
      if !part.isEmpty {
        try reader.read(lane, (part.lowerBound - start)..<(part.upperBound - start))
      }
      start += lane.count
    }
    return reader.values
  }

  /// Calls `body` for each lane that has some of these numbers, with a cursor at the first of them.
  private func walk(
    _ numbers: Range<Int>, _ body: (_ cursor: inout LaneCursor, _ part: Range<Int>) -> Void
  ) {
    var start = 0
    for lane in lanes {
      let part = numbers.clamped(to: start..<(start + lane.count))
      if !part.isEmpty {
        var cursor = LaneCursor(lane, at: part.lowerBound - start)
        body(&cursor, part)
      }
      start += lane.count
    }
  }
}

/// Reads what lies at hits: addresses are collected until they are worth a call.
@safe private struct HitValueReader {
  /// How many hits, and about how many bytes, are read at once.
  private static let batch = (hits: 4096, bytes: 512 << 10)

  private let hits: Hits
  private let source: any MemorySource
  private var spans = NextSpans()
  private var places: [(address: UInt64, byteCount: Int)] = []
  private var room: Allocation?
  private(set) var values: [HitValue?] = []

  init(_ hits: Hits, count: Int) {
    self.hits = hits
    source = hits.source
    values.reserveCapacity(count)
  }

  /// Reads hits of a lane by their numbers in it.
  mutating func read(_ lane: HitLane, _ numbers: Range<Int>) throws(RemoteMemoryError) {
    var cursor = LaneCursor(lane, at: numbers.lowerBound)
    var bytes = 0
    for _ in numbers {
      var byteCount = lane.element.byteCount(pointerWidth: source.pointerWidth)
      if case .match = lane.element {
        byteCount = Int(min(cursor.word ?? 1, UInt64(TransferLimits.longestValue)))
      }
      let address = cursor.address
      // A hit that would pass the end of all addresses cannot be read.
      if address > .max - UInt64(max(byteCount, 1) - 1) { byteCount = 0 }
      let gap = places.last.map { address &- $0.address } ?? 0
      bytes += byteCount + Int(clamping: min(gap, UInt64(NextSpans.mergeGap)))
      places.append((address, byteCount))
      cursor.advance()
      if places.count >= Self.batch.hits || bytes >= Self.batch.bytes {
        try flush(lane)
        bytes = 0
      }
    }
    try flush(lane)
  }

  private mutating func flush(_ lane: HitLane) throws(RemoteMemoryError) {
    if places.isEmpty { return }
    if source.interrupt.isInterrupted {
      throw RemoteMemoryError(.read, .interrupted, process: source.processID)
    }
    spans.clear()
    for place in places where place.byteCount > 0 { spans.add(place.address, place.byteCount) }
    spans.settle(sorting: false)
    if unsafe room == nil || room!.bytes.count < spans.byteCount {
      room = try Allocation(byteCount: max(spans.byteCount, 4096), for: .read)
    }
    let holes = try gather()
    var span = 0
    var hole = 0
    for place in places {
      guard place.byteCount > 0 else {
        values.append(nil)
        continue
      }
      span = spans.index(of: place.address, from: span)
      let offset = spans.offset(of: place.address, in: span)
      while hole < holes.count, holes[hole].offset + holes[hole].count <= offset { hole += 1 }
      let isReadable = hole >= holes.count || holes[hole].offset >= offset + place.byteCount
      values.append(isReadable ? value(lane, offset, place.byteCount) : nil)
    }
    places.removeAll(keepingCapacity: true)
  }

  private func gather() throws(RemoteMemoryError) -> [Hole] {
    let ranges = spans.ranges
    guard let room else { return [] }
    let buffer = unsafe UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<spans.byteCount])
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe ranges.withUnsafeBufferPointer {
      do throws(RemoteMemoryError) {
        return try unsafe .success(source.gatherGently($0, into: buffer))
      } catch {
        return .failure(error)
      }
    }
    let holes = try outcome.get()
    try source.confirm()
    return holes
  }

  private func value(_ lane: HitLane, _ offset: Int, _ byteCount: Int) -> HitValue? {
    guard let room else { return nil }
    guard lane.element.format != nil, let start = unsafe room.bytes.baseAddress else {
      return unsafe .bytes(Array(room.bytes[offset..<(offset + byteCount)]))
    }
    return hits.value(unsafe HitLane.word(start + offset, byteCount), of: lane).map { .scalar($0) }
  }
}
