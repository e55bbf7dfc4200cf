public import MemoryModel

/// A value that changed while it was tracked, and how.
public struct TrackedCell: Sendable {
  /// What lies there.
  public let kind: TrackedKind
  /// Its first byte.
  public let address: Address
  /// What it was at the first sample.
  public let first: ScalarValue
  /// What it was at the last one.
  public internal(set) var last: ScalarValue
  /// The least value seen; what is no number does not count.
  public internal(set) var low: ScalarValue
  /// The greatest value seen.
  public internal(set) var high: ScalarValue
  /// In how many samples it was another than in the sample before.
  public internal(set) var changes = 0
  /// In how many of these it was greater.
  public internal(set) var rises = 0
  /// In how many of these it was less.
  public internal(set) var falls = 0
  /// The smallest step, whatever its direction.
  public internal(set) var leastStep = Double.infinity
  /// The largest step, whatever its direction.
  public internal(set) var greatestStep = 0.0
  /// How far it was from its first value, at equal distances in time; at most 64.
  public internal(set) var points: [Float] = []
  /// Whether there were only two values; the other one than `first`.
  private var other: ScalarValue?
  private var hasTwoValues = true
  /// The bytes it had at the last sample, the first in the lowest 8 bits.
  var word: UInt64 = 0

  init(_ kind: TrackedKind, at address: Address, first: ScalarValue) {
    self.kind = kind
    self.address = address
    self.first = first
    last = first
    low = first
    high = first
  }

  /// Notes that it is another now.
  mutating func note(_ value: ScalarValue) {
    changes += 1
    if last.isLess(than: value) {
      rises += 1
    } else if value.isLess(than: last) {
      falls += 1
    }
    let step = abs(value.distance(from: last))
    if !step.isNaN {
      leastStep = min(leastStep, step)
      greatestStep = max(greatestStep, step)
    }
    if value.isLess(than: low) || low.real.isNaN { low = value }
    if high.isLess(than: value) || high.real.isNaN { high = value }
    if other == nil { other = value }
    if let other, !value.isSame(as: first), !value.isSame(as: other) { hasTwoValues = false }
    last = value
  }

  /// How it behaved.
  public var behaviour: CellBehaviour {
    if changes == 1 { return .once }
    if rises == changes || falls == changes {
      if changes >= 3, greatestStep <= 2 * leastStep { return .counter }
      return rises == changes ? .rising : .falling
    }
    return hasTwoValues ? .toggling : .noisy
  }

  /// How far it moved at a change, on average: negative down.
  public var meanStep: Double {
    changes == 0 ? 0 : last.distance(from: first) / Double(changes)
  }
}
