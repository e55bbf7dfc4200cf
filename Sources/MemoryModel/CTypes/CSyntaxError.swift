/// Where a text stops being declarations of C, and why.
public struct CSyntaxError: Error, Hashable, Sendable {
  /// The line, counted from 1.
  public let line: Int
  /// The byte in the line, counted from 1.
  public let column: Int
  /// What is wrong there.
  public let problem: String

  /// The error at this place.
  public init(line: Int, column: Int, problem: String) {
    self.line = line
    self.column = column
    self.problem = problem
  }
}

extension CSyntaxError: CustomStringConvertible {
  /// `line 2, column 7: expected ';', got '}'`.
  public var description: String { "line \(line), column \(column): \(problem)" }
}
