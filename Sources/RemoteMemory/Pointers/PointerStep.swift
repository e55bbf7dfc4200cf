import Synchronization

/// One level of a search: which pointers lead into the windows of the level before. Done in tasks,
/// each for some parts of the map: first all are counted, then written where there is room for just
/// so many.
@safe final class PointerStep: Sendable {
  private static let mostTasks = 256

  private let table: PointerTable
  private let form: PointerEntry
  private let goal: PointerWindows.Goal
  private let offsets: ClosedRange<Int64>
  /// Of the last level only these are wanted.
  private let roots: SlotSet?
  private let partsATask: Int
  let taskCount: Int
  private let counts: Mutex<[Int]>

  init(
    _ table: PointerTable, _ form: PointerEntry, _ goal: PointerWindows.Goal,
    _ offsets: ClosedRange<Int64>, roots: SlotSet?
  ) {
    self.table = table
    self.form = form
    self.goal = goal
    self.offsets = offsets
    self.roots = roots
    let parts = table.layout.partCount
    partsATask = (parts + Self.mostTasks - 1) / Self.mostTasks
    taskCount = (parts + partsATask - 1) / partsATask
    counts = Mutex([Int](repeating: 0, count: taskCount))
  }

  /// Counts what one task will write.
  func count(_ task: Int) {
    var count = 0
    if let roots {
      forEachRow(of: task) { part, row in
        forEachWord(part, row) { word, _ in
          if roots.contains(table.layout.slot(of: word)) { count += 1 }
        }
      }
    } else {
      forEachRow(of: task) { _, row in count += row.count }
    }
    counts.withLock { $0[task] = count }
  }

  /// To be called between counting and filling.
  /// - Returns: how many there are in all.
  func prepareToFill() -> Int {
    counts.withLock { counts in
      var sum = 0
      for task in counts.indices {
        let here = counts[task]
        counts[task] = sum
        sum += here
      }
      return sum
    }
  }

  /// Writes what one task has counted.
  func fill(_ level: PointerLevel, _ task: Int) {
    var next = unsafe level.entries + counts.withLock { $0[task] }
    let layout = table.layout
    forEachRow(of: task) { part, row in
      forEachWord(part, row) { word, number in
        let slot = layout.slot(of: word)
        if let roots, !roots.contains(slot) { return }
        unsafe next.pointee = form.entry(slot: slot, number: number)
        unsafe next += 1
      }
    }
  }

  /// Calls with each word of a row of words of a part, and its number in the map.
  @inline(__always)
  private func forEachWord(_ part: Int, _ row: Range<Int>, _ body: (UInt64, Int) -> Void) {
    let base = table.first(of: part)
    var index = row.lowerBound
    while index < row.upperBound {
      let number = base + index
      let chunk = unsafe table.chunk(number / PointerTable.chunkWords)
      let offset = number % PointerTable.chunkWords
      let end = min(PointerTable.chunkWords, offset + (row.upperBound - index))
      for place in offset..<end { body(unsafe chunk[place], number - offset + place) }
      index += end - offset
    }
  }

  /// Calls with each row of words that lead into a window, in the parts of a task; each word comes
  /// once.
  private func forEachRow(of task: Int, _ body: (Int, Range<Int>) -> Void) {
    let layout = table.layout
    let lastPart = min((task + 1) * partsATask, layout.partCount) - 1
    var done = layout.start(of: task * partsATask)
    let last = layout.start(of: lastPart) | layout.partMask
    var part = -1
    var index = 0
    var windows = PointerWindows(goal, offsets, from: done)
    while let window = windows.next(), window.0 <= last, done <= last {
      let (low, high) = (max(window.0, done), min(window.1, last))
      guard low <= high else { continue }
      done = high + 1
      for here in layout.part(of: low)...layout.part(of: high) {
        if here != part { (part, index) = (here, 0) }
        let count = table.count(of: here)
        if count == 0 { continue }
        if here == layout.part(of: low) {
          index = table.index(of: layout.word(for: low), in: here, from: index)
        }
        let isCut = here == layout.part(of: high) && high & layout.partMask != layout.partMask
        let end =
          isCut ? table.index(of: layout.word(for: high + 1), in: here, from: index) : count
        if index < end { body(here, index..<end) }
        index = end
      }
    }
  }
}
