import MemoryModel
import Testing

@Suite("Groups of types")
struct TypeGroupTests {
  private func types(
    _ comparison: ValueCondition.Comparison, _ group: TypeGroup = .any, _ match: RealMatch = .exact
  ) throws -> String {
    try ValueCondition(comparison, realMatch: match)
      .intervals(for: group, pointerWidth: .eight).map(\.format.name).joined(separator: " ")
  }

  @Test("take the types that can hold what is asked for")
  func choices() throws {
    #expect(try types(.equal(.integer(100))) == "i8 i16 i32 i64 f32 f64")
    #expect(try types(.equal(.integer(200)), .int) == "u8 i16 i32 i64")
    #expect(try types(.equal(.integer(-1)), .int) == "i8 i16 i32 i64")
    #expect(try types(.equal(.integer(40_000)), .int) == "u16 i32 i64")
    #expect(try types(.equal(.integer(3_000_000_000)), .int) == "u32 i64")
    #expect(try types(.equal(.unsigned(.max)), .int) == "u64")
    #expect(try types(.between(.integer(-1), .integer(200)), .int) == "i16 i32 i64")
    #expect(try types(.equal(.real(3.5))) == "f32 f64")
    #expect(try types(.equal(.real(3))) == "i8 i16 i32 i64 f32 f64")
    #expect(try types(.equal(.real(3.14)), .any, .rounded(digits: 2)) == "f32 f64")
    #expect(try types(.equal(.real(1e300))) == "f64")
    #expect(try types(.unknown, .int) == "i8 i16 i32 i64")
    #expect(try types(.unknown, .float) == "f32 f64")
  }

  @Test("leave out the values of a list that a type cannot hold")
  func lists() throws {
    let condition = ValueCondition(.oneOf([.integer(200), .integer(-1), .real(0.5)]))
    let found = try condition.intervals(for: .any, pointerWidth: .eight, byteOrder: .big)
    #expect(found.map(\.format.name) == ["i8", "i16be", "i32be", "i64be", "f32be", "f64be"])
    #expect(found[0].intervals.matches(0xFF) && !found[0].intervals.matches(200))
    #expect(found[1].intervals.matches(0xFFFF) && found[1].intervals.matches(200))
    #expect(found[4].intervals.matches(UInt64(Float(0.5).bitPattern)))
  }

  @Test("say when no type is left, and what no type could mend")
  func failures() {
    #expect(throws: ConditionError.noType(.int, asked: "= 3.5")) {
      try types(.equal(.real(3.5)), .int)
    }
    #expect(throws: ConditionError.notANumber) { try types(.equal(.real(.nan))) }
    #expect(throws: ConditionError.swappedBounds(.integer(2), .integer(1))) {
      try types(.between(.integer(2), .integer(1)))
    }
    #expect(throws: ConditionError.noValues) { try types(.oneOf([])) }
  }

  @Test("leave reals out where bits are masked")
  func masks() throws {
    let found = try ValueCondition(.equal(.integer(4)), bitMask: 0xC)
      .intervals(for: .any, pointerWidth: .eight)
    #expect(found.map(\.format.name) == ["i8", "i16", "i32", "i64"])
  }
}
