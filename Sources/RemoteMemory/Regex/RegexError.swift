/// Why a pattern cannot be searched for, and what to type instead.
public struct RegexError: Error, Hashable, Sendable {
  /// The label of the pattern; nil when the reason lies in none of them.
  public let label: String?
  /// The position in the pattern, counted in characters from 1, where it is known.
  public let column: Int?
  /// What is wrong.
  public let reason: String
  /// What to type instead, or to install; nil where there is nothing sensible to say.
  public let hint: String?

  /// An error of no pattern in particular.
  public init(reason: String, hint: String? = nil) {
    label = nil
    column = nil
    self.reason = reason
    self.hint = hint
  }

  /// An error of this pattern.
  init(_ pattern: RegexPattern, column: Int? = nil, reason: String, hint: String? = nil) {
    label = pattern.label
    self.column = column
    self.reason = reason
    self.hint = hint
  }
}

extension RegexError: CustomStringConvertible {
  /// `regular expression 'a(' at column 2: missing close parenthesis`, and what to type instead.
  public var description: String {
    let name = label.map { " '\($0)'" } ?? "s"
    let place = column.map { " at column \($0)" } ?? ""
    return "regular expression\(name)\(place): \(reason)" + (hint.map { "; \($0)" } ?? "")
  }
}

extension RegexError {
  /// What libhs says about a pattern, in our words where it is brief to the point of riddles.
  init(_ pattern: RegexPattern, refusal: String, column: (Int) -> Int) {
    var words = refusal
    var place: Int?
    for phrase in [" for group started at index ", " starting at index ", " at index ", ", index "]
    {
      guard let found = Self.split(words, at: phrase) else { continue }
      (words, place) = (found.before, column(found.number))
      break
    }
    if words.hasSuffix(".") { words.removeLast() }
    let known = Self.known.first { words.contains($0.words) }
    self.init(
      pattern, column: place,
      reason: known?.reason ?? words.prefix(1).lowercased() + words.dropFirst(),
      hint: known?.hint)
  }

  /// `x at index 3 not supported.` is `x not supported.` and 3.
  private static func split(_ text: String, at phrase: String) -> (before: String, number: Int)? {
    var start = text.startIndex
    while start < text.endIndex {
      let rest = text[start...]
      if rest.hasPrefix(phrase) {
        let digits = rest.dropFirst(phrase.count).prefix { $0.isNumber }
        guard let number = Int(digits) else { return nil }
        return (String(text[..<start]) + String(text[digits.endIndex...]), number)
      }
      start = text.index(after: start)
    }
    return nil
  }

  private struct Known {
    let words: String
    let reason: String
    let hint: String
  }

  /// Refusals of libhs, by words in them.
  private static let known = [
    Known(
      words: "matches empty buffer", reason: "it can match the empty text, which is everywhere",
      hint: "ask for at least one character, as with + in place of *"),
    Known(
      words: "Back-references", reason: "back-references are not supported",
      hint: "search for the first part and compare the rest in the script"),
    Known(
      words: "Zero-width assertions", reason: "look-ahead and look-behind are not supported",
      hint: "match the surroundings too and cut them off in the script"),
    Known(
      words: "Atomic groups", reason: "atomic groups are not supported",
      hint: "write (?:...) in place of (?>...)"),
    Known(
      words: "Possessive", reason: "possessive quantifiers are not supported",
      hint: "write + in place of ++"),
    Known(
      words: "too large", reason: "it is too large to search for",
      hint: "lower the bounds of its repeats, or split it into several patterns"),
    Known(
      words: "Hexadecimal value is greater", reason: #"a character above \xFF"#,
      hint: "search for characters of UTF-8 or UTF-16 instead of bytes"),
    Known(words: #"\R"#, reason: #"\R is not supported"#, hint: #"write (\r\n|\n)"#),
    Known(words: #"\K"#, reason: #"\K is not supported"#, hint: "cut the start off in the script"),
  ]
}
