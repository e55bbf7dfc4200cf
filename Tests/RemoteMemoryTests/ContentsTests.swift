import MemoryModel
import RemoteMemory
import Testing

/// pvm-target's memory to search holds what its help says.
@Suite struct ContentsTests {
  private let i32 = ScalarFormat(.i32)

  @Test(
    "64 needles in a block", arguments: ["contents", "quarter", "dense", "scattered"],
    [[], ["--huge-pages"]])
  func needles(_ layout: String, _ options: [String]) throws {
    let target = try Target("\(layout)=4", options: options)
    let process = try target.attach()
    for number: Int64 in 0..<64 {
      let place = target(layout).offset(by: (number + 1) << 16 - 8 * number)
      #expect(try process.readScalar(i32, at: place) == .integer(1_515_896_030))
      #expect(try process.readScalar(i32, at: place.offset(by: 5)) == .integer(1_014_864_497))
      let code = try process.readBytes(at: place.offset(by: 0x18), count: 8)
      #expect(code.prefix(3) == [0x48, 0x8b, 0x0d] && code.suffix(2) == [0x90, 0xe9])
      let text = try process.readBytes(at: place.offset(by: 0x20), count: 20)
      #expect(text == Array("planted needle text\0".utf8))
      let link = try process.readBytes(at: place.offset(by: 0x68), count: 24)
      #expect(link.starts(with: Array("https://example.org/\(number) ".utf8)))
    }
  }

  @Test("add changes the middle one of so many values")
  func add() throws {
    let target = try Target("packed=1")
    let process = try target.attach()
    #expect(try target.ask("add 3 512") == "added to 512")
    let values = try process.readArray(i32, at: target("packed"), count: 1024)
    let changed = values.enumerated().filter { $0.element != .integer(1_234_567) }
    #expect(changed.map(\.offset) == [255, 767])
    #expect(changed.map(\.element) == [.integer(1_234_570), .integer(1_234_570)])
  }

  @Test("islands lie in memory that nobody touched")
  func islands() throws {
    let target = try Target("islands=1")
    let process = try target.attach()
    let first = target("islands").offset(by: 0x8000)
    #expect(try process.readScalar(i32, at: first) == .integer(1_515_896_030))
    let last = first.offset(by: 63 << 24 - 8 * 63)
    #expect(try process.readScalar(i32, at: last) == .integer(1_515_896_030))
  }
}
