/// Makes matches of the ends that libhs reports: of one start the longest, and of overlapping ones the
/// first. It holds back only what can still change.
struct RegexReducer {
  /// So many candidates are kept at the start of a segment at most. Where still none is free of
  /// overlap, the segment is cut there, and a chain of overlapping matches may be divided otherwise.
  static let openingLimit = 262_144

  /// The findings so far.
  private(set) var lane: RegexFindings.Lane
  private var candidates: [RegexCandidate] = []
  /// Where the segment begins.
  private let start: Int
  /// The end of the last match, or of the last candidate of the opening.
  private var free: Int

  /// Whether there is nothing that could be settled.
  var isEmpty: Bool { candidates.isEmpty }

  /// A segment that begins at `start`, counted from the beginning of the stretch.
  init(pattern: Int, start: Int) {
    lane = RegexFindings.Lane(pattern: pattern)
    self.start = start
    free = start
  }

  /// Adds a match of `start..<end`.
  mutating func add(_ start: Int, _ end: Int) {
    if let last = candidates.last, last.start == start {
      candidates[candidates.count - 1].end = max(last.end, end)
    } else {
      candidates.append(RegexCandidate(start: start, end: end))
    }
  }

  /// Settles what begins before `horizon`: no match added later may begin there.
  mutating func settle(before horizon: Int) {
    guard !candidates.isEmpty else { return }
    RegexCandidate.sortAndMerge(&candidates)
    var count = 0
    while count < candidates.count, candidates[count].start < horizon {
      settle(candidates[count])
      count += 1
    }
    candidates.removeFirst(count)
  }

  private mutating func settle(_ candidate: RegexCandidate) {
    if candidate.start >= free {
      lane.isSynchronised = true
    } else if !lane.isSynchronised {
      lane.opening.append(candidate)
      free = max(free, candidate.end)
      if lane.opening.count >= Self.openingLimit { lane.isSynchronised = true }
      return
    } else {
      return
    }
    lane.settled.append(candidate)
    free = candidate.end
  }

  /// The findings, when no more is added.
  mutating func finish() -> RegexFindings.Lane {
    RegexCandidate.sortAndMerge(&candidates)
    lane.closing = candidates
    return lane
  }
}
