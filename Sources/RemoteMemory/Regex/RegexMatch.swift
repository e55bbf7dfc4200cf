/// Where a pattern matches.
public struct RegexMatch: Hashable, Sendable {
  /// The index of the pattern in its set.
  public let pattern: Int
  /// The first byte of the match, counted from the beginning of the stretch.
  public let start: Int
  /// One behind its last byte.
  public let end: Int

  /// A match of `start..<end`.
  public init(pattern: Int, start: Int, end: Int) {
    self.pattern = pattern
    self.start = start
    self.end = end
  }
}

/// What one segment of a stretch holds, to be joined with its neighbours.
///
/// Which of two overlapping matches counts depends on what came before them. So the matches at both
/// ends of a segment are kept as candidates until the neighbours are known.
public struct RegexFindings: Sendable {
  /// For each pattern: what is settled, and what is not.
  var lanes: [Lane]

  /// The findings of one pattern (in UTF-16 of one phase of it).
  struct Lane: Sendable {
    let pattern: Int
    /// Candidates up to the first place that no candidate crosses, by rising start.
    var opening: [RegexCandidate] = []
    /// Whether there is such a place.
    var isSynchronised = false
    /// Matches between the first such place and the last one that is known.
    var settled: [RegexCandidate] = []
    /// Candidates that the next segment may lengthen or overlap.
    var closing: [RegexCandidate] = []
  }

  /// The matches of a stretch, from the findings of its segments in their order: leftmost, longest,
  /// not overlapping for each pattern. By rising start, then by pattern.
  ///
  /// The outcome is that of one segment as long as the stretch, however it is cut.
  public static func join(_ segments: [RegexFindings]) -> [RegexMatch] {
    var matches: [RegexMatch] = []
    for lane in segments.first?.lanes.indices ?? 0..<0 {
      let parts = segments.compactMap { lane < $0.lanes.count ? $0.lanes[lane] : nil }
      let pattern = parts.first?.pattern ?? 0
      for found in join(parts) {
        matches.append(RegexMatch(pattern: pattern, start: found.start, end: found.end))
      }
    }
    matches.sort { ($0.start, $0.pattern, $0.end) < ($1.start, $1.pattern, $1.end) }
    return matches
  }

  private static func join(_ parts: [Lane]) -> [RegexCandidate] {
    var chosen: [RegexCandidate] = []
    var waiting: [RegexCandidate] = []
    for part in parts {
      waiting += part.opening
      if part.isSynchronised {
        choose(from: &waiting, into: &chosen)
        chosen += part.settled
      }
      waiting += part.closing
    }
    choose(from: &waiting, into: &chosen)
    return chosen
  }

  /// Moves those candidates that begin behind the last chosen match and behind each other.
  private static func choose(
    from waiting: inout [RegexCandidate], into chosen: inout [RegexCandidate]
  ) {
    RegexCandidate.sortAndMerge(&waiting)
    var free = chosen.last?.end ?? 0
    for candidate in waiting where candidate.start >= free {
      chosen.append(candidate)
      free = candidate.end
    }
    waiting.removeAll(keepingCapacity: true)
  }
}

/// The longest match known that begins at a place.
struct RegexCandidate: Hashable, Sendable {
  var start: Int
  var end: Int

  /// Sorts by start; of several with one start the longest is left.
  static func sortAndMerge(_ candidates: inout [RegexCandidate]) {
    guard candidates.count > 1 else { return }
    var isRising = true
    for index in 1..<candidates.count
    where candidates[index - 1].start >= candidates[index].start {
      isRising = false
      break
    }
    if isRising { return }
    candidates.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var last = 0
    for index in 1..<candidates.count {
      if candidates[index].start != candidates[last].start { last += 1 }
      candidates[last] = candidates[index]
    }
    candidates.removeLast(candidates.count - 1 - last)
  }
}

extension RegexFindings {
  /// How many matches are certain already.
  var settledCount: Int { lanes.reduce(0) { $0 + $1.settled.count } }
}
