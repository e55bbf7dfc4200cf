/// Text as the pages of the manual need it.
enum ManualText {
  /// Broken into lines of at most `width` characters, each behind the indent. Line breaks of the
  /// text stay; words longer than a line stand alone.
  static func wrapped(_ text: String, indent: String = "", hanging: String? = nil, width: Int = 78)
    -> String
  {
    var lines: [String] = []
    for paragraph in Self.lines(text) {
      var line = lines.isEmpty ? indent : hanging ?? indent
      var isEmpty = true
      for word in paragraph.split(separator: " ") {
        if !isEmpty, line.count + 1 + word.count > width {
          lines.append(line)
          line = hanging ?? indent
          isEmpty = true
        }
        line += (isEmpty ? "" : " ") + word
        isEmpty = false
      }
      lines.append(isEmpty ? "" : line)
    }
    return lines.joined(separator: "\n")
  }

  /// Every line behind the indent, empty lines left empty. For code, which is not broken.
  static func indented(_ text: String, by indent: String = "  ") -> String {
    lines(text).map { $0.isEmpty ? "" : indent + $0 }.joined(separator: "\n")
  }

  /// "name   text" for each row, the texts in one column.
  static func columns(_ rows: [(String, String)], indent: String = "  ") -> String {
    let width = min(rows.map(\.0.count).max() ?? 0, 28)
    return rows.map { name, text in
      let padding = String(repeating: " ", count: max(0, width - name.count))
      let hanging = indent + String(repeating: " ", count: width + 2)
      let first = "\(indent)\(name)\(padding)  "
      // The words of the name must not be broken, so they are put in after the text is.
      let body = wrapped(text, indent: String(repeating: " ", count: first.count), hanging: hanging)
      return text.isEmpty ? indent + name : first + body.drop { $0 == " " }
    }.joined(separator: "\n")
  }

  /// The lines of a text, without the control characters that would break a page or a comment.
  static func lines(_ text: String) -> [String] {
    let pieces = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    return pieces.map { line in
      String(
        String.UnicodeScalarView(
          line.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 || $0.value == 9 }))
    }
  }

  /// The text on one line.
  static func line(_ text: String) -> String {
    lines(text).joined(separator: " ")
  }

  /// A Lua string literal.
  static func luaLiteral(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\n": literal += "\\n"
      default:
        if scalar.value < 32 || scalar.value == 127 {
          let code = String(scalar.value)
          literal += "\\" + String(repeating: "0", count: 3 - code.count) + code
        } else {
          literal.unicodeScalars.append(scalar)
        }
      }
    }
    return literal + "\""
  }

  /// Whether Lua reads it as a name.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !keywords.contains(text) else { return false }
    return !(48...57).contains(first) && text.utf8.allSatisfy(isNameByte)
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, 95: true
    default: false
    }
  }

  /// The nearest text that Lua reads as a name: "end" becomes "end_", "a b" becomes "a_b".
  static func luaName(_ text: String) -> String {
    if isName(text) { return text }
    let name = String(
      decoding: text.utf8.map { isNameByte($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    if keywords.contains(name) { return name + "_" }
    return isName(name) ? name : "_" + name
  }

  private static let keywords: Set<String> = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
    "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
  ]
}

extension ManualText {
  /// Whether Lua reads bytes as a name.
  static func isNameBytes(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, !(48...57).contains(first), bytes.allSatisfy(isNameByte) else {
      return false
    }
    return bytes.count > 8 || !LuaToken.keywords.contains(String(decoding: bytes, as: UTF8.self))
  }
}
