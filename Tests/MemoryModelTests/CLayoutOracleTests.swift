import Foundation
import MemoryModel
import Testing

@Suite("C layouts, beside gcc's own")
struct CLayoutOracleTests {
  /// Whether gcc can be asked with an option.
  static func canCompile(_ option: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc"),
      let oracle = try? LayoutOracle("typedef struct { int a; } Ts;\n", [("s", [])], option: option)
    else { return false }
    return oracle.sizes["s"] == 4
  }

  @Test(
    "sizes, offsets and bits are gcc's", arguments: [("-m64", PointerWidth.eight), ("-m32", .four)])
  func agrees(_ option: String, _ width: PointerWidth) throws {
    guard Self.canCompile(option) else {
      try Test.cancel("gcc \(option) compiles nothing here")
    }
    var maker = StructMaker(seed: 7)
    for _ in 0..<400 { maker.make() }
    let text = Self.finished(maker.text)
    let names = maker.structs.map {
      "typedef \(Self.word($0.name, text)) \($0.name) T\($0.name);\n"
    }
    let oracle = try LayoutOracle(text + names.joined(), maker.structs, option: option)
    try #require(oracle.complaint == "", "gcc takes it")
    var declarations = CDeclarations()
    let outcome = try declarations.parse(text)
    let types = Dictionary(outcome.types.map { ($0.name, $0.type) }) { first, _ in first }
    for made in maker.structs {
      let layout = try #require(types[made.name]?.layout(pointerWidth: width))
      #expect(layout.byteCount(pointerWidth: width) == oracle.sizes[made.name], "\(made.name)")
      for member in made.members {
        let name = "\(made.name).\(member.path)"
        let (offset, element) = try #require(Self.find(member.path, in: layout, width), "\(name)")
        if member.isBits {
          #expect(
            try Self.image(offset, element, layout, width) == oracle.bytes[name] ?? [], "\(name)")
        } else {
          #expect(offset == oracle.offsets[name], "\(name)")
        }
      }
    }
  }

  /// Puts `struct` or `union` before the names of structs used as members.
  private static func finished(_ text: String) -> String {
    var text = text
    while let found = text.firstRange(of: "struct_or_union(") {
      let end = text[found.upperBound...].firstIndex(of: ")")!
      let name = String(text[found.upperBound..<end])
      text.replaceSubrange(found.lowerBound...end, with: "\(word(name, text)) \(name)")
    }
    return text
  }

  private static func word(_ name: String, _ text: String) -> String {
    text.contains("union \(name) {") ? "union" : "struct"
  }

  private static func find(
    _ path: String, in layout: StructLayout, _ width: PointerWidth
  ) -> (offset: Int, element: StructLayout.Element)? {
    var layout = layout
    var start = 0
    let parts = path.split(separator: ".").map(String.init)
    for (position, part) in parts.enumerated() {
      guard let (offset, element) = layout.place(of: .name(part), pointerWidth: width) else {
        return nil
      }
      start += offset
      if position == parts.count - 1 { return (start, element) }
      guard case .nested(let inner) = element else { return nil }
      layout = inner
    }
    return nil
  }

  /// The bytes of a struct in which only one field is set, to all ones.
  private static func image(
    _ offset: Int, _ element: StructLayout.Element, _ layout: StructLayout, _ width: PointerWidth
  ) throws -> [UInt8] {
    guard case .bits(let bits) = element else { return [] }
    var bytes = [UInt8](repeating: 0, count: layout.byteCount(pointerWidth: width))
    let value: ScalarValue
    switch bits.format.type {
    case .bool: value = .boolean(true)
    case .i8, .i16, .i32, .i64: value = .integer(-1)
    case .u64: value = .unsigned(.max >> UInt64(64 - bits.count))
    default: value = .integer(Int64(UInt64.max >> UInt64(64 - bits.count)))
    }
    for piece in try element.encode(.scalar(value), pointerWidth: width) {
      let range = (offset + piece.offset)..<(offset + piece.offset + piece.bytes.count)
      bytes.replaceSubrange(range, with: piece.bytes(over: Array(bytes[range])))
      let decoded = bytes[range].withUnsafeBytes { element.decode($0, pointerWidth: width) }
      #expect(decoded == .scalar(value))
    }
    return bytes
  }
}
