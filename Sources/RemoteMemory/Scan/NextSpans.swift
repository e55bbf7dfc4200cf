import MemoryModel

/// The ranges that are read for a task: hits and what lies between near ones, in rising order, and
/// where each lies in the buffer.
struct NextSpans {
  /// The widest gap between two hits that is read with them: another element of a call costs about
  /// as much as reading so many bytes.
  static let mergeGap = 4096

  private(set) var starts: [UInt64] = []
  private(set) var counts: [UInt64] = []
  private(set) var offsets: [Int] = []
  private(set) var byteCount = 0

  /// Forgets all ranges.
  mutating func clear() {
    starts.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    byteCount = 0
  }

  /// Adds a range; what is near the last one joins it.
  mutating func add(_ start: UInt64, _ count: Int) {
    // Counted, not by ends: the last range may reach the end of all addresses.
    if let first = starts.last, let size = counts.last, start >= first,
      start - first <= size || start - first - size <= UInt64(Self.mergeGap)
    {
      counts[counts.count - 1] = max(size, start - first + UInt64(count))
    } else {
      starts.append(start)
      counts.append(UInt64(count))
    }
  }

  /// Sorts the ranges, which several lanes have added, and says where each lies in the buffer.
  mutating func settle(sorting: Bool) {
    if sorting {
      let ranges = zip(starts, counts).sorted { $0.0 < $1.0 }
      clear()
      for (start, count) in ranges { add(start, Int(count)) }
    }
    for index in starts.indices {
      offsets.append(byteCount)
      byteCount += Int(counts[index])
    }
  }

  /// All ranges.
  var ranges: [AddressRange] { starts.indices.map { self[$0] } }

  /// The range with this index.
  subscript(index: Int) -> AddressRange {
    AddressRange(start: Address(starts[index]), count: counts[index])
  }

  /// The range that holds an address, searched from `hint` on; the ranges are in order.
  func index(of address: UInt64, from hint: Int = 0) -> Int {
    var index = hint
    while index + 1 < starts.count, starts[index + 1] <= address { index += 1 }
    return index
  }

  /// The range that holds an address, by halving.
  func find(_ address: UInt64) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= address { low = middle } else { high = middle }
    }
    return low
  }

  /// Where an address of the range with this index lies in the buffer.
  func offset(of address: UInt64, in index: Int) -> Int {
    offsets[index] + Int(address - starts[index])
  }
}
