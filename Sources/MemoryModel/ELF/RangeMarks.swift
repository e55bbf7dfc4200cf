/// Ranges that say something each, in rising order and without overlaps; what lies in other ranges
/// is told apart by them.
struct RangeMarks<Mark: Sendable>: Sendable {
  private(set) var ranges: [AddressRange] = []
  private(set) var marks: [Mark] = []

  /// Marks in any order; one that another reaches into loses what they share, and what is left of
  /// it is told to `trim`: its mark, and how many bytes were cut off its front.
  init(_ items: [(range: AddressRange, mark: Mark)], trim: (Mark, UInt64) -> Mark) {
    var end = Address.zero
    for item in items.sorted(by: { $0.range.start < $1.range.start }) {
      let range = Self.closed(item.range)
      let start = max(range.start, end)
      let kept = AddressRange(start: start, end: range.end)
      if kept.isEmpty { continue }
      let cut = start.rawValue &- range.start.rawValue
      ranges.append(kept)
      marks.append(cut == 0 ? item.mark : trim(item.mark, cut))
      end = kept.end
    }
  }

  /// The range without the last of all addresses, which no `end` can lie behind.
  static func closed(_ range: AddressRange) -> AddressRange {
    AddressRange(start: range.start, end: range.end)
  }

  /// A range cut at every border of a mark.
  /// - Returns: the pieces in order, each with the mark it lies in and how far into it it begins.
  func pieces(of range: AddressRange) -> [Piece] {
    var pieces: [Piece] = []
    var place = range.start
    var index = firstIndex(endingAbove: place)
    while place < range.end {
      guard index < ranges.count, ranges[index].start < range.end else {
        pieces.append(Piece(range: AddressRange(start: place, end: range.end), index: nil, skip: 0))
        break
      }
      let mark = ranges[index]
      if mark.start > place {
        pieces.append(
          Piece(range: AddressRange(start: place, end: mark.start), index: nil, skip: 0))
        place = mark.start
      }
      let end = min(mark.end, range.end)
      pieces.append(
        Piece(
          range: AddressRange(start: place, end: end), index: index,
          skip: place.rawValue &- mark.start.rawValue))
      place = end
      index &+= 1
    }
    return pieces
  }

  /// A part of a range.
  struct Piece {
    /// The part; never empty.
    let range: AddressRange
    /// The mark it lies in; nil for none.
    let index: Int?
    /// How many bytes of the mark lie before it.
    let skip: UInt64
  }

  private func firstIndex(endingAbove address: Address) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = low &+ (high &- low) / 2
      if ranges[middle].end > address { high = middle } else { low = middle &+ 1 }
    }
    return low
  }
}

extension RangeMarks where Mark == Void {
  /// Ranges that say no more than that they are there.
  init(_ ranges: [AddressRange]) {
    self.init(ranges.map { (range: $0, mark: ()) }, trim: { _, _ in () })
  }
}
