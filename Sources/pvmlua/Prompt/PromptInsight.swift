import LuaHost

/// What the prompt asks of those who know Lua and the API. The rest of the prompt edits lines, keeps
/// the history and runs what is typed; it knows neither.
///
/// An entry may have several lines; what is handed over holds the earlier ones too, and a cursor
/// counts bytes from the start of all.
struct PromptInsight {
  /// What could stand at the cursor.
  var completions: (_ entry: [UInt8], _ cursor: Int) -> Completions = { _, _ in Completions() }
  /// The signature of the call around the cursor, ready to be shown; nil where there is none.
  var hint: (_ entry: [UInt8], _ cursor: Int) -> [UInt8]? = { _, _ in nil }
  /// Source in colours. No escape sequence goes over the end of a line: each line can be shown alone.
  var colored: (_ source: [UInt8]) -> [UInt8] = { $0 }
  /// The Lua to run for an entry that is no Lua, such as `game.scan?`; nil where it is as it stands.
  var translated: (_ entry: [UInt8]) -> [UInt8]? = { _ in nil }
  /// The values at some places of a call as a person is shown them, with the line's end; nil: print
  /// shows them.
  var resultText: (_ call: borrowing Call, _ places: Range<Int32>) throws -> [UInt8]? = { _, _ in
    nil
  }
  /// The message of a failed entry as a person is shown it; nil: as it stands, in red.
  var errorText: (_ message: [UInt8], _ entry: [UInt8]) -> [UInt8]? = { _, _ in nil }
  /// Called when an entry has been run and what it gave is shown.
  var entryDone: () -> Void = {}
}

/// What could stand at the cursor.
struct Completions {
  /// What a candidate puts in the place of the bytes from `start` to the cursor.
  struct Candidate {
    var text: [UInt8]
    /// Added behind the text when it is the only one: `(`, `"` or a blank.
    var suffix: [UInt8] = []
  }

  var start = 0
  /// In the order in which they are listed.
  var candidates: [Candidate] = []
  /// The candidates as they are shown below the line, for a terminal of a size.
  var listing: ((_ columns: Int, _ rows: Int) -> [UInt8])?

  init() {}

  /// Plain words.
  init(start: Int, words: [String], suffix: String = "") {
    self.start = start
    candidates = words.map { Candidate(text: Array($0.utf8), suffix: Array(suffix.utf8)) }
  }

  /// What all candidates have in common at their start.
  var commonStart: [UInt8] {
    guard let first = candidates.first?.text else { return [] }
    var count = first.count
    for candidate in candidates.dropFirst() {
      var same = 0
      while same < count, same < candidate.text.count, candidate.text[same] == first[same] {
        same += 1
      }
      count = same
    }
    // No character is cut in two.
    while count > 0, count < first.count, first[count] & 0xC0 == 0x80 { count -= 1 }
    return Array(first.prefix(count))
  }

  /// The listing, or the words in columns; at most two thirds of the screen.
  func text(columns: Int, rows: Int) -> [UInt8] {
    listing?(columns, rows) ?? Array(WordColumns(candidates.map(\.text)).text(columns, rows).utf8)
  }
}

/// Words in columns, as `ls` shows names.
struct WordColumns {
  private let words: [String]

  init(_ words: [[UInt8]]) { self.words = words.map { String(decoding: $0, as: UTF8.self) } }

  func text(_ columns: Int, _ rows: Int) -> String {
    let width = (words.map(\.count).max() ?? 0) + 2
    let perRow = max(1, columns / width)
    let limit = max(1, rows * 2 / 3) * perRow
    let shown = Array(words.prefix(limit))
    let height = (shown.count + perRow - 1) / perRow
    var text = ""
    for row in 0..<height {
      let line = stride(from: row, to: shown.count, by: height).map { place in
        shown[place] + String(repeating: " ", count: width - shown[place].count)
      }
      text += line.joined().trimmingEnd + "\n"
    }
    if shown.count < words.count { text += "... \(words.count - shown.count) more\n" }
    return text
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
