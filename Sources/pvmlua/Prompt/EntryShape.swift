/// How far an entry is indented at its end, for the line that comes next.
struct EntryShape {
  /// Blocks, brackets and calls that are open.
  private(set) var depth = 0
  /// Whether it ends within a string or a comment of several lines, where blanks would count.
  private(set) var endsInText = false

  private static let openers: Set<String> = ["function", "do", "then", "repeat"]
  private static let closers: Set<String> = ["end", "until", "elseif"]

  init(_ entry: [UInt8]) {
    var index = 0
    while index < entry.count {
      let byte = entry[index]
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skipQuoted(byte, entry, &index)
      case UInt8(ascii: "-") where Self.has("--", entry, index):
        index += 2
        if !skipLong(entry, &index) {
          while index < entry.count, entry[index] != UInt8(ascii: "\n") { index += 1 }
        }
        continue
      case UInt8(ascii: "["): if skipLong(entry, &index) { continue }
      default:
        if Self.isWordByte(byte) {
          take(Self.word(entry, &index))
          continue
        }
      }
      index += 1
    }
    depth = max(0, depth)
  }

  /// The blanks that the next line begins with.
  var indent: Int { endsInText ? 0 : min(depth * 2, 40) }

  /// Whether a line begins with what closes a block.
  static func closes(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first else { return false }
    if "})".utf8.contains(first) { return true }
    let word = String(decoding: line.prefix(while: isWordByte), as: UTF8.self)
    return closers.contains(word) || word == "else"
  }

  private mutating func take(_ word: String) {
    if Self.openers.contains(word) { depth += 1 }
    if Self.closers.contains(word) { depth -= 1 }
  }

  private mutating func skipQuoted(_ quote: UInt8, _ entry: [UInt8], _ index: inout Int) {
    index += 1
    while index < entry.count, entry[index] != quote, entry[index] != UInt8(ascii: "\n") {
      index += entry[index] == UInt8(ascii: "\\") ? 2 : 1
    }
  }

  /// A string or comment in long brackets, if one begins here.
  private mutating func skipLong(_ entry: [UInt8], _ index: inout Int) -> Bool {
    guard index < entry.count, entry[index] == UInt8(ascii: "[") else { return false }
    var place = index + 1
    while place < entry.count, entry[place] == UInt8(ascii: "=") { place += 1 }
    guard place < entry.count, entry[place] == UInt8(ascii: "[") else { return false }
    let closing = "]" + String(repeating: "=", count: place - index - 1) + "]"
    while place < entry.count, !Self.has(closing, entry, place) { place += 1 }
    endsInText = place >= entry.count
    index = min(entry.count, place + closing.utf8.count)
    return true
  }

  private static func has(_ text: String, _ entry: [UInt8], _ index: Int) -> Bool {
    entry[index...].starts(with: text.utf8)
  }

  private static func word(_ entry: [UInt8], _ index: inout Int) -> String {
    let start = index
    while index < entry.count, isWordByte(entry[index]) { index += 1 }
    return String(decoding: entry[start..<index], as: UTF8.self)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == UInt8(ascii: "_")
  }
}
