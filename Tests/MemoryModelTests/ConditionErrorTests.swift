import MemoryModel
import Testing

@Suite("Conditions that cannot be asked")
struct ConditionErrorTests {
  private func message(_ condition: ValueCondition, _ name: String) -> String {
    do throws(ConditionError) {
      guard let format = ScalarFormat(name: name) else { return "no such type" }
      _ = try condition.intervals(for: format, pointerWidth: .eight)
      return ""
    } catch {
      return error.description
    }
  }

  @Test(
    "name the value, the type and its limits",
    arguments: [
      (.equal(.integer(300)), "u8", "300 does not fit u8 (0 to 255)"),
      (.less(.integer(-1)), "u32", "-1 does not fit u32 (0 to 4294967295)"),
      (.oneOf([.integer(1), .integer(200)]), "i8", "200 does not fit i8 (-128 to 127)"),
      (
        .equal(.real(3.5)), "i16",
        "3.5 is not a whole number, and i16 takes -32768 to 32767"
      ),
      (.equal(.real(.infinity)), "u8", "inf is not a whole number, and u8 takes 0 to 255"),
      (.equal(.real(1e300)), "f32", "1e+300 does not fit f32 (up to 3.4028235e+38)"),
      (.between(.real(0), .real(1e39)), "f32", "1e+39 does not fit f32 (up to 3.4028235e+38)"),
      (
        .between(.integer(9), .integer(1)), "i32",
        "the first bound 9 is above the second 1; write 1, 9"
      ),
      (
        .equal(.real(.nan)), "f64",
        "NaN is equal to nothing and has no order; to find one, scan for its bit pattern as u32 or"
          + " u64"
      ),
      (.oneOf([]), "u8", "a list of values needs at least one"),
      (.less(.boolean(true)), "bool", "true and false have no order; scan u8 instead of bool"),
      (.equal(.integer(1)), "bool", "1 is not a boolean, and bool takes true or false"),
      (.equal(.boolean(true)), "u8", "true is not a number, and u8 takes 0 to 255"),
      (.equal(.integer(.min)), "ptr", ""),
      (
        .equal(.real(1e19)), "i64",
        "1e+19 does not fit i64 (-9223372036854775808 to 9223372036854775807)"
      ),
    ] as [(ValueCondition.Comparison, String, String)])
  func comparisons(_ comparison: ValueCondition.Comparison, _ name: String, _ text: String) {
    #expect(message(ValueCondition(comparison), name) == text)
  }

  @Test("say what does not suit the type or the rest of the condition")
  func disguises() {
    let one = ValueCondition.Comparison.equal(.integer(1))
    func text(
      _ name: String, _ comparison: ValueCondition.Comparison = one,
      _ match: RealMatch = .exact, mask: UInt64? = nil, stored encoding: StoredEncoding = .none
    ) -> String {
      message(
        ValueCondition(comparison, realMatch: match, bitMask: mask, encoding: encoding), name)
    }
    #expect(text("u8", mask: 0) == "a bit mask of 0 keeps nothing; set the bits to compare")
    #expect(text("u8", mask: 0x1FF) == "the bit mask 0x1ff has more bits than u8")
    #expect(text("f32", mask: 1) == "a bit mask needs an integer type; scan f32 as u32")
    #expect(text("u8", mask: 6).hasPrefix("1 has bits outside the mask 0x6"))
    #expect(
      text("u8", mask: 1, stored: StoredEncoding(add: 1)).hasPrefix("a bit mask cannot be combined")
    )
    #expect(
      text("u8", stored: StoredEncoding(xor: 256)) == "the xor key 0x100 has more bits than u8")
    #expect(text("u8", stored: StoredEncoding(scale: 0)) == "a scale is finite and not 0, got 0.0")
    #expect(
      text("u8", stored: StoredEncoding(scale: .nan)) == "a scale is finite and not 0, got nan")
    #expect(
      text("u8", stored: StoredEncoding(scale: 300))
        == "1 does not fit u8 (0 to 255) once multiplied by the scale 300.0")
    #expect(text("f64", one, .rounded(digits: 401)) == "digits go from -400 to 400, got 401")
    #expect(text("f64", one, .tolerance(-1)) == "a tolerance is finite and at least 0, got -1.0")
    #expect(
      text("bool", .equal(.boolean(true)), stored: StoredEncoding(add: 1)).contains("scan u8"))
  }

  @Test("no number traps")
  func hostile() {
    let numbers: [ScalarValue] =
      [.integer(.min), .integer(.max), .integer(0), .unsigned(.max), .boolean(true)]
      + [0, -0.0, .nan, .infinity, -.infinity, 0x1p-1074, 1e308, -1e308, 0.1].map { .real($0) }
    let digits = [Int.min, -400, -1, 0, 400, .max]
    let matches: [RealMatch] =
      [.exact] + digits.map { .rounded(digits: $0) } + digits.map { .truncated(digits: $0) }
      + [0, -1, .nan, .infinity, 1e308, 0x1p-1074].map { .tolerance($0) }
    let encodings =
      [StoredEncoding(xor: .max, add: .min, rotate: .min), StoredEncoding(add: .max, rotate: .max)]
      + [0, .nan, 1e308, 0x1p-1074, -1].map { StoredEncoding(add: .min, scale: $0) }
      + [StoredEncoding()]
    var count = 0
    for format in ScalarType.allCases.map({ ScalarFormat($0) }) {
      for value in numbers {
        for match in matches {
          for encoding in encodings {
            for comparison: ValueCondition.Comparison in [
              .equal(value), .notEqual(value), .less(value), .between(value, .real(1e300)),
            ] {
              let condition = ValueCondition(comparison, realMatch: match, encoding: encoding)
              let found = try? condition.intervals(for: format, pointerWidth: .four)
              count += found?.matches(0) == true ? 1 : 0
            }
            _ = try? encoding.encode(value, as: format, pointerWidth: .four)
            _ = encoding.decode(.max, as: format, pointerWidth: .four)
          }
        }
      }
    }
    #expect(count > 0)
  }
}
