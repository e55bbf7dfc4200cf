import MemoryModel
import Testing

@Suite("Text encodings")
struct TextEncodingTests {
  @Test(
    "encodes and decodes",
    arguments: [
      (.utf8, "aé€😀", "61c3a9e282acf09f9880"), (.bytes, "é", "c3a9"),
      (.latin1, "aé\u{FF}", "61e9ff"),
      (.utf16le, "aé€😀", "6100e900ac203dd800de"), (.utf16be, "aé€😀", "006100e920acd83dde00"),
      (.utf32le, "a😀", "6100000000f60100"), (.utf32be, "a😀", "000000610001f600"),
      (.utf16le, "", ""),
      (.utf16le, "\u{FFFF}\u{10000}\u{10FFFF}", "ffff00d800dcffdbffdf"),
      (.utf32be, "\u{10FFFF}", "0010ffff"),
      (.utf16be, "\u{D7FF}\u{E000}", "d7ffe000"),
    ] as [(TextEncoding, String, String)])
  func roundTrip(_ encoding: TextEncoding, _ text: String, _ memory: String) throws {
    #expect(hexadecimal(try encoding.encode(bytes(text))) == memory)
    #expect(encoding.decode(unhexadecimal(memory)) == bytes(text))
  }

  @Test(
    "puts U+FFFD for units that make no scalar",
    arguments: [
      (.utf16le, "00d8", "\u{FFFD}"), (.utf16le, "00d86100", "\u{FFFD}a"),
      (.utf16le, "00dc00d8", "\u{FFFD}\u{FFFD}"),
      (.utf16le, "00d800d800dc", "\u{FFFD}\u{10000}"), (.utf16le, "610062", "a\u{FFFD}"),
      (.utf16be, "00", "\u{FFFD}"),
      (.utf32le, "00d80000", "\u{FFFD}"), (.utf32le, "00001100", "\u{FFFD}"),
      (.utf32le, "ffffffff", "\u{FFFD}"),
      (.utf32be, "0000006100", "a\u{FFFD}"),
    ] as [(TextEncoding, String, String)])
  func invalidUnits(_ encoding: TextEncoding, _ memory: String, _ text: String) {
    #expect(encoding.decode(unhexadecimal(memory)) == bytes(text))
  }

  @Test("passes UTF-8 and bytes on unchanged", arguments: [TextEncoding.utf8, .bytes])
  func unchanged(_ encoding: TextEncoding) throws {
    let memory: [UInt8] = [0xFF, 0, 0xC3, 0x28, 0xED, 0xA0, 0x80]
    #expect(encoding.decode(memory) == memory)
    #expect(try encoding.encode(memory) == memory)
  }

  @Test(
    "finds the terminator on a unit's border only",
    arguments: [
      (.utf8, "610062", 1), (.utf8, "6162", nil), (.latin1, "00", 0), (.bytes, "", nil),
      (.utf16le, "0061006200000000", 4), (.utf16le, "6100000062006300", 2),
      (.utf16le, "61000062", nil),
      (.utf16be, "00610000", 2), (.utf16le, "610000", nil), (.utf32le, "610000000000000000", 4),
      (.utf32le, "0061000000000000", 4), (.utf32be, "000000", nil), (.utf32le, "00000000", 0),
    ] as [(TextEncoding, String, Int?)])
  func terminator(_ encoding: TextEncoding, _ memory: String, _ index: Int?) {
    #expect(encoding.terminatorIndex(in: unhexadecimal(memory)) == index)
    let shifted = [1] + unhexadecimal(memory)
    let found = shifted.withUnsafeBytes { bytes in
      encoding.terminatorIndex(in: UnsafeRawBufferPointer(rebasing: bytes[1...]))
    }
    #expect(found == index, "alignment does not matter")
  }

  @Test("a terminator is one zero unit", arguments: TextEncoding.allCases)
  func terminators(_ encoding: TextEncoding) {
    #expect(encoding.terminator.count == encoding.unitBytes)
    #expect(encoding.terminatorIndex(in: encoding.terminator) == 0)
    #expect(TextEncoding(rawValue: encoding.rawValue) == encoding)
  }

  @Test("refuses what it cannot write")
  func refusals() {
    #expect(throws: TextEncodingError(encoding: .latin1, byteOffset: 1, scalar: 0x20AC)) {
      try TextEncoding.latin1.encode(bytes("a€"))
    }
    #expect(
      TextEncodingError(encoding: .latin1, byteOffset: 1, scalar: 0xE9).description
        == "U+00E9 at byte 1 does not exist in latin1")
    for text in [
      [0x61, 0xFF], [0x61, 0xC3], [0x61, 0xE2, 0x82], [0x61, 0xED, 0xA0, 0x80], [0x61, 0xC0, 0x80],
      [0x61, 0xF4, 0x90, 0x80, 0x80],
    ] as [[UInt8]] {
      #expect(throws: TextEncodingError(encoding: .utf16le, byteOffset: 1, scalar: nil)) {
        try TextEncoding.utf16le.encode(text)
      }
    }
  }

  @Test("agrees with the standard library on random text")
  func randomText() throws {
    var random = SplitMix(seed: 8)
    for _ in 0..<300 {
      var text = ""
      for _ in 0..<random.next(upTo: 20) {
        if let scalar = Unicode.Scalar(UInt32(random.next(upTo: 0x11_0000))) {
          text.unicodeScalars.append(scalar)
        }
      }
      let units = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
      #expect(try TextEncoding.utf16le.encode(bytes(text)) == units)
      #expect(TextEncoding.utf16le.decode(units) == bytes(text))
    }
  }

  @Test("shows any bytes as one line as the standard library would decode them")
  func printableText() {
    var random = SplitMix(seed: 4)
    for _ in 0..<2000 {
      let noise = (0..<random.next(upTo: 12)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let text = printable(noise)
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
      #expect(
        !text.contains("\u{FFFD}") || String(decoding: noise, as: UTF8.self).contains("\u{FFFD}"))
      if let valid = String(validating: noise, as: UTF8.self),
        !valid.unicodeScalars.contains(where: {
          $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
        })
      {
        #expect(bytes(text) == noise)
      }
    }
  }
}
