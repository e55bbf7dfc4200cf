/// Why a text cannot be searched for.
public enum TextSearchError: Error, Hashable, Sendable {
  /// The text has no byte.
  case empty
  /// No encoding was given.
  case noEncoding
  /// The text takes more than 4096 bytes in this encoding.
  case tooLong(TextEncoding, byteCount: Int)
  /// No encoding asked for can hold the text; what is wrong with the first.
  case unencodable(TextEncodingError)
}

extension TextSearchError: CustomStringConvertible {
  /// One line: what is wrong, and what to do instead.
  public var description: String {
    switch self {
    case .empty: "the text is empty; give at least one character"
    case .noEncoding: "no encoding is given, such as utf8 or utf16le"
    case .tooLong(let encoding, let byteCount):
      "the text takes \(byteCount) bytes in \(encoding.rawValue), and at most"
        + " \(BytePattern.maximumByteCount) can be searched for; give its beginning"
    case .unencodable(let error): error.description
    }
  }
}
