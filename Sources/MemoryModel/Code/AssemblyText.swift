/// Instructions as text for the GNU assembler, `as`, that make it do nothing but assemble.
///
/// The assembler has directives that read files (`.incbin`), repeat without end (`.rept`) or change
/// how the rest is read (`.macro`, `.altmacro`). A text may come from a stranger, so every word that
/// begins with a point must be one of those known to be harmless, wherever it stands: the check does
/// not depend on what the assembler takes for a comment or for the start of a statement. Quotes are
/// refused, since the assembler joins `"." "incbin"` to a directive.
public struct AssemblyText: Hashable, Sendable {
  /// The most bytes of a text: 64 KiB.
  public static let maximumByteCount = 65_536

  /// The directives that may be used, without the point: numbers, filling and names.
  public static let directives: Set<String> = [
    "byte", "2byte", "4byte", "8byte", "short", "hword", "word", "value", "long", "int", "dword",
    "xword", "quad", "octa", "float", "single", "double", "zero", "skip", "space", "fill", "nops",
    "align", "balign", "p2align", "set", "equ", "inst", "arch", "arch_extension",
  ]

  /// The text, with a line feed at its end.
  public let bytes: [UInt8]

  /// Checks a text.
  /// - Throws: `AssemblyError` for what would not be given to an assembler.
  public init(_ text: [UInt8]) throws(AssemblyError) {
    guard text.count <= Self.maximumByteCount else {
      throw AssemblyError("the text has more than \(Self.maximumByteCount) bytes")
    }
    var line = 1
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: "\""):
        throw AssemblyError("quotes are not accepted; give text as numbers by .byte", line: line)
      case UInt8(ascii: "."): try Self.checkWord(text, index, line)
      case 9, 13, 0x20...0x7E, 0x80...: break
      default: throw AssemblyError("a byte of value \(byte) is no text", line: line)
      }
    }
    bytes = text + [UInt8(ascii: "\n")]
  }

  /// Checks the word that begins with the point at `index`, if one does.
  private static func checkWord(_ text: [UInt8], _ index: Int, _ line: Int) throws(AssemblyError) {
    if index > 0, isNamePart(text[index - 1]) { return }
    let name = text[(index + 1)...].prefix(while: isNamePart)
    // A point alone is the place of the instruction; .L1 is a label as compilers write them.
    if name.isEmpty || isLabel(name) { return }
    let word = String(decoding: name, as: UTF8.self)
    guard directives.contains(word.lowercased()) else {
      throw AssemblyError("the directive .\(word) is not accepted", line: line)
    }
  }

  private static func isLabel(_ name: ArraySlice<UInt8>) -> Bool {
    name.first == UInt8(ascii: "L") && name.count > 1
      && name.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Whether the assembler takes a byte for a part of a name.
  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"),
      UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }
}
