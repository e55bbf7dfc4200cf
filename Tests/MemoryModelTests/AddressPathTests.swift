import MemoryModel
import Testing

@Suite("Address paths")
struct AddressPathTests {
  @Test(
    "knows its hops and levels",
    arguments: [
      ("16", 0, 0), ("[16]", 1, 1), ("[[[game+8]+8]+8]+8", 3, 3), ("[8]+[16]", 2, 1),
      ("[[8]+[[16]]]", 4, 3), ("game+heap", 0, 0),
    ])
  func shape(_ text: String, _ hops: Int, _ depth: Int) throws {
    let path = try AddressPath(parsing: text)
    #expect(path.hopCount == hops)
    #expect(path.depth == depth)
  }

  @Test("takes names and pointers in, level by level")
  func cursor() throws {
    let path = try AddressPath(parsing: "[[game+0x10]+heap]-game+4")
    #expect(path.names == ["game", "heap"])
    var cursor = AddressPath.Cursor(path, names: [0x1000, 0x20])
    #expect(cursor.places(level: 0).map(\.address) == [Address(0x1010)])
    #expect(cursor.pointer(before: 0) == nil)
    cursor.take(0x500, hop: 0)
    #expect(cursor.places(level: 1).map(\.address) == [Address(0x520)])
    #expect(cursor.pointer(before: 1) == Address(0x500))
    cursor.take(0x9000, hop: 1)
    #expect(cursor.end == Address(0x8004))
    #expect(path.text(ofHop: 0) == "[game+0x10]")
    #expect(path.text(ofHop: 1) == "[[game+0x10]+heap]")
  }

  @Test("chains and offsets are paths too")
  func chains() throws {
    let path = AddressPath(base: Address(0x1000), offsets: [8, -16])
    #expect(path.description == "[[0x1000]+0x8]-0x10")
    #expect(path.offset(by: -4).description == "[[0x1000]+0x8]-0x10-0x4")
    #expect(path.offset(by: 0) == path)
    #expect(AddressPath(base: Address(5), offsets: []).description == "0x5")
    #expect(AddressPath(base: Address(5), offsets: [.min]).hopCount == 1)
  }
}
