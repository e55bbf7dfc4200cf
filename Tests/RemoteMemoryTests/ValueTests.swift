import MemoryModel
import RemoteMemory
import Testing

/// Typed values, text, structs and chains of the bundled target.
@Suite struct ValueTests {
  @Test(
    "values of every kind",
    arguments: [
      ("health", "i32", ScalarValue.integer(100)), ("gold", "i32", .integer(250)),
      ("deaths", "u32", .integer(0)),
      ("speed", "f32", .real(1.5)), ("experience", "i64", .integer(-5_000_000_000)),
      ("playtime", "f64", .real(0.25)),
      ("mana", "i16", .integer(-7)), ("level", "u8", .integer(9)),
      ("alive", "bool", .boolean(true)),
      ("luck_be", "u32be", .integer(0x0102_0304)), ("luck_be", "u32le", .integer(0x0403_0201)),
      ("ticks", "u64", .unsigned(0)),
    ])
  func scalars(_ key: String, _ type: String, _ value: ScalarValue) throws {
    let target = try Target()
    let process = try target.attach()
    #expect(try process.readScalar(#require(ScalarFormat(name: type)), at: target(key)) == value)
  }

  @Test("every format writes and reads back", arguments: ScalarFormat.all)
  func roundTrip(_ format: ScalarFormat) throws {
    let target = try Target()
    let process = try target.attach()
    let value: ScalarValue =
      switch format.type {
      case .bool: .boolean(true)
      case .f32, .f64: .real(-2.5)
      case .u64, .ptr: .unsigned(0x8877_6655_4433_2211)
      default: .integer(100)
      }
    let place = target("scratch").offset(by: 3)
    try process.writeScalar(value, as: format, at: place)
    #expect(try process.readScalar(format, at: place) == value)
    let width = format.byteCount(pointerWidth: .eight)
    #expect(try process.readBytes(at: target("scratch"), count: 3) == pattern(0..<3))
    #expect(
      try process.readBytes(at: place.offset(by: Int64(width)), count: 4)
        == pattern((3 + width)..<(7 + width)))
  }

  @Test("a change is seen by the target")
  func seen() throws {
    let target = try Target()
    let process = try target.attach()
    try process.writeScalar(.integer(4321), as: ScalarFormat(.i32), at: target("gold"))
    #expect(try target.ask("state").contains("gold 4321"))
    try process.writeArray(
      [.real(4), .real(5), .real(6.5)], as: ScalarFormat(.f32), at: target("pos"))
    #expect(try target.ask("state").contains("pos 4.0 5.0 6.5"))
  }

  @Test("arrays come in one transfer")
  func arrays() throws {
    let target = try Target()
    let process = try target.attach()
    let array = try process.readArray(ScalarFormat(.f32), at: target("pos"), count: 3)
    #expect(Array(array) == [.real(1), .real(2), .real(3)])
    #expect(try process.readArray(ScalarFormat(.u64), at: .zero, count: 0).isEmpty)
    let calls = process.statistics.systemCalls
    #expect(
      try process.readArray(ScalarFormat(.u16), at: target("scratch"), count: 4000).count == 4000)
    #expect(process.statistics.systemCalls - calls <= 4)
  }

  @Test(
    "text in its encodings",
    arguments: [("name_utf8", TextEncoding.utf8, 13), ("name_utf16", .utf16le, 24)])
  func text(_ key: String, _ encoding: TextEncoding, _ byteCount: Int) throws {
    let target = try Target()
    let process = try target.attach()
    let text = try process.readString(at: target(key), encoding: encoding)
    #expect(String(decoding: text.text, as: UTF8.self) == "Zoë Starfall")
    #expect(text.isTerminated)
    #expect(text.byteCount == byteCount)
    #expect(
      try process.readString(at: target(key), maximumBytes: 4, encoding: encoding).isTerminated
        == false)
    let count = try process.writeString(Array("Ann".utf8), at: target(key), encoding: encoding)
    #expect(count == 4 * encoding.unitBytes)
    #expect(try target.ask("names").contains("Ann"))
  }

  @Test("text at the edge of a mapping")
  func edge() throws {
    let target = try Target("string-at-edge")
    let process = try target.attach()
    let done = try process.readString(at: target("edge_terminated"))
    #expect(String(decoding: done.text, as: UTF8.self) == "edge of the map")
    #expect(done.isTerminated)
    let open = try process.readString(at: target("edge_unterminated"))
    #expect(String(decoding: open.text, as: UTF8.self) == "no end in sight!")
    #expect(!open.isTerminated)
    let wide = try process.readString(at: target("edge_utf16"), encoding: .utf16le)
    #expect(String(decoding: wide.text, as: UTF8.self) == "end")
    #expect(!wide.isTerminated)
    let straddling = try process.readString(at: target("edge_straddle"))
    #expect(straddling.text.count == 40)
    let odd = try process.readString(at: target("edge_odd"), encoding: .utf16le)
    #expect(odd.byteCount == 2)
    #expect(
      failure { try process.readString(at: target("edge_odd").offset(by: 2), encoding: .utf16le) }?
        .code == "EFAULT")
    #expect(
      failure { try process.readString(at: target("edge_unterminated").offset(by: 16)) }?.code
        == "EFAULT")
    let item = ScatterItem(address: target("edge_terminated"), element: .text(.utf8, byteCount: 64))
    guard
      case .text(let found) = try ScatterPlan([item], for: process).read(from: process).outcome(
        at: 0)
    else {
      Issue.record("no text")
      return
    }
    #expect(found == done)
  }

  @Test("units that straddle pages are put together", arguments: [TextEncoding.utf16le, .utf32be])
  func straddling(_ encoding: TextEncoding) throws {
    let target = try Target()
    let process = try target.attach()
    let text = Array("grüße".utf8)
    let length = try encoding.encode(text).count
    for shift in 0..<(length + 4) {
      let place = target("scratch").alignedDown(to: 4096).offset(by: Int64(8192 - shift))
      try process.writeString(text, at: place, encoding: encoding)
      let found = try process.readString(at: place, encoding: encoding)
      #expect(found == RemoteString(text: text, isTerminated: true, byteCount: length), "\(shift)")
    }
  }

  @Test("packed values")
  func packed() throws {
    let target = try Target()
    let process = try target.attach()
    let format = try PackFormat(parsing: "<i4 i4 i4 I4 f")
    let (values, count) = try process.unpack(format, at: target("health"))
    #expect(values == [.integer(100), .integer(250), .integer(12), .integer(0), .real(1)])
    #expect(count == 20)
    let text = try PackFormat(parsing: "z I2 s1")
    let place = target("scratch").alignedDown(to: 4096).offset(by: 4096 - 5)
    let written: [PackedValue] = [
      .bytes(Array("across the page".utf8)), .integer(77), .bytes([1, 2, 3]),
    ]
    let size = try process.pack(written, as: text, at: place)
    let read = try process.unpack(text, at: place)
    #expect(read.values == written)
    #expect(read.byteCount == size)
    #expect(failure { try process.unpack(text, at: Address(16)) }?.code == "EFAULT")
    #expect(failure { try process.pack([.integer(1)], as: text, at: place) }?.code == "EINVAL")
  }

  @Test("structs with arrays, text and pointers")
  func structs() throws {
    let target = try Target()
    let process = try target.attach()
    let layout = try StructLayout(
      fields: [
        .init(key: .name("id"), offset: 0, element: .scalar(ScalarFormat(.u32))),
        .init(key: .name("hp"), offset: 4, element: .scalar(ScalarFormat(.i32))),
        .init(key: .name("pos"), offset: 8, element: .scalar(ScalarFormat(.f32)), count: 3),
        .init(key: .name("target"), offset: 0x18, element: .scalar(ScalarFormat(.ptr))),
        .init(key: .name("name"), offset: 0x20, element: .text(.utf8, byteCount: 16)),
        .init(key: .name("bounty"), offset: 0x38, element: .scalar(ScalarFormat(.i64))),
      ], byteCount: 0x40)
    let all = try process.readStructs(layout, at: target("entities"), count: 24)
    #expect(all.count == 24)
    #expect(all[5]["hp"] == .scalar(.integer(150)))
    #expect(all[5]["name"] == .bytes(Array("imp-5".utf8)))
    #expect(all[6]["target"] == .scalar(.unsigned(target("player").rawValue)))
    #expect(all[7]["pos"] == .list([.scalar(.real(7)), .scalar(.real(0)), .scalar(.real(14))]))
    let third = target("entities").offset(by: 3 * 0x40)
    #expect(try process.readStruct(layout, at: third) == all[3])
    let change = StructValue.record([
      .init(key: .name("hp"), value: .scalar(.integer(-5))),
      .init(key: .name("bounty"), value: .scalar(.integer(1))),
    ])
    try process.writeStruct(change, as: layout, at: third)
    #expect(try target.ask("entity 3").contains("hp -5"))
    #expect(try process.readStruct(layout, at: third)["name"] == .bytes(Array("imp-3".utf8)))
    let wrong = StructValue.record([.init(key: .name("hp"), value: .scalar(.integer(1 << 40)))])
    #expect(failure { try process.writeStruct(wrong, as: layout, at: third) }?.code == "EINVAL")
  }

  @Test("a struct whose later part cannot be written keeps its earlier part")
  func structRollback() throws {
    let target = try Target("writable-then-read-only")
    let process = try target.attach()
    let layout = try StructLayout(fields: [
      .init(key: .name("a"), offset: 0, element: .scalar(ScalarFormat(.u32))),
      .init(key: .name("b"), offset: 64, element: .scalar(ScalarFormat(.u32))),
    ])
    let place = target("edge_ro_boundary").offset(by: -32)
    let before = try process.readBytes(at: place, count: 128)
    let value = StructValue.record([
      .init(key: .name("a"), value: .scalar(.integer(1))),
      .init(key: .name("b"), value: .scalar(.integer(2))),
    ])
    let error = failure { try process.writeStruct(value, as: layout, at: place) }
    #expect(error?.code == "EFAULT")
    #expect(error?.message.contains("put back") == true)
    #expect(try process.readBytes(at: place, count: 128) == before)
  }

  @Test("chains end where they should, and break with a reason")
  func chains() throws {
    let target = try Target("deep-chain=50", "broken-chain")
    let process = try target.attach()
    let gold = PointerChain(base: target("root"), offsets: [0x10, 0x8, 4])
    let deep = PointerChain(
      base: target("deep_root"), offsets: Array(repeating: 0x18, count: 49) + [0x20])
    let broken = PointerChain(base: target("broken_root"), offsets: [0x10, 0x20, 0x30])
    #expect(try process.resolve(gold) == target("gold"))
    #expect(try process.resolve(PointerChain(base: Address(5), offsets: [])) == Address(5))
    let before = process.statistics.systemCalls
    let outcomes = try process.resolveAll([gold, deep, broken] + Array(repeating: deep, count: 61))
    #expect(process.statistics.systemCalls - before < 50 * 6)
    #expect(outcomes[0].address == target("gold"))
    let end = try #require(outcomes[1].address)
    #expect(end == target("deep_end"))
    #expect(try process.readScalar(ScalarFormat(.i32), at: end) == .integer(4242))
    guard case .broken(let place) = outcomes[2] else {
      Issue.record("the broken chain held")
      return
    }
    #expect(place.hop == 3)
    #expect(place.pointer == Address(0x10))
    #expect(place.address == Address(0x30))
    #expect(place.error.message.contains("reading pointer 3 of 3") == true)
    #expect(outcomes[3...].allSatisfy { $0.address == end })
  }

  @Test("scatter reads and writes values of every kind")
  func scatter() throws {
    let target = try Target("read-only")
    let process = try target.attach()
    let items = [
      ScatterItem(address: target("health"), element: .scalar(ScalarFormat(.i32))),
      ScatterItem(address: target("pos"), element: .array(ScalarFormat(.f32), count: 3)),
      ScatterItem(address: target("name_utf16"), element: .text(.utf16le, byteCount: 64)),
      ScatterItem(address: Address(64), element: .scalar(ScalarFormat(.u8))),
      ScatterItem(address: target("read_only"), element: .bytes(count: 2)),
      ScatterItem(address: target("scratch"), element: .bytes(count: 0)),
    ]
    let plan = try ScatterPlan(items, for: process)
    let outcomes = try plan.write(
      [
        (0, .scalar(.integer(77))), (1, .array([.real(9)])), (2, .text(Array("Bob".utf8))),
        (3, .scalar(.integer(1))),
        (4, .bytes([1])), (0, .scalar(.integer(1 << 40))), (1, .bytes([1])), (9, .bytes([])),
      ], to: process)
    #expect(
      outcomes.map { $0?.code } == [
        nil, nil, nil, "EFAULT", "EFAULT", "ERANGE", "EINVAL", "EINVAL",
      ])
    let result = try plan.read(from: process)
    #expect(!result.isComplete)
    #expect(result.scalar(at: 0) == .integer(77))
    guard case .array(let position) = result.outcome(at: 1),
      case .text(let name) = result.outcome(at: 2),
      case .failure(let error) = result.outcome(at: 3),
      case .bytes(let bytes) = result.outcome(at: 4),
      case .bytes(let nothing) = result.outcome(at: 5)
    else {
      Issue.record("an outcome of another kind")
      return
    }
    #expect(Array(position) == [.real(9), .real(2), .real(3)])
    #expect(String(decoding: name.text, as: UTF8.self) == "Bob")
    #expect(error.address == Address(64))
    #expect(bytes == pattern(0..<2))
    #expect(nothing.isEmpty)
  }

  @Test("copy, fill and compare")
  func blocks() throws {
    let target = try Target("holes")
    let process = try target.attach()
    let place = target("scratch")
    try process.copy(from: place, to: place.offset(by: 10), count: 5000)
    #expect(try process.readBytes(at: place.offset(by: 10), count: 5000) == pattern(0..<5000))
    #expect(try process.compare(place.offset(by: 10), with: pattern(0..<5000)) == nil)
    try process.fill(at: place, count: 7, with: [1, 2, 3])
    #expect(try process.readBytes(at: place, count: 7) == [1, 2, 3, 1, 2, 3, 1])
    #expect(try process.compare(place, with: [1, 2, 3, 9]) == 3)
    #expect(try process.compare(place, with: place, count: 9000) == nil)
    #expect(try process.compare(place, with: place.offset(by: 3), count: 7) == 4)
    let hole = failure {
      try process.compare(target("holes"), with: target("holes"), count: 8 * 4096)
    }
    #expect(hole?.code == "EFAULT")
    #expect(hole?.operation == .compare)
    #expect(failure { try process.fill(at: place, count: 4, with: []) }?.code == "EINVAL")
    let dump = try process.hexdump(at: target("holes_gap").offset(by: -8), count: 24).description
    #expect(dump.contains("?? ?? ??"))
  }
}
