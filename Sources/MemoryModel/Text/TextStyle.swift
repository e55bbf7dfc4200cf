/// What a piece of text is, for its colour on a terminal.
public enum TextStyle: Hashable, Sendable {
  case plain
  /// Of less weight: addresses beside, separators, what was left out.
  case dim
  /// Of more weight: titles.
  case strong
  case error, hint
  /// Lua's own words, names, and values of each kind.
  case keyword, name, function, string, escape, number, constant, comment
  /// The parameter that is being typed.
  case current
  /// The classes of bytes in a dump.
  case zeroByte, printableByte, controlByte, highByte, onesByte, unreadableByte
  /// What is not as it was.
  case changed

  /// The parameters of the escape sequence; nil for the terminal's own colour.
  var code: String? {
    switch self {
    case .plain, .printableByte, .name: nil
    case .dim, .zeroByte, .comment: "2"
    case .strong: "1"
    case .error: "31"
    case .hint, .number, .controlByte: "33"
    case .keyword, .highByte: "35"
    case .function, .onesByte: "34"
    case .string: "32"
    case .escape, .constant: "36"
    case .current: "1;4"
    case .unreadableByte: "31"
    case .changed: "1;7"
    }
  }
}

extension Hexdump.CellClass {
  /// How a byte of this class is shown.
  var style: TextStyle {
    switch self {
    case .zero: .zeroByte
    case .printable: .printableByte
    case .control: .controlByte
    case .high: .highByte
    case .ones: .onesByte
    case .unreadable: .unreadableByte
    }
  }
}
