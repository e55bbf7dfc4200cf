import MemoryModel

extension [AddressRange] {
  /// Of rising ranges that do not overlap, the first that reaches an address or lies behind it;
  /// `count` when there is none.
  func firstIndex(reaching address: UInt64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let start = self[middle].start.rawValue
      if start > address || address &- start < self[middle].count {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }
}

/// Ranges that are put together in rising order; what touches or overlaps the last one joins it.
struct RunList {
  private(set) var runs: [AddressRange] = []

  /// Ranges that rise already.
  init(_ ranges: [AddressRange] = []) {
    for range in ranges { append(range) }
  }

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
