/// Why a text cannot be made into instructions.
public struct AssemblyError: Error, Hashable, Sendable {
  /// The line it is about, from 1; nil when it is about none in particular.
  public let line: Int?
  /// What is wrong.
  public let problem: String

  /// An error of a line, or of the whole text.
  public init(_ problem: String, line: Int? = nil) {
    self.line = line
    self.problem = problem
  }
}

extension AssemblyError: CustomStringConvertible {
  /// `line 2: no such instruction: 'mvo eax,1'`.
  public var description: String { (line.map { "line \($0): " } ?? "") + problem }
}
