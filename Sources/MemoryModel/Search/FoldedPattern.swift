/// A text in one encoding, in any case where that was asked for.
///
/// Memory that holds the text matches `pattern`; what matches `pattern` holds the text if it also
/// passes `matches`, which is needed only when `isExact` is false.
public struct FoldedPattern: Hashable, Sendable {
  /// A place where the pattern lets more through than the letters meant.
  public struct Alternatives: Hashable, Sendable {
    /// Where the letter starts, in bytes from the start of the text.
    public let offset: Int
    /// The bytes that may stand there, all equally many.
    public let choices: [[UInt8]]

    /// How many bytes the letter takes.
    public var byteCount: Int { choices.first?.count ?? 0 }
  }

  /// The encoding of the text.
  public let encoding: TextEncoding
  /// The bits that all cases have in common.
  public let pattern: BytePattern
  /// The letters that the pattern does not settle.
  public let alternatives: [Alternatives]

  /// Whether the pattern alone decides.
  public var isExact: Bool { alternatives.isEmpty }

  /// How many bytes the text takes, with its terminator where that was asked for.
  public var count: Int { pattern.count }

  /// Whether memory that starts with `memory` starts with the text; false when it is shorter.
  public func matches(_ memory: UnsafeRawBufferPointer) -> Bool {
    guard pattern.matches(memory) else { return false }
    for place in alternatives {
      let isThere = place.choices.contains { choice in
        for index in choice.indices where memory[place.offset &+ index] != choice[index] {
          return false
        }
        return true
      }
      guard isThere else { return false }
    }
    return true
  }

  /// Whether memory starts with the text, as the other `matches` tells it.
  public func matches(_ memory: [UInt8]) -> Bool { memory.withUnsafeBytes { matches($0) } }
}

/// Puts a folded pattern together, letter by letter.
struct FoldedPatternBuilder {
  private(set) var bytes: [UInt8] = []
  private var mask: [UInt8] = []
  private var alternatives: [FoldedPattern.Alternatives] = []

  /// Appends a letter that may be written in each of these ways, all equally long.
  mutating func append(_ choices: [[UInt8]]) {
    guard let first = choices.first else { return }
    let offset = bytes.count
    var openBits = 0
    for index in first.indices {
      let open = choices.reduce(0 as UInt8) { $0 | ($1[index] ^ first[index]) }
      openBits &+= open.nonzeroBitCount
      bytes.append(first[index] & ~open)
      mask.append(~open)
    }
    if openBits > 20 || choices.count < 1 << openBits {
      alternatives.append(FoldedPattern.Alternatives(offset: offset, choices: choices))
    }
  }

  func pattern(in encoding: TextEncoding) throws(BytePatternError) -> FoldedPattern {
    FoldedPattern(
      encoding: encoding, pattern: try BytePattern(bytes, mask: mask), alternatives: alternatives)
  }
}
