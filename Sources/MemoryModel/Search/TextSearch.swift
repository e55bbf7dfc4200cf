/// A text to look for, in one or more encodings.
///
/// Without regard to case, a letter is found as each of its one-to-one case variants that takes as
/// many bytes in the encoding: é as É, σ as Σ and ς. Variants of another length are not found (ß as
/// SS anywhere, ẞ as ß in UTF-8), and ASCII letters are found as ASCII letters only. Accents count:
/// e with a combining accent is not é.
public struct TextSearch: Hashable, Sendable {
  /// The text, in UTF-8; any bytes where the encodings are `utf8` and `bytes` only.
  public var text: [UInt8]
  /// The encodings to look for, each at most once.
  public var encodings: [TextEncoding]
  /// Whether letters are found in any case; only those of ASCII for `bytes`.
  public var ignoresCase: Bool
  /// Whether a zero unit must follow the text.
  public var isTerminated: Bool

  /// A search for a text given in UTF-8.
  public init(
    _ text: [UInt8], encodings: [TextEncoding] = [.utf8], ignoresCase: Bool = false,
    isTerminated: Bool = false
  ) {
    self.text = text
    self.encodings = encodings
    self.ignoresCase = ignoresCase
    self.isTerminated = isTerminated
  }

  /// One pattern for each encoding that can hold the text, in the order given; an encoding that
  /// comes to the same bytes as an earlier one is left out.
  /// - Throws: `TextSearchError` when the text is empty or too long, or no encoding can hold it.
  public func patterns() throws(TextSearchError) -> [FoldedPattern] {
    guard !text.isEmpty else { throw .empty }
    guard !encodings.isEmpty else { throw .noEncoding }
    var patterns: [FoldedPattern] = []
    var refusal: TextEncodingError?
    for encoding in encodings {
      switch encoded(encoding) {
      case .failure(let error): refusal = refusal ?? error
      case .success(let bytes):
        let pattern = try pattern(encoding, bytes)
        let isNew = !patterns.contains {
          $0.pattern == pattern.pattern && $0.alternatives == pattern.alternatives
        }
        if isNew { patterns.append(pattern) }
      }
    }
    if patterns.isEmpty, let refusal { throw .unencodable(refusal) }
    return patterns
  }

  private func encoded(_ encoding: TextEncoding) -> Result<[UInt8], TextEncodingError> {
    Result { () throws(TextEncodingError) in try encoding.encode(text) }
  }

  private func pattern(
    _ encoding: TextEncoding, _ encoded: [UInt8]
  ) throws(TextSearchError) -> FoldedPattern {
    let end = isTerminated ? encoding.terminator : []
    guard encoded.count &+ end.count <= BytePattern.maximumByteCount else {
      throw .tooLong(encoding, byteCount: encoded.count &+ end.count)
    }
    var builder = FoldedPatternBuilder()
    if ignoresCase {
      for choices in letters(encoding) { builder.append(choices) }
    } else {
      builder.append([encoded])
    }
    if !end.isEmpty { builder.append([end]) }
    do throws(BytePatternError) {
      return try builder.pattern(in: encoding)
    } catch {
      throw .empty
    }
  }

  /// The ways to write each letter of the text, the one given first.
  private func letters(_ encoding: TextEncoding) -> [[[UInt8]]] {
    text.withUnsafeBufferPointer { text in
      var letters: [[[UInt8]]] = []
      var index = 0
      while index < text.count {
        switch UTF8Scanner.step(text, at: index) {
        case .scalar(let value, let byteCount) where encoding != .bytes || byteCount == 1:
          letters.append(choices(value, encoding))
          index &+= byteCount
        default:
          letters.append([[text[index]]])
          index &+= 1
        }
      }
      return letters
    }
  }

  private func choices(_ value: UInt32, _ encoding: TextEncoding) -> [[UInt8]] {
    guard let scalar = Unicode.Scalar(value) else { return [] }
    var choices: [[UInt8]] = []
    for member in CaseClass.members(of: scalar) {
      let text = Array(String(Character(member)).utf8)
      guard let bytes = try? encoding.encode(text),
        bytes.count == choices.first?.count ?? bytes.count
      else { continue }
      choices.append(bytes)
    }
    return choices
  }
}
