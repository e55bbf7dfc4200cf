import MemoryModel
import Testing

@Suite("Scalar formats")
struct ScalarFormatTests {
  private static let names = [
    "u8", "i8", "bool", "u16", "u16le", "u16be", "u32", "u32le", "u32be", "u64", "u64le", "u64be",
    "i16", "i16le", "i16be", "i32", "i32le", "i32be", "i64", "i64le", "i64be", "f32", "f32le",
    "f32be", "f64", "f64le", "f64be", "ptr", "ptrle", "ptrbe",
  ]

  @Test("has these names in this order")
  func allNames() {
    #expect(ScalarFormat.all.map(\.name) == Self.names)
    #expect(Set(ScalarFormat.all).count == Self.names.count)
  }

  @Test("reads every name back", arguments: ScalarFormat.all)
  func namesReadBack(_ format: ScalarFormat) {
    #expect(ScalarFormat(name: format.name) == format)
  }

  @Test(
    "knows no other name",
    arguments: ["", "u", "le", "be", "u8le", "boolbe", "u24", "U8", "u16 ", "u16lebe", "float"])
  func otherNames(_ name: String) { #expect(ScalarFormat(name: name) == nil) }

  @Test(
    "knows the sizes",
    arguments: [
      ("u8", 1, 1), ("i16be", 2, 2), ("f32", 4, 4), ("i64", 8, 8), ("ptr", 4, 8), ("bool", 1, 1),
    ])
  func sizes(_ name: String, _ narrow: Int, _ wide: Int) throws {
    let format = try #require(ScalarFormat(name: name))
    #expect(format.byteCount(pointerWidth: .four) == narrow)
    #expect(format.byteCount(pointerWidth: .eight) == wide)
    #expect(format.alignment(pointerWidth: .eight) == wide)
  }

  @Test(
    "decodes",
    arguments: [
      ("u8", "ff", .integer(255)), ("i8", "ff", .integer(-1)), ("i8", "80", .integer(-128)),
      ("bool", "00", .boolean(false)), ("bool", "01", .boolean(true)),
      ("bool", "80", .boolean(true)), ("u16", "fffe", .integer(0xFEFF)),
      ("u16be", "fffe", .integer(0xFFFE)), ("i16", "0080", .integer(-32768)),
      ("i16be", "8000", .integer(-32768)), ("u32le", "ffffffff", .integer(0xFFFF_FFFF)),
      ("i32", "ffffffff", .integer(-1)), ("i32be", "80000000", .integer(-0x8000_0000)),
      ("u64", "ffffffffffffffff", .unsigned(.max)), ("i64", "ffffffffffffffff", .integer(-1)),
      ("u64be", "0102030405060708", .unsigned(0x0102_0304_0506_0708)),
      ("i64be", "8000000000000000", .integer(.min)), ("f32", "0000c03f", .real(1.5)),
      ("f32be", "3fc00000", .real(1.5)), ("f64", "000000000000f0bf", .real(-1)),
      ("f64be", "7ff0000000000000", .real(.infinity)),
      ("ptr", "00100000ff7f0000", .unsigned(0x7FFF_0000_1000)),
      ("ptrbe", "00007fff00001000", .unsigned(0x7FFF_0000_1000)),
    ] as [(String, String, ScalarValue)])
  func decodes(_ name: String, _ memory: String, _ expected: ScalarValue) throws {
    let format = try #require(ScalarFormat(name: name))
    let bytes = unhexadecimal(memory)
    #expect(format.decode(bytes, pointerWidth: .eight) == expected)
    #expect(format.decode([0xEE] + bytes + [0xEE], at: 1, pointerWidth: .eight) == expected)
    guard expected != .boolean(true) else { return }
    #expect(try format.encode(expected, pointerWidth: .eight) == bytes)
  }

  @Test("a pointer is as wide as the target's")
  func pointers() throws {
    let format = ScalarFormat(.ptr)
    let bytes = unhexadecimal("fffffffe00000000")
    #expect(format.decode(bytes, pointerWidth: .four) == .unsigned(0xFEFF_FFFF))
    #expect(format.decode(bytes, pointerWidth: .four, targetOrder: .big) == .unsigned(0xFFFF_FFFE))
    #expect(try format.encode(.integer(-1), pointerWidth: .eight).count == 8)
    #expect(throws: ScalarRangeError.self) { try format.encode(.integer(-1), pointerWidth: .four) }
    #expect(try format.encode(.integer(0xFFFF_FFFF), pointerWidth: .four).count == 4)
    #expect(throws: ScalarRangeError.self) {
      try format.encode(.integer(0x1_0000_0000), pointerWidth: .four)
    }
  }

  @Test("follows the target's byte order unless it has one of its own")
  func targetOrder() {
    let bytes = unhexadecimal("0102")
    #expect(
      ScalarFormat(.u16).decode(bytes, pointerWidth: .eight, targetOrder: .big) == .integer(0x102))
    let little = ScalarFormat(.u16, byteOrder: .little)
    #expect(little.decode(bytes, pointerWidth: .eight, targetOrder: .big) == .integer(0x201))
  }

  @Test("decodes nothing from too few bytes", arguments: ScalarFormat.all)
  func tooFew(_ format: ScalarFormat) {
    let size = format.byteCount(pointerWidth: .eight)
    let bytes = [UInt8](repeating: 1, count: size)
    #expect(format.decode(Array(bytes.dropLast()), pointerWidth: .eight) == nil)
    #expect(format.decode(bytes, at: 1, pointerWidth: .eight) == nil)
    #expect(format.decode(bytes, at: -1, pointerWidth: .eight) == nil)
    #expect(format.decode(bytes, at: .max, pointerWidth: .eight) == nil)
    #expect(format.decode(bytes, at: .min, pointerWidth: .eight) == nil)
    #expect(format.decode([], pointerWidth: .eight) == nil)
    #expect(format.decode(bytes, pointerWidth: .eight) != nil)
  }

  @Test("encodes into a buffer as into an array, at any offset", arguments: ScalarFormat.all)
  func intoBuffer(_ format: ScalarFormat) throws {
    let value: ScalarValue = format.type == .bool ? .boolean(true) : .integer(0x5A)
    for order in ByteOrder.allCases {
      let expected = try format.encode(value, pointerWidth: .eight, targetOrder: order)
      var room = [UInt8](repeating: 0xEE, count: expected.count + 2)
      try room.withUnsafeMutableBytes { buffer in
        try format.encode(value, into: buffer, at: 1, pointerWidth: .eight, targetOrder: order)
      }
      #expect(room == [0xEE] + expected + [0xEE])
    }
  }

  @Test("writes nothing where there is no room", arguments: [0, 2, -1, .max, .min])
  func noRoom(_ offset: Int) {
    var room: [UInt8] = [1, 2, 3, 4, 5]
    let count = offset == 0 ? 3 : 5
    room.withUnsafeMutableBytes { buffer in
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
      #expect {
        try ScalarFormat(.u32).encode(.integer(9), into: part, at: offset, pointerWidth: .eight)
      } throws: {
        ($0 as? ScalarRangeError)?.reason == .noRoom
      }
    }
    #expect(room == [1, 2, 3, 4, 5])
  }
}
