import MemoryModel
import Testing

@Suite("Struct layouts")
struct StructLayoutTests {
  private static func field(
    _ name: String, _ element: StructLayout.Element, at offset: Int? = nil, count: Int? = nil,
    stride: Int? = nil
  ) -> StructLayout.Field {
    .init(key: .name(name), offset: offset, element: element, count: count, stride: stride)
  }

  private static func scalar(_ name: String) -> StructLayout.Element {
    .scalar(ScalarFormat(name: name)!)
  }

  /// `struct { char alive; int hp; struct { float x, y; } pos; char name[6]; short slots[3];
  /// void *next; }`
  private static func player() throws -> StructLayout {
    let point = try StructLayout(fields: [field("x", scalar("f32")), field("y", scalar("f32"))])
    return try StructLayout(fields: [
      field("alive", scalar("bool")), field("hp", scalar("i32")), field("pos", .nested(point)),
      field("name", .text(.utf8, byteCount: 6)), field("slots", scalar("i16"), count: 3),
      field("next", scalar("ptr")),
    ])
  }

  @Test("places fields as a C compiler does")
  func placement() throws {
    let layout = try Self.player()
    let names = ["alive", "hp", "pos", "name", "slots", "next"]
    #expect(
      names.map { layout.offset(of: .name($0), pointerWidth: .eight) } == [0, 4, 8, 16, 22, 32])
    #expect(
      names.map { layout.offset(of: .name($0), pointerWidth: .four) } == [0, 4, 8, 16, 22, 28])
    #expect(layout.byteCount(pointerWidth: .eight) == 40)
    #expect(layout.byteCount(pointerWidth: .four) == 32)
    #expect(layout.offset(of: .name("other"), pointerWidth: .eight) == nil)
    let tail = try StructLayout(fields: [
      Self.field("a", Self.scalar("i64")), Self.field("b", Self.scalar("u8")),
    ])
    #expect(tail.byteCount(pointerWidth: .eight) == 16)
  }

  private static let memory = unhexadecimal(
    "01000000 64000000 0000803f 000000c0 426f6200ffff 0100 0200 ffff 00000000 0010000000000000")

  @Test("reads a whole struct")
  func decodes() throws {
    let layout = try Self.player()
    let value = try #require(layout.decode(Self.memory, pointerWidth: .eight))
    #expect(value["alive"] == .scalar(.boolean(true)))
    #expect(value["hp"] == .scalar(.integer(100)))
    #expect(value["pos"]?["x"] == .scalar(.real(1)))
    #expect(value["pos"]?["y"] == .scalar(.real(-2)))
    #expect(value["name"] == .bytes(bytes("Bob")))
    #expect(value["slots"] == .list([1, 2, -1].map { .scalar(.integer($0)) }))
    #expect(value["next"] == .scalar(.unsigned(0x1000)))
    #expect(value["nothing"] == nil)
    #expect(layout.decode(Array(Self.memory.dropLast()), pointerWidth: .eight) == nil)
  }

  @Test("writes back what it read")
  func roundTrip() throws {
    let layout = try Self.player()
    let value = try #require(layout.decode(Self.memory, pointerWidth: .eight))
    var memory = [UInt8](repeating: 0xEE, count: Self.memory.count)
    for piece in try layout.encode(value, pointerWidth: .eight) {
      memory.replaceSubrange(piece.offset..<(piece.offset + piece.bytes.count), with: piece.bytes)
    }
    #expect(layout.decode(memory, pointerWidth: .eight) == value)
    #expect(memory[1] == 0xEE && memory[28] == 0xEE, "padding is not touched")
  }

  @Test("writes only the fields given, touching ones at once")
  func pieces() throws {
    let layout = try Self.player()
    let value = StructValue.record([
      .init(key: .name("slots"), value: .list([.scalar(.integer(7))])),
      .init(key: .name("pos"), value: .record([.init(key: .name("y"), value: .scalar(.real(0)))])),
      .init(key: .name("name"), value: .bytes(bytes("Al"))),
    ])
    #expect(
      try layout.encode(value, pointerWidth: .eight) == [
        .init(offset: 12, bytes: unhexadecimal("00000000 416c00000000 0700"))
      ])
    let far = StructValue.record([
      .init(key: .name("next"), value: .scalar(.integer(-1))),
      .init(key: .name("alive"), value: .scalar(.boolean(false))),
    ])
    #expect(try layout.encode(far, pointerWidth: .eight).map(\.offset) == [0, 32])
    #expect(try layout.encode(.record([]), pointerWidth: .eight).isEmpty)
  }

  @Test("where fields overlap the later one counts")
  func unions() throws {
    let layout = try StructLayout(fields: [
      Self.field("word", Self.scalar("u32"), at: 0), Self.field("byte", Self.scalar("u8"), at: 1),
    ])
    let value = StructValue.record([
      .init(key: .name("word"), value: .scalar(.integer(0))),
      .init(key: .name("byte"), value: .scalar(.integer(0xAB))),
    ])
    #expect(
      try layout.encode(value, pointerWidth: .eight) == [.init(offset: 0, bytes: [0, 0xAB, 0, 0])])
    let reversed = StructValue.record([
      .init(key: .name("byte"), value: .scalar(.integer(0xAB))),
      .init(key: .name("word"), value: .scalar(.integer(0))),
    ])
    #expect(
      try layout.encode(reversed, pointerWidth: .eight) == [.init(offset: 0, bytes: [0, 0, 0, 0])])
    #expect(layout.byteCount(pointerWidth: .eight) == 4)
  }

  @Test("reads arrays of structs with a stride, and text of other encodings")
  func arrays() throws {
    let entity = try StructLayout(fields: [
      .init(key: .index(1), offset: 0, element: Self.scalar("u16be")),
      .init(key: .index(2), offset: 2, element: .text(.utf16le, byteCount: 4)),
    ])
    let layout = try StructLayout(
      fields: [
        Self.field("all", .nested(entity), at: 2, count: 2, stride: 8),
        Self.field("raw", .bytes(2), at: 0),
      ],
      byteCount: 20)
    let memory = unhexadecimal("cafe 0102 e9000000 eeee 0304 61006200 eeee eeee")
    let value = try #require(layout.decode(memory, pointerWidth: .four))
    #expect(value["raw"] == .bytes([0xCA, 0xFE]))
    guard case .list(let all)? = value["all"] else {
      Issue.record("no list")
      return
    }
    #expect(all.map { $0[.index(1)] } == [.scalar(.integer(0x102)), .scalar(.integer(0x304))])
    #expect(all.map { $0[.index(2)] } == [.bytes(bytes("é")), .bytes(bytes("ab"))])
  }

  @Test("text may fill its buffer but not more")
  func fullText() throws {
    let layout = try StructLayout(fields: [Self.field("t", .text(.utf8, byteCount: 3))])
    func write(_ text: String) throws -> [UInt8] {
      let value = StructValue.record([.init(key: .name("t"), value: .bytes(bytes(text)))])
      return try layout.encode(value, pointerWidth: .eight)[0].bytes
    }
    #expect(try write("abc") == bytes("abc"))
    #expect(try write("a") == [0x61, 0, 0])
    #expect(throws: StructLayoutError.self) { try write("abcd") }
    #expect(layout.decode(bytes("abc"), pointerWidth: .eight)?["t"] == .bytes(bytes("abc")))
  }

  @Test(
    "says which field does not fit",
    arguments: [
      (
        .record([.init(key: .name("hp"), value: .scalar(.real(1.5)))]),
        "field hp: 1.5 is not a whole"
      ),
      (
        .record([.init(key: .name("mana"), value: .scalar(.real(1)))]),
        "field mana: the layout has no such field"
      ),
      (
        .record([.init(key: .name("hp"), value: .bytes([]))]),
        "field hp: a value of type i32 is expected"
      ),
      (
        .record([.init(key: .name("name"), value: .scalar(.real(1)))]),
        "field name: a string is expected"
      ),
      (
        .record([.init(key: .name("slots"), value: .scalar(.real(1)))]),
        "field slots: a list is expected"
      ),
      (
        .record([.init(key: .name("pos"), value: .list([]))]),
        "field pos: a table of fields is expected"
      ),
      (
        .record([
          .init(key: .name("slots"), value: .list(Array(repeating: .scalar(.integer(1)), count: 4)))
        ]),
        "field slots: the list has 4 elements, the field 3"
      ),
      (
        .record([
          .init(
            key: .name("slots"), value: .list([.scalar(.integer(1)), .scalar(.integer(1 << 20))]))
        ]),
        "field slots[2]: 1048576 does not fit i16"
      ),
      (
        .record([
          .init(
            key: .name("pos"),
            value: .record([.init(key: .name("x"), value: .scalar(.boolean(true)))]))
        ]),
        "field pos.x: true is not a number"
      ), (.bytes([]), "a table of fields is expected"),
    ] as [(StructValue, String)])
  func badValues(_ value: StructValue, _ message: String) throws {
    let layout = try Self.player()
    #expect { try layout.encode(value, pointerWidth: .eight) } throws: {
      ($0 as? StructLayoutError)?.description.hasPrefix(message) == true
    }
  }

  @Test(
    "refuses layouts that are none",
    arguments: [
      [field("a", scalar("u8"), at: -1)], [field("a", scalar("u8"), at: .max)],
      [field("a", scalar("u8"), at: 1 << 20)], [field("a", scalar("u8"), count: -1)],
      [field("a", scalar("u8"), count: .max)], [field("a", scalar("u32"), count: 1 << 20)],
      [field("a", scalar("u32"), count: 2, stride: 3)],
      [field("a", scalar("u8"), count: 2, stride: .max)],
      [field("a", scalar("u8"), count: 2, stride: .min)], [field("a", .bytes(0))],
      [field("a", .bytes(-1))],
      [field("a", .bytes(.max))], [field("a", .text(.utf8, byteCount: 0))],
      [field("a", scalar("u8")), field("a", scalar("u8"))],
      [field("a", .bytes(1 << 20)), field("b", scalar("u8"))],
      (0..<5).map { field("\($0)", .bytes(1 << 20), at: 0) },
    ])
  func badLayouts(_ fields: [StructLayout.Field]) {
    #expect(throws: StructLayoutError.self) { try StructLayout(fields: fields) }
  }

  @Test("holds its limits exactly")
  func limits() throws {
    #expect(
      try StructLayout(fields: [Self.field("a", .bytes(1 << 20))]).byteCount(pointerWidth: .four)
        == 1 << 20)
    #expect(throws: StructLayoutError.self) { try StructLayout(fields: [], byteCount: 1 << 20 | 1) }
    #expect(throws: StructLayoutError.self) { try StructLayout(fields: [], byteCount: -1) }
    #expect(throws: StructLayoutError.self) {
      try StructLayout(fields: [Self.field("a", Self.scalar("u32"))], byteCount: 3)
    }
    #expect(try StructLayout(fields: []).decode([], pointerWidth: .eight) == .record([]))
  }

  @Test("nests to its depth and no deeper")
  func depth() throws {
    var layout = try StructLayout(fields: [Self.field("leaf", Self.scalar("u8"))])
    for _ in 1..<StructLayout.depthLimit {
      layout = try StructLayout(fields: [Self.field("in", .nested(layout))])
    }
    let deepest = layout
    #expect(throws: StructLayoutError.self) {
      try StructLayout(fields: [Self.field("in", .nested(deepest))])
    }
    #expect(deepest.decode([7], pointerWidth: .eight) != nil)
  }

  @Test("a struct cannot unfold without end")
  func unfolding() throws {
    var layout = try StructLayout(fields: [Self.field("leaf", Self.scalar("u8"))])
    var failed = false
    for _ in 0..<31 {
      do throws(StructLayoutError) {
        layout = try StructLayout(fields: [
          Self.field("a", .nested(layout), at: 0), Self.field("b", .nested(layout), at: 0),
        ])
      } catch {
        failed = true
        break
      }
    }
    #expect(failed)
  }
}
