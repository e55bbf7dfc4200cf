/// A piece of Lua source: where it lies, and what it is.
public struct LuaToken: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case name, keyword, number, string, comment
    /// `+`, `...`, `::` and their like.
    case symbol
    /// What no Lua token starts with, or a number that is none.
    case invalid
  }

  public let kind: Kind
  /// The bytes it consists of.
  public let range: Range<Int>
  /// False for a string or a long comment that the text ends in.
  public let isComplete: Bool

  public init(_ kind: Kind, _ range: Range<Int>, isComplete: Bool = true) {
    self.kind = kind
    self.range = range
    self.isComplete = isComplete
  }

  /// Lua's reserved words.
  public static let keywords: Set<String> = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
    "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
  ]
}
