/// Bytes of memory laid out for the eye: addresses, offsets, hexadecimal and characters, sixteen
/// bytes a row.
public struct Hexdump: Hashable, Sendable {
  /// What a byte looks like, for colouring.
  public enum CellClass: Hashable, Sendable {
    /// The byte 0.
    case zero
    /// A visible ASCII character or a space.
    case printable
    /// Another byte below 0x20, or 0x7F.
    case control
    /// A byte from 0x80 to 0xFE.
    case high
    /// The byte 0xFF.
    case ones
    /// A byte that could not be read.
    case unreadable
  }

  /// One byte of a row.
  public struct Cell: Hashable, Sendable {
    /// The byte; nil when it could not be read.
    public let byte: UInt8?

    /// What it looks like.
    public var cellClass: CellClass {
      switch byte {
      case nil: .unreadable
      case 0?: .zero
      case 0xFF?: .ones
      case (0x20...0x7E)?: .printable
      case (0x80...)?: .high
      default: .control
      }
    }

    /// Two hexadecimal digits, or `??`.
    public var hexadecimal: String {
      guard let byte else { return "??" }
      return (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// The character, `.` for a byte that is none, `?` for one that could not be read.
    public var character: String {
      guard let byte else { return "?" }
      return cellClass == .printable ? String(Unicode.Scalar(byte)) : "."
    }
  }

  /// Sixteen bytes or, in the last row, fewer.
  public struct Row: Hashable, Sendable {
    /// Where the row starts.
    public let address: Address
    /// How far that is from the start of the dump, in bytes.
    public let offset: Int
    /// The bytes.
    public let cells: [Cell]
  }

  /// How many bytes a full row has.
  public static let rowByteCount = 16

  /// Where the dump starts.
  public let start: Address
  /// The rows, from the lowest address; the first starts at `start`, aligned or not.
  public let rows: [Row]

  /// A dump of `bytes`, which were read from `start` on.
  /// - Parameter unreadable: the parts of `bytes`, as indices, that could not be read; what lies
  ///   outside is ignored.
  public init(start: Address, bytes: [UInt8], unreadable: [Range<Int>] = []) {
    var cells = bytes.map { Cell(byte: $0) }
    for range in unreadable {
      for index in range.clamped(to: 0..<cells.count) { cells[index] = Cell(byte: nil) }
    }
    self.start = start
    self.rows = stride(from: 0, to: cells.count, by: Self.rowByteCount).map { offset in
      Row(
        address: start.offset(by: Int64(offset)), offset: offset,
        cells: Array(cells[offset..<min(cells.count, offset &+ Self.rowByteCount)]))
    }
  }
}

extension Hexdump: CustomStringConvertible {
  /// How many digits the addresses are given: 8, or 12 or 16 where they need it.
  public var addressDigits: Int {
    let highest = rows.map(\.address.rawValue).max() ?? start.rawValue
    return highest >> 48 != 0 ? 16 : highest >> 32 != 0 ? 12 : 8
  }

  /// All rows as plain text, each ended by a newline.
  ///
  ///     0x00401000  +0000  48 65 6c 6c 6f 00 00 00  01 00 00 00 ?? ?? ?? ??  |Hello.......????|
  public var description: String {
    let digits = addressDigits
    return rows.reduce(into: "") { text, row in
      text += row.text(addressDigits: digits) + "\n"
    }
  }
}

extension Hexdump.Row {
  /// The row as plain text without a newline, its address with this many digits.
  public func text(addressDigits: Int) -> String {
    var text = "0x" + padded(address.rawValue, addressDigits) + "  +"
    text += padded(UInt64(clamping: offset), 4) + " "
    for index in 0..<Hexdump.rowByteCount {
      text += index == 8 ? "  " : " "
      text += index < cells.count ? cells[index].hexadecimal : "  "
    }
    text += "  |"
    for cell in cells { text += cell.character }
    return text + "|"
  }

  private func padded(_ value: UInt64, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits &- text.utf8.count)) + text
  }
}
