/// Why bytes are no ELF file, or not one that can be used.
public struct ELFSyntaxError: Error, Hashable, Sendable {
  /// What is wrong, in words that follow "the file": `has a program header of 0 bytes`.
  public let problem: String
  /// Where in the file, in bytes from its beginning.
  public let offset: UInt64

  /// An error at a place of the file.
  public init(_ problem: String, at offset: UInt64) {
    self.problem = problem
    self.offset = offset
  }
}

extension ELFSyntaxError: CustomStringConvertible {
  /// `has no ELF header (at byte 0)`.
  public var description: String { "\(problem) (at byte \(offset))" }
}
