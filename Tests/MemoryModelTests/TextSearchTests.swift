import MemoryModel
import Testing

@Suite("Texts to look for")
struct TextSearchTests {
  private func patterns(
    _ text: String, _ encodings: [TextEncoding], ignoresCase: Bool = true
  ) throws -> [FoldedPattern] {
    try TextSearch(bytes(text), encodings: encodings, ignoresCase: ignoresCase).patterns()
  }

  @Test("are found as they are", arguments: TextEncoding.allCases)
  func plain(_ encoding: TextEncoding) throws {
    let text = encoding == .latin1 ? "Grüße" : "Grüße, Мир, κόσμος, 🎮"
    let found = try patterns(text, [encoding], ignoresCase: false)
    let encoded = try encoding.encode(bytes(text))
    #expect(found.count == 1 && found[0].encoding == encoding)
    #expect(found[0].isExact && found[0].pattern.isFullyKnown)
    #expect(found[0].pattern.bytes == encoded)
    #expect(found[0].matches(encoded + [0]))
    #expect(!found[0].matches(Array(encoded.dropLast())))
  }

  @Test(
    "are found in any case",
    arguments: [
      ("Player", "PLAYER"), ("player_1", "pLaYeR_1"), ("ÉCOLE", "école"), ("привет", "ПРИВЕТ"),
      ("Рост", "рОСТ"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Ωμέγα", "ΩΜΈΓΑ"), ("ǅ", "ǆ"), ("Կ", "կ"),
      ("𐐀", "𐐨"),
    ])
  func folded(_ text: String, _ other: String) throws {
    let encodings: [TextEncoding] = [.utf8, .utf16le, .utf16be, .utf32le, .utf32be]
    for (text, other) in [(text, other), (other, text)] {
      let found = try patterns(text, encodings)
      #expect(found.map(\.encoding) == encodings)
      for pattern in found {
        #expect(pattern.matches(try pattern.encoding.encode(bytes(text))), "\(text)")
        #expect(pattern.matches(try pattern.encoding.encode(bytes(other))), "\(text) \(other)")
      }
    }
  }

  @Test("are found as nothing else", arguments: [TextEncoding.utf8, .utf16le, .utf16be, .utf32le])
  func exact(_ encoding: TextEncoding) throws {
    var random = SplitMix(seed: 81)
    let text = "Roß Ρόσος россия ÿ_k"
    let found = try #require(try patterns(text, [encoding]).first)
    let encoded = try encoding.encode(bytes(text))
    let classes = try letters(text, encoding)
    for _ in 0..<20_000 {
      var memory = encoded
      for _ in 0...random.next(upTo: 3) {
        memory[random.next(upTo: memory.count)] ^= UInt8(1 << random.next(upTo: 8))
      }
      #expect(found.matches(memory) == holds(memory, classes), "\(memory)")
    }
    #expect(!found.isExact)
  }

  /// The ways to write each letter that take as many bytes.
  private func letters(_ text: String, _ encoding: TextEncoding) throws -> [[[UInt8]]] {
    try text.unicodeScalars.map { scalar in
      let first = try encoding.encode(bytes(String(scalar)))
      let others = CaseClasses.shared.others[scalar.value] ?? [scalar.value]
      return try others.compactMap { Unicode.Scalar($0) }
        .map { try encoding.encode(bytes(String($0))) }.filter { $0.count == first.count }
    }
  }

  private func holds(_ memory: [UInt8], _ letters: [[[UInt8]]]) -> Bool {
    var index = 0
    for choices in letters {
      let next = index + choices[0].count
      guard choices.contains(Array(memory[index..<next])) else { return false }
      index = next
    }
    return true
  }

  @Test("every letter is found as each of its variants")
  func everyLetter() throws {
    for (value, others) in CaseClasses.shared.others {
      let scalar = try #require(Unicode.Scalar(value))
      let pattern = try #require(try patterns(String(scalar), [.utf32le]).first)
      let choices = try others.map { other in
        try TextEncoding.utf32le.encode(bytes(String(try #require(Unicode.Scalar(other)))))
      }
      #expect(choices.allSatisfy { pattern.matches($0) }, "\(scalar)")
      let given = pattern.alternatives.first?.choices ?? []
      #expect(pattern.isExact || Set(given) == Set(choices), "\(scalar)")
    }
  }

  @Test("letters of another length or alphabet stay apart")
  func limits() throws {
    let utf16 = try #require(try patterns("k", [.utf16le]).first)
    #expect(utf16.matches([0x4B, 0]) && !utf16.matches([0x2A, 0x21]))
    #expect(utf16.isExact && utf16.pattern.mask == [0xDF, 0xFF])
    let sharp = try #require(try patterns("ß", [.utf8]).first)
    #expect(sharp.pattern.isFullyKnown && !sharp.matches(bytes("ss")))
    let latin = try #require(try patterns("é1[", [.latin1]).first)
    #expect(latin.matches([0xC9, 0x31, 0x5B]) && !latin.matches([0xC9, 0x31, 0x7B]))
    let raw = try #require(
      try TextSearch([0x61, 0xC3, 0xA9, 0xFF], encodings: [.bytes], ignoresCase: true)
        .patterns().first)
    #expect(raw.matches([0x41, 0xC3, 0xA9, 0xFF]) && !raw.matches([0x41, 0xC3, 0x89, 0xFF]))
  }

  @Test("encodings that come to the same bytes are one")
  func same() throws {
    let ascii = try patterns("gold", [.utf8, .latin1, .bytes, .utf16le, .utf16le])
    #expect(ascii.map(\.encoding) == [.utf8, .utf16le])
    let other = try patterns("größe", [.utf8, .latin1, .bytes])
    #expect(other.map(\.encoding) == [.utf8, .latin1, .bytes])
    let euro = try patterns("5 €", [.latin1, .utf8])
    #expect(euro.map(\.encoding) == [.utf8])
  }

  @Test("a terminator follows where it is asked for", arguments: TextEncoding.allCases)
  func terminated(_ encoding: TextEncoding) throws {
    let search = TextSearch(
      bytes("end"), encodings: [encoding], ignoresCase: true, isTerminated: true)
    let pattern = try #require(try search.patterns().first)
    let encoded = try encoding.encode(bytes("END"))
    #expect(pattern.count == encoded.count + encoding.unitBytes)
    #expect(pattern.matches(encoded + encoding.terminator))
    #expect(!pattern.matches(encoded + [UInt8](repeating: 1, count: encoding.unitBytes)))
  }

  @Test("refuse what cannot be looked for")
  func refusals() {
    #expect(throws: TextSearchError.empty) { try patterns("", [.utf8]) }
    #expect(throws: TextSearchError.noEncoding) { try patterns("a", []) }
    let long = String(repeating: "a", count: 2049)
    #expect(throws: TextSearchError.tooLong(.utf16le, byteCount: 4098)) {
      try patterns(long, [.utf16le])
    }
    #expect(
      throws: TextSearchError.unencodable(
        TextEncodingError(encoding: .latin1, byteOffset: 2, scalar: 0x20AC))
    ) { try patterns("5 €", [.latin1]) }
    #expect(throws: TextSearchError.self) {
      try TextSearch([0xFF], encodings: [.utf16le], ignoresCase: true).patterns()
    }
  }
}

/// Letters that differ in case only, found by looking at every scalar there is.
private struct CaseClasses: Sendable {
  static let shared = CaseClasses()

  /// The members of the class of each scalar that is not alone in it, itself included.
  let others: [UInt32: [UInt32]]

  private init() {
    var links: [UInt32: Set<UInt32>] = [:]
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let properties = scalar.properties
      guard
        properties.changesWhenLowercased || properties.changesWhenUppercased
          || properties.changesWhenTitlecased
      else { continue }
      for text in [
        properties.lowercaseMapping, properties.uppercaseMapping, properties.titlecaseMapping,
      ] {
        guard text.unicodeScalars.count == 1, let other = text.unicodeScalars.first,
          other.isASCII == scalar.isASCII
        else { continue }
        links[value, default: []].insert(other.value)
        links[other.value, default: []].insert(value)
      }
    }
    var others: [UInt32: [UInt32]] = [:]
    for value in links.keys {
      var members: Set<UInt32> = [value]
      var waiting = [value]
      while let next = waiting.popLast() {
        for link in links[next] ?? [] where members.insert(link).inserted { waiting.append(link) }
      }
      others[value] = members.sorted()
    }
    self.others = others
  }
}
