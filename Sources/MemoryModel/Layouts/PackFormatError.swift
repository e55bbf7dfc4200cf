/// Where a text stops being a format of `string.pack`.
public struct PackFormatError: Error, Hashable, Sendable {
  /// The position of the option, counted from 1.
  public let column: Int
  /// What is wrong with it, in the words of Lua.
  public let problem: String

  /// The error at this column.
  public init(column: Int, problem: String) {
    self.column = column
    self.problem = problem
  }
}

extension PackFormatError: CustomStringConvertible {
  /// The problem and its place: `invalid format option 'y' (at 3)`.
  public var description: String { "\(problem) (at \(column))" }
}
