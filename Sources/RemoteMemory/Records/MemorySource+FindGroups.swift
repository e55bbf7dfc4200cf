public import MemoryModel

/// Places of values that lie near each other.
public struct FoundGroup: Hashable, Sendable {
  /// Where each value lies, in the order of the pattern's items.
  public let members: [Address]

  /// A group of values at these places.
  public init(members: [Address]) { self.members = members }

  /// The lowest of them.
  public var start: Address { members.min() ?? .zero }
}

/// The values that a search for groups found.
public struct FoundGroups: Sendable {
  /// Every value that is part of at least one group, a lane for each of the pattern's distinct
  /// items, called as the item is written: `i32 = 100`. Equal items share a lane.
  public let hits: Hits
  /// The groups, in the order of their starts: one for each value that can be the lowest of a group,
  /// the others as near to it as can be.
  public let groups: [FoundGroup]
  /// Whether there are more groups than the limit allowed; `hits` has the values of all.
  public let isCutShort: Bool
}

extension MemorySource {
  /// Finds values that lie within a distance of each other.
  /// - Parameters:
  ///   - pattern: the values and the distance.
  ///   - limit: the most groups to list; default 1000. The hits do not depend on it.
  ///   - scope: where; default what the process can write and shares with nobody.
  ///   - options: how.
  /// - Throws: `EINVAL` and `ERANGE` for a pattern that makes no sense, naming the item; `ESRCH`
  ///   and `EXEC` when the process goes.
  public func findGroups(
    _ pattern: GroupPattern, limit: Int = 1000, in scope: ScanScope = ScanScope(),
    options: ScanOptions = ScanOptions()
  ) throws(RemoteMemoryError) -> FoundGroups {
    try check(pattern)
    var lanes: [ScanLane] = []
    for item in pattern.distinctItems {
      lanes.append(try ScanLane.member(item, alignment: pattern.alignment, in: self))
    }
    let all = try FirstScan.run(self, lanes, in: scope, title: "\(pattern)", options: options)
    var search = GroupSearch(all, pattern, limit: limit)
    return try search.run(title: all.title, parent: nil, progress: options.progress)
  }

  fileprivate func check(_ pattern: GroupPattern) throws(RemoteMemoryError) {
    do throws(GroupPatternError) {
      try pattern.check(pointerWidth: pointerWidth)
    } catch {
      throw RemoteMemoryError(.scan, .invalid, process: processID, detail: "\(error)")
    }
  }
}

extension Hits {
  /// The hits that are still part of a group, after others have been lost by refining. Nothing is
  /// read.
  /// - Parameters:
  ///   - pattern: the one that was searched for; its distance, its order and how many of each item
  ///     there are may differ.
  ///   - limit: the most groups to list; default 1000.
  /// - Throws: `EINVAL` when the pattern makes no sense or the lanes are not its distinct items.
  public func grouped(_ pattern: GroupPattern, limit: Int = 1000) throws(RemoteMemoryError)
    -> FoundGroups
  {
    try source.check(pattern)
    guard lanes.map(\.label) == pattern.distinctItems.map(\.description) else {
      throw RemoteMemoryError(
        .scan, .invalid, process: source.processID,
        detail: "these hits (\(lanes.map(\.label).joined(separator: "; "))) were not found as"
          + " \(pattern)")
    }
    var search = GroupSearch(self, pattern, limit: limit)
    return try search.run(title: "still in a group", parent: self, progress: nil)
  }
}

extension ScanLane {
  /// The lane for an item of a group.
  static func member(
    _ item: GroupPattern.Item, alignment: Int?, in source: any MemorySource
  ) throws(RemoteMemoryError) -> ScanLane {
    let intervals: ValueIntervals
    do throws(ConditionError) {
      intervals = try item.condition.intervals(
        for: item.format, pointerWidth: source.pointerWidth)
    } catch {
      var refusal = RemoteMemoryError(error)
      refusal.process = source.processID
      refusal.detail = "\(item): \(refusal.detail)"
      throw refusal
    }
    guard !intervals.matchesEverything else {
      throw RemoteMemoryError(
        .scan, .invalid, process: source.processID, detail: "\(GroupPatternError.anything(item))")
    }
    let lane = ScanLane(
      item.format, intervals, item.condition, alignment: alignment, in: source)
    return ScanLane(
      label: item.description, element: lane.element, step: lane.step, width: lane.width,
      matcher: lane.matcher, remembering: lane.remembering, encoding: lane.encoding)
  }
}
