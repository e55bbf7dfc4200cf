import Glibc

/// Memory as a program at work leaves it, the same in every run: of 16 pages 8 hold small integers,
/// 3 zeroes, 2 real numbers, and 1 each text, pointers and machine code.
struct Contents {
  /// Every 4096 bytes of a block are filled by themselves, from their number.
  private static let unit = 4096

  private let text = Contents.repeated(Contents.words)
  private let code = Contents.repeated(Contents.instructions)

  /// Fills a block. `first` is the number of its first 4096 bytes, where blocks are to differ.
  func fill(_ block: Block, first: Int = 0) {
    for number in 0..<block.byteCount / Self.unit {
      fill(block.base + number * Self.unit, first + number)
    }
  }

  private func fill(_ start: UnsafeMutableRawPointer, _ number: Int) {
    var random = RandomBits(seed: UInt64(number))
    switch random.next() >> 60 {
    case 0..<8: Self.fill(start, &random, Self.smallIntegers)
    case 8..<11: memset(start, 0, Self.unit)
    case 11..<13: Self.fill(start, &random, Self.reals)
    case 13: copy(text, to: start, &random)
    case 14: Self.fill(start, &random, Self.pointer)
    default: copy(code, to: start, &random)
    }
  }

  private static func fill(
    _ start: UnsafeMutableRawPointer, _ random: inout RandomBits, _ value: (UInt64) -> UInt64
  ) {
    for offset in stride(from: 0, to: unit, by: 8) {
      start.storeBytes(of: value(random.next()), toByteOffset: offset, as: UInt64.self)
    }
  }

  private func copy(
    _ source: [UInt8], to start: UnsafeMutableRawPointer, _ random: inout RandomBits
  ) {
    let offset = Int(random.next() % UInt64(source.count - Self.unit))
    _ = source.withUnsafeBytes { memcpy(start, $0.baseAddress! + offset, Self.unit) }
  }
}

extension Contents {
  private static func smallIntegers(_ bits: UInt64) -> UInt64 {
    UInt64(smallInteger(UInt32(truncatingIfNeeded: bits)))
      | UInt64(smallInteger(UInt32(truncatingIfNeeded: bits >> 32))) << 32
  }

  /// Of 16 values 3 are 0, 9 fit one byte, 3 fit two, and 1 is negative.
  private static func smallInteger(_ bits: UInt32) -> UInt32 {
    switch bits >> 28 {
    case 0..<3: 0
    case 3..<12: bits & 0xff
    case 12..<15: bits & 0xffff
    default: 0 &- (bits & 0xff)
    }
  }

  /// Two f32 from -2048 to 2048.
  private static func reals(_ bits: UInt64) -> UInt64 {
    let low = Float(Int32(truncatingIfNeeded: bits)) / 1_048_576
    let high = Float(Int32(truncatingIfNeeded: bits >> 32)) / 1_048_576
    return UInt64(low.bitPattern) | UInt64(high.bitPattern) << 32
  }

  /// Addresses of 16-byte objects in a heap of 1 GiB.
  private static func pointer(_ bits: UInt64) -> UInt64 { 0x7f3a_4000_0000 | bits & 0x3fff_fff0 }

  private static let words: [[UInt8]] = [
    "the ", "of ", "error: ", "player ", "http ", "https ", "planet ", "value=", "name=", "time\n",
    "position ", "{\"id\": ", "needle ", "true, ", "level ", "text/plain ", "/usr/share/", "42 ",
  ].map { Array($0.utf8) }

  /// The beginnings of machine code are much alike, which makes its patterns hard to search.
  private static let instructions: [[UInt8]] = [
    [0x48, 0x8b, 0x05, 0x10, 0x20, 0x00, 0x00], [0x48, 0x8b, 0x0d, 0x34, 0x12, 0x00, 0x00],
    [0x48, 0x8b, 0x45, 0xf8], [0x48, 0x89, 0x5c, 0x24, 0x08], [0xe8, 0x4f, 0x01, 0x00, 0x00],
    [0x0f, 0x1f, 0x40, 0x00], [0x85, 0xc0], [0x74, 0x1c], [0xc3], [0x90], [0xff, 0x15, 0x00, 0x10],
    [0x48, 0x83, 0xec, 0x28], [0x31, 0xc0], [0x55, 0x48, 0x89, 0xe5], [0xf3, 0x0f, 0x10, 0x47],
  ]

  /// 64 KiB of the parts in a fixed pseudo-random order.
  private static func repeated(_ parts: [[UInt8]]) -> [UInt8] {
    var random = RandomBits(seed: UInt64(parts.count))
    var bytes: [UInt8] = []
    while bytes.count < 0x1_0000 { bytes += parts[Int(random.next() % UInt64(parts.count))] }
    return bytes
  }
}

/// Pseudo-random numbers: splitmix64, by Vigna.
struct RandomBits {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0xd134_2543_de82_ef95 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
    return bits ^ bits >> 31
  }
}
