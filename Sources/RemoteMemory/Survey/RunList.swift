import MemoryModel

/// Ranges that are put together in rising order; what touches or overlaps the last one joins it.
struct RunList {
  private(set) var runs: [AddressRange] = []

  /// Adds the bytes from `start` to before `end`; nothing when there are none.
  mutating func append(_ start: UInt64, _ end: UInt64) {
    guard start < end else { return }
    guard let last = runs.last, last.end.rawValue >= start, last.start.rawValue <= start else {
      runs.append(AddressRange(start: Address(start), end: Address(end)))
      return
    }
    runs[runs.count - 1] = AddressRange(
      start: last.start, end: Address(max(end, last.end.rawValue)))
  }

  /// The runs of both lists.
  func union(_ other: RunList) -> RunList {
    var result = RunList()
    for run in (runs + other.runs).sorted(by: { $0.start.rawValue < $1.start.rawValue }) {
      result.append(run.start.rawValue, run.end.rawValue)
    }
    return result
  }
}
