/// Where in a stretch of memory something lies thickly, as a line of blocks: ` ▁▂▃▄▅▆▇█`.
public struct HeatStrip: Hashable, Sendable {
  private static let blocks: [Character] = ["·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// How many of something lie in each part, from the lowest address.
  public let counts: [UInt64]
  /// How many there could be in a part.
  public let most: UInt64

  /// A strip of these counts, of at most `most` each.
  public init(counts: [UInt64], most: UInt64) {
    self.counts = counts
    self.most = max(most, 1)
  }
}

extension HeatStrip: CustomStringConvertible {
  /// A character for each part: a dot for none, then from one eighth to a full block by the number
  /// of binary digits, so that one of a million is seen.
  public var description: String {
    String(
      counts.map { count in
        if count == 0 { return Self.blocks[0] }
        if count >= most { return Self.blocks[8] }
        let all = UInt64.bitWidth - most.leadingZeroBitCount
        let some = UInt64.bitWidth - count.leadingZeroBitCount
        return Self.blocks[min(max(1 + 7 * (some - 1) / max(all, 1), 1), 8)]
      })
  }
}
