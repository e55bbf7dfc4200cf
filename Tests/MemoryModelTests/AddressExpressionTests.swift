import MemoryModel
import Testing

private struct Missing: Error, Equatable {
  let what: String
}

@Suite("Address expressions")
struct AddressExpressionTests {
  /// Modules and memory of a pretended process.
  private func evaluate(_ text: String) throws -> UInt64 {
    let modules: [String: UInt64] = [
      "game": 0x40_0000, "libc-2.36.so": 0x7000, "ld-linux-x86-64.so.2": 0x8000, "heap": 0x100,
      "[heap]": 0x100, "libstdc++.so.6": 0x9000, "my game": 0xA000, "g++": 0xB000,
      "log-2024-01-05.txt": 0xC000,
      "/usr/lib/libc.so.6": 0xD000, "spiel-ä": 0xE000, "7zip": 0xF000, "a-b": 0x11000, "0": 0x12000,
      "x@y%~z_": 1, "libc.so.6!environ": 0x13000, "game!game::hero": 0x14000,
    ]
    let memory: [UInt64: UInt64] = [
      0x40_1234: 0x500, 0x510: 0x600, 0x100: 0x200, 0: 0x77, 0xA008: 5,
    ]
    return try AddressExpression(parsing: text).evaluate(
      lookUp: { name throws(Missing) in
        guard let start = modules[name] else { throw Missing(what: name) }
        return Address(start)
      },
      read: { address throws(Missing) in
        guard let value = memory[address.rawValue] else { throw Missing(what: "\(address)") }
        return Address(value)
      }
    ).rawValue
  }

  @Test(
    "works out",
    arguments: [
      ("0", 0), ("16", 16), ("0x10", 16), ("0XfF", 255), ("18446744073709551615", .max),
      ("0xffffffffffffffff", .max), ("1+2-3+4", 4), (" 1 + 2 ", 3), ("1\t+\t2", 3), ("0-1", .max),
      ("-1", .max), ("1+-2", .max), ("1--2", 3), ("1 - - 2", 3), ("0xffffffffffffffff+2", 1),
      ("game", 0x40_0000), ("game+0x10", 0x40_0010), ("game + 16", 0x40_0010),
      ("game-0x10", 0x3f_fff0),
      ("game-16", 0x3f_fff0), ("game - 16", 0x3f_fff0), ("game-16-0x10", 0x3f_ffe0),
      ("game--16", 0x40_0010),
      ("game+-8", 0x3f_fff8), ("game-8+16", 0x40_0008), ("[0]", 0x77),
      ("[[game+0x1234]+0x10]+8", 0x608),
      ("[ [ game + 0x1234 ] + 0x10 ] + 8", 0x608), ("game-[0]", 0x3f_ff89), ("16-[0]", .max - 0x66),
      ("libc-2.36.so+0x12", 0x7012), ("libc-2.36.so-0x12", 0x6fee),
      ("ld-linux-x86-64.so.2+1", 0x8001),
      ("log-2024-01-05.txt", 0xC000), ("log-2024-01-05.txt-5", 0xBFFB),
      ("libstdc++.so.6+8", 0x9008), ("g++", 0xB000),
      ("g+++1", 0xB001), ("g++-1", 0xAFFF), ("heap", 0x100), ("[heap]", 0x100),
      ("[heap]+0x10", 0x110),
      ("[[heap]]", 0x200), ("[heap+0]", 0x200), ("[ heap ]", 0x200), ("\"my game\"+8", 0xA008),
      ("'my game'", 0xA000),
      ("['my game'+8]", 5), ("/usr/lib/libc.so.6+1", 0xD001), ("spiel-ä+1", 0xE001),
      ("7zip", 0xF000), ("a-b", 0x11000),
      ("a-b-1", 0x10fff), ("'0'", 0x12000), ("x@y%~z_+1", 2),
      ("libc.so.6!environ-8", 0x12ff8), ("[game!game::hero+0x10-0x14010]", 0x77),
    ] as [(String, UInt64)])
  func evaluates(_ text: String, _ expected: UInt64) throws {
    #expect(try evaluate(text) == expected)
    let plain = try AddressExpression(parsing: text).description
    #expect(try evaluate(plain) == expected, "\(plain) reads back as something else")
    #expect(try AddressExpression(parsing: plain).description == plain)
  }

  @Test(
    "says where it is wrong",
    arguments: [
      ("", 1), (" ", 2), ("+", 1), ("+1", 1), ("-", 2), ("1+", 3), ("1 + ", 5), ("[", 2), ("[1", 1),
      ("[]", 2),
      ("1]", 2), ("[1]]", 4), ("[[1]", 1), ("1 2", 3), ("game heap", 6), ("*", 1), ("game?x", 5),
      ("\"", 1),
      ("\"\"", 1), ("'game", 1), ("1+'x", 3), ("0x", 1), ("0xzz", 1), ("1+0x1g", 3),
      ("0x10000000000000000", 1),
      ("18446744073709551616", 1), ("[1)", 3), ("game\n", 5), ("1,2", 2), ("[1 2]", 4),
      ("heap-", 6),
    ])
  func errors(_ text: String, _ column: Int) {
    #expect { try AddressExpression(parsing: text) } throws: {
      ($0 as? AddressSyntaxError)?.column == column
    }
  }

  @Test("nests to its limit and no deeper")
  func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    }
    let limit = AddressExpression.depthLimit
    #expect(try AddressExpression(parsing: nested(limit)).depth == limit)
    #expect(throws: AddressSyntaxError.self) { try AddressExpression(parsing: nested(limit + 1)) }
    #expect(throws: AddressSyntaxError.self) {
      try AddressExpression(parsing: String(repeating: "[", count: 10_000))
    }
    #expect(throws: AddressSyntaxError.self) {
      try AddressExpression(parsing: String(repeating: "1+", count: 10_000) + "1")
    }
  }

  @Test("shows its parts")
  func parts() throws {
    let expression = try AddressExpression(parsing: "[game+8]-[[heap]+game]+ libc-2.36.so")
    #expect(expression.names == ["game", "[heap]", "libc-2.36.so"])
    #expect(expression.depth == 1)
    #expect(expression.terms.map(\.isNegative) == [false, true, false])
    #expect(expression.terms.map(\.column) == [1, 10, 25])
    #expect(try AddressExpression(parsing: "[[[game]+1]+2]").depth == 3)
  }

  @Test("passes errors on as they are")
  func errorsPass() throws {
    #expect(throws: Missing(what: "nothing")) { try evaluate("[nothing]") }
    #expect(throws: Missing(what: "0x5")) { try evaluate("[5]") }
  }

  @Test("never traps on any text, and reads back what it prints")
  func anyText() throws {
    var random = SplitMix(seed: 21)
    let parts = [
      "[", "]", "+", "-", "++", "0x", "1f", "9", "game", "libc-2.36.so", " ", "\"", "'", "[heap]",
      "ü", "\u{0}", ".", "/", "-0x8", "!",
    ]
    for _ in 0..<20_000 {
      let text = (0..<random.next(upTo: 9)).map { _ in parts[random.next(upTo: parts.count)] }
        .joined()
      do throws(AddressSyntaxError) {
        let expression = try AddressExpression(parsing: text)
        let plain = expression.description
        #expect(try AddressExpression(parsing: plain).description == plain, "\(text)")
      } catch {
        #expect(error.column >= 1 && error.column <= text.utf8.count + 1)
      }
    }
  }
}
