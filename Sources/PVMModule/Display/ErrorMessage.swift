import LuaHost

/// An error as Lua words it, taken apart: where, what, what to do, and the calls that led there.
struct ErrorMessage: Equatable {
  /// The chunk and the line that the message begins with.
  var place: (chunk: String, line: Int)?
  /// What happened.
  var text: String
  /// What an error object advises.
  var hints: [String] = []
  /// Calls of the script, innermost first.
  var frames: [String] = []

  private static let traceback = "\nstack traceback:\n"

  init(_ message: String) {
    let parts = message.split(
      separator: Self.traceback, maxSplits: 1, omittingEmptySubsequences: false)
    var lines = (parts.first ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    let head = lines.isEmpty ? "" : lines.removeFirst()
    (place, text) = Self.placed(head)
    hints = lines.filter { !$0.allSatisfy(\.isWhitespace) }
    guard parts.count > 1 else { return }
    frames = parts[1].split(separator: "\n").map { String($0.drop { $0 == "\t" }) }
      .filter(Self.isOfScript)
    // The entry itself is no news.
    if frames.last?.hasSuffix("in main chunk") == true { frames.removeLast() }
  }

  /// Frames of the host say nothing to who typed an entry.
  private static func isOfScript(_ frame: String) -> Bool { !frame.hasPrefix("[C]: in") }

  /// `stdin:1: oh` in its parts. A chunk's name may hold colons itself.
  private static func placed(_ head: String) -> ((chunk: String, line: Int)?, String) {
    let pieces = head.split(separator: ":", omittingEmptySubsequences: false)
    for index in pieces.indices.dropFirst().dropLast() {
      guard let line = Int(pieces[index]), line > 0, pieces[index + 1].first == " " else { continue }
      let chunk = pieces[..<index].joined(separator: ":")
      let rest = pieces[(index + 1)...].joined(separator: ":")
      return ((chunk, line), String(rest.dropFirst()))
    }
    return (nil, head)
  }

  static func == (a: ErrorMessage, b: ErrorMessage) -> Bool {
    a.place?.chunk == b.place?.chunk && a.place?.line == b.place?.line && a.text == b.text
      && a.hints == b.hints && a.frames == b.frames
  }

  // MARK: The place in the line

  /// The bytes of a line that the message is about, where it is certain which.
  func culprit(in line: [UInt8]) -> Range<Int>? {
    if text.hasSuffix("near <eof>") {
      return line.isEmpty ? nil : line.count..<(line.count + 1)
    }
    let tokens = LuaLexer.tokens(of: line)
    guard let word = blamed else { return nil }
    let found = tokens.filter { line[$0.range].elementsEqual(word.utf8) }
    return found.count == 1 ? found[0].range : nil
  }

  /// The word that Lua names: near 'x', (global 'x'), to 'read'.
  private var blamed: String? {
    for opening in [" near '", "(global '", "(local '", "(field '", "(method '", "(upvalue '", " to '"] {
      guard let start = text.firstRange(of: opening)?.upperBound else { continue }
      let rest = text[start...]
      guard let end = rest.lastIndex(of: "'").map({ opening == " near '" ? $0 : rest.firstIndex(of: "'") ?? $0 })
      else { continue }
      return String(rest[..<end])
    }
    return nil
  }
}
