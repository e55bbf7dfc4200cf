import LuaHost
import Testing

@Suite("The lexer of Lua source")
struct LexerTests {
  /// Each token as its kind's first letter and its text.
  private func tokens(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return LuaLexer.tokens(of: bytes).map { token in
      let word = String(decoding: bytes[token.range], as: UTF8.self)
      return "\("\(token.kind)".prefix(1))\(token.isComplete ? "" : "…"):\(word)"
    }
  }

  @Test(
    "takes apart",
    arguments: [
      ("local x<const> = 0x1F", ["k:local", "n:x", "s:<", "n:const", "s:>", "s:=", "n:0x1F"]),
      ("a.b:c'd'", ["n:a", "s:.", "n:b", "s::", "n:c", "s:'d'"]),
      ("1..2", ["n:1", "s:..", "n:2"]), (".5e+3 3. 0x.8p-1", ["n:.5e+3", "n:3.", "n:0x.8p-1"]),
      ("3x 0x 1e 1.2.3", ["i:3x", "i:0x", "i:1e", "i:1.2.3"]),
      ("a//b>>1 ~= c", ["n:a", "s://", "n:b", "s:>>", "n:1", "s:~=", "n:c"]),
      ("f(...)::l::", ["n:f", "s:(", "s:...", "s:)", "s:::", "n:l", "s:::"]),
      (#""a\"b" 'c\'"#, [#"s:"a\"b""#, #"s…:'c\'"#]), ("\"a\nb", ["s…:\"a", "n:b"]),
      (#""a\z"# + "\n b\" c", [#"s:"a\z"# + "\n b\"", "n:c"]),
      ("[[a]]b[=[c]]d]=]", ["s:[[a]]", "n:b", "s:[=[c]]d]=]"]), ("[==[ ]=]", ["s…:[==[ ]=]"]),
      ("a[b[1]]", ["n:a", "s:[", "n:b", "s:[", "n:1", "s:]", "s:]"]),
      ("x--c\ny", ["n:x", "c:--c", "n:y"]), ("--[[a\nb]]c", ["c:--[[a\nb]]", "n:c"]),
      ("--[==[ a ]]", ["c…:--[==[ a ]]"]), ("#!/usr/bin/lua\n#t", ["c:#!/usr/bin/lua", "s:#", "n:t"]),
      ("é@$ ?", ["i:é", "i:@", "i:$", "i:?"]), ("", []), ("\\", ["i:\\"]), ("\"\\", ["s…:\"\\"]),
    ] as [(String, [String])])
  func kinds(_ text: String, _ expected: [String]) { #expect(tokens(text) == expected) }

  @Test("leaves out blanks alone, whatever the bytes are")
  func covering() {
    var state: UInt64 = 42
    let pieces = ["[[", "]]", "\"", "'", "\\", "--", "=", "[", "x", "0x", "1e", ".", " ", "\n", "é", "\0", "\\z"]
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let bytes = Array(text.utf8)
      var end = 0
      for token in LuaLexer.tokens(of: bytes) {
        #expect(token.range.lowerBound >= end && !token.range.isEmpty)
        #expect(bytes[end..<token.range.lowerBound].allSatisfy { $0 == 32 || $0 == 10 })
        end = token.range.upperBound
      }
      #expect(bytes[end...].allSatisfy { $0 == 32 || $0 == 10 })
    }
  }
}
