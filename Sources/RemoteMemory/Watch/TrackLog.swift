import MemoryModel

/// The values that have changed, and how they were at equal distances in time.
struct TrackLog {
  private(set) var cells: [TrackedCell] = []
  private(set) var unfollowedChanges = 0
  private let limit: Int
  /// The number of a cell by its place among all bytes, and its kind.
  private var numbers: [UInt64: Int] = [:]
  /// Every so many samples a point is kept of each value.
  private var stride = 1
  private var points = 0
  /// The most points of a value.
  private static let mostPoints = 64

  init(limit: Int) { self.limit = max(0, limit) }

  /// How many values have changed that are followed.
  var count: Int { cells.count }

  /// Notes that a value has changed.
  /// - Parameters:
  ///   - place: where it lies among all bytes.
  ///   - old: its bytes in the sample before, the first in the lowest 8 bits.
  mutating func note(
    _ kind: TrackedKind, _ number: Int, at address: Address, place: Int, old: UInt64, new: UInt64
  ) {
    let before = kind.value(old)
    let now = kind.value(new)
    if before.isSame(as: now) { return }
    let key = UInt64(number) << 40 | UInt64(place)
    if let cell = numbers[key] {
      cells[cell].note(now)
      cells[cell].word = new
      return
    }
    guard cells.count < limit else {
      unfollowedChanges += 1
      return
    }
    var cell = TrackedCell(kind, at: address, first: before)
    cell.points = [Float](repeating: 0, count: points)
    cell.note(now)
    cell.word = new
    numbers[key] = cells.count
    cells.append(cell)
  }

  /// Ends a sample with this number, from 0.
  mutating func endSample(_ number: Int) {
    guard number % stride == 0 else { return }
    if points == Self.mostPoints {
      for index in cells.indices {
        let all = cells[index].points
        cells[index].points = Swift.stride(from: 0, to: all.count, by: 2).map { all[$0] }
      }
      points = (points + 1) / 2
      stride *= 2
      guard number % stride == 0 else { return }
    }
    points += 1
    for index in cells.indices {
      let distance = cells[index].last.distance(from: cells[index].first)
      cells[index].points.append(Float(distance))
    }
  }
}
