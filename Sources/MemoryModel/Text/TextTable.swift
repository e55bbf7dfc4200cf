/// Rows and columns for people: each column as wide as its widest cell, all cut to the width of a
/// terminal.
public struct TextTable: Sendable {
  /// A column: its title and how its cells lie in it.
  public struct Column: Sendable {
    public var title: String
    public var isRightAligned: Bool
    /// Which part of a cell goes when the table is too wide; nil: this column is never cut.
    public var cut: StyledText.Cut?

    public init(
      _ title: String = "", isRightAligned: Bool = false, cut: StyledText.Cut? = nil
    ) {
      self.title = title
      self.isRightAligned = isRightAligned
      self.cut = cut
    }
  }

  public var columns: [Column]
  public var rows: [[StyledText]]
  /// Blanks before each line.
  public var indent: Int

  public init(_ columns: [Column], rows: [[StyledText]] = [], indent: Int = 0) {
    self.columns = columns
    self.rows = rows
    self.indent = indent
  }

  /// A table of plain texts without titles, of which the last column may be cut.
  public init(rows: [[String]], indent: Int = 0) {
    let count = rows.map(\.count).max() ?? 0
    self.init(
      (0..<count).map { Column(cut: $0 == count &- 1 ? .end : nil) },
      rows: rows.map { $0.map { StyledText($0) } }, indent: indent)
  }

  /// No column that may be cut gets narrower than this.
  private static let narrowest = 8
  private static let gap = 2

  /// The columns it takes when all that may be cut is cut.
  public var narrowestWidth: Int {
    let widths = natural([columns.map { StyledText($0.title) }] + rows)
    let least = widths.indices.map { columns[$0].cut == nil ? widths[$0] : min(widths[$0], Self.narrowest) }
    return least.reduce(indent &+ Self.gap &* max(0, least.count { $0 > 0 } &- 1), &+)
  }

  /// The lines, with a line of titles first where a column has one.
  /// - Parameter width: of the terminal; nil: nothing is cut.
  public func lines(width: Int? = nil) -> [StyledText] {
    let hasTitles = columns.contains { !$0.title.isEmpty }
    let titles = hasTitles ? [columns.map { StyledText($0.title, .strong) }] : []
    let all = titles + rows
    let widths = fitted(natural(all), width)
    return all.map { row in
      let line = self.line(row, widths)
      guard let width else { return line }
      return line.cut(to: max(width, 1))
    }
  }

  private func natural(_ rows: [[StyledText]]) -> [Int] {
    var widths = columns.map { _ in 0 }
    for row in rows {
      for (column, cell) in row.enumerated() where column < widths.count {
        widths[column] = max(widths[column], cell.width)
      }
    }
    return widths
  }

  /// Takes columns away from the widest of those that may be cut, until all fit.
  private func fitted(_ natural: [Int], _ width: Int?) -> [Int] {
    guard let width else { return natural }
    var widths = natural
    let used = widths.count { $0 > 0 }
    let gaps = Self.gap &* max(0, used &- 1)
    var excess = widths.reduce(indent &+ gaps, &+) &- width
    while excess > 0 {
      let flexible = widths.indices.filter { columns[$0].cut != nil && widths[$0] > Self.narrowest }
      guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
      // All of the same width give way together.
      let next = flexible.map { widths[$0] }.filter { $0 < widths[widest] }.max() ?? Self.narrowest
      let step = min(excess, max(1, widths[widest] &- next))
      widths[widest] &-= step
      excess &-= step
    }
    return widths
  }

  private func line(_ row: [StyledText], _ widths: [Int]) -> StyledText {
    var line = StyledText(String(repeating: " ", count: indent))
    var isFirst = true
    for (index, column) in columns.enumerated() where widths[index] > 0 {
      if !isFirst { line.append(String(repeating: " ", count: Self.gap)) }
      isFirst = false
      let cell = index < row.count ? row[index] : StyledText()
      let cut = column.cut.map { cell.cut(to: widths[index], $0) } ?? cell
      line += cut.padded(to: widths[index], rightAligned: column.isRightAligned)
    }
    return line.trimmed
  }
}
