import Foundation
import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

/// Pointer paths in small memories, against a search through everything.
@Suite struct PointerScanTests {
  struct Way: Sendable {
    var width = PointerWidth.eight
    var options: @Sendable () -> PointerScanOptions = {
      PointerScanOptions(depth: 3, maxOffset: 24)
    }
    var step: Int?
    var isAligned = true
  }

  static let ways: [Way] = [
    Way(),
    Way(width: .four, options: { PointerScanOptions(depth: 3, maxOffset: 12) }),
    Way(options: { PointerScanOptions(depth: 1, maxOffset: 4096) }),
    Way(options: { PointerScanOptions(depth: 5, maxOffset: 8) }),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 16, negativeOffset: 16) }),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 0, negativeOffset: 24) }),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 16, passesStatics: true) }),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 24, start: .base("game")) }),
    Way(options: {
      PointerScanOptions(
        depth: 2, maxOffset: 24,
        start: .range(AddressRange(start: Address(0x5555_2000_0000), count: 200)))
    }),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 32, endOffsets: [9]) }),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 32, endOffsets: [-8, 1]) }),
    Way(
      options: { PointerScanOptions(depth: 3, maxOffset: 16, negativeOffset: 3) }, step: 1,
      isAligned: false),
    Way(
      width: .four, options: { PointerScanOptions(depth: 2, maxOffset: 12) }, step: 1,
      isAligned: false),
    Way(options: { PointerScanOptions(depth: 3, maxOffset: 16) }, step: 4, isAligned: false),
  ]

  @Test("every path is found, and nothing else", arguments: ways.indices, [1, 2, 3])
  func oracle(_ number: Int, _ seed: UInt64) throws {
    let way = Self.ways[number]
    let world = PointerWorld(
      way.width, seed: seed &+ 10 &* UInt64(number), isAligned: way.isAligned)
    var options = way.options()
    let wanted = world.paths(options, every: way.step ?? way.width.bytes)
    for (threads, block) in [(1, 2 << 20), (3, 64)] {
      options.scan = ScanOptions(threads: threads, blockBytes: block)
      let paths = try world.source.pointerPaths(to: world.target, alignment: way.step, options)
      #expect(PointerWorld.list(paths) == wanted, "\(wanted.count) wanted")
      #expect(paths.count == wanted.count)
      #expect(paths.outcome.isComplete && !paths.outcome.isLimited)
      for index in 0..<paths.count {
        let path = try #require(paths.path(at: index))
        #expect(try world.source.address(of: path.expression) == world.target)
        #expect(try world.source.address("\(path)") == world.target)
      }
    }
  }

  @Test("both ways to a place that is reached by two offsets", arguments: PointerWidth.allCases)
  func twoWays(_ width: PointerWidth) throws {
    let (source, target, root) = Self.planted(width)
    let paths = try source.pointerPaths(
      to: target, PointerScanOptions(depth: 3, maxOffset: 64))
    let size = Int64(width.bytes)
    let wanted: Set<[Int64]> = [
      [root, 2 * size, 5], [root, 4 * size, 5 - size],
    ]
    #expect(PointerWorld.list(paths) == wanted)
    #expect(paths.path(at: 0)?.description == "[[game]+0x\(String(2 * size, radix: 16))]+0x5")
  }

  /// A static that leads to a node, which has two ways to the target; and a node that leads to
  /// itself.
  static func planted(_ width: PointerWidth) -> (BufferSource, Address, root: Int64) {
    let program: UInt64 = 0x40_0000
    let heap: UInt64 = 0x90_0000
    let size = width.bytes
    var statics = [UInt8](repeating: 0, count: 64)
    var nodes = [UInt8](repeating: 0, count: 512)
    func store(_ value: UInt64, _ bytes: inout [UInt8], _ slot: Int) {
      for byte in 0..<size {
        bytes[slot * size + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
      }
    }
    store(heap, &statics, 0)
    store(heap + 256, &nodes, 2)
    store(heap + 256 + UInt64(size), &nodes, 4)
    store(heap, &nodes, 3)
    let source = BufferSource([(program, statics), (heap, nodes)], pointerWidth: width)
    source.regions = [
      Region(
        range: AddressRange(start: Address(program), count: 64),
        permissions: [.read, .write, .execute], deviceMajor: 8, inode: 9,
        nameBytes: Array("/bin/game".utf8)),
      Region(
        range: AddressRange(start: Address(heap), count: 512), permissions: [.read, .write],
        nameBytes: Array("[heap]".utf8)),
    ]
    return (source, Address(heap + 256 + 5), Int64(program))
  }

  @Test("a limit is said, and what is kept is true")
  func limit() throws {
    let world = PointerWorld(.eight, seed: 4)
    let options = PointerScanOptions(depth: 3, maxOffset: 24)
    let all = try world.source.pointerPaths(to: world.target, options)
    try #require(all.count > 3)
    for limit in [1, 2, all.count - 1, all.count, all.count + 1] {
      var limited = options
      limited.limit = limit
      let paths = try world.source.pointerPaths(to: world.target, limited)
      #expect(paths.count == min(limit, all.count))
      #expect(paths.outcome.isLimited == (limit < all.count))
      #expect(PointerWorld.list(paths).isSubset(of: PointerWorld.list(all)))
    }
  }

  @Test("those that are likely to last come first")
  func order() throws {
    let world = PointerWorld(.eight, seed: 11)
    let paths = try world.source.pointerPaths(
      to: world.target, PointerScanOptions(depth: 4, maxOffset: 32))
    let list = (0..<paths.count).compactMap { paths.path(at: $0) }
    try #require(list.count > 10)
    for (one, next) in zip(list, list.dropFirst()) {
      #expect(one.offsets.count <= next.offsets.count)
      if one.offsets.count == next.offsets.count, one.base.isProgram != next.base.isProgram {
        #expect(one.base.isProgram)
      }
      if one.root == next.root, one.offsets.count == next.offsets.count {
        #expect(
          one.offsets.reduce(0) { $0 + $1.magnitude }
            <= next.offsets.reduce(0) { $0 + $1.magnitude })
      }
    }
    let programs = list.filter { $0.base.isProgram && $0.offsets.count == 4 }
    let roots = programs.map(\.root)
    #expect(Set(roots.prefix(Set(roots).count)).count == Set(roots).count)
  }

  @Test("what makes no sense is refused, and says what would")
  func refused() throws {
    let (source, target, _) = Self.planted(.eight)
    func message(_ options: PointerScanOptions, _ map: PointerMap) -> String {
      failure { try map.paths(to: target, options) }?.message ?? ""
    }
    let map = try source.pointerMap()
    #expect(message(PointerScanOptions(maxOffset: 5000), map).contains("max_offset=5000"))
    #expect(message(PointerScanOptions(depth: 0), map).contains("1 to 32"))
    #expect(message(PointerScanOptions(depth: 33), map).contains("1 to 32"))
    #expect(
      message(PointerScanOptions(depth: 1, endOffsets: [1, 2]), map).contains(
        "2 offsets at the end"))
    #expect(message(PointerScanOptions(start: .base("gme")), map).contains("game, [heap]"))
    #expect(
      failure { try map.paths(to: Address(0x7000_0000)) }?.message.contains("0x70000000") == true)
    #expect(
      failure { try source.pointerMap(PointerMapOptions(alignment: 3)) }?.code == "EINVAL")
    #expect(
      failure { try source.pointerMap(PointerMapOptions(reach: 1 << 30)) }?.code == "EINVAL")
    // A target that nothing is known of is taken in where the map is made for it.
    #expect(try source.pointerPaths(to: Address(0x7000_0000)).count == 0)
  }

  @Test("interrupted: what was found, and that there may be more", arguments: [1, 3])
  func interrupted(_ threads: Int) throws {
    let alarm = ScanEndTests.Alarm()
    let world = PointerWorld(.eight, seed: 5, interrupt: alarm.check)
    var options = PointerScanOptions(depth: 4, maxOffset: 24)
    options.scan = ScanOptions(threads: threads, blockBytes: 64)
    alarm.set(.max)
    let all = try world.source.pointerPaths(to: world.target, options)
    #expect(all.outcome.isComplete && all.count > 0)
    var kinds: Set<Bool> = []
    for calls in 0..<400 where calls < 60 || calls % 9 == 0 {
      alarm.set(calls)
      let paths = try world.source.pointerPaths(to: world.target, options)
      #expect(PointerWorld.list(paths).isSubset(of: PointerWorld.list(all)))
      if paths.outcome.isComplete { #expect(paths.count == all.count) }
      kinds.insert(paths.outcome.isComplete)
    }
    #expect(kinds.contains(false))
    options.scan.progress = { _ in false }
    alarm.set(.max)
    let map = try world.source.pointerMap()
    _ = try map.paths(to: world.target, options)
  }

  @Test("a map that outgrows its budget goes to disk, and gives everything back")
  func budget() throws {
    let world = PointerWorld(.eight, seed: 6, words: 400)
    var options = PointerScanOptions(depth: 3, maxOffset: 24)
    let all = try world.source.pointerPaths(to: world.target, options)
    let poor = MemoryBudget(limit: 4096)
    options.scan = ScanOptions(budget: poor)
    do {
      let map = try world.source.pointerMap(PointerMapOptions(scan: options.scan))
      #expect(map.diskByteCount > 0)
      let paths = try map.paths(to: world.target, options)
      #expect(PointerWorld.list(paths) == PointerWorld.list(all))
    }
    #expect(poor.used == 0)
  }

  @Test("many pointers to few places and few to many, in parts of any size")
  func parts() throws {
    // 3000 pointers to one place, so that a part has many chunks, some of them full to the last.
    let start: UInt64 = 0x10_0000
    for count in [255, 256, 257, 512, 3000] {
      var bytes: [UInt8] = []
      for index in 0..<count {
        let value = index % 5 == 4 ? start &+ UInt64(index) : start
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
      }
      let source = BufferSource([(start, bytes)])
      let map = try source.pointerMap(
        PointerMapOptions(scan: ScanOptions(threads: 2, blockBytes: 4096)))
      #expect(map.count == count)
      let paths = try map.paths(
        to: Address(start),
        PointerScanOptions(
          depth: 1, maxOffset: 0,
          start: .range(AddressRange(start: Address(start), count: UInt64(8 * count)))))
      #expect(paths.count == count - count / 5)
    }
  }
}
