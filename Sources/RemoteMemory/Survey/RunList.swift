import MemoryModel

/// Ranges that are put together in rising order; what touches or overlaps the last one joins it.
struct RunList {
  private(set) var runs: [AddressRange] = []

  /// Adds the bytes from `start` to before `end`; nothing when there are none.
  mutating func append(_ start: UInt64, _ end: UInt64) {
    append(AddressRange(start: Address(start), end: Address(end)))
  }

  /// Adds the bytes of a range, which may be the last there are.
  mutating func append(_ range: AddressRange) {
    if range.isEmpty { return }
    guard let last = runs.last, last.start <= range.start,
      range.start.rawValue - last.start.rawValue <= last.count
    else {
      runs.append(range)
      return
    }
    let distance = range.start.rawValue - last.start.rawValue
    let (reach, overflow) = distance.addingReportingOverflow(range.count)
    runs[runs.count - 1] = AddressRange(
      start: last.start, count: max(last.count, overflow ? .max : reach))
  }

  /// The runs of both lists.
  func union(_ other: RunList) -> RunList {
    var result = RunList()
    for run in (runs + other.runs).sorted(by: { $0.start.rawValue < $1.start.rawValue }) {
      result.append(run)
    }
    return result
  }
}
