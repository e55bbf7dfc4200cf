import MemoryModel

/// An object that the prompt shows in a form of its own, cut to the width of the terminal.
protocol DisplayedObject: AnyObject {
  /// One line, for an object inside a table.
  var line: StyledText { get }
  /// As many lines as a person wants to see at once.
  func lines(width: Int) -> [StyledText]
}

extension DisplayedObject {
  func lines(width: Int) -> [StyledText] { [line.cut(to: width)] }
}

extension [StyledText] {
  /// The lines alone, as `tostring` gives them.
  var plainText: String { map(\.plain).joined(separator: "\n") }
}
