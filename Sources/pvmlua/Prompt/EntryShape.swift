/// How far an entry is indented at its end, for the line that comes next.
struct EntryShape {
  /// The blocks and brackets that are open, counted by the line that opened them: each such line
  /// indents those that follow by one step.
  private var levels: [Int] = []
  /// Those opened on the line at hand.
  private var opened = 0
  /// Whether it ends within a string or a comment of several lines, where blanks would count.
  private(set) var endsInText = false

  private static let openers: Set<String> = ["function", "do", "then", "repeat"]
  private static let closers: Set<String> = ["end", "until", "elseif"]

  init(_ entry: [UInt8]) {
    var index = 0
    while index < entry.count {
      let byte = entry[index]
      switch byte {
      case UInt8(ascii: "\n"): endLine()
      case UInt8(ascii: "{"), UInt8(ascii: "("): opened += 1
      case UInt8(ascii: "}"), UInt8(ascii: ")"): close()
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
    endLine()
  }

  private static let step = 2
  private static let mostSteps = 20

  /// The blanks that the next line begins with.
  var indent: Int { endsInText ? 0 : min(levels.count, Self.mostSteps) * Self.step }

  /// How many of those a line gives back that begins with what closes blocks.
  func dedent(for line: ArraySlice<UInt8>) -> Int {
    var shape = self
    let count = Self.closers(at: line)
    for _ in 0..<count { shape.close() }
    let isPartly = shape.levels.count == levels.count && shape.levels != levels
    return min(levels.count - shape.levels.count + (isPartly ? 1 : 0), Self.mostSteps) * Self.step
  }

  private mutating func endLine() {
    if opened > 0 { levels.append(opened) }
    opened = 0
  }

  private mutating func close() {
    if opened > 0 {
      opened -= 1
    } else if let last = levels.last {
      if last > 1 { levels[levels.count - 1] = last - 1 } else { levels.removeLast() }
    }
  }

  /// How many blocks and brackets a line closes before anything else stands on it.
  private static func closers(at line: ArraySlice<UInt8>) -> Int {
    var rest = line
    var count = 0
    while let first = rest.first {
      if "})".utf8.contains(first) {
        rest = rest.dropFirst()
      } else {
        let word = String(decoding: rest.prefix(while: isWordByte), as: UTF8.self)
        if word == "else" { return count + 1 }
        guard closers.contains(word) else { return count }
        if word != "end" { return count + 1 }
        rest = rest.dropFirst(word.utf8.count)
      }
      count += 1
    }
    return count
  }

  private mutating func take(_ word: String) {
    if Self.openers.contains(word) { opened += 1 }
    if Self.closers.contains(word) { close() }
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
