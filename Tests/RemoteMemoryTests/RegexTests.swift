import MemoryModel
import RemoteMemory
import Testing

#if Regex
  /// Regular expressions, against the plainest way to search.
  @Suite struct RegexTests {
    @Test("finds what trying every start and end finds", arguments: RegexText.patterns)
    func oracle(_ pattern: String) throws {
      let set = try RegexSet([RegexPattern(pattern)], encoding: .bytes)
      var random = RegexText.Random(seed: 1)
      for round in 0..<40 {
        let text = RegexText.bytes(letters: "ab.c", count: round, &random)
        let expected = try RegexText.matches(of: pattern, in: text)
        let found = try RegexText.search(set, text, blocks: 1 + round % 7)
        #expect(found == expected, "\(pattern) in \(text)")
      }
    }

    @Test("finds the same in segments as in one stretch", arguments: RegexText.patterns)
    func segments(_ pattern: String) throws {
      var random = RegexText.Random(seed: 2)
      for maximum in [16, 32, 65_536] {
        let set = try RegexSet(
          [RegexPattern(pattern)], encoding: .bytes, maximumMatchLength: maximum)
        for round in 0..<60 {
          let letters = ["ab", "abc", "aaaaaaaaab", "abc.\n"][round % 4]
          let text = RegexText.bytes(letters: letters, count: 300, &random)
          let whole = try RegexText.search(set, text, blocks: 300)
          #expect(whole.allSatisfy { $0.end - $0.start <= maximum })
          let cuts = (0..<(round % 5)).map { _ in random.below(301) }.sorted()
          let block = 1 + random.below(64)
          let joined = try RegexText.search(set, text, blocks: block, cuts: cuts)
          #expect(joined == whole, "\(pattern) in \(text) cut at \(cuts), blocks of \(block)")
        }
      }
    }

    @Test(
      "finds the same in segments of UTF-16", arguments: RegexText.patterns + ["[^a]b", "é+|😀"])
    func segmentsUTF16(_ pattern: String) throws {
      var random = RegexText.Random(seed: 3)
      for maximum in [16, 64, 65_536] {
        let set = try RegexSet(
          [RegexPattern(pattern)], encoding: .utf16le, alignment: maximum == 64 ? 1 : 2,
          maximumMatchLength: maximum)
        for round in 0..<30 {
          let text = RegexText.random(letters: "aabbc.é😀", count: 150, &random)
          var bytes = text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
          for _ in 0..<round % 4 { bytes[random.below(bytes.count)] = 0xd8 }
          let whole = try RegexText.search(set, bytes, blocks: 4096)
          let cuts = (0..<(round % 5)).map { _ in random.below(150) * 2 }.sorted()
          let block = 1 + random.below(64)
          let joined = try RegexText.search(set, bytes, blocks: block, cuts: cuts)
          #expect(joined == whole, "\(pattern) in \(text) cut at \(cuts), blocks of \(block)")
        }
      }
    }

    @Test("finds in UTF-16 what it finds in UTF-8", arguments: RegexText.patterns)
    func utf16(_ pattern: String) throws {
      var random = RegexText.Random(seed: 4)
      let narrow = try RegexSet([RegexPattern(pattern)], encoding: .bytes)
      for encoding in [TextEncoding.utf16le, .utf16be] {
        let wide = try RegexSet([RegexPattern(pattern)], encoding: encoding)
        for round in 0..<20 {
          let text = RegexText.bytes(letters: "ab.c", count: 40, &random)
          let bytes = try encoding.encode(text)
          let expected = try RegexText.search(narrow, text, blocks: 40).map {
            RegexMatch(pattern: $0.pattern, start: 2 * $0.start, end: 2 * $0.end)
          }
          #expect(try RegexText.search(wide, bytes, blocks: 1 + round) == expected)
        }
      }
    }

    @Test("finds text in UTF-16 at both phases, and never half a character")
    func phases() throws {
      let set = try RegexSet(
        [RegexPattern("Zo.+l😀|[^a-z]x")], encoding: .utf16le, alignment: 1)
      var bytes: [UInt8] = [0, 0, 0]
      bytes += try TextEncoding.utf16le.encode(Array("Zoë l😀".utf8))
      let end = bytes.count
      bytes += [0x3d, 0xd8, UInt8(ascii: "x"), 0]
      #expect(
        try RegexText.search(set, bytes, blocks: 5)
          == [RegexMatch(pattern: 0, start: 3, end: end)])
    }

    @Test("many patterns in one pass, each for itself")
    func many() throws {
      let words = (0..<500).map { "word\($0 * 7919 % 1000)x" }
      let set = try RegexSet(
        words.map { RegexPattern($0) } + [RegexPattern("[a-z]+[0-9]+", label: "all")])
      let text = words.joined(separator: " ")
      let found = try RegexText.search(set, Array(text.utf8), blocks: 100)
      #expect(found.filter { $0.pattern == 500 }.count == 500)
      #expect(found.filter { $0.pattern != 500 }.map(\.pattern) == Array(0..<500))
    }

    @Test("a match across blocks, and at the last byte")
    func borders() throws {
      let set = try RegexSet([RegexPattern("https?://[!-~]+"), RegexPattern("needle")])
      let text = Array("\0\0http://example.org/a\0 needle https://b".utf8)
      for block in 1...text.count {
        #expect(
          try RegexText.search(set, text, blocks: block) == [
            RegexMatch(pattern: 0, start: 2, end: 22), RegexMatch(pattern: 1, start: 24, end: 30),
            RegexMatch(pattern: 0, start: 31, end: 40),
          ])
      }
    }

    @Test("matches up to the greatest length, and not longer ones")
    func lengths() throws {
      let maximum = RegexSet.defaultMaximumMatchLength
      let set = try RegexSet([RegexPattern("<[^>]*>")])
      for (count, isFound) in [(maximum, true), (maximum + 1, false)] {
        for place in [0, 5, 70_000] {
          var text = [UInt8](repeating: 0, count: place)
          text += [UInt8(ascii: "<")] + [UInt8](repeating: 1, count: count - 2)
          text += [UInt8(ascii: ">"), 0]
          let found = try RegexText.search(set, text, blocks: 10_000)
          let expected = [RegexMatch(pattern: 0, start: place, end: place + count)]
          #expect(found == (isFound ? expected : []))
        }
      }
    }

    @Test(
      "finds matches of any length at any place",
      arguments: [
        ("<[^>]*>", "<", ">"), ("\"[^\"]{3,}\"", "\"", "\""), ("password=[^;]*;", "password=", ";"),
        ("<[a-z]*>", "<", ">"), ("<.*>", "<", ">"), ("https?://[!-~]+ ", "http://", " "),
      ])
    func places(_ pattern: String, _ head: String, _ tail: String) throws {
      let set = try RegexSet([RegexPattern(pattern)])
      for length in stride(from: 3, to: 400, by: 13) {
        for place in stride(from: 0, to: 70, by: 9) {
          let match = head + String(repeating: "x", count: length) + tail
          let text = [UInt8](repeating: 1, count: place) + Array(match.utf8)
          let found = try RegexText.search(set, text + [0, 0, 0], blocks: 2000)
          #expect(found == [RegexMatch(pattern: 0, start: place, end: text.count)])
        }
      }
    }

    @Test("keeps to the flags")
    func flags() throws {
      func count(_ pattern: RegexPattern, _ text: [UInt8], _ encoding: TextEncoding) throws -> Int {
        try RegexText.search(RegexSet([pattern], encoding: encoding), text, blocks: 3).count
      }
      let text = Array("Abc\nabc É".utf8)
      #expect(try count(RegexPattern("abc"), text, .utf8) == 1)
      #expect(try count(RegexPattern("abc", ignoresCase: true), text, .utf8) == 2)
      #expect(try count(RegexPattern("c.a"), text, .utf8) == 0)
      #expect(try count(RegexPattern("c.a", dotMatchesNewline: true), text, .utf8) == 1)
      #expect(try count(RegexPattern("^[aA]", multiline: true), text, .utf8) == 2)
      #expect(try count(RegexPattern("(c|É)$", multiline: true), text, .utf8) == 2)
      #expect(try count(RegexPattern(" .$", multiline: true), text, .utf8) == 0)
      #expect(try count(RegexPattern(" .$", utf8: true, multiline: true), text, .utf8) == 1)
      #expect(try count(RegexPattern("é", ignoresCase: true, utf8: true), text, .utf8) == 1)
      #expect(try count(RegexPattern("É"), [0xc9, 0, 0xc3, 0x89], .latin1) == 1)
      #expect(try count(RegexPattern("É"), [0xc9, 0, 0xc3, 0x89], .bytes) == 1)
      #expect(try count(RegexPattern(#"\bbc"#), Array("bc abc".utf8), .utf8) == 1)
    }

    @Test(
      "says what is wrong with a pattern, where, and what to type",
      arguments: [
        (#"(a)\1"#, nil, "back-references are not supported"),
        ("a*", nil, "it can match the empty text"),
        ("éa(b", 3, "missing close parenthesis"),
        ("x(?=y)", nil, "look-ahead"),
        ("[z-a]", 4, "range out of order"),
        ("ab**", 4, "invalid repeat"),
        (#"\Rb"#, 1, #"\R is not supported"#),
        ("a++", nil, "possessive"),
        ("a\0b", 2, "zero byte"),
        ("a^b", 2, "an anchor"),
        (#"foo\z"#, 4, "an anchor"),
        ("a{1,30000}b", nil, "too large"),
      ] as [(String, Int?, String)])
    func errors(_ text: String, _ column: Int?, _ reason: String) throws {
      let error = #expect(throws: RegexError.self) {
        try RegexSet(
          [RegexPattern("good"), RegexPattern(text, label: "bad one")], encoding: .bytes)
      }
      #expect(error?.label == "bad one")
      #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
      if let column { #expect(error?.column == column) }
      #expect(error?.description.hasPrefix("regular expression 'bad one'") == true)
    }

    @Test("UTF-8 that is not valid matches nothing that is text")
    func invalid() throws {
      let set = try RegexSet([RegexPattern("a.b", dotMatchesNewline: true, utf8: true)])
      let text = Array("a".utf8) + [0xff] + Array("b a".utf8) + [0xc3] + Array("b aéb".utf8)
      #expect(try RegexText.search(set, text, blocks: 4).map(\.start) == [8])
    }
  }
#else
  @Suite struct RegexTests {
    @Test("says that the program was built without regular expressions")
    func off() {
      let error = #expect(throws: RegexError.self) { try RegexSet([RegexPattern("a")]) }
      #expect(error?.hint?.contains("trait Regex") == true)
    }
  }
#endif
