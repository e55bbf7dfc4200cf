/// Where a listing of mappings stops being one.
public struct MapsSyntaxError: Error, Hashable, Sendable {
  /// The line, counted from 1.
  public let line: Int
  /// The column of the first byte that does not fit, counted from 1.
  public let column: Int
  /// What should have stood there.
  public let expected: String

  /// The error for a byte that does not fit.
  public init(line: Int, column: Int, expected: String) {
    self.line = line
    self.column = column
    self.expected = expected
  }
}

extension MapsSyntaxError: CustomStringConvertible {
  /// `line 3, column 14: expected a space`.
  public var description: String { "line \(line), column \(column): expected \(expected)" }
}
