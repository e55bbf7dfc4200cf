import MemoryModel

@testable import RemoteMemory

/// A small process full of pointers: a program, a library, a heap and memory without a name.
struct PointerWorld {
  let source: BufferSource
  /// Where statics lie.
  let statics: [AddressRange]
  let target: Address
  private let width: PointerWidth

  /// - Parameters:
  ///   - move: how far everything lies from where it would without.
  ///   - words: about how many words there are in each of the four.
  init(
    _ width: PointerWidth, seed: UInt64, words: Int = 60, move: UInt64 = 0,
    interrupt: InterruptCheck = .never, isAligned: Bool = true
  ) {
    self.width = width
    var random = RandomBytes(seed: seed)
    let high: UInt64 = width == .eight ? 0x5555_0000_0000 : 0x0800_0000
    let bases = [high, high + 0x10_0000, high + 0x20_0000 + 3, high + 0x2000_0000].map { $0 + move }
    let count = width.bytes * words
    var stretches: [(start: UInt64, bytes: [UInt8])] = []
    for base in bases {
      var bytes = random.bytes(count)
      var index = 0
      while index + width.bytes <= count {
        if random.below(3) > 0 {
          let value = bases[random.below(4)] &+ UInt64(random.below(count + 40)) &- 20
          for byte in 0..<width.bytes {
            bytes[index + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
          }
        }
        index += isAligned ? width.bytes : 1 + random.below(2 * width.bytes)
      }
      stretches.append((base, bytes))
    }
    source = BufferSource(
      stretches, holes: [AddressRange(start: Address(bases[2] + 37), count: 11)],
      pointerWidth: width, interrupt: interrupt)
    let names = ["/bin/game", "/lib/libx.so.1", "[heap]", ""]
    source.regions = zip(bases, names).map { base, name in
      Region(
        range: AddressRange(start: Address(base), count: UInt64(count)),
        permissions: name.first == "/" ? [.read, .write, .execute] : [.read, .write],
        deviceMajor: name.first == "/" ? 8 : 0, inode: name.first == "/" ? UInt64(name.count) : 0,
        nameBytes: Array(name.utf8))
    }
    statics = bases[..<2].map { AddressRange(start: Address($0), count: UInt64(count)) }
    target = Address(bases[2] + UInt64(width.bytes * random.below(words)) + 1)
  }

  /// All pointers, by where they lie.
  func pointers(every step: Int) -> [(slot: UInt64, value: UInt64)] {
    var found: [(slot: UInt64, value: UInt64)] = []
    for stretch in source.stretches {
      for offset in 0..<stretch.bytes.count {
        let slot = stretch.start + UInt64(offset)
        guard slot % UInt64(step) == 0, let bytes = source.bytes(at: slot, width.bytes),
          offset + width.bytes <= stretch.bytes.count
        else { continue }
        found.append((slot, bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }))
      }
    }
    return found
  }

  /// All paths, by going through everything: root and offsets.
  func paths(_ options: PointerScanOptions, every step: Int) -> Set<[Int64]> {
    let all = pointers(every: step)
    let roots: [AddressRange] =
      switch options.start {
      case .statics: statics
      case .range(let range): [range]
      case .base: [statics[0]]
      }
    let blocked = options.passesStatics ? [] : statics + roots
    var found: Set<[Int64]> = []
    func search(_ address: UInt64, _ trail: [UInt64], _ offsets: [Int64]) {
      let level = offsets.count + 1
      for (slot, value) in all where !trail.contains(slot) {
        let offset = Int64(bitPattern: address &- value)
        guard options.offsets(of: level).contains(offset) else { continue }
        let path = [offset] + offsets
        let place = Address(slot)
        if level >= options.endOffsets.count, roots.contains(where: { $0.contains(place) }) {
          found.insert([Int64(bitPattern: slot)] + path)
        }
        if level < options.depth, !blocked.contains(where: { $0.contains(place) }) {
          search(slot, trail + [slot], path)
        }
      }
    }
    search(target.rawValue, [], [])
    return found
  }

  /// Paths as the oracle has them.
  static func list(_ paths: PointerPaths) -> Set<[Int64]> {
    Set(
      (0..<paths.count).compactMap { paths.path(at: $0) }.map {
        [Int64(bitPattern: $0.root.rawValue)] + $0.offsets
      })
  }
}
