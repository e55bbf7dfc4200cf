import MemoryModel
import Testing

@Suite("Byte patterns")
struct BytePatternTests {
  @Test(
    "are read as they are written",
    arguments: [
      ("48 8b 05", "488b05", "ffffff"), ("488B05", "488b05", "ffffff"),
      ("48 ?? 05", "480005", "ff00ff"), ("48 ? 05", "480005", "ff00ff"),
      ("48??05", "480005", "ff00ff"), ("?5 4?", "0540", "0ff0"), ("4??5", "4005", "f00f"),
      ("  48\t8b\n", "488b", "ffff"), ("? ? 1f", "00001f", "0000ff"),
      ("48 8b 05 : ff ff 00", "488b00", "ffff00"), ("48 8b:fff0", "4880", "fff0"),
      ("48 8b ?? ?5 : ff", "488b0005", "ffff000f"), ("ff ff : 7f", "7f7f", "7f7f"),
      ("'MZ' ?? 90", "4d5a0090", "ffff00ff"), ("\"it's\"", "69742773", "ffffffff"),
      ("90'A'90", "904190", "ffffff"), ("'?:' : ff df", "3f1a", "ffdf"),
    ])
  func reading(_ text: String, _ bytes: String, _ mask: String) throws {
    let pattern = try BytePattern(parsing: text)
    #expect(hexadecimal(pattern.bytes) == bytes)
    #expect(hexadecimal(pattern.mask) == mask)
    #expect(pattern.count == pattern.mask.count)
    #expect(try BytePattern(parsing: pattern.description) == pattern)
  }

  @Test(
    "name the column and what to type",
    arguments: [
      ("", 1, "expected a byte, such as 4f or ??"),
      ("   ", 4, "expected a byte, such as 4f or ??"),
      ("48 8g", 5, "expected a hexadecimal digit or '?', got 'g'"),
      ("zz", 1, "expected a hexadecimal digit or '?', got 'z'"),
      ("48 é", 4, "expected a hexadecimal digit or '?', got a byte that is no ASCII"),
      ("48 8", 5, "a byte has two digits; the second is missing"),
      ("488 b0", 4, "a byte has two digits; the second is missing"),
      ("48 ???", 7, "a byte has two digits; the second is missing"),
      ("0x48", 2, "write bytes as two digits without 0x or \\x, such as 4f"),
      ("\\x48", 1, "write bytes as two digits without 0x or \\x, such as 4f"),
      ("48 **", 4, "write ?? for any byte"), ("48,8b", 3, "write spaces between bytes"),
      ("?? ?", 1, "the pattern would match everywhere; give at least one known digit"),
      ("'abc", 1, "the quote opened here is not closed"),
      ("48 ''", 5, "expected text between the quotes"),
      ("'aé'", 3, "quotes hold ASCII only; search other text with its encoding"),
      (": ff", 1, "expected a byte before the colon"),
      ("48 :", 5, "expected a mask after the colon, such as ff"),
      ("48 8b : ff ff ff", 15, "the mask is longer than the pattern of 2 bytes"),
      (
        "48 8b 05 : ff ff", 17,
        "the mask has 2 bytes and the pattern 3; write one mask byte for each, or one for all"
      ),
      ("48 8b : ff ?f", 12, "expected a hexadecimal digit of the mask"),
      ("48 8b : ff f", 13, "a byte has two digits; the second is missing"),
      ("48 : ff : ff", 9, "expected a hexadecimal digit of the mask"),
      ("48 : 00", 4, "a mask of zeros compares nothing; set the bits to compare"),
      ("?f : f0", 1, "the pattern would match everywhere; give at least one known digit"),
    ])
  func mistakes(_ text: String, _ column: Int, _ problem: String) {
    #expect(throws: BytePatternError(column: column, problem: problem)) {
      try BytePattern(parsing: text)
    }
    #expect(
      BytePatternError(column: column, problem: problem).description
        == "column \(column): \(problem)")
  }

  @Test("are made of bytes, with limits")
  func made() throws {
    #expect(try BytePattern([1, 2]).isFullyKnown)
    #expect(try BytePattern([0xFF, 2], mask: [0x0F, 0]).bytes == [0x0F, 0])
    #expect(try BytePattern([UInt8](repeating: 1, count: 4096)).count == 4096)
    for (bytes, mask) in [([], nil), ([1], [1, 2]), ([1], [0])] as [([UInt8], [UInt8]?)] {
      #expect(throws: BytePatternError.self) { try BytePattern(bytes, mask: mask) }
    }
    #expect(throws: BytePatternError.self) {
      try BytePattern([UInt8](repeating: 1, count: 4097))
    }
    #expect(throws: BytePatternError.self) {
      try BytePattern(parsing: String(repeating: "90", count: 4097))
    }
    #expect(try BytePattern(parsing: String(repeating: "90", count: 4096)).count == 4096)
  }

  @Test("match what has their bits, and come back from their text")
  func random() throws {
    var random = SplitMix(seed: 71)
    for _ in 0..<500 {
      let count = 1 + random.next(upTo: 12)
      let digits: [UInt8] = [0, 0x0F, 0xF0, 0xFF]
      let isInDigits = random.next(upTo: 2) == 0
      var mask = (0..<count).map { _ in
        isInDigits ? digits[random.next(upTo: 4)] : UInt8(random.next(upTo: 256))
      }
      mask[0] |= 0xF0
      let bytes = (0..<count).map { _ in UInt8(random.next(upTo: 256)) }
      let pattern = try BytePattern(bytes, mask: mask)
      #expect(try BytePattern(parsing: pattern.description) == pattern)
      for _ in 0..<20 {
        let place = random.next(upTo: count)
        var memory = zip(bytes, mask).map { byte, mask in
          byte & mask | UInt8(random.next(upTo: 256)) & ~mask
        }
        #expect(pattern.matches(memory + [7]))
        memory[place] ^= UInt8(1 << random.next(upTo: 8))
        let wanted = zip(memory, zip(bytes, mask)).allSatisfy { ($0 ^ $1.0) & $1.1 == 0 }
        #expect(pattern.matches(memory) == wanted)
        #expect(!pattern.matches(Array(memory.dropLast())))
      }
    }
  }

  @Test("no text traps")
  func hostile() {
    var random = SplitMix(seed: 72)
    let letters = Array("0189afg?:'\" .x\u{0}é")
    var count = 0
    for _ in 0..<4000 {
      let text = String(
        (0..<random.next(upTo: 14)).map { _ in letters[random.next(upTo: letters.count)] })
      if let pattern = try? BytePattern(parsing: text) {
        count += 1
        #expect((try? BytePattern(parsing: pattern.description)) == pattern, "\(text)")
      }
    }
    #expect(count > 0)
  }
}
