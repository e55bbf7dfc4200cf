/// One way to go on with what is being typed.
public struct Candidate: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case function, method, field, table, variable, keyword, option, value, process, module, region
    case library, file, folder, command
  }

  /// What stands in the place of what was typed.
  public var text: String
  public var kind: Kind
  /// `(address, count [, options]) -> string`, or the type of a field.
  public var signature: String
  /// One line about it.
  public var summary: String
  /// What is put behind when it is the only one: `(`, ` = `, a quote.
  public var ending: String

  public init(
    _ text: String, _ kind: Kind, signature: String = "", summary: String = "", ending: String = ""
  ) {
    self.text = text
    self.kind = kind
    self.signature = signature
    self.summary = summary
    self.ending = ending
  }
}

/// What Tab knows at a place.
public struct Completion: Sendable {
  /// The bytes of the text that a candidate stands for.
  public var range: Range<Int>
  /// In the order in which they are shown, each only once.
  public var candidates: [Candidate]
  /// The call that the place lies in.
  public var hint: SignatureHint?

  public init(range: Range<Int>, candidates: [Candidate], hint: SignatureHint? = nil) {
    self.range = range
    self.candidates = candidates
    self.hint = hint
  }

  /// The longest text that all candidates begin with.
  public var commonPrefix: String {
    guard let first = candidates.first else { return "" }
    let bytes = candidates.dropFirst().reduce(Array(first.text.utf8)[...]) { common, candidate in
      let same = zip(common, candidate.text.utf8).prefix { $0 == $1 }.count
      return common.prefix(same)
    }
    // Not in the middle of a character.
    var end = bytes.count
    let text = Array(first.text.utf8)
    while end > 0, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
    return String(decoding: text[..<end], as: UTF8.self)
  }
}

/// The signature of a function, with the parameter marked that is being typed.
public struct SignatureHint: Hashable, Sendable {
  /// `process:read(address, `, ...
  public var before: String
  /// The parameter; empty where there is none at this place.
  public var current: String
  public var after: String
  /// What the parameter is.
  public var note: String

  public var text: String { before + current + after }
}
