import LuaHost

/// What words a script can be given: its options and what stands without a dash.
struct ArgumentList {
  let about: String?
  let items: [ArgumentItem]
  /// Said below everything else in the help.
  var epilogue: String?

  var positions: [ArgumentItem] { items.filter(\.isPosition) }
  var options: [ArgumentItem] { items.filter { !$0.isPosition } }
}

/// One option, or one word without a dash.
struct ArgumentItem {
  enum Kind: String, CaseIterable {
    /// There or not.
    case flag
    case text, integer, number
  }

  /// The field in the answer: `dry_run` for `--dry-run`.
  let name: String
  /// How it is written: `--rate`, `-r`; empty for one that stands without a dash.
  var words: [String] = []
  let kind: Kind
  let note: String
  var choices: [String] = []
  /// Nil: the field is absent.
  var standard: LuaValue?
  var isRequired = false
  /// Whether it may be given several times: the answer is a list.
  var isMany = false
  var least: Double?
  var most: Double?

  var isPosition: Bool { words.isEmpty }

  static func option(_ name: String, kind: Kind, _ note: String) -> ArgumentItem {
    ArgumentItem(
      name: name, words: ["--" + name.dashed], kind: kind, note: note)
  }

  static func flag(_ name: String, _ note: String) -> ArgumentItem {
    ArgumentItem(
      name: name, words: ["--" + name.dashed], kind: .flag, note: note,
      standard: .boolean(false))
  }

  // MARK: Values

  /// The value that a word stands for.
  /// - Throws: what is wrong with it, in words that follow the item's name.
  func value(of word: [UInt8]) throws(ArgumentMismatch) -> LuaValue {
    let text = String(decoding: word, as: UTF8.self)
    let value: LuaValue
    switch kind {
    case .flag: value = .boolean(true)
    case .text: value = .bytes(word)
    case .integer:
      guard let number = Self.integer(text) else {
        throw ArgumentMismatch("'\(text)' is no integer")
      }
      try check(Double(number), text)
      value = .integer(number)
    case .number:
      guard let number = Double(text), number.isFinite else {
        throw ArgumentMismatch("'\(text)' is no number")
      }
      try check(number, text)
      value = .number(number)
    }
    guard choices.isEmpty || choices.contains(text) else {
      throw ArgumentMismatch(Spelling.unknown("value", text, among: choices))
    }
    return value
  }

  private func check(_ number: Double, _ text: String) throws(ArgumentMismatch) {
    if let least, number < least {
      throw ArgumentMismatch("must be at least \(plain(least)), got \(text)")
    }
    if let most, number > most {
      throw ArgumentMismatch("must be at most \(plain(most)), got \(text)")
    }
  }

  private func plain(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  /// Decimal or 0x.
  private static func integer(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative ? text.dropFirst() : text[...]
    guard digits.hasPrefix("0x") || digits.hasPrefix("0X") else { return Int64(text) }
    guard let bits = UInt64(digits.dropFirst(2), radix: 16) else { return nil }
    return isNegative ? 0 &- Int64(bitPattern: bits) : Int64(bitPattern: bits)
  }

  // MARK: Text

  /// What stands for its value: `NUMBER`, `fast|slow`.
  var placeholder: String {
    if isPosition { return name.uppercased() }
    return choices.isEmpty ? kind.rawValue.uppercased() : choices.joined(separator: "|")
  }

  /// `-r, --rate NUMBER`.
  var heading: String {
    if isPosition { return placeholder }
    let short = words.filter { !$0.hasPrefix("--") }
    let long = words.filter { $0.hasPrefix("--") }
    return (short + long).joined(separator: ", ") + (kind == .flag ? "" : " " + placeholder)
  }

  /// The note, with what holds when it is left out.
  var fullNote: String {
    var parts: [String] = []
    if isPosition, !choices.isEmpty { parts.append(choices.joined(separator: "|")) }
    switch standard {
    case .integer(let value)?: parts.append("default \(value)")
    case .number(let value)?: parts.append("default \(value)")
    case .bytes(let bytes)?: parts.append("default \(String(decoding: bytes, as: UTF8.self))")
    case .boolean(true)?: parts.append("default on; --no-\(name.dashed) turns it off")
    default: break
    }
    if isRequired, !isPosition { parts.append("required") }
    if isMany, !isPosition { parts.append("may be repeated") }
    let remark = parts.isEmpty ? "" : "(" + parts.joined(separator: ", ") + ")"
    return [note, remark].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension String {
  /// `dry-run` for `dry_run`.
  var dashed: String { String(map { $0 == "_" ? "-" : $0 }) }
}

extension ArgumentList {
  /// `usage: game.lua [options] FILE [COUNT]`
  func usage(of program: String) -> String {
    let words = positions.map { item in
      let word = item.placeholder + (item.isMany ? "..." : "")
      return item.isRequired ? word : "[\(word)]"
    }
    return (["usage: \(program) [options]"] + words).joined(separator: " ")
  }

  /// The whole help.
  func help(of program: String) -> String {
    let helpLine = ("-h, --help", "show this and end")
    let options = self.options.map { ($0.heading, $0.fullNote) } + [helpLine]
    var parts = [usage(of: program)]
    if let about { parts.append(about) }
    if !positions.isEmpty {
      parts.append("Arguments:\n" + Self.table(positions.map { ($0.heading, $0.fullNote) }))
    }
    parts.append("Options:\n" + Self.table(options))
    if let epilogue { parts.append(epilogue) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func table(_ rows: [(String, String)]) -> String {
    let width = min(rows.map(\.0.count).max() ?? 0, 28)
    return rows.map { heading, note in
      guard !note.isEmpty else { return "  " + heading }
      guard heading.count <= width else {
        return "  \(heading)\n" + String(repeating: " ", count: width + 4) + note
      }
      return "  " + heading + String(repeating: " ", count: width - heading.count + 2) + note
    }.joined(separator: "\n")
  }
}
