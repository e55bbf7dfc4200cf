import LuaHost

/// Reads the words a script was given, by its list of arguments.
struct ArgumentWords {
  private let list: ArgumentList
  private let words: [[UInt8]]
  private var next = 0
  private var given: [String: [LuaValue]] = [:]
  private var positions: [[UInt8]] = []
  /// Whether help was asked for; nothing else counts then.
  private(set) var asksForHelp = false

  init(_ words: [[UInt8]], _ list: ArgumentList) {
    self.words = words
    self.list = list
  }

  /// The answer: a field for each item that was given or has a default.
  /// - Throws: what is wrong, in one line.
  mutating func answer() throws(ArgumentMismatch) -> LuaTable {
    try takeAll()
    if asksForHelp { return LuaTable() }
    try spreadPositions()
    var table = LuaTable()
    for item in list.items {
      if let value = try value(of: item) { table.fields.append((item.name, value)) }
    }
    return table
  }

  private func value(of item: ArgumentItem) throws(ArgumentMismatch) -> LuaValue? {
    let values = given[item.name] ?? []
    if item.isRequired, values.isEmpty {
      throw ArgumentMismatch("\(item.isPosition ? item.placeholder : item.words[0]) is missing")
    }
    guard item.isMany else { return values.last ?? item.standard }
    if values.isEmpty, let standard = item.standard { return standard }
    var table = LuaTable()
    table.array = values
    return .table(table)
  }

  // MARK: Words

  private mutating func takeAll() throws(ArgumentMismatch) {
    while next < words.count, !asksForHelp {
      let word = words[next]
      next += 1
      if word == Array("--".utf8) {
        positions += words[next...]
        return
      }
      if word.starts(with: Array("--".utf8)) {
        try takeLong(word)
      } else if word.first == UInt8(ascii: "-"), word.count > 1, !isNumber(word) {
        try takeShort(String(decoding: word.dropFirst(), as: UTF8.self))
      } else {
        positions.append(word)
      }
    }
  }

  /// A number below zero is a value, unless an option is called so.
  private func isNumber(_ word: [UInt8]) -> Bool {
    guard word.count > 1, (0x30...0x39).contains(word[1]) || word[1] == UInt8(ascii: ".") else {
      return false
    }
    let short = "-" + String(decoding: [word[1]], as: UTF8.self)
    return !list.options.contains { $0.words.contains(short) }
  }

  private mutating func takeLong(_ word: [UInt8]) throws(ArgumentMismatch) {
    let parts = word.split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self)
    let attached = parts.count == 2 ? Array(parts[1]) : nil
    if let item = list.options.first(where: { $0.words.contains(name) }) {
      return try take(item, attached, as: name)
    }
    if name == "--help" {
      asksForHelp = true
      return
    }
    let positive = "--" + name.dropFirst(5)
    if name.hasPrefix("--no-"), attached == nil,
      let item = list.options.first(where: { $0.kind == .flag && $0.words.contains(positive) })
    {
      given[item.name] = [.boolean(false)]
      return
    }
    throw ArgumentMismatch(
      Spelling.unknown("option", name, among: list.options.flatMap(\.words) + ["--help"]))
  }

  /// `-r5`, `-r 5`, or flags in a row: `-vq`.
  private mutating func takeShort(_ letters: String) throws(ArgumentMismatch) {
    var rest = letters[...]
    while let letter = rest.popFirst() {
      let name = "-\(letter)"
      guard let item = list.options.first(where: { $0.words.contains(name) }) else {
        guard letter == "h" else {
          throw ArgumentMismatch(
            Spelling.unknown("option", name, among: list.options.flatMap(\.words) + ["-h"]))
        }
        asksForHelp = true
        return
      }
      if item.kind != .flag, !rest.isEmpty {
        let value = rest.first == "=" ? rest.dropFirst() : rest
        return try take(item, Array(value.utf8), as: name)
      }
      try take(item, nil, as: name)
    }
  }

  private mutating func take(_ item: ArgumentItem, _ attached: [UInt8]?, as name: String)
    throws(ArgumentMismatch)
  {
    if item.kind == .flag {
      guard attached == nil else { throw ArgumentMismatch("\(name) takes no value") }
      given[item.name] = [.boolean(true)]
      return
    }
    var word = attached
    if word == nil, next < words.count {
      word = words[next]
      next += 1
    }
    guard let word else { throw ArgumentMismatch("\(name) needs a value: \(item.placeholder)") }
    try add(word, to: item, as: name)
  }

  private mutating func add(_ word: [UInt8], to item: ArgumentItem, as name: String)
    throws(ArgumentMismatch)
  {
    do throws(ArgumentMismatch) {
      given[item.name, default: []].append(try item.value(of: word))
    } catch {
      throw ArgumentMismatch("\(name): \(error.reason)")
    }
  }

  /// Gives words without a dash to the items in their order; what is left goes to one that takes many.
  private mutating func spreadPositions() throws(ArgumentMismatch) {
    var left = positions[...]
    for item in list.positions {
      let count = item.isMany ? left.count : 1
      for _ in 0..<count {
        guard let word = left.popFirst() else { break }
        try add(word, to: item, as: item.placeholder)
      }
    }
    if let word = left.first {
      throw ArgumentMismatch("'\(String(decoding: word, as: UTF8.self))' is one word too many")
    }
  }
}
