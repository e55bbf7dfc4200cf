import MemoryModel

/// Follows pointers forwards through the levels of a search, from where paths may begin to the
/// target, and keeps each way as a path.
struct PathCollector {
  /// How many steps there are between two looks at whether to stop.
  private static let stepsBetweenLooks = 4096
  /// About what a path takes, in bytes, its offsets apart.
  private static let pathByteCount = 40

  private let map: PointerMap
  private let options: PointerScanOptions
  private let target: UInt64
  private let form: PointerEntry
  private let blocked: SlotSet
  /// The address at which each path begins.
  private(set) var roots: [Address] = []
  /// How many pointers each follows.
  private(set) var hops: [UInt8] = []
  /// What each adds after every pointer, one path behind the other.
  private(set) var offsets: [Int32] = []
  /// Whether there are more than are kept.
  private(set) var isLimited = false
  private var isInterrupted = false
  private var steps = 0
  /// The slots that the path under way leads through, and what it has added so far.
  private var trail: [UInt64] = []
  private var added: [Int32] = []

  init(
    _ map: PointerMap, _ options: PointerScanOptions, target: UInt64, _ form: PointerEntry,
    _ blocked: SlotSet
  ) {
    self.map = map
    self.options = options
    self.target = target
    self.form = form
    self.blocked = blocked
  }

  /// How many paths there are so far.
  var count: Int { roots.count }

  /// Follows all paths that begin in the last level; false when that was interrupted.
  mutating func collect(_ levels: [PointerLevel], _ roots: SlotSet) -> Bool {
    guard let level = levels.last else { return true }
    for range in roots.ranges {
      var index = level.index(of: form.entry(slot: range.lowerBound, number: 0))
      while index < level.count, !isLimited, !isInterrupted {
        let entry = unsafe level.entries[index]
        let slot = form.slot(entry)
        if slot >= range.upperBound { break }
        trail.append(slot)
        follow(entry, levels, levels.count)
        trail.removeLast()
        index += 1
      }
    }
    return !isInterrupted
  }

  /// Follows a pointer of a level to all of the level below that it leads near to.
  private mutating func follow(_ entry: UInt64, _ levels: [PointerLevel], _ number: Int) {
    let place = Int64(map.table.place(form.number(entry)))
    if number == 1 { return keep(lastOffset: Int64(target) - place) }
    let offsets = options.offsets(of: number)
    let step = Int64(map.table.layout.step)
    let first = (max(0, place + offsets.lowerBound) + step - 1) / step
    let last = (place + offsets.upperBound) / step
    guard first <= last else { return }
    let level = levels[number - 2]
    var index = level.index(of: form.entry(slot: UInt64(first), number: 0))
    while index < level.count, !isLimited, !isInterrupted {
      let next = unsafe level.entries[index]
      let slot = form.slot(next)
      if slot > UInt64(last) { return }
      index += 1
      look()
      if blocked.contains(slot) || trail.contains(slot) { continue }
      trail.append(slot)
      added.append(Int32(clamping: Int64(slot) * step - place))
      follow(next, levels, number - 1)
      added.removeLast()
      trail.removeLast()
    }
  }

  private mutating func look() {
    steps &+= 1
    if steps % Self.stepsBetweenLooks == 0, map.interrupt.isInterrupted { isInterrupted = true }
  }

  private mutating func keep(lastOffset: Int64) {
    guard count < options.limit, hasRoom else {
      isLimited = true
      return
    }
    roots.append(Address(map.space.address(at: trail[0] * UInt64(map.table.layout.step))))
    hops.append(UInt8(trail.count))
    offsets += added
    offsets.append(Int32(clamping: lastOffset))
  }

  /// Whether memory is left for more paths.
  private var hasRoom: Bool {
    guard count % 65_536 == 65_535 else { return true }
    return 2 * (count * Self.pathByteCount + offsets.count * 4) < map.budget.left
  }
}
