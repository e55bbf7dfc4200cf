/// Bytes laid out for a terminal of some width: addresses, digits in the colour of their class, and
/// characters; what is not as it was is marked.
public struct ByteDump: Hashable, Sendable {
  /// Where the first byte lies in memory; nil: not known, and offsets are shown.
  public let start: Address?
  /// nil for a byte that could not be read.
  public let bytes: [UInt8?]
  /// What was there before, as far as that is known.
  public let old: [UInt8?]?

  public init(start: Address?, bytes: [UInt8?], old: [UInt8?]? = nil) {
    self.start = start
    self.bytes = bytes
    self.old = old
  }

  /// The rows, each of 16 bytes, or of 8 or 4 where 16 do not fit.
  public func lines(width: Int = 100) -> [StyledText] {
    let count = rowByteCount(width)
    return stride(from: 0, to: bytes.count, by: count).map { offset in
      line(offset..<min(offset &+ count, bytes.count), of: count)
    }
  }

  /// How many bytes of all are not what they were.
  public var changedCount: Int { bytes.indices.count { isChanged($0) } }

  private func isChanged(_ index: Int) -> Bool {
    guard let old, index < old.count else { return false }
    return old[index] != bytes[index]
  }

  /// As wide as the label of the last row, so that digits stand below digits.
  private var headWidth: Int { max(label(0).count, label(max(bytes.count &- 1, 0)).count) }

  private func rowByteCount(_ width: Int) -> Int {
    // Three columns a byte, one for its character, and what stands between the parts.
    for count in [16, 8] where headWidth &+ 6 &+ 4 &* count <= width { return count }
    return 4
  }

  private func label(_ offset: Int) -> String {
    guard let start else {
      let text = String(offset, radix: 16)
      return "+" + String(repeating: "0", count: max(0, 4 &- text.count)) + text
    }
    return "\(start.offset(by: Int64(offset)))"
  }

  private func line(_ range: Range<Int>, of count: Int) -> StyledText {
    var digits = StyledText()
    var characters = StyledText()
    for column in 0..<count {
      digits.append(column > 0 && column % 8 == 0 ? "  " : " ")
      let index = range.lowerBound &+ column
      guard index < range.upperBound else {
        digits.append("  ")
        continue
      }
      let cell = Hexdump.Cell(byte: bytes[index])
      let style = isChanged(index) ? TextStyle.changed : cell.cellClass.style
      digits.append(cell.hexadecimal, style)
      characters.append(cell.character, style)
    }
    let head = StyledText(label(range.lowerBound), .dim).padded(to: headWidth)
    return head + StyledText(" ") + digits + StyledText("  |", .dim) + characters
      + StyledText("|", .dim)
  }
}
