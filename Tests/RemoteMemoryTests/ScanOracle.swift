import MemoryModel
import Testing

@testable import RemoteMemory

/// A slow and obvious search: every address, one value at a time, compared as Swift compares.
enum ScanOracle {
  /// What bytes mean.
  enum Number: Hashable {
    case whole(Int128)
    case real(Double)
    case truth(Bool)
  }

  /// A way to compare, and the same in plain words.
  struct Question {
    let comparison: ValueCondition.Comparison
    let accepts: (Number) -> Bool
  }

  /// A way to change, and the same in plain words: now, before.
  struct Change {
    let change: ValueChange
    let accepts: (_ now: UInt64, _ before: UInt64) -> Bool
  }

  /// Addresses with the bytes there, the first in the lowest 8 bits.
  typealias Found = [UInt64: UInt64]

  static func width(_ format: ScalarFormat, _ source: BufferSource) -> Int {
    format.byteCount(pointerWidth: source.pointerWidth)
  }

  /// The bits of bytes in memory order, in the order of a format.
  static func bits(_ word: UInt64, _ format: ScalarFormat, _ width: Int) -> UInt64 {
    guard format.byteOrder == .big else { return word }
    return (0..<width).reduce(0) { $0 << 8 | (word >> UInt64(8 * $1) & 0xff) }
  }

  /// What bytes in memory order mean.
  static func number(_ word: UInt64, _ format: ScalarFormat, _ width: Int) -> Number {
    let bits = bits(word, format, width)
    switch format.type {
    case .bool: return .truth(bits != 0)
    case .f32: return .real(Double(Float(bitPattern: UInt32(bits))))
    case .f64: return .real(Double(bitPattern: bits))
    case .i8, .i16, .i32, .i64: return .whole(signed(bits, width))
    case .u8, .u16, .u32, .u64, .ptr: return .whole(Int128(bits))
    }
  }

  static func signed(_ bits: UInt64, _ width: Int) -> Int128 {
    let top = UInt64(1) << UInt64(8 * width - 1)
    return Int128(bits) - (bits & top != 0 ? Int128(1) << (8 * Int128(width)) : 0)
  }

  static func value(_ number: Number) -> ScalarValue {
    switch number {
    case .whole(let whole):
      Int64(exactly: whole).map { .integer($0) } ?? .unsigned(UInt64(truncatingIfNeeded: whole))
    case .real(let real): .real(real)
    case .truth(let truth): .boolean(truth)
    }
  }

  /// Every comparison with one or two numbers of a kind; those of a truth value have no order.
  static func questions(_ a: Number, _ b: Number) -> [Question] {
    let both: [Question] = [
      Question(comparison: .equal(value(a))) { same($0, a) },
      Question(comparison: .notEqual(value(a))) { !same($0, a) },
      Question(comparison: .oneOf([value(b), value(a), value(b)])) { same($0, a) || same($0, b) },
      Question(comparison: .unknown) { _ in true },
    ]
    if case .truth = a { return both }
    let (low, high) = less(b, a) ? (b, a) : (a, b)
    return both + [
      Question(comparison: .less(value(a))) { less($0, a) },
      Question(comparison: .atMost(value(a))) { less($0, a) || same($0, a) },
      Question(comparison: .greater(value(a))) { less(a, $0) },
      Question(comparison: .atLeast(value(a))) { less(a, $0) || same($0, a) },
      Question(comparison: .between(value(low), value(high))) {
        (less(low, $0) || same(low, $0)) && (less($0, high) || same($0, high))
      },
    ]
  }

  private static func same(_ one: Number, _ two: Number) -> Bool {
    if case .real(let one) = one, case .real(let two) = two { return one == two }
    return one == two
  }

  private static func less(_ one: Number, _ two: Number) -> Bool {
    switch (one, two) {
    case (.real(let one), .real(let two)): one < two
    case (.whole(let one), .whole(let two)): one < two
    default: false
    }
  }

  /// Every change of values of a format, with `step` as the number that some take.
  static func changes(_ format: ScalarFormat, _ width: Int, by step: Int64) -> [Change] {
    func number(_ word: UInt64) -> Number { Self.number(word, format, width) }
    func wraps(_ now: UInt64, _ before: UInt64, _ low: Int128, _ high: Int128) -> Bool {
      let distance = signed(
        (bits(now, format, width) &- bits(before, format, width))
          & UInt64.max >> UInt64(64 - 8 * width), width)
      let turn = Int128(1) << (8 * Int128(width))
      return [distance - turn, distance, distance + turn].contains { low <= $0 && $0 <= high }
    }
    var changes: [Change] = [
      Change(change: .changed) { $0 != $1 }, Change(change: .unchanged) { $0 == $1 },
    ]
    if format.type == .bool { return changes }
    changes += [
      Change(change: .increased) { less(number($1), number($0)) },
      Change(change: .decreased) { less(number($0), number($1)) },
      Change(change: .notIncreased) { !less(number($1), number($0)) },
      Change(change: .notDecreased) { !less(number($0), number($1)) },
    ]
    if format.type == .f32 || format.type == .f64 { return changes }
    let step = Int128(step)
    return changes + [
      Change(change: .increasedBy(value(.whole(step)))) { wraps($0, $1, step, step) },
      Change(change: .decreasedBy(value(.whole(step)))) { wraps($0, $1, -step, -step) },
      Change(change: .byBetween(value(.whole(-step)), value(.whole(2 * step)))) {
        wraps($0, $1, -step, 2 * step)
      },
    ]
  }

  /// All candidates that pass.
  static func scan(
    _ source: BufferSource, _ format: ScalarFormat, alignment: Int? = nil,
    _ accepts: (Number) -> Bool
  ) -> Found {
    let width = width(format, source)
    let step = UInt64(alignment ?? width)
    var found: Found = [:]
    for stretch in source.stretches {
      for offset in stretch.bytes.indices {
        let address = stretch.start &+ UInt64(offset)
        guard address % step == 0, let word = source.word(at: address, width) else { continue }
        if accepts(number(word, format, width)) { found[address] = word }
      }
    }
    return found
  }

  /// What is left of some candidates, with what lies there now.
  static func refine(
    _ source: BufferSource, _ width: Int, _ hits: Found,
    _ accepts: (_ address: UInt64, _ now: UInt64) -> Bool
  ) -> Found {
    hits.reduce(into: [:]) { left, hit in
      guard let now = source.word(at: hit.key, width) else { return }
      if accepts(hit.key, now) { left[hit.key] = now }
    }
  }

  /// Expects the same, and says in which few places it is not.
  static func expect(_ found: Found, _ wanted: Found, _ comment: Comment) {
    if found == wanted { return }
    let places = Set(found.keys).union(wanted.keys).filter { found[$0] != wanted[$0] }.sorted()
    let words = places.prefix(4).map { place in
      let (got, right) = (found[place], wanted[place])
      return "0x\(String(place, radix: 16)): got \(got.map { "\($0)" } ?? "none"), "
        + "wanted \(right.map { "\($0)" } ?? "none")"
    }
    Issue.record("\(comment): \(places.count) differ: \(words.joined(separator: "; "))")
  }

  /// What hits hold in a lane; their order, numbers and values are checked.
  static func found(_ hits: Hits, lane number: Int = 0, _ comment: Comment) -> Found {
    let lane = hits.lanes[number]
    var found: Found = [:]
    var last: UInt64?
    var isSound = true
    let cursor = HitCursor(hits)
    for _ in 0..<hits.lanes[..<number].reduce(0, { $0 + $1.count }) { _ = cursor.next() }
    for index in 0..<lane.count {
      let address = lane.address(at: index).rawValue
      let word = lane.keptWord(at: index)
      found[address] = word ?? 0
      isSound = isSound && word != nil && last.map { $0 < address } ?? true
      isSound = isSound && lane.index(of: Address(address)) == index
      isSound = isSound && cursor.next()?.address == Address(address)
      last = address
    }
    #expect(isSound, "\(comment): addresses do not rise, or a value is missing")
    return found
  }
}

extension BufferSource {
  /// Bytes as a number, the first the lowest; nil unless all can be read.
  func word(at address: UInt64, _ width: Int) -> UInt64? {
    let range = AddressRange(start: Address(address), count: UInt64(width))
    if range.count < width || holes.contains(where: { $0.overlaps(range) }) { return nil }
    var word: UInt64 = 0
    var offset = 0
    for stretch in stretches where stretch.start <= address &+ UInt64(offset) {
      let first = Int(clamping: address &+ UInt64(offset) &- stretch.start)
      let count = min(width - offset, stretch.bytes.count - first)
      for index in 0..<max(count, 0) {
        word |= UInt64(stretch.bytes[first + index]) << UInt64(8 * (offset + index))
      }
      offset += max(count, 0)
      if offset == width { return word }
    }
    return nil
  }

  /// Puts a value wherever its first byte and all others lie in some stretch.
  func plant(_ word: UInt64, _ width: Int, at address: UInt64) {
    guard bytes(at: address, width) != nil else { return }
    for offset in 0..<width {
      set(address &+ UInt64(offset), UInt8(truncatingIfNeeded: word >> UInt64(8 * offset)))
    }
  }

  func set(_ address: UInt64, _ byte: UInt8) {
    for index in stretches.indices where address >= stretches[index].start {
      let offset = address - stretches[index].start
      if offset < UInt64(stretches[index].bytes.count) {
        stretches[index].bytes[Int(offset)] = byte
      }
    }
  }

  /// Changes some bytes by chance, most of them a little.
  func edit(_ count: Int, _ random: inout SplitMix) {
    for _ in 0..<count {
      let index = Int(random.next() % UInt64(stretches.count))
      let offset = Int(random.next() % UInt64(stretches[index].bytes.count))
      let change: UInt8 = random.next() % 4 == 0 ? UInt8(truncatingIfNeeded: random.next()) : 1
      stretches[index].bytes[offset] &+= change
    }
  }
}
