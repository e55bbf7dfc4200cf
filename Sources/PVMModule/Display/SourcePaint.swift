import LuaHost
import MemoryModel

/// Lua source in colours.
enum SourcePaint {
  /// The lines of a source, each by itself: no colour goes over the end of a line.
  static func lines(_ source: [UInt8]) -> [StyledText] {
    var lines = [StyledText()]
    var end = 0
    let tokens = LuaLexer.tokens(of: source)
    for (index, token) in tokens.enumerated() {
      add(source[end..<token.range.lowerBound], .plain, to: &lines)
      if token.kind == .string {
        addString(source[token.range], to: &lines)
      } else {
        let isCalled = Self.isCalled(index, tokens, source)
        add(source[token.range], style(token, source, isCalled), to: &lines)
      }
      end = token.range.upperBound
    }
    add(source[end...], .plain, to: &lines)
    return lines
  }

  private static func style(_ token: LuaToken, _ source: [UInt8], _ isCalled: Bool) -> TextStyle {
    switch token.kind {
    case .name: return isCalled ? .function : .name
    case .keyword:
      let word = String(decoding: source[token.range], as: UTF8.self)
      return ["nil", "true", "false"].contains(word) ? .constant : .keyword
    case .number: return .number
    case .string: return .string
    case .comment: return .comment
    case .symbol: return .plain
    case .invalid: return .error
    }
  }

  /// Whether a name is followed by arguments.
  private static func isCalled(_ index: Int, _ tokens: [LuaToken], _ source: [UInt8]) -> Bool {
    guard tokens[index].kind == .name, index + 1 < tokens.count else { return false }
    let next = tokens[index + 1]
    return next.kind == .string || source[next.range].elementsEqual("(".utf8)
      || source[next.range].elementsEqual("{".utf8)
  }

  /// A string with its escapes set apart; long brackets have none.
  private static func addString(_ bytes: ArraySlice<UInt8>, to lines: inout [StyledText]) {
    guard bytes.first != UInt8(ascii: "[") else { return add(bytes, .string, to: &lines) }
    var rest = bytes
    while let slash = rest.firstIndex(of: UInt8(ascii: "\\")) {
      add(rest[..<slash], .string, to: &lines)
      let end = min(slash + escapeCount(rest[slash...]), rest.endIndex)
      add(rest[slash..<end], .escape, to: &lines)
      rest = rest[end...]
    }
    add(rest, .string, to: &lines)
  }

  /// How many bytes belong to the escape at the beginning.
  private static func escapeCount(_ bytes: ArraySlice<UInt8>) -> Int {
    let behind = bytes.dropFirst()
    switch behind.first {
    case UInt8(ascii: "x"): return 4
    case UInt8(ascii: "u"):
      return 1 + (behind.firstIndex(of: UInt8(ascii: "}")).map { $0 - behind.startIndex + 1 } ?? 1)
    case .some(48...57): return 1 + min(3, behind.prefix { (48...57).contains($0) }.count)
    default: return 2
    }
  }

  private static func add(
    _ bytes: ArraySlice<UInt8>, _ style: TextStyle, to lines: inout [StyledText]
  ) {
    for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      if number > 0 { lines.append(StyledText()) }
      // A tab is a blank here: how wide it would be depends on where it stands.
      let text = line.contains(0x09) ? Array(line.map { $0 == 0x09 ? 0x20 : $0 }) : Array(line)
      lines[lines.count - 1] += StyledText(bytes: text, style)
    }
  }
}
