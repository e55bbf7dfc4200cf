/// Why a text or a list of bytes is no byte pattern.
public struct BytePatternError: Error, Hashable, Sendable {
  /// The position of the byte that does not fit, counted from 1; one past the last when something
  /// is missing at the end. Nil when the pattern was not given as text.
  public let column: Int?
  /// What is wrong there, and what to write instead.
  public let problem: String

  /// The error at this column.
  public init(column: Int?, problem: String) {
    self.column = column
    self.problem = problem
  }
}

extension BytePatternError: CustomStringConvertible {
  /// `column 4: expected a hexadecimal digit or '?', got 'g'`.
  public var description: String { column.map { "column \($0): \(problem)" } ?? problem }
}
