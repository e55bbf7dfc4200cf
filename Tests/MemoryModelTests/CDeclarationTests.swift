import MemoryModel
import Testing

@Suite("C declarations")
struct CDeclarationTests {
  private static func layout(
    _ text: String, _ name: String, _ width: PointerWidth = .eight
  ) throws -> StructLayout {
    var declarations = CDeclarations()
    let outcome = try declarations.parse(text)
    let type = try #require(outcome.types.first { $0.name == name }?.type)
    return try #require(type.layout(pointerWidth: width))
  }

  private static func problem(_ text: String) -> CSyntaxError? {
    var declarations = CDeclarations()
    do {
      _ = try declarations.parse(text)
      return nil
    } catch { return error }
  }

  private static func shape(_ layout: StructLayout, _ width: PointerWidth = .eight) -> [String] {
    layout.fields.indices.map { index in
      let (offset, element) = layout.place(at: index, pointerWidth: width)
      return "\(layout.fields[index].key) \(offset) \(element)"
    }
  }

  @Test("knows every kind of member")
  func members() throws {
    let layout = try Self.layout(
      """
      // A game's own header.
      #include <stdint.h>
      #define SLOTS 4
      typedef struct vec { float x, y, z; } vec3;
      enum kind { IMP, OGRE = 5, DRAGON };
      struct entity {
        int hp; const char *title; char name[16]; vec3 pos;
        struct entity *next, *children[2]; /* pointers */
        int grid[2][3]; uint8_t raw[SLOTS]; enum kind kind : 3; unsigned flag : 1;
        void (*think)(struct entity *self, int when); union { int whole; float real; };
        struct { short a; } inner; wchar_t wide[4]; long double big; _Bool on; int tail[];
      };
      """, "entity")
    #expect(
      Self.shape(layout) == [
        "hp 0 i32", "title 8 ptr", "name 16 utf8[16]", "pos 32 struct", "next 48 struct entity *",
        "children 56 struct entity *[2]", "grid 72 i32[2][3]", "raw 96 u8[4]", "kind 100 u32:3",
        "flag 100 u32:1", "think 104 ptr", "whole 112 i32", "real 112 f32", "inner 116 struct",
        "wide 120 utf32le[16]", "big 144 bytes[16]", "on 160 bool", "tail 164 i32[0]",
      ])
    #expect(layout.byteCount(pointerWidth: .eight) == 176)
  }

  @Test("32-bit layouts are i386's")
  func narrow() throws {
    let text = "struct s { char c; long l; long long w; double d; void *p; size_t n; };"
    let layout = try Self.layout(text, "s", .four)
    #expect(
      Self.shape(layout, .four) == [
        "c 0 i8", "l 4 i32", "w 8 i64", "d 16 f64", "p 24 ptr", "n 28 u32",
      ])
    #expect(layout.byteCount(pointerWidth: .four) == 32)
  }

  @Test("a later text knows what an earlier one declared, and may declare it anew")
  func continues() throws {
    var declarations = CDeclarations()
    _ = try declarations.parse("typedef struct { int a; } first; enum { TWO = 2 };")
    let outcome = try declarations.parse("struct second { first list[TWO]; first *p; };")
    #expect(outcome.types.map(\.name) == ["second"])
    #expect(declarations.catalog.type(named: "first")?.name == "first")
    let layout = try #require(outcome.types[0].type.layout(pointerWidth: .eight))
    #expect(Self.shape(layout) == ["list 0 struct[2]", "p 8 first *"])
    let again = try declarations.parse("struct second { char c; };")
    #expect(again.types[0].type.layout(pointerWidth: .eight)?.byteCount(pointerWidth: .eight) == 1)
    #expect(throws: CSyntaxError.self) { try declarations.parse("struct third { int x; }; ?") }
    #expect(declarations.catalog.type(named: "third") == nil, "all of a text, or nothing")
  }

  @Test("constants are worked out")
  func constants() throws {
    var declarations = CDeclarations()
    let outcome = try declarations.parse(
      """
      #define LIMIT 0x20
      #define BELOW (-3)
      enum e { A, B = A + 2 * 3, C = (1 << 4) | 1, D = sizeof(long) == 8 ? LIMIT : 0, E = ~0,
        F = 'a', G = 7 / 2 % 2, H = -5 >> 1, I = !0 && (2 > 1), };
      """)
    let values = Dictionary(outcome.constants.map { ($0.name, $0.value) }) { first, _ in first }
    #expect(
      values == [
        "LIMIT": 32, "BELOW": -3, "A": 0, "B": 6, "C": 17, "D": 32, "E": -1, "F": 97, "G": 1,
        "H": -3, "I": 1,
      ])
  }

  @Test("functions, variables and C++ linkage are passed over")
  func passesOver() throws {
    let layout = try Self.layout(
      """
      extern "C" {
      int puts(const char *); extern int count, table[3]; static inline int f(int a) { return a; }
      static_assert(sizeof(int) == 4, "int");
      struct s { int a; static_assert(1, ""); };
      }
      """, "s")
    #expect(Self.shape(layout) == ["a 0 i32"])
  }

  @Test(
    "says where and what is wrong",
    arguments: [
      ("struct s {\n  int a\n};", 3, 1, "expected ';', got '}'"),
      ("struct s { foo a; };", 1, 12, "unknown type 'foo'"),
      ("struct s { int a;", 1, 1, "'}' is missing at the end of 'struct'"),
      ("struct s { int a; float a; };", 1, 25, "the member 'a' stands twice"),
      ("struct s { struct t x; };", 1, 21, "the members of 'struct t' are not known here"),
      ("struct s { int a[n]; };", 1, 18, "no constant named 'n' is known here"),
      ("struct s { int a : 33; };", 1, 20, "this type has 1 to 32 bits, got 33"),
      ("struct s { float a : 3; };", 1, 22, "only whole numbers have bits"),
      ("struct s { int a[1/0]; };", 1, 19, "division by zero"),
      ("struct s { int a[-1]; };", 1, 18, "a count is 0 to 1048576, got -1"),
      ("struct s { void v; };", 1, 17, "a member cannot be void"),
      (
        "struct s { int f(void); };", 1, 16, "a member cannot be a function; write a pointer to one"
      ),
      ("struct s : base { };", 1, 10, "bases of C++ are not understood; give them as first member"),
      ("struct s { int a; }; struct s { int b; };", 1, 22, "'struct s' is declared twice"),
      (
        "#ifdef X\nstruct s { int a; };", 1, 1,
        "lines with #ifdef are not understood; take out what does not apply"
      ),
      ("#pragma pack(3)", 1, 1, "expected #pragma pack(push, N), pack(pop), pack(N) or pack()"),
      ("/* open", 1, 1, "this comment is not closed"),
      ("int a = 08;", 1, 9, "this is not a whole number"),
      (
        "struct s { int a __attribute__((aligned(3))); };", 1, 33,
        "an alignment is a power of two up to 65536, got 3"
      ),
      ("struct s { unsigned float a; };", 1, 12, "these words are no type: float unsigned"),
      ("struct s { int (*a; };", 1, 21, "'}' closes nothing"),
    ])
  func errors(_ text: String, _ line: Int, _ column: Int, _ problem: String) {
    #expect(
      Self.problem(text) == CSyntaxError(line: line, column: column, problem: problem),
      "\(Self.problem(text).map { "\($0)" } ?? "no error")")
  }

  @Test("what is too deep or too large is refused")
  func limits() {
    let deep = String(repeating: "struct { ", count: 300)
    #expect(Self.problem(deep)?.problem == "nested deeper than 64")
    let brackets = "enum { A = " + String(repeating: "(", count: 5000) + "1"
    #expect(Self.problem(brackets)?.problem == "nested deeper than 64")
    let signs = "enum { A = " + String(repeating: "- ", count: 5000) + "1 };"
    #expect(Self.problem(signs)?.problem == "nested deeper than 64")
    for word in ["alignas(int ", "enum : ", "struct { alignas(", "int (*f)(", "sizeof(int[", "a["] {
      #expect(Self.problem("int " + String(repeating: word, count: 5000)) != nil)
      #expect(Self.problem(String(repeating: word, count: 5000)) != nil)
    }
    let stars = "struct s { int (" + String(repeating: "(*", count: 500) + "a; };"
    #expect(Self.problem(stars) != nil)
    #expect(Self.problem("struct s { char a[1048576]; char b; };") != nil)
    #expect(Self.problem("typedef char a[1048576]; typedef a b[1048576];") != nil)
    #expect(Self.problem(String(repeating: " ", count: 1 << 21)) != nil)
  }

  /// Every change of a good text is taken or refused with a place inside of it; none traps or hangs.
  @Test("changed texts give an error or a layout")
  func mutations() {
    var random = SplitMix(seed: 11)
    let words = [
      "struct", "union", "enum", "{", "}", ";", "*", "(", ")", "[", "]", ",", ":", "int", "long",
      "char", "0x7fffffffffffffff", "-1", "sizeof", "(int)", "typedef", "__attribute__((", "))",
      "packed", "aligned(", "#pragma pack(push,1)\n", "\"", "'", "\\\n", "/*", "*/", "//", "1<<63",
      "unsigned", "_Bool", "=", "<<", "?", "é", "\u{0}", "a", "next", "99999", "::", "extern \"C\"",
    ]
    let start = Array(
      """
      typedef struct node { struct node *next; int a[2][3]; unsigned f : 3, g : 29; char n[8];
        union { float r; int i; }; enum { X = 1, Y = X << 2 } k; void (*cb)(int, char *); } node;
      #pragma pack(push, 2)
      struct two { node list[Y]; double d __attribute__((aligned(8))); } __attribute__((packed));
      #pragma pack(pop)

      """.utf8)
    var taken = 0
    for _ in 0..<2000 {
      var text = start
      for _ in 0...random.next(upTo: 4) {
        let place = random.next(upTo: text.count)
        switch random.next(upTo: 3) {
        case 0: text.removeSubrange(place..<min(text.count, place + 1 + random.next(upTo: 12)))
        case 1: text.insert(contentsOf: words[random.next(upTo: words.count)].utf8, at: place)
        default: text[place] = UInt8(random.next(upTo: 256))
        }
        if text.isEmpty { text = start }
      }
      let string = String(decoding: text, as: UTF8.self)
      if let error = Self.problem(string) {
        let lines = string.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        #expect(error.line >= 1 && error.line <= lines.count, "\(error)")
        #expect(error.column >= 1 && error.column <= string.utf8.count + 1, "\(error)")
        #expect(!error.problem.isEmpty)
      } else {
        taken += 1
      }
    }
    #expect(taken > 100, "some changes do no harm")
  }
}
