import MemoryModel
import Synchronization
import Testing

@testable import RemoteMemory

@Suite("structs reached by pointers")
struct StructNodeTests {
  /// Structs of 32 bytes in an array: two pointers at +0 and +8, their own number at +16.
  private static let base: UInt64 = 0x10000

  private static func address(_ number: Int) -> UInt64 { base + UInt64(32 * number) }

  /// Memory in which struct `i` points at those named; nil is a null pointer.
  private static func source(
    _ links: [(Int?, Int?)], width: PointerWidth = .eight, shift: Int64 = 0
  ) -> BufferSource {
    var bytes = [UInt8](repeating: 0, count: 32 * links.count)
    for (number, link) in links.enumerated() {
      for (place, target) in [(0, link.0), (8, link.1)] {
        guard let target else { continue }
        let pointer = address(target) &- UInt64(bitPattern: shift)
        for byte in 0..<width.bytes {
          bytes[32 * number + place + byte] = UInt8(truncatingIfNeeded: pointer >> UInt64(8 * byte))
        }
      }
      bytes[32 * number + 16] = UInt8(truncatingIfNeeded: number)
    }
    return BufferSource([(base, bytes)], pointerWidth: width)
  }

  private static let left = StructLink(offset: 0, name: "left")
  private static let right = StructLink(offset: 8, name: "right")

  @Test("lists of any order are followed to their end", arguments: PointerWidth.allCases)
  func lists(_ width: PointerWidth) throws {
    let order = [3, 0, 4, 1, 2]
    var links: [(Int?, Int?)] = Array(repeating: (nil, nil), count: 5)
    for (one, next) in zip(order, order.dropFirst()) { links[one].0 = next }
    let list = try Self.source(links, width: width, shift: -8).followList(
      from: Address(Self.address(3)), byteCount: 32,
      link: StructLink(offset: 0, name: "next", shift: -8))
    #expect(list.nodes.map(\.address.rawValue) == order.map(Self.address))
    #expect(list.nodes.map { Int($0.bytes[16]) } == order)
    #expect(list.broken.isEmpty)
  }

  @Test("circles and broken pointers end a list, and are said")
  func listEnds() throws {
    func list(_ last: Int?, limit: Int = 100) throws -> StructNodes {
      try Self.source([(1, nil), (2, nil), (last, nil)]).followList(
        from: Address(Self.base), byteCount: 32, link: Self.left, limit: limit)
    }
    #expect(try list(nil).broken.isEmpty)
    #expect(try list(0).broken.isEmpty, "a circular list")
    #expect(try list(0).nodes.count == 3)
    for middle in [1, 2] {
      let found = try list(middle)
      #expect(found.nodes.count == 3)
      #expect(found.broken.map(\.code) == ["ELOOP"])
    }
    #expect(try list(9).broken.map(\.code) == ["EFAULT"])
    #expect(try list(nil, limit: 2).broken.map(\.code) == ["E2BIG"])
    #expect(try list(nil, limit: 3).broken.isEmpty)
    // The last byte of a struct is missing.
    let short = BufferSource([(Self.base, [UInt8](repeating: 0, count: 31))])
    let found = try short.followList(from: Address(Self.base), byteCount: 32, link: Self.left)
    #expect(found.nodes.isEmpty && found.broken.map(\.code) == ["EFAULT"])
  }

  @Test("a tree takes one gather a level, and each struct once")
  func trees() throws {
    // A full tree of 6 levels, as a heap numbers it.
    var links: [(Int?, Int?)] = Array(repeating: (nil, nil), count: 63)
    for number in 0..<31 { links[number] = (2 * number + 1, 2 * number + 2) }
    let source = Self.source(links)
    let tree = try source.followTree(
      from: Address(Self.base), byteCount: 32, links: [Self.left, Self.right])
    #expect(tree.nodes.map { Int($0.bytes[16]) } == Array(0..<63))
    #expect(tree.levels == [1, 2, 4, 8, 16, 32])
    #expect(source.gathers.load(ordering: .relaxed) == 6)
    #expect(tree.broken.isEmpty)
    links[40] = (0, 3)
    links[41] = (99, nil)
    let damaged = try Self.source(links).followTree(
      from: Address(Self.base), byteCount: 32, links: [Self.left, Self.right])
    #expect(damaged.nodes.count == 63)
    #expect(damaged.broken.map(\.code) == ["EFAULT"])
    #expect(damaged.broken[0].detail.contains("'left' of the struct at"))
    for limit in [1, 2, 3, 20, 62, 63, 64] {
      let cut = try Self.source(links).followTree(
        from: Address(Self.base), byteCount: 32, links: [Self.left, Self.right], limit: limit)
      #expect(cut.nodes.count == min(limit, 63))
      #expect(cut.broken.last?.code == (limit < 64 ? "E2BIG" : "EFAULT"))
    }
  }

  @Test("random graphs are walked as a plain search walks them")
  func graphs() throws {
    var random = RandomBytes(seed: 3)
    for _ in 0..<50 {
      let count = 1 + Int(random.next() % 40)
      var links: [(Int?, Int?)] = Array(repeating: (nil, nil), count: count)
      for number in 0..<count {
        let (left, right) = (random.below(count + 3), random.below(count + 3))
        if left < count { links[number].0 = left }
        if right < count { links[number].1 = right }
      }
      var seen: Set<Int> = [0]
      var level = [0]
      var order: [Int] = []
      while !level.isEmpty {
        order += level
        var next: [Int] = []
        for number in level {
          for target in [links[number].0, links[number].1] {
            if let target, seen.insert(target).inserted { next.append(target) }
          }
        }
        level = next
      }
      let tree = try Self.source(links).followTree(
        from: Address(Self.base), byteCount: 32, links: [Self.left, Self.right])
      #expect(tree.nodes.map { Int($0.bytes[16]) } == order)
    }
  }

  @Test("many paths take one gather a level")
  func paths() throws {
    var links: [(Int?, Int?)] = Array(repeating: (nil, nil), count: 200)
    for number in 0..<200 {
      links[number].0 = number < 199 ? number + 1 : nil
      links[number].1 = (number + 7) % 200
    }
    let source = Self.source(links)
    var paths: [AddressPath] = []
    var wanted: [UInt64?] = []
    for number in 0..<1000 {
      let start = number % 150
      let hops = number % 6
      var text = "\(Self.address(start))"
      for _ in 0..<hops { text = "[\(text)+8]" }
      paths.append(try AddressPath(parsing: text + "+4"))
      wanted.append(Self.address((start + 7 * hops) % 200) + 4)
    }
    paths.append(try AddressPath(parsing: "[[\(Self.address(199))]]"))
    wanted.append(nil)
    let ends = try source.resolveAll(paths)
    #expect(ends.map { $0.address?.rawValue } == wanted)
    #expect(source.gathers.load(ordering: .relaxed) == 5)
    guard case .broken(let place)? = ends.last else {
      Issue.record("a null pointer leads nowhere")
      return
    }
    #expect(place.hop == 2 && place.pointer == .zero && place.address == .zero)
    #expect(place.error.detail.contains("reading pointer 2 of 2, [["))
  }

  @Test("a path is what its expression is, whatever it looks like")
  func agreesWithExpressions() throws {
    var random = RandomBytes(seed: 5)
    var links: [(Int?, Int?)] = []
    for _ in 0..<64 { links.append((random.below(64), random.below(64))) }
    let source = Self.source(links)
    func expression(_ depth: Int) -> String {
      let place = Self.address(random.below(64)) + UInt64(8 * random.below(2))
      if depth == 0 || random.below(4) == 0 { return "\(place)" }
      switch random.below(4) {
      case 0: return "[\(expression(depth - 1))]+8"
      case 1: return "[[\(expression(depth - 1))]]"
      case 2: return "\(place)+[\(expression(depth - 1))]-[\(expression(depth - 1))]"
      default: return "[\(expression(depth - 1))]"
      }
    }
    for _ in 0..<300 {
      let text = expression(5)
      let parsed = try AddressExpression(parsing: text)
      let one = try? source.address(of: parsed)
      let other = try? source.resolve(AddressPath(parsed))
      #expect(one == other, "\(text)")
    }
  }

  @Test("assigning bits leaves those beside them alone")
  func bits() throws {
    let source = BufferSource([(Self.base, [0xAA, 0x55, 0xAA, 0x55])])
    let element = StructLayout.Element.bits(.init(format: ScalarFormat(.u16), first: 3, count: 7))
    try source.writeElement(.scalar(.integer(0x7F)), as: element, at: Address(Self.base))
    #expect(source.stretches[0].bytes == [0xFA, 0x57, 0xAA, 0x55])
    #expect(
      try source.readElement(element, at: Address(Self.base)) == .scalar(.integer(0x7F)))
    try source.writeElement(.scalar(.integer(0)), as: element, at: Address(Self.base))
    #expect(source.stretches[0].bytes == [0x02, 0x54, 0xAA, 0x55])
  }
}
