/// A name of Rust as people write it: `core::fmt::Formatter::new`.
public struct RustName: Hashable, Sendable {
  /// The name.
  public let text: String

  /// Reads a name of either mangling, the old one (`_ZN...17h<hash>E`) and that of RFC 2603 (`_R...`).
  /// - Returns: nil where it is none of them; also where it would unfold into more than
  ///   `longestText` bytes.
  public init?(_ name: [UInt8]) {
    if name.starts(with: [0x5F, 0x52]) {
      var parser = RustParser(name.dropFirst(2))
      guard let text = parser.symbol() else { return nil }
      self.text = text
    } else {
      guard let text = Self.old(name) else { return nil }
      self.text = text
    }
  }

  /// No name is longer.
  public static let longestText = 16_384

  /// `_ZN`, parts with their lengths, a hash of 16 digits, `E`.
  private static func old(_ name: [UInt8]) -> String? {
    guard name.starts(with: [0x5F, 0x5A, 0x4E]) else { return nil }
    var rest = name[3...]
    var parts: [ArraySlice<UInt8>] = []
    while let first = rest.first, first &- 0x30 < 10 {
      let digits = rest.prefix { $0 &- 0x30 < 10 }
      guard digits.count <= 5, let count = Int(String(decoding: digits, as: UTF8.self)) else {
        return nil
      }
      rest = rest.dropFirst(digits.count)
      guard count > 0, count <= rest.count else { return nil }
      parts.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    // What may follow is the mark of a compiler's copy: `.llvm.123`.
    guard rest.first == UInt8(ascii: "E"), rest.count == 1 || rest.dropFirst().first == 0x2E,
      parts.count > 1, let hash = parts.last, hash.count == 17, hash.first == UInt8(ascii: "h"),
      hash.dropFirst().allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 })
    else { return nil }
    return parts.dropLast().map(Self.plain).joined(separator: "::")
  }

  /// One part of an old name, in which `$LT$` is `<` and `..` is `::`.
  private static func plain(_ part: ArraySlice<UInt8>) -> String {
    var text = String(decoding: part, as: UTF8.self)
    if text.hasPrefix("_$") { text.removeFirst() }
    var result = ""
    var rest = text[...]
    while let character = rest.first {
      if character == "$", let end = rest.dropFirst().firstIndex(of: "$"),
        let sign = sign(rest[rest.index(after: rest.startIndex)..<end])
      {
        result += sign
        rest = rest[rest.index(after: end)...]
      } else if rest.hasPrefix("..") {
        result += "::"
        rest = rest.dropFirst(2)
      } else {
        result.append(character)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private static func sign(_ word: Substring) -> String? {
    switch word {
    case "SP": return "@"
    case "BP": return "*"
    case "RF": return "&"
    case "LT": return "<"
    case "GT": return ">"
    case "LP": return "("
    case "RP": return ")"
    case "C": return ","
    default:
      guard word.first == "u", let code = UInt32(word.dropFirst(), radix: 16),
        let scalar = Unicode.Scalar(code), code >= 0x20
      else { return nil }
      return String(Character(scalar))
    }
  }
}
