public import MemoryModel

/// Typed places, perhaps of several processes, that are read together again and again, with the
/// values of the last time beside those of the time before.
///
/// An update costs one gather for each process, as a `ScatterPlan` does it, and one more for each
/// level of pointer chains. Belongs to one thread at a time.
public final class Watch {
  /// What is watched.
  public let places: [WatchPlace]
  /// How often `update` was called.
  public private(set) var updateCount = 0
  private var groups: [WatchGroup] = []
  /// For each place the group it is in, and its position there.
  private var positions: [(group: Int, item: Int)]
  private var changed: [Bool]
  private var changedCount = 0

  /// A watch of some places, which are read for the first time: old and new are the same then.
  /// - Throws: `EINVAL` for a place with an impossible size, `E2BIG` when those of a process take
  ///   more than 1 GiB; when one of the processes cannot be read at all.
  public init(_ places: [WatchPlace]) throws(RemoteMemoryError) {
    self.places = places
    positions = Array(repeating: (0, 0), count: places.count)
    changed = Array(repeating: false, count: places.count)
    var members: [(source: any MemorySource, places: [Int])] = []
    var numbers: [ObjectIdentifier: Int] = [:]
    for (index, place) in places.enumerated() {
      let number = numbers[ObjectIdentifier(place.source), default: members.count]
      if number == members.count {
        numbers[ObjectIdentifier(place.source)] = number
        members.append((place.source, []))
      }
      positions[index] = (number, members[number].places.count)
      members[number].places.append(index)
    }
    for (source, members) in members {
      groups.append(try WatchGroup(places, members, in: source))
    }
  }

  /// Reads all places anew; what was new is old then.
  /// - Returns: whether anything has changed. A place that cannot be read any more has, and one
  ///   that can be read again.
  /// - Throws: when no process can be read any more, with the reason of the first: `ESRCH`, `EXEC`,
  ///   `ECLOSED`, `EPERM`; `EINTERRUPTED`. As long as one can, places of the others are failures.
  @discardableResult
  public func update() throws(RemoteMemoryError) -> Bool {
    updateCount += 1
    var failure: RemoteMemoryError?
    var failed = 0
    for index in groups.indices {
      do throws(RemoteMemoryError) {
        try groups[index].update()
      } catch {
        failure = failure ?? error
        failed += 1
        if case .interrupted = error.cause { failed = groups.count }
      }
      look(for: index)
    }
    if let failure, failed >= groups.count { throw failure }
    return changedCount > 0
  }

  /// Notes which places of a group have changed.
  private func look(for number: Int) {
    let group = groups[number]
    let isSame = group.isSurelyTheSame
    if isSame, changedCount == 0 { return }
    for (item, place) in group.members.enumerated() {
      let isChanged = !isSame && hasChanged(item, in: group, places[place])
      if isChanged != changed[place] {
        changed[place] = isChanged
        changedCount += isChanged ? 1 : -1
      }
    }
  }

  private func hasChanged(_ item: Int, in group: WatchGroup, _ place: WatchPlace) -> Bool {
    if group.now.isReadable(at: item), group.before.isReadable(at: item),
      group.now.result.hasSameBytes(at: item, as: group.before.result)
    {
      return false
    }
    let now = place.meaning(of: group.now.outcome(at: item))
    return !now.isSame(as: place.meaning(of: group.before.outcome(at: item)))
  }

  /// How many places there are.
  public var count: Int { places.count }

  /// Whether the last update found anything changed.
  public var hasChanged: Bool { changedCount > 0 }

  /// Whether the last update found a place changed.
  /// - Parameter index: its position, from 0; a precondition failure outside.
  public func hasChanged(at index: Int) -> Bool { changed[index] }

  /// The positions of the places that the last update found changed, rising.
  public var changes: [Int] {
    changedCount == 0 ? [] : changed.indices.filter { changed[$0] }
  }

  /// What a place was when it was last read, or why it could not be.
  /// - Parameter index: its position, from 0; a precondition failure outside.
  public func new(at index: Int) -> ScatterOutcome {
    let (group, item) = positions[index]
    return places[index].meaning(of: groups[group].now.outcome(at: item))
  }

  /// What a place was the time before.
  /// - Parameter index: its position, from 0; a precondition failure outside.
  public func old(at index: Int) -> ScatterOutcome {
    let (group, item) = positions[index]
    return places[index].meaning(of: groups[group].before.outcome(at: item))
  }

  /// Where a place lay when it was last read; nil at the end of a chain that was broken.
  /// - Parameter index: its position, from 0; a precondition failure outside.
  public func address(at index: Int) -> Address? {
    let (group, item) = positions[index]
    return groups[group].address(of: item)
  }

  /// The memory of our own that it holds, in bytes.
  public var memoryByteCount: Int {
    groups.reduce(0) { $0 + $1.now.result.byteCount + $1.before.result.byteCount }
  }

  /// What is read, in the order in which it first occurs among the places.
  public var sources: [any MemorySource] { groups.map(\.source) }

  /// The sources of which nothing could be read the last time, and why: processes that have ended,
  /// above all.
  public var lost: [(source: any MemorySource, error: RemoteMemoryError)] {
    groups.compactMap { group in group.now.failure.map { (group.source, $0) } }
  }
}

extension ScatterOutcome {
  /// Whether a person would say that nothing changed. What cannot be read is the same as what could
  /// not be read before, whatever the reason.
  func isSame(as other: ScatterOutcome) -> Bool {
    switch (self, other) {
    case (.scalar(let one), .scalar(let two)): one.isSame(as: two)
    case (.array(let one), .array(let two)): one.bytes == two.bytes
    case (.bytes(let one), .bytes(let two)): one == two
    case (.text(let one), .text(let two)): one.text == two.text
    case (.failure, .failure): true
    default: false
    }
  }
}
