/// What a search is to find in a block of `Contents`: see `help` for what a needle holds.
enum Needle {
  /// The needles of one block.
  static let count = 64
  /// The i32 from 2000000000 upwards of one block.
  static let bandCount = 1000
  private static let bandStart: Int32 = 2_000_000_000

  static let help = """
      The needle, \(count) times: +0x00 i32 1515896030, +0x05 i32 1014864497, +0x0c f32 3.14159,
        +0x10 i64 1234567890123456789, +0x18 bytes 48 8b 0d, 3 that differ, 90 e9,
        +0x20 "planted needle text", +0x40 the same in UTF-16LE, +0x68 "https://example.org/NUMBER",
        blank. Number I of a block of B bytes is at (I + 1) * B / \(count) - 8 * I, so that some lie
        across pages. A band: i32 2000000000 + I for I below \(bandCount), one each.

    """

  /// Plants the needles and the band over a block of 1 MiB or more.
  static func plant(in block: Block) {
    for number in 0..<count {
      let offset = (number + 1) * (block.byteCount / count) - 8 * number
      plant(number, in: block, at: offset)
    }
    let pages = block.byteCount / 4096
    for number in 0..<bandCount {
      let offset = number * pages / bandCount * 4096 + 2048 + number % 16 * 4
      block.store(bandStart + Int32(number), at: offset)
    }
  }

  static func plant(_ number: Int, in block: Block, at offset: Int) {
    block.store(Int32(1_515_896_030), at: offset)
    block.store(UInt8(0), at: offset + 4)
    block.store(Int32(1_014_864_497), at: offset + 5)
    block.store(Float(3.14159), at: offset + 0x0c)
    block.store(Int64(1_234_567_890_123_456_789), at: offset + 0x10)
    let code = 0xe990_0000_000d_8b48 | UInt64(number) &* 0x1_0203 << 24
    block.store(code, at: offset + 0x18)
    let text = "planted needle text"
    block.store(text: text.utf8, at: offset + 0x20, capacity: 0x20)
    block.store(text: text.utf16, at: offset + 0x40, capacity: 0x14)
    block.store(text: "https://example.org/\(number) ".utf8, at: offset + 0x68, capacity: 0x18)
  }
}
