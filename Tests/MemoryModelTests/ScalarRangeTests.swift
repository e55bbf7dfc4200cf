import MemoryModel
import Testing

/// A type with its least and its greatest value.
private struct Limits: Sendable, CustomTestStringConvertible {
  let type: ScalarType
  let least: Int64
  let greatest: Int64

  var testDescription: String { type.rawValue }

  static let all = [
    Limits(type: .u8, least: 0, greatest: 255),
    Limits(type: .i8, least: -128, greatest: 127),
    Limits(type: .u16, least: 0, greatest: 65535),
    Limits(type: .i16, least: -32768, greatest: 32767),
    Limits(type: .u32, least: 0, greatest: 4_294_967_295),
    Limits(type: .i32, least: -2_147_483_648, greatest: 2_147_483_647),
  ]
}

@Suite("Limits of scalar types")
struct ScalarRangeTests {
  private func writes(_ value: ScalarValue, _ type: ScalarType) -> ScalarRangeError.Reason? {
    do {
      let format = ScalarFormat(type)
      let bytes = try format.encode(value, pointerWidth: .eight)
      #expect(bytes.count == format.byteCount(pointerWidth: .eight))
      return nil
    } catch {
      return error.reason
    }
  }

  @Test("takes its limits and nothing beyond", arguments: Limits.all)
  private func limits(_ limits: Limits) throws {
    let format = ScalarFormat(limits.type)
    for value in [limits.least, limits.greatest] {
      let bytes = try format.encode(.integer(value), pointerWidth: .eight)
      #expect(format.decode(bytes, pointerWidth: .eight) == .integer(value))
      #expect(try format.encode(.real(Double(value)), pointerWidth: .eight) == bytes)
    }
    #expect(try format.encode(.unsigned(UInt64(limits.greatest)), pointerWidth: .eight).count > 0)
    #expect(writes(.integer(limits.least - 1), limits.type) == .outOfRange)
    #expect(writes(.integer(limits.greatest + 1), limits.type) == .outOfRange)
    #expect(writes(.real(Double(limits.greatest + 1)), limits.type) == .outOfRange)
    #expect(writes(.unsigned(UInt64(limits.greatest + 1)), limits.type) == .outOfRange)
    #expect(writes(.unsigned(.max), limits.type) == .outOfRange)
    #expect(writes(.integer(.min), limits.type) == .outOfRange)
    #expect(writes(.integer(.max), limits.type) == .outOfRange)
  }

  @Test("64-bit integers take their limits")
  func wide() throws {
    #expect(writes(.integer(.min), .i64) == nil)
    #expect(writes(.integer(.max), .i64) == nil)
    #expect(writes(.unsigned(UInt64(Int64.max)), .i64) == nil)
    #expect(writes(.unsigned(UInt64(Int64.max) + 1), .i64) == .outOfRange)
    #expect(writes(.unsigned(.max), .u64) == nil)
    #expect(writes(.real(-0x1p63), .i64) == nil)
    #expect(writes(.real(0x1p63), .i64) == .outOfRange)
    #expect(writes(.real(0x1p63), .u64) == nil)
    #expect(writes(.real(0x1p64), .u64) == .outOfRange)
    #expect(
      try ScalarFormat(.u64).encode(.integer(-1), pointerWidth: .eight)
        == Array(repeating: 0xFF, count: 8))
    #expect(try ScalarFormat(.ptr).encode(.integer(.min), pointerWidth: .eight).last == 0x80)
  }

  @Test("integers take whole reals only", arguments: ScalarType.allCases.filter(\.isInteger))
  func wholeReals(_ type: ScalarType) {
    #expect(writes(.real(3), type) == nil)
    #expect(writes(.real(-0.0), type) == nil)
    #expect(writes(.real(1.5), type) == .notWhole)
    #expect(writes(.real(.nan), type) == .notWhole)
    #expect(writes(.real(.infinity), type) == .notWhole)
    #expect(writes(.real(1e300), type) == .outOfRange)
    #expect(writes(.boolean(true), type) == .wrongKind)
  }

  @Test("reals take any number")
  func reals() throws {
    for value in [
      ScalarValue.integer(.min), .integer(.max), .unsigned(.max), .real(.nan), .real(1e300),
    ] {
      #expect(writes(value, .f32) == nil)
      #expect(writes(value, .f64) == nil)
    }
    let large = try ScalarFormat(.f32).encode(.real(1e300), pointerWidth: .eight)
    #expect(ScalarFormat(.f32).decode(large, pointerWidth: .eight) == .real(.infinity))
    #expect(writes(.boolean(false), .f32) == .wrongKind)
    #expect(writes(.boolean(false), .f64) == .wrongKind)
  }

  @Test("a single is rounded once")
  func rounding() throws {
    let tie: Int64 = 0x1000_0010_0000_0001
    let bytes = try ScalarFormat(.f32).encode(.integer(tie), pointerWidth: .eight)
    #expect(ScalarFormat(.f32).decode(bytes, pointerWidth: .eight) == .real(Double(Float(tie))))
  }

  @Test(
    "truth values take nothing else",
    arguments: [.integer(1), .unsigned(0), .real(1)] as [ScalarValue])
  func booleans(_ value: ScalarValue) { #expect(writes(value, .bool) == .wrongKind) }

  @Test(
    "says the value, the type and its limits",
    arguments: [
      ("u8", .integer(300), "300 does not fit u8 (0 to 255)"),
      ("i8", .integer(128), "128 does not fit i8 (-128 to 127)"),
      ("u16be", .integer(-1), "-1 does not fit u16be (0 to 65535)"),
      ("i32", .unsigned(.max), "18446744073709551615 does not fit i32 (-2147483648 to 2147483647)"),
      ("u32", .real(1.5), "1.5 is not a whole number, and u32 takes 0 to 4294967295"),
      (
        "i64", .real(0x1p63),
        "9.223372036854776e+18 does not fit i64 (-9223372036854775808 to 9223372036854775807)"
      ),
      ("u64", .boolean(true), "true is not a number, and u64 takes 0 to 18446744073709551615"),
      ("f32", .boolean(false), "false is not a number, and f32 takes any number"),
      ("bool", .integer(1), "1 is not a boolean, and bool takes true or false"),
    ] as [(String, ScalarValue, String)])
  func messages(_ name: String, _ value: ScalarValue, _ message: String) throws {
    let format = try #require(ScalarFormat(name: name))
    #expect {
      try format.encode(value, pointerWidth: .eight)
    } throws: {
      ($0 as? ScalarRangeError)?.description == message
    }
  }
}
