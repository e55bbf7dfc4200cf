import MemoryModel

/// A walk over ranges of memory from their first byte to their last, which leaves the target as it
/// is: pages that nobody ever wrote are told of and not read.
struct ByteWalk {
  /// What is met.
  enum Content {
    /// These bytes; lent until the visitor returns.
    case bytes
    /// Zeroes that are not in memory.
    case zeroes
    /// Nothing that can be read.
    case unreadable
  }

  private static let blockByteCount: UInt64 = 1 << 20

  let source: any MemorySource
  let operation: RemoteMemoryError.Operation
  /// Whether regions are read that a survey leaves out, because the ranges were named one by one.
  let takesAll: Bool

  /// Walks over ranges, which rise and do not overlap.
  /// - Parameter visit: gets the address and length of a stretch, what it is, and its bytes where it
  ///   has any.
  func walk(
    _ ranges: [AddressRange], in map: RegionMap,
    _ visit: (AddressRange, Content, UnsafeRawBufferPointer) throws(RemoteMemoryError) -> Void
  ) throws(RemoteMemoryError) {
    let plan = try plan(ranges, map)
    let room = try Allocation(byteCount: Int(Self.blockByteCount), for: operation)
    let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    for part in plan {
      guard part.content == .bytes else {
        try unsafe visit(part.range, part.content, nothing)
        continue
      }
      var done: UInt64 = 0
      while done < part.range.count {
        if source.interrupt.isInterrupted {
          throw RemoteMemoryError(operation, .interrupted, process: source.processID)
        }
        let count = min(Self.blockByteCount, part.range.count - done)
        let start = part.range.start.offset(by: Int64(truncatingIfNeeded: done))
        let block = unsafe UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<Int(count)])
        try unsafe read(AddressRange(start: start, count: count), into: block, visit)
        done += count
      }
    }
    do throws(RemoteMemoryError) { try source.confirm() } catch { throw error.during(operation) }
  }

  /// Reads a block and shows it, its holes apart.
  private func read(
    _ span: AddressRange, into block: UnsafeMutableRawBufferPointer,
    _ visit: (AddressRange, Content, UnsafeRawBufferPointer) throws(RemoteMemoryError) -> Void
  ) throws(RemoteMemoryError) {
    let holes = try unsafe gather(span, into: block)
    let nothing = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    var offset = 0
    for hole in holes {
      if hole.offset > offset {
        try unsafe visit(
          span.part(offset..<hole.offset), .bytes,
          UnsafeRawBufferPointer(rebasing: block[offset..<hole.offset]))
      }
      offset = hole.offset + hole.count
      try unsafe visit(span.part(hole.offset..<offset), .unreadable, nothing)
    }
    guard offset < block.count else { return }
    try unsafe visit(
      span.part(offset..<block.count), .bytes, UnsafeRawBufferPointer(rebasing: block[offset...]))
  }

  private func gather(_ span: AddressRange, into block: UnsafeMutableRawBufferPointer)
    throws(RemoteMemoryError) -> [Hole]
  {
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe withUnsafePointer(to: span) { span in
      do throws(RemoteMemoryError) {
        let spans = unsafe UnsafeBufferPointer(start: span, count: 1)
        return try unsafe .success(source.gatherGently(spans, into: block))
      } catch {
        return .failure(error.during(operation))
      }
    }
    return try outcome.get()
  }

  /// One stretch of the walk.
  fileprivate struct Part {
    let range: AddressRange
    let content: Content
  }

  /// What lies in the ranges, from their first byte to their last.
  private func plan(_ ranges: [AddressRange], _ map: RegionMap) throws(RemoteMemoryError) -> [Part]
  {
    let page = System.pageSize
    let wanted = ranges.flatMap { range in
      map.regions(overlapping: range).compactMap { $0.clipped(to: range.pages(of: page)) }
    }
    let survey: Survey
    do throws(RemoteMemoryError) {
      survey = try source.survey(wanted, SurveyOptions(readsHanging: takesAll))
    } catch {
      throw error.during(operation)
    }
    let leftOut = Set(survey.leftOut.map(\.region.start))
    var parts: [Part] = []
    var run = 0
    for range in ranges {
      var place = range.start
      for region in map.regions(overlapping: range) {
        guard let mapped = region.range.intersection(range) else { continue }
        parts.add(AddressRange(start: place, end: mapped.start), .unreadable)
        place = mapped.end
        let surveyed = region.clipped(to: range.pages(of: page))?.start ?? region.start
        let isLeftOut = leftOut.contains(surveyed)
        if isLeftOut, takesAll {
          parts.add(mapped, .bytes)
          continue
        }
        let gap: Content = isLeftOut ? .unreadable : .zeroes
        var inside = mapped.start
        while run < survey.runs.count, survey.runs[run].end <= mapped.start { run += 1 }
        var next = run
        while next < survey.runs.count, let part = survey.runs[next].intersection(mapped) {
          parts.add(AddressRange(start: inside, end: part.start), gap)
          parts.add(part, .bytes)
          inside = part.end
          next += 1
        }
        parts.add(AddressRange(start: inside, end: mapped.end), gap)
      }
      parts.add(AddressRange(start: place, end: range.end), .unreadable)
    }
    return parts
  }
}

extension [ByteWalk.Part] {
  /// Appends a stretch, unless it is empty.
  fileprivate mutating func add(_ range: AddressRange, _ content: ByteWalk.Content) {
    if !range.isEmpty { append(ByteWalk.Part(range: range, content: content)) }
  }
}

extension AddressRange {
  /// A part of it, by offsets.
  fileprivate func part(_ offsets: Range<Int>) -> AddressRange {
    AddressRange(
      start: start.offset(by: Int64(offsets.lowerBound)), count: UInt64(offsets.count))
  }

  /// The whole pages it touches; cut at the end of all addresses.
  func pages(of size: UInt64) -> AddressRange {
    let first = start.alignedDown(to: size)
    let (sum, overflows) = end.rawValue.addingReportingOverflow(size &- 1)
    return AddressRange(start: first, end: Address(overflows ? .max : sum & ~(size &- 1)))
  }
}
