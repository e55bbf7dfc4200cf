/// Which places pointers must lead to for one of many places to be reached by adding an offset.
struct PointerWindows {
  /// What is to be reached.
  enum Goal {
    /// The target itself.
    case place(UInt64)
    /// Pointers; those in the set excepted.
    case level(PointerLevel, PointerEntry, step: UInt64, except: SlotSet)
  }

  private let goal: Goal
  private let offsets: ClosedRange<Int64>
  private var index = 0
  /// The range of excepted slots that may come next.
  private var excepted = 0

  /// - Parameter place: windows that end before it are left out.
  init(_ goal: Goal, _ offsets: ClosedRange<Int64>, from place: UInt64) {
    self.goal = goal
    self.offsets = offsets
    guard case .level(let level, let form, let step, let except) = goal else { return }
    let least = Int64(clamping: place) + offsets.lowerBound
    let slot = least <= 0 ? 0 : UInt64(least) / step
    index = level.index(of: form.entry(slot: min(slot, form.greatestSlot), number: 0))
    excepted = except.firstRange(endingAbove: slot)
  }

  /// The next window, first and last place; neither end ever goes down.
  mutating func next() -> (UInt64, UInt64)? {
    switch goal {
    case .place(let place):
      guard index == 0 else { return nil }
      index = 1
      return window(of: place)
    case .level(let level, let form, let step, let except):
      while index < level.count {
        let slot = form.slot(unsafe level.entries[index])
        while excepted < except.ranges.count, except.ranges[excepted].upperBound <= slot {
          excepted += 1
        }
        if excepted < except.ranges.count, except.ranges[excepted].lowerBound <= slot {
          let end = except.ranges[excepted].upperBound
          index = level.index(of: form.entry(slot: min(end, form.greatestSlot), number: 0))
          if end > form.greatestSlot { index = level.count }
          continue
        }
        index += 1
        return window(of: slot * step)
      }
      return nil
    }
  }

  private func window(of place: UInt64) -> (UInt64, UInt64) {
    (
      UInt64(clamping: Int64(clamping: place) - offsets.upperBound),
      UInt64(clamping: Int64(clamping: place) - offsets.lowerBound)
    )
  }
}

extension PointerEntry {
  /// The greatest slot there can be.
  var greatestSlot: UInt64 { (1 << UInt64(slotBits)) &- 1 }
}
