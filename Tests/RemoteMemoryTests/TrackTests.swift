import MemoryModel
import Testing

@testable import RemoteMemory

/// Tracking of memory that the test changes after each sample.
@Suite("tracking") struct TrackTests {
  private static func scope(_ start: UInt64, _ count: UInt64) -> ScanScope {
    ScanScope(filter: RegionFilter(range: AddressRange(start: Address(start), count: count)))
  }

  /// So many samples, between which `change` is called with the number of the next one, from 1.
  private static func options(
    _ samples: Int, alignment: Int? = nil, cells: Int = 1000, _ change: @escaping (Int) -> Void
  ) -> TrackOptions {
    TrackOptions(seconds: 1000, interval: 0, cellLimit: cells, alignment: alignment) { progress in
      if progress.samples < samples { change(progress.samples) }
      return progress.samples < samples
    }
  }

  @Test(
    "behaviours by their values",
    arguments: [
      ([0, 1, 2, 3], CellBehaviour.counter), ([10, 20, 31, 40, 40, 50], .counter),
      ([9, 6, 3, 0], .counter), ([1, 2, 3], .rising), ([1, 2, 30, 31], .rising),
      ([90, 50, 49], .falling), ([0, 0, 5], .once), ([5, 0, 0], .once),
      ([0, 1, 0, 1], .toggling), ([7, 9, 9, 7], .toggling), ([0, 1, 0, 2], .noisy),
      ([0, 2, 1], .noisy), ([-1, 0, 1, 2], .counter),
    ])
  func behaviours(_ values: [Int], _ expected: CellBehaviour) throws {
    let source = BufferSource([(start: 0x1000, bytes: [UInt8](repeating: 0, count: 8))])
    func put(_ sample: Int) {
      source.stretches[0].bytes[5] = UInt8(bitPattern: Int8(values[sample]))
    }
    put(0)
    let track = try source.track(
      ScalarFormat(.i8), in: Self.scope(0x1000, 8), Self.options(values.count, put))
    #expect(track.cells.map(\.behaviour) == [expected])
    #expect(track.counts.map(\.behaviour) == [expected])
    let cell = try #require(track.cells.first)
    #expect(cell.address == Address(0x1005))
    #expect(cell.first == .integer(Int64(values[0])))
    #expect(cell.last == .integer(Int64(values[values.count - 1])))
    #expect(cell.low == .integer(Int64(values.min() ?? 0)))
    #expect(cell.high == .integer(Int64(values.max() ?? 0)))
    #expect(cell.points.map { Int($0) } == values.map { $0 - values[0] })
    #expect(track.outcome.samples == values.count)
    #expect(track.outcome.candidates == 8)
  }

  /// What became of a candidate, counted the plain way.
  private struct Model: Equatable {
    var address: UInt64
    var changes = 0
    var rises = 0
    var falls = 0
    var first: ScalarValue
    var last: ScalarValue
  }

  @Test(
    "agrees with looking at every candidate, over random changes",
    arguments: [ScalarType.u8, .i16, .u32, .f32, .i64, .f64, .bool], [1, 2, 8])
  func oracle(_ type: ScalarType, _ alignment: Int) throws {
    var random = Xorshift(UInt64(alignment) + UInt64(type.rawValue.utf8.first ?? 0))
    let format = ScalarFormat(type)
    let width = format.byteCount(pointerWidth: .eight)
    let start: UInt64 = 0x1003
    let source = BufferSource([
      (start: start, bytes: (0..<500).map { UInt8(truncatingIfNeeded: $0 * 7) })
    ])
    let candidates = (start...(start + 500 - UInt64(width))).filter { $0 % UInt64(alignment) == 0 }
    func read() -> [ScalarValue] {
      candidates.map { address in
        format.decode(source.bytes(at: address, width) ?? [], pointerWidth: .eight) ?? .integer(0)
      }
    }
    var before = read()
    var models = zip(candidates, before).map { Model(address: $0, first: $1, last: $1) }
    let options = Self.options(12, alignment: alignment) { _ in
      for _ in 0..<(random.next() % 30) {
        source.stretches[0].bytes[Int(random.next() % 500)] = UInt8(
          truncatingIfNeeded: random.next())
      }
      let now = read()
      for index in now.indices where !now[index].isSame(as: before[index]) {
        models[index].changes += 1
        if before[index].isLess(than: now[index]) { models[index].rises += 1 }
        if now[index].isLess(than: before[index]) { models[index].falls += 1 }
        models[index].last = now[index]
      }
      before = now
    }
    let track = try source.track(format, in: Self.scope(start, 500), options)
    #expect(track.outcome.candidates == candidates.count)
    let found = track.cells.sorted { $0.address < $1.address }.map {
      Model(
        address: $0.address.rawValue, changes: $0.changes, rises: $0.rises, falls: $0.falls,
        first: $0.first, last: $0.last)
    }
    let wanted = models.filter { $0.changes > 0 }
    #expect(found.map(\.address) == wanted.map(\.address))
    for (one, two) in zip(found, wanted) {
      #expect((one.changes, one.rises, one.falls) == (two.changes, two.rises, two.falls))
      #expect(one.first.isSame(as: two.first) && one.last.isSame(as: two.last))
    }
    let hits = try track.hits()
    #expect(hits.addresses().map(\.rawValue) == wanted.map(\.address))
    #expect(
      zip(hits.oldValues(), wanted).allSatisfy { $0?.isSame(as: $1.last) == true })
  }

  @Test("hits are tracked where they lie, each as its type, also disguised ones")
  func hits() throws {
    let source = BufferSource([
      (start: 0x1000, bytes: [UInt8](repeating: 3, count: 64)),
      (start: 0x9_0000, bytes: [UInt8](repeating: 3, count: 64)),
    ])
    let scope = ScanScope()
    let all = try source.scan(
      .one(ScalarFormat(.u8)), ValueCondition(.equal(.integer(3))), in: scope)
    let track = try all.track(
      Self.options(4) { sample in
        source.stretches[0].bytes[9] = UInt8(sample * 5)
        source.stretches[1].bytes[63] = UInt8(sample % 2)
      })
    #expect(track.outcome.candidates == 128)
    #expect(track.cells.map(\.address) == [Address(0x1009), Address(0x9_003f)])
    #expect(track.cells.map(\.changes) == [3, 3])
  }

  @Test("what cannot be read at first is not looked at; later it stays as it was")
  func holes() throws {
    let source = BufferSource(
      [(start: 0x1000, bytes: [UInt8](repeating: 0, count: 64))],
      holes: [
        AddressRange(start: Address(0x1009), count: 2),
        AddressRange(start: Address(0x1030), count: 4),
      ])
    let track = try source.track(
      ScalarFormat(.u32), in: Self.scope(0x1000, 64),
      Self.options(5) { sample in
        source.holes =
          sample == 2 ? [AddressRange(start: Address(0x1004), count: 1)] : []
        for index in 0..<64 { source.stretches[0].bytes[index] = UInt8(sample) }
      })
    let skipped: Set<UInt64> = [0x1008, 0x1030]
    let wanted = stride(from: UInt64(0x1000), to: 0x1040, by: 4).filter { !skipped.contains($0) }
    #expect(track.cells.map(\.address.rawValue) == wanted)
    #expect(track.outcome.candidates == 14)
    #expect(track.outcome.unreadableBytes == 6)
    #expect(track.cells[1].changes == 4)
    #expect(track.cells[1].last == .integer(0x0404_0404))
  }

  @Test("only so many values are followed; the changes of others are counted")
  func limit() throws {
    let source = BufferSource([(start: 0x1000, bytes: [UInt8](repeating: 0, count: 100))])
    let track = try source.track(
      ScalarFormat(.u8), in: Self.scope(0x1000, 100),
      Self.options(3, cells: 10) { sample in
        for index in 0..<100 { source.stretches[0].bytes[index] = UInt8(sample) }
      })
    #expect(track.cells.count == 10)
    #expect(track.outcome.unfollowedChanges == 180)
  }

  @Test("many samples keep few points, at equal distances")
  func points() throws {
    let source = BufferSource([(start: 0x1000, bytes: [UInt8](repeating: 0, count: 8))])
    let track = try source.track(
      ScalarFormat(.u16), in: Self.scope(0x1000, 2),
      Self.options(300) { sample in
        source.stretches[0].bytes[0] = UInt8(sample & 255)
        source.stretches[0].bytes[1] = UInt8(sample >> 8)
      })
    let points = try #require(track.cells.first?.points)
    #expect(points == (0..<points.count).map { Float($0 * 8) })
    #expect(points.count == 38)
    #expect(sparkline(points, width: 8) == "▁▂▃▄▅▆▇█")
  }

  @Test(
    "a process that ends, and an interrupt, give what was found until then",
    arguments: [true, false])
  func ending(_ isInterrupt: Bool) throws {
    let stop = Flag()
    let source = BufferSource(
      [(start: 0x1000, bytes: [UInt8](repeating: 0, count: 8))],
      interrupt: InterruptCheck { stop.isSet })
    let track = try source.track(
      ScalarFormat(.u8), in: Self.scope(0x1000, 8),
      Self.options(10) { sample in
        source.stretches[0].bytes[1] = UInt8(sample)
        guard sample == 5 else { return }
        if isInterrupt {
          stop.isSet = true
        } else {
          source.onGather = { (_) throws(RemoteMemoryError) in
            throw RemoteMemoryError(.read, .closed)
          }
        }
      })
    #expect(track.outcome.samples == 5)
    #expect(!track.outcome.isComplete)
    #expect(track.outcome.failure?.code == (isInterrupt ? nil : "ECLOSED"))
    #expect(track.cells.map(\.behaviour) == [.counter])
  }

  @Test(
    "there are two samples at least, and as many as fit",
    arguments: [(0.0, 0.1, 2), (0.03, 0.01, 4)])
  func schedule(_ seconds: Double, _ interval: Double, _ most: Int) throws {
    let source = BufferSource([(start: 0x1000, bytes: [0])])
    let track = try source.track(
      ScalarFormat(.u8), in: Self.scope(0x1000, 1),
      TrackOptions(seconds: seconds, interval: interval))
    #expect((2...most).contains(track.outcome.samples))
    #expect(track.outcome.isComplete)
  }

  @Test("refuses what is too much, and what is no number")
  func refuses() throws {
    let source = BufferSource([(start: 0x1000, bytes: Array("needle".utf8))])
    let words = try source.find([("n", BytePattern(parsing: "6e 65"))])
    #expect(throws: RemoteMemoryError.self) { try words.track(TrackOptions(seconds: 0)) }
    source.regions = [
      Region(
        range: AddressRange(start: Address(0x1000), count: 2 << 30), permissions: [.read, .write])
    ]
    let error = #expect(throws: RemoteMemoryError.self) {
      try source.track(ScalarFormat(.u8), in: ScanScope(), TrackOptions(seconds: 0))
    }
    #expect(error?.code == "E2BIG")
  }

  @Test(
    "bars of numbers",
    arguments: [
      ([], ""), ([1], "▁"), ([5, 5, 5], "▁▁▁"), ([0, 7], "▁█"), ([-4, 0, 4], "▁▅█"),
      ([0, .nan, 1], "▁ █"), ([.infinity, 0, 1], " ▁█"), ([-3e38, 3e38], "▁█"),
    ] as [([Float], String)])
  func bars(_ values: [Float], _ text: String) { #expect(sparkline(values) == text) }
}

/// A switch that a closure of a source looks at.
private final class Flag: @unchecked Sendable {
  var isSet = false
}
