/// A word of a text in C, and where it stands.
struct CToken {
  /// What it is.
  enum Kind: Equatable {
    /// A name or a keyword.
    case word(String)
    /// A whole number.
    case number(Int64)
    /// A sign, such as `{` or `<<`.
    case sign(String)
    /// `#pragma pack`: how members are aligned at most from here on.
    case pack(CPackChange)
    case end
  }

  let kind: Kind
  let line: Int
  let column: Int

  /// The token as a message names it.
  var text: String {
    switch kind {
    case .word(let word): "'\(word.utf8.count <= 64 ? word : word.prefix(32) + "...")'"
    case .number(let number): "'\(number)'"
    case .sign(let sign): "'\(sign)'"
    case .pack: "'#pragma pack'"
    case .end: "the end"
    }
  }

  func error(_ problem: String) -> CSyntaxError {
    CSyntaxError(line: line, column: column, problem: problem)
  }
}

/// What `#pragma pack` asks for.
enum CPackChange: Equatable {
  /// `pack(4)`; nil: `pack()`, back to what is usual.
  case set(Int?)
  /// `pack(push)`, `pack(push, 4)`.
  case push(Int?)
  case pop
}
