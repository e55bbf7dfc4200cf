/// Why values cannot be packed, or bytes not be unpacked.
public struct PackDataError: Error, Hashable, Sendable {
  /// Which value it is about, counted from 1.
  public let valueIndex: Int
  /// What is wrong with it, in the words of Lua where it has some.
  public let problem: String

  /// The error about this value.
  public init(valueIndex: Int, problem: String) {
    self.valueIndex = valueIndex
    self.problem = problem
  }
}

extension PackDataError: CustomStringConvertible {
  /// The problem and the value: `integer overflow (value 2)`.
  public var description: String { "\(problem) (value \(valueIndex))" }
}
