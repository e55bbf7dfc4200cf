/// Bytes as they were and as they are, laid out for the eye: of each row of sixteen the old bytes,
/// and below them those new ones that are not the same.
public struct DiffDump: Hashable, Sendable {
  /// One byte, before and after; nil where it could not be read.
  public struct Cell: Hashable, Sendable {
    /// What it was.
    public let old: UInt8?
    /// What it is.
    public let new: UInt8?
    /// Whether the two are not the same.
    public var isChanged: Bool { old != new }
  }

  /// Sixteen bytes or, at the ends, fewer.
  public struct Row: Hashable, Sendable {
    /// Where the row starts.
    public let address: Address
    /// The bytes.
    public let cells: [Cell]
    /// Whether any of them has changed.
    public var isChanged: Bool { cells.contains(where: \.isChanged) }
  }

  /// The rows, from the lowest address; all but the first start at a multiple of 16.
  public let rows: [Row]

  /// A dump of bytes from `start` on, of which there are equally many old and new.
  public init(start: Address, old: [UInt8?], new: [UInt8?]) {
    let count = min(old.count, new.count)
    var rows: [Row] = []
    var index = 0
    while index < count {
      let address = start.offset(by: Int64(index))
      let length = min(count &- index, 16 &- Int(address.rawValue % 16))
      rows.append(
        Row(
          address: address,
          cells: (index..<(index &+ length)).map { Cell(old: old[$0], new: new[$0]) }))
      index &+= length
    }
    self.rows = rows
  }

  private init(rows: [Row]) { self.rows = rows }

  /// The first rows in which something has changed, without the others.
  public func changedRows(_ most: Int) -> DiffDump {
    DiffDump(rows: Array(rows.lazy.filter(\.isChanged).prefix(max(most, 0))))
  }

  /// This dump with the rows of another behind.
  public func appending(_ other: DiffDump) -> DiffDump { DiffDump(rows: rows + other.rows) }
}

extension DiffDump {
  /// The escape sequences that set old and new bytes apart on a terminal.
  private enum Paint {
    static let old = "\u{1b}[31m"
    static let new = "\u{1b}[1;32m"
    static let end = "\u{1b}[0m"
  }

  /// The dump as lines, each ended by a newline.
  ///
  /// A row in which nothing has changed is one line. Otherwise there are two: the old bytes after a
  /// minus, and after a plus the new ones, with dots for those that are the same.
  ///
  ///     0x00401000 - 48 65 6c 6c 6f 00 00 00  01 00 00 00 00 00 00 00  |Hello...........|
  ///                + .. .. 70 .. .. .. .. ..  .. .. .. .. .. .. .. ..  |..p.............|
  /// - Parameter colors: whether what has changed is set apart by colours too.
  public func text(colors: Bool = false) -> String {
    rows.reduce(into: "") { text, row in
      let address = "\(row.address)"
      let head = address.padded(to: 14)
      if row.isChanged {
        text += head + " - " + row.line(colors ? Paint.old : nil, Paint.end) { ($0.old, true) }
        text += "".padded(to: 14) + " + "
        text += row.line(colors ? Paint.new : nil, Paint.end) { ($0.new, $0.isChanged) }
      } else {
        text += head + "   " + row.line(nil, "") { ($0.new, true) }
      }
    }
  }
}

extension DiffDump.Row {
  /// A line of the row's bytes.
  /// - Parameter choose: which byte of a cell is shown, and whether it is.
  fileprivate func line(
    _ paint: String?, _ end: String, _ choose: (DiffDump.Cell) -> (byte: UInt8?, isShown: Bool)
  ) -> String {
    var digits = ""
    var characters = ""
    let first = Int(address.rawValue % 16)
    for column in 0..<16 {
      if column > 0 { digits += column == 8 ? "  " : " " }
      guard column >= first, column &- first < cells.count else {
        digits += "  "
        characters += " "
        continue
      }
      let cell = cells[column &- first]
      let (byte, isShown) = choose(cell)
      let shown = Hexdump.Cell(byte: byte)
      let isPainted = cell.isChanged && paint != nil
      let (before, after) = isPainted ? (paint ?? "", end) : ("", "")
      digits += before + (isShown ? shown.hexadecimal : "..") + after
      characters += before + (isShown ? shown.character : ".") + after
    }
    return digits + "  |" + characters + "|\n"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width &- utf8.count))
  }
}
