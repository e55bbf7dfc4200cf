import RemoteMemory

/// Random texts, and the plainest way to search them.
enum RegexText {
  /// Patterns over the letters a, b, c and the full stop.
  static let patterns = [
    "a+", "ab*c", "(ab)+", "aa", "a[^c]*c", "aba|ba", "abab|b", "[ab]{2,5}", "a.b", "b(a|c){1,3}",
    #"\ba+\b"#, "[^a]+a", "(a|ab)(c|bc)", "(a.*){3}", #"a{2,}\."#,
  ]

  /// Numbers that are the same in every run.
  struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
  }

  static func bytes(letters: String, count: Int, _ random: inout Random) -> [UInt8] {
    Array(Self.random(letters: letters, count: count, &random).utf8)
  }

  static func random(letters: String, count: Int, _ random: inout Random) -> String {
    let letters = Array(letters)
    return String((0..<count).map { _ in letters[random.below(letters.count)] })
  }

  /// Tries every start and end: of each end the leftmost start, of each start the longest, of
  /// overlapping ones the first.
  static func matches(of pattern: String, in text: [UInt8]) throws -> [RegexMatch] {
    let regex = try Regex(pattern).wordBoundaryKind(.simple)
    let string = String(decoding: text, as: UTF8.self)
    let places = Array(string.indices) + [string.endIndex]
    var longest: [Int: Int] = [:]
    for end in places.indices.dropFirst() {
      let start = (0..<end).first { start in
        // The anchored pattern is matched in the whole text, so that \b sees what stands around.
        let part = string[places[start]..<places[end]]
        guard pattern.contains("\\b") else { return part.wholeMatch(of: regex) != nil }
        let isWord = { (at: Int) in text.indices.contains(at) && text[at] != UInt8(ascii: ".") }
        return part.allSatisfy { $0 == "a" } && !isWord(start - 1) && !isWord(end)
      }
      if let start { longest[start] = end }
    }
    var free = 0
    return longest.sorted { $0.key < $1.key }.compactMap { start, end in
      if start < free { return nil }
      free = end
      return RegexMatch(pattern: 0, start: start, end: end)
    }
  }

  /// Searches a text in blocks of so many bytes, in the segments that the cuts make.
  static func search(
    _ set: RegexSet, _ text: [UInt8], blocks: Int, cuts: [Int] = []
  ) throws -> [RegexMatch] {
    let stream = try RegexStream(set)
    let borders = [0] + cuts + [text.count]
    var findings: [RegexFindings] = []
    for (start, end) in zip(borders, borders.dropFirst()) {
      let range = try stream.begin(start..<end, of: text.count)
      for place in stride(from: range.lowerBound, to: range.upperBound, by: blocks) {
        let block = Array(text[place..<min(place + blocks, range.upperBound)])
        try block.withUnsafeBytes { try stream.feed($0) }
      }
      findings.append(try stream.finish())
    }
    return RegexFindings.join(findings)
  }
}
