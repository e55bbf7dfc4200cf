public import MemoryModel

extension Hits {
  /// The most hits a predicate is asked about at once.
  public static let batchCount = 4096

  /// The hits that a predicate accepts.
  /// - Parameters:
  ///   - title: what the step is called; default `filter`.
  ///   - accepts: answers for hits with consecutive numbers, all of one lane and at most
  ///     `batchCount`: as many answers as numbers.
  /// - Throws: what the predicate throws, as it is; `EINVAL` when it gives too few or too many
  ///   answers; `ENOMEM`; `EINTERRUPTED`.
  public func keeping(
    _ title: String = "filter", where accepts: (Range<Int>) throws -> [Bool]
  ) throws -> Hits {
    var failure: (any Error)?
    var laneEnd = 0
    var laneNumber = -1
    var batch = 0..<0
    var answers: [Bool] = []
    do {
      return try subset(title) { (hand) throws(RemoteMemoryError) in
        if hand.laneNumber != laneNumber {
          laneNumber = hand.laneNumber
          laneEnd = hand.start + hand.lane.count
        }
        unsafe hand.chunk.writeSlots(to: hand.slots)
        for rank in 0..<Int(hand.chunk.count) {
          let number = hand.start + rank
          if !batch.contains(number) {
            batch = number..<min(number + Self.batchCount, laneEnd)
            do {
              answers = try accepts(batch)
            } catch {
              failure = error
              throw RemoteMemoryError(.scan, .interrupted)
            }
            try checkAnswers(answers.count, to: batch)
            try checkInterrupt()
          }
          if answers[number - batch.lowerBound] {
            unsafe Bitmap.set(Int(hand.slots[rank]), in: hand.mask)
          }
        }
        return .masked
      }
    } catch {
      throw failure ?? error
    }
  }

  private func checkAnswers(_ count: Int, to batch: Range<Int>) throws(RemoteMemoryError) {
    if count == batch.count { return }
    throw RemoteMemoryError(
      .scan, .invalid, process: source.processID,
      detail: "the predicate was asked about \(batch.count) hits and gave \(count) answers")
  }

  /// The hits whose bytes all lie in regions that pass a filter.
  ///
  /// As in a scan, the filter's window and the ranges it excludes are kept to the byte, and a hit
  /// may lie across two regions that touch.
  /// - Throws: what `MemorySource.regionMap()` throws.
  public func inRegions(_ filter: RegionFilter) throws(RemoteMemoryError) -> Hits {
    let scope = ScanScope(filter: filter)
    var list = RunList()
    for region in scope.regions(of: try source.regionMap()).regions {
      list.append(region.range)
    }
    var runs = list.runs
    scope.clip(&runs)
    return try inRanges(runs, title: "in regions")
  }

  /// The hits whose bytes all lie in one of some ranges, which rise and do not touch.
  func inRanges(_ ranges: [AddressRange], title: String) throws(RemoteMemoryError) -> Hits {
    var first = 0
    var laneNumber = -1
    return try subset(title) { hand in
      if hand.laneNumber != laneNumber {
        laneNumber = hand.laneNumber
        first = 0
      }
      let grid = hand.grid
      let width = UInt64(hand.lane.width)
      while first < ranges.count, ranges[first].end.rawValue <= grid.base { first += 1 }
      var index = first
      while index < ranges.count, ranges[index].start.rawValue <= grid.last {
        let range = ranges[index]
        if range.count >= width {
          let slots = grid.slots(
            from: range.start.rawValue, to: range.start.rawValue + (range.count - width))
          unsafe Bitmap.set(slots, in: hand.mask)
        }
        index += 1
      }
      return index == first ? .none : .masked
    }
  }
}
