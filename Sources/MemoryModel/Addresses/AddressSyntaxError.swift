/// Where a text stops being an address.
public struct AddressSyntaxError: Error, Hashable, Sendable {
  /// The position of the byte that does not fit, counted from 1; one past the last when something
  /// is missing at the end.
  public let column: Int
  /// What is wrong there.
  public let problem: String

  /// The error at this column.
  public init(column: Int, problem: String) {
    self.column = column
    self.problem = problem
  }
}

extension AddressSyntaxError: CustomStringConvertible {
  /// `column 5: expected a number, a name or '['`.
  public var description: String { "column \(column): \(problem)" }
}
