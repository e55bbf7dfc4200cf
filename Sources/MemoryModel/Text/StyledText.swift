/// One line of text for people, each piece with what it is. It holds no control character, so that
/// nothing in it can drive a terminal but the colours put in at the end.
public struct StyledText: Hashable, Sendable {
  /// A piece in one style.
  public struct Span: Hashable, Sendable {
    public let text: String
    public let style: TextStyle
  }

  public private(set) var spans: [Span] = []

  public init() {}

  /// Text of any content: control characters are escaped, line breaks too.
  public init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

  /// Bytes of any content, as ``printable(_:)`` shows them.
  public init(bytes: [UInt8], _ style: TextStyle = .plain) {
    add(printable(bytes), style)
  }

  /// Adds text of any content.
  public mutating func append(_ text: String, _ style: TextStyle = .plain) {
    let isClean = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    add(isClean ? text : printable(Array(text.utf8)), style)
  }

  private mutating func add(_ text: String, _ style: TextStyle) {
    guard !text.isEmpty else { return }
    if let last = spans.last, last.style == style {
      spans[spans.count - 1] = Span(text: last.text + text, style: style)
    } else {
      spans.append(Span(text: text, style: style))
    }
  }

  public static func += (text: inout StyledText, other: StyledText) {
    for span in other.spans { text.add(span.text, span.style) }
  }

  public static func + (text: StyledText, other: StyledText) -> StyledText {
    var sum = text
    sum += other
    return sum
  }

  public var isEmpty: Bool { spans.isEmpty }

  /// The text alone.
  public var plain: String { spans.reduce(into: "") { $0 += $1.text } }

  /// The columns it takes on a terminal.
  public var width: Int { spans.reduce(0) { $0 &+ displayWidth($1.text) } }

  /// The text, in colours or without any.
  public func text(colors: Bool) -> String {
    guard colors else { return plain }
    return spans.reduce(into: "") { text, span in
      if let code = span.style.code {
        text += "\u{1b}[\(code)m\(span.text)\u{1b}[0m"
      } else {
        text += span.text
      }
    }
  }
}

extension StyledText {
  /// Which part of a text goes when it is too wide.
  public enum Cut: Hashable, Sendable { case start, middle, end }

  /// At most so many columns; `…` stands for what was cut.
  public func cut(to width: Int, _ cut: Cut = .end) -> StyledText {
    let full = self.width
    guard full > width else { return self }
    guard width > 1 else { return width == 1 ? StyledText("…", .dim) : StyledText() }
    let room = width &- 1
    switch cut {
    case .end: return prefix(room) + StyledText("…", .dim)
    case .start: return StyledText("…", .dim) + suffix(full, room)
    case .middle:
      return prefix(room / 2) + StyledText("…", .dim) + suffix(full, room &- room / 2)
    }
  }

  private func prefix(_ width: Int) -> StyledText {
    var left = width
    return filtered { columns in
      left &-= columns
      return left >= 0
    }
  }

  private func suffix(_ full: Int, _ width: Int) -> StyledText {
    var skipped = 0
    return filtered { columns in
      skipped &+= columns
      return skipped > full &- width
    }
  }

  /// The characters that `isKept` says yes to, told the columns of each.
  private func filtered(_ isKept: (Int) -> Bool) -> StyledText {
    var kept = StyledText()
    for span in spans {
      let text = span.text.filter { isKept(displayWidth(String($0))) }
      kept.add(text, span.style)
    }
    return kept
  }

  /// With blanks so that it takes this many columns.
  public func padded(to width: Int, rightAligned: Bool = false) -> StyledText {
    let blanks = StyledText(String(repeating: " ", count: max(0, width &- self.width)))
    return rightAligned ? blanks + self : self + blanks
  }

  /// Without blanks at its end.
  public var trimmed: StyledText {
    var text = self
    while let last = text.spans.last, last.text.last == " " {
      text.spans.removeLast()
      let rest = last.text.prefix(last.text.count &- last.text.reversed().prefix { $0 == " " }.count)
      if !rest.isEmpty {
        text.spans.append(Span(text: String(rest), style: last.style))
        break
      }
    }
    return text
  }
}

extension StyledText: CustomStringConvertible {
  public var description: String { plain }
}
