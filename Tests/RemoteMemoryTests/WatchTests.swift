import MemoryModel
import Testing

@testable import RemoteMemory

/// Watches over memory that the test changes between two updates.
@Suite("watches") struct WatchTests {
  private static let format = ScalarFormat(.i32)

  private func places(_ source: BufferSource, _ addresses: [UInt64]) -> [WatchPlace] {
    addresses.map { WatchPlace(in: source, at: .address(Address($0)), .scalar(Self.format)) }
  }

  private func value(_ outcome: ScatterOutcome) -> Int64? {
    if case .scalar(.integer(let value)) = outcome { value } else { nil }
  }

  @Test("agrees with reading each place by itself, over random changes")
  func oracle() throws {
    var random = Xorshift(7)
    let source = BufferSource([
      (start: 0x1000, bytes: [UInt8](repeating: 0, count: 4096)),
      (start: 0x9000, bytes: [UInt8](repeating: 0, count: 512)),
    ])
    let addresses = (0..<64).map { _ in
      random.next() % 4 == 0 ? 0x9000 + random.next() % 600 : 0x1000 + random.next() % 4200
    }
    let watch = try Watch(places(source, addresses))
    func read() -> [Int64?] {
      addresses.map { address in
        source.bytes(at: address, 4).map { bytes in
          Int64(Int32(truncatingIfNeeded: bytes.reversed().reduce(0) { $0 << 8 | Int($1) }))
        }
      }
    }
    var before = read()
    for round in 0..<200 {
      for _ in 0..<(random.next() % 6) {
        source.stretches[0].bytes[Int(random.next() % 4096)] = UInt8(
          truncatingIfNeeded: random.next())
      }
      if random.next() % 3 == 0 {
        source.holes = [
          AddressRange(start: Address(0x1000 + random.next() % 4096), count: random.next() % 64)
        ]
      }
      let isChanged = try watch.update()
      let now = read()
      let expected = now.indices.filter { now[$0] != before[$0] }
      #expect(isChanged == !expected.isEmpty, "round \(round)")
      #expect(watch.changes == expected, "round \(round)")
      for index in now.indices {
        #expect(value(watch.new(at: index)) == now[index])
        #expect(value(watch.old(at: index)) == before[index])
      }
      before = now
    }
  }

  @Test("two sources, one of which fails for a while")
  func failing() throws {
    let one = BufferSource([(start: 0x1000, bytes: [1, 0, 0, 0])])
    let two = BufferSource([(start: 0x1000, bytes: [2, 0, 0, 0])])
    let watch = try Watch(places(one, [0x1000]) + places(two, [0x1000]))
    two.onGather = { (_) throws(RemoteMemoryError) in throw RemoteMemoryError(.read, .closed) }
    #expect(try watch.update())
    #expect(watch.changes == [1])
    #expect(watch.lost.map(\.error.code) == ["ECLOSED"])
    #expect(value(watch.old(at: 1)) == 2)
    #expect(value(watch.new(at: 1)) == nil)
    one.stretches[0].bytes[0] = 9
    #expect(try watch.update())
    #expect(watch.changes == [0])
    two.onGather = nil
    #expect(try watch.update())
    #expect(watch.changes == [1])
    #expect(watch.lost.isEmpty)
    one.onGather = { (_) throws(RemoteMemoryError) in throw RemoteMemoryError(.read, .closed) }
    two.onGather = one.onGather
    #expect(throws: RemoteMemoryError.self) { try watch.update() }
    #expect(watch.changes == [0, 1])
    #expect(throws: RemoteMemoryError.self) { try watch.update() }
    #expect(!watch.hasChanged)
  }

  @Test(
    "values in order",
    arguments: [
      (ScalarValue.integer(-1), ScalarValue.integer(1), true, 2.0),
      (.unsigned(1), .unsigned(.max), true, 0x1p64),
      (.unsigned(.max), .unsigned(.max - 1), false, -1),
      (.integer(.min), .integer(.max), true, 0x1p64), (.real(1), .real(1.5), true, 0.5),
      (.boolean(false), .boolean(true), true, 1), (.real(.nan), .real(1), false, .nan),
    ])
  func order(_ old: ScalarValue, _ new: ScalarValue, _ isLess: Bool, _ distance: Double) {
    #expect(old.isLess(than: new) == isLess)
    #expect(!new.isLess(than: old) || !isLess)
    let found = new.distance(from: old)
    #expect(found == distance || found.isNaN && distance.isNaN)
  }
}
