import MemoryModel
import Testing

/// A type, with a value, and the bytes that it has in memory.
struct ScalarCase: CustomTestStringConvertible, Sendable {
  let type: String
  let value: String
  let bytes: [UInt8]
  var testDescription: String { "\(type) \(value)" }

  init(_ type: String, _ value: String, _ bytes: UInt8...) {
    self.type = type
    self.value = value
    self.bytes = bytes
  }

  /// The bytes as a Lua string.
  var luaBytes: String { "\"" + bytes.map { "\\x" + hex($0) }.joined() + "\"" }

  static let all: [ScalarCase] = [
    .init("u8", "255", 255), .init("u8", "0", 0), .init("i8", "-128", 128), .init("i8", "127", 127),
    .init("bool", "true", 1), .init("bool", "false", 0),
    .init("u16", "0x1234", 0x34, 0x12), .init("u16le", "0x1234", 0x34, 0x12),
    .init("u16be", "0x1234", 0x12, 0x34), .init("u16be", "65535", 255, 255),
    .init("i16", "-32768", 0, 0x80), .init("i16le", "-2", 0xfe, 0xff),
    .init("i16be", "-2", 0xff, 0xfe), .init("i16be", "32767", 0x7f, 0xff),
    .init("u32", "0x12345678", 0x78, 0x56, 0x34, 0x12),
    .init("u32le", "4294967295", 255, 255, 255, 255),
    .init("u32be", "0x12345678", 0x12, 0x34, 0x56, 0x78),
    .init("i32", "-2147483648", 0, 0, 0, 0x80), .init("i32le", "2147483647", 255, 255, 255, 0x7f),
    .init("i32be", "-2", 255, 255, 255, 254),
    .init("u64", "-1", 255, 255, 255, 255, 255, 255, 255, 255),
    .init("u64", "math.mininteger", 0, 0, 0, 0, 0, 0, 0, 0x80),
    .init("u64le", "0x1122334455667788", 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11),
    .init("u64be", "0x1122334455667788", 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88),
    .init("i64", "math.mininteger", 0, 0, 0, 0, 0, 0, 0, 0x80),
    .init("i64le", "math.maxinteger", 255, 255, 255, 255, 255, 255, 255, 0x7f),
    .init("i64be", "-2", 255, 255, 255, 255, 255, 255, 255, 254),
    .init("f32", "1.5", 0, 0, 0xc0, 0x3f), .init("f32le", "-1.5", 0, 0, 0xc0, 0xbf),
    .init("f32be", "1.5", 0x3f, 0xc0, 0, 0), .init("f32", "1/0", 0, 0, 0x80, 0x7f),
    .init("f64", "1.5", 0, 0, 0, 0, 0, 0, 0xf8, 0x3f),
    .init("f64le", "-0.0", 0, 0, 0, 0, 0, 0, 0, 0x80),
    .init("f64be", "1.5", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0),
    .init("f64", "-1/0", 0, 0, 0, 0, 0, 0, 0xf0, 0xff),
    .init("ptr", "0x7f0011223344", 0x44, 0x33, 0x22, 0x11, 0, 0x7f, 0, 0),
    .init("ptrle", "-1", 255, 255, 255, 255, 255, 255, 255, 255),
    .init("ptrbe", "0x7f0011223344", 0, 0, 0x7f, 0, 0x11, 0x22, 0x33, 0x44),
  ]
}

/// Two hexadecimal digits.
func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

extension ModuleTests {
  @Suite("typed values")
  struct ScalarTests {
    @Test("every type has a case")
    func covers() {
      #expect(Set(ScalarCase.all.map(\.type)) == Set(ScalarFormat.all.map(\.name)))
    }

    @Test("is written as its bytes and read back, wherever it lies")
    func roundTrip() throws {
      let game = try Game()
      for item in ScalarCase.all {
        game.check(
          """
          local value, bytes = \(item.value), \(item.luaBytes)
          for _, at in ipairs{scratch + 8, scratch + 9, scratch + 4095} do
            game:fill(at - 1, 16, 0xa5)
            game:write_\(item.type)(at, value)
            equal(game:read(at, #bytes), bytes, "\(item.type) bytes")
            equal(game:read(at - 1, 1) .. game:read(at + #bytes, 1), "\\xa5\\xa5", "neighbours")
            equal(game:read_\(item.type)(at), value, "\(item.type)")
            equal(game:read_array(at, "\(item.type)", 1)[1], value, "array of \(item.type)")
            local cell = game:cell(at, "\(item.type)")
            equal(cell.value, value, "cell")
            game:fill(at, 8)
            cell.value = value
            equal(game:read(at, #bytes), bytes, "assigned")
          end
          equal(pvm.sizeof("\(item.type)"), \(item.bytes.count), "size")
          """)
      }
    }

    @Test(
      "refuses what does not fit, naming the argument",
      arguments: [
        ("u8", "256", "0 to 255"), ("u8", "-1", "0 to 255"), ("i8", "128", "-128 to 127"),
        ("i8", "-129", "-128 to 127"), ("u16", "65536", "0 to 65535"),
        ("i16be", "-32769", "-32768 to 32767"), ("u32", "-1", "0 to 4294967295"),
        ("u32be", "2^32", "0 to 4294967295"), ("i32", "2^31", "-2147483648 to 2147483647"),
        ("i64", "2^63", "-9223372036854775808 to 9223372036854775807"),
        ("i32", "1.5", "not a whole number"), ("u64", "0/0", "not a whole number"),
        ("u64", "1/0", "not a whole number"), ("bool", "1", "true or false"),
        ("i32", "true", "not a number"), ("f32", "false", "not a number"),
        ("i32", "nil", "number"), ("i32", "{}", "number"), ("i32", "'x'", "number"),
      ])
    func refuses(_ type: String, _ value: String, _ reason: String) throws {
      let game = try Game()
      game.check(
        """
        local before = game:read(scratch, 16)
        local text = refused(
            "bad argument #2 to 'write_\(type)'",
            function() game:write_\(type)(scratch, \(value)) end)
          assert(text:find("\(reason)", 1, true), text)
        equal(game:read(scratch, 16), before)
        """)
    }

    @Test("takes whole numbers in other clothes")
    func conversions() throws {
      let game = try Game()
      game.check(
        """
        game:write_i32(scratch, 7.0)  equal(game:read_i32(scratch), 7)
        game:write_i32(scratch, "12") equal(game:read_i32(scratch), 12)
        game:write_u64(scratch, 2^63) equal(game:read_u64(scratch), math.mininteger)
        game:write_f32(scratch, 3)    equal(game:read_f32(scratch), 3.0)
        game:write_f64(scratch, 0/0)  assert(game:read_f64(scratch) ~= game:read_f64(scratch))
        game:write_u8(scratch, 2)     equal(game:read_bool(scratch), true)
        game:write_u64(scratch, -2)
        assert(math.ult(5, game:read_u64(scratch)))
        equal(string.format("%x", game:read_u64(scratch)), "fffffffffffffffe")
        """)
    }

    @Test("reads what the target says of itself")
    func agreesWithTheTarget() throws {
      let game = try Game()
      game.check(
        """
        equal(game:read_i32(health), 100)  equal(game:read_i32(gold), 250)
        equal(game:read_array(pos, "f32", 3), {1.0, 2.0, 3.0})
        equal(game:read_i64(experience), -5000000000)  equal(game:read_f64(playtime), 0.25)
        equal(game:read_i16(mana), -7)  equal(game:read_u8(level), 9)
        equal(game:read_bool(alive), true)  equal(game:read_u32be(luck_be), 0x01020304)
        equal(game:read_ptr(root), world)
        equal(game:read_u32(score_encrypted) ~ game:read_u32(key), 0)
        game:write_i32(gold, 999)
        """)
      #expect(try game.target.ask("state").contains("gold 999"))
    }

    @Test("arrays are written whole or not at all")
    func arrays() throws {
      let game = try Game()
      game.check(
        """
        game:write_array(scratch, "u16be", {1, 2, 65535})
        equal(game:read(scratch, 6), "\\0\\1\\0\\2\\xff\\xff")
        equal(game:read_array(scratch, "u16be", 3), {1, 2, 65535})
        equal(game:read_array(scratch, "u16", 0), {})
        fails("ERANGE", game.write_array, game, scratch, "u16", {7, 65536})
        equal(game:read(scratch, 2), "\\0\\1")
        refused("entry 2 is a string, not a number", game.write_array, game, scratch, "u8",
          {1, "x"})
        refused("count must be at least 0", game.read_array, game, scratch, "u8", -1)
        refused("unknown type 'i33' (did you mean 'i32'?)", game.read_array, game, scratch, "i33",
          1)
        """)
    }
  }
}
