internal import MemoryModel

/// One regular expression to search memory for.
///
/// The syntax is that of PCRE without what needs to go back: no back-references, look-around, atomic
/// groups or possessive quantifiers. A pattern that can match the empty text is refused.
public struct RegexPattern: Hashable, Sendable {
  /// What errors and reports call it.
  public var label: String
  /// The expression.
  public var text: String
  /// Whether ASCII letters match in both cases, and with `utf8` all letters.
  public var ignoresCase: Bool
  /// Whether `.` matches a line feed too.
  public var dotMatchesNewline: Bool
  /// Whether `.` and classes stand for characters of UTF-8 instead of bytes. Always so in UTF-16.
  public var utf8: Bool
  /// Whether `^` and `$` stand for the start and the end of a line. They are refused otherwise, since
  /// memory has no start and no end to anchor to.
  public var multiline: Bool

  /// A pattern, by default in the plainest reading. The label defaults to the text.
  public init(
    _ text: String, label: String? = nil, ignoresCase: Bool = false,
    dotMatchesNewline: Bool = false, utf8: Bool = false, multiline: Bool = false
  ) {
    self.label = label ?? text
    self.text = text
    self.ignoresCase = ignoresCase
    self.dotMatchesNewline = dotMatchesNewline
    self.utf8 = utf8
    self.multiline = multiline
  }
}

extension RegexPattern {
  /// Whether the pattern is read as characters of UTF-8 where memory holds text in this encoding.
  func isUTF8(in encoding: TextEncoding) -> Bool {
    encoding.unitBytes == 2 || (utf8 && encoding == .utf8)
  }

  /// The bytes that libhs compiles: UTF-8, or Latin-1 where memory holds that.
  func bytes(in encoding: TextEncoding) throws(RegexError) -> [UInt8] {
    let bytes: [UInt8]
    if encoding == .latin1 {
      var latin: [UInt8] = []
      for (index, scalar) in text.unicodeScalars.enumerated() {
        guard let byte = UInt8(exactly: scalar.value) else {
          throw RegexError(self, column: index + 1, reason: "'\(scalar)' does not exist in Latin-1")
        }
        latin.append(byte)
      }
      bytes = latin
    } else {
      bytes = [UInt8](text.utf8)
    }
    if let zero = bytes.firstIndex(of: 0) {
      throw RegexError(
        self, column: column(ofByte: zero, in: encoding), reason: "a zero byte in the pattern",
        hint: #"write \x00"#)
    }
    return bytes
  }

  /// The position of the character that this byte of the pattern belongs to, counted from 1.
  func column(ofByte index: Int, in encoding: TextEncoding) -> Int {
    if encoding == .latin1 { return index + 1 }
    let head = text.utf8.prefix(max(0, index) + 1)
    return max(1, head.count(where: { $0 & 0xc0 != 0x80 }))
  }
}
