/// A terminal on which something is shown over and over, and at which keys are pressed. The module
/// lays out and decides; only the program touches the terminal.
public protocol Screen: AnyObject {
  /// How many characters fit beside each other at this moment.
  var columns: Int { get }
  /// How many lines there are at this moment.
  var rows: Int { get }
  /// Takes the terminal over. It is put back by `close`, and by every ending of the program.
  func open()
  /// Puts the terminal back.
  func close()
  /// Shows these lines and nothing else; no more than there are rows.
  func show(_ lines: [ScreenLine])
  /// The keys pressed since, after waiting for the first one for so many seconds at most.
  func keys(waiting seconds: Double) -> [ScreenKey]
}

/// One line: its parts from left to right.
public struct ScreenLine: Equatable {
  /// How a part looks; without color all are alike.
  public enum Style: Sendable {
    case plain, strong, faint, good, bad
  }

  /// A part of a line.
  public struct Part: Equatable {
    public let text: String
    public let style: Style
  }

  public var parts: [Part]

  init(_ parts: Part...) { self.parts = parts }
}

/// A key that was pressed.
public enum ScreenKey: Hashable, Sendable {
  case character(Character)
  /// F1 is 1.
  case function(Int)
  case up, down, enter
  /// There will be no more: the terminal is gone.
  case end
}
