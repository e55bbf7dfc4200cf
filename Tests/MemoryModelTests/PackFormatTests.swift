import MemoryModel
import Testing

@Suite("Pack formats")
struct PackFormatTests {
  @Test("packs what Lua packs", arguments: PackFixture.packed)
  func packs(_ fixture: PackFixture) throws {
    let format = try PackFormat(parsing: fixture.format)
    #expect(hexadecimal(try format.pack(fixture.values)) == fixture.answer)
  }

  @Test("unpacks what it packed", arguments: PackFixture.packed)
  func unpacks(_ fixture: PackFixture) throws {
    let format = try PackFormat(parsing: fixture.format)
    let bytes = try format.pack(fixture.values)
    guard case .complete(let values, let byteCount) = try format.unpack(bytes + [0xAA]) else {
      Issue.record("more bytes asked for")
      return
    }
    #expect(byteCount == bytes.count)
    #expect(try format.pack(values) == bytes)
    #expect(values.count == format.valueCount)
  }

  @Test("says the size where it is fixed", arguments: PackFixture.packed)
  func fixedSize(_ fixture: PackFixture) throws {
    let format = try PackFormat(parsing: fixture.format)
    let isVariable = fixture.format.contains("s") || fixture.format.contains("z")
    #expect(format.fixedByteCount == (isVariable ? nil : fixture.answer.utf8.count / 2))
  }

  @Test(
    "asks for more until there is enough, and never for more than that",
    arguments: PackFixture.packed)
  func asksForMore(_ fixture: PackFixture) throws {
    let format = try PackFormat(parsing: fixture.format)
    let bytes = try format.pack(fixture.values)
    for count in 0..<bytes.count {
      guard case .needs(let needed) = try format.unpack(Array(bytes[..<count])) else {
        Issue.record("complete with \(count) of \(bytes.count) bytes")
        continue
      }
      #expect(needed > count)
      #expect(needed <= bytes.count)
    }
  }

  @Test("refuses values as Lua does", arguments: PackFixture.badValues)
  func refusesValues(_ fixture: PackFixture) throws {
    let format = try PackFormat(parsing: fixture.format)
    #expect(throws: PackDataError(valueIndex: 1, problem: fixture.answer)) {
      try format.pack(fixture.values)
    }
  }

  @Test("refuses formats as Lua does", arguments: PackFixture.badFormats)
  func refusesFormats(_ fixture: PackFixture) {
    #expect { try PackFormat(parsing: fixture.format) } throws: {
      ($0 as? PackFormatError)?.problem == fixture.answer
    }
  }

  @Test(
    "names the column",
    arguments: [("i4 y", 4), ("<i17", 2), ("i4c", 3), ("b X", 3), ("i4 !17", 4)])
  func column(_ text: String, _ column: Int) {
    #expect { try PackFormat(parsing: text) } throws: {
      ($0 as? PackFormatError)?.column == column
    }
  }

  @Test(
    "refuses sizes beyond 2^31 - 1",
    arguments: ["c2147483648", "c99999999999999999999", "c2147483647c1", "c2147483647x"])
  func sizes(_ text: String) {
    #expect { try PackFormat(parsing: text) } throws: {
      ($0 as? PackFormatError)?.problem == "format result too large"
    }
  }

  @Test("allocates no more than its limit")
  func limit() throws {
    let format = try PackFormat(parsing: "c2147483647")
    #expect(throws: PackDataError.self) { try format.pack([.bytes([])]) }
    #expect(throws: PackDataError.self) {
      try PackFormat(parsing: "z").pack([.bytes([1, 2, 3])], byteLimit: 3)
    }
    #expect(try PackFormat(parsing: "z").pack([.bytes([1, 2, 3])], byteLimit: 4).count == 4)
  }

  @Test("takes exactly as many values as it has options")
  func valueCount() throws {
    let format = try PackFormat(parsing: "i4 x Xi4 i4")
    #expect(format.valueCount == 2)
    #expect(throws: PackDataError(valueIndex: 2, problem: "no value")) {
      try format.pack([.integer(1)])
    }
    #expect(throws: PackDataError.self) {
      try format.pack([.integer(1), .integer(2), .integer(3)])
    }
  }

  @Test(
    "refuses values of the wrong kind",
    arguments: [
      ("i4", PackedValue.bytes([])), ("d", .bytes([])), ("z", .integer(1)), ("s1", .real(1)),
    ])
  func kinds(_ text: String, _ value: PackedValue) throws {
    let format = try PackFormat(parsing: text)
    #expect(throws: PackDataError.self) { try format.pack([value]) }
  }

  @Test(
    "takes whole reals up to the limits of an integer",
    arguments: [
      (0x1.8p62, Int64(3) << 61), (-0x1p63, .min), (0x1p63, nil), (-0x1.0000000000001p63, nil),
      (0.5, nil), (.nan, nil), (.infinity, nil), (-0.0, 0),
    ] as [(Double, Int64?)])
  func wholeReals(_ real: Double, _ whole: Int64?) throws {
    let format = try PackFormat(parsing: "j")
    let bytes = try? format.pack([.real(real)])
    #expect(try bytes == whole.map { try format.pack([.integer($0)]) })
  }

  @Test(
    "refuses wide integers that do not fit",
    arguments: [
      ("<i9", "000000000000008000"), ("<i9", "00000000000000007f"),
      (">i16", "0000000000000001" + "0000000000000000"),
      ("<I16", "0000000000000000" + "0100000000000000"), ("<i9", "ffffffffffffff7fff"),
    ])
  func wideIntegers(_ text: String, _ bytes: String) throws {
    let format = try PackFormat(parsing: text)
    #expect(throws: PackDataError.self) { try format.unpack(unhexadecimal(bytes)) }
  }

  @Test("a length beyond any memory is an error, a long one is asked for")
  func lengths() throws {
    let format = try PackFormat(parsing: "<s8")
    let all = [UInt8](repeating: 0xFF, count: 8)
    #expect(throws: PackDataError.self) { try format.unpack(all) }
    #expect(try format.unpack([0, 0, 0, 0x40, 0, 0, 0, 0]) == .needs(0x4000_0008))
  }

  @Test("never traps on any text")
  func anyText() {
    var random = SplitMix(seed: 11)
    let letters = Array("<>=!bBhHlLjJTiIfdnszxXc 0123456789y\u{FF}".unicodeScalars)
    for _ in 0..<4000 {
      var text = ""
      for _ in 0..<random.next(upTo: 12) {
        text.unicodeScalars.append(letters[random.next(upTo: letters.count)])
      }
      guard let format = try? PackFormat(parsing: text) else { continue }
      let bytes = (0..<random.next(upTo: 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      guard let answer = try? format.unpack(bytes) else { continue }
      if case .needs(let count) = answer { #expect(count > bytes.count) }
    }
  }
}
