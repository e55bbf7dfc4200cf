/// One section header of an ELF file: a stretch of the file and what it holds.
public struct ELFSectionHeader: Hashable, Sendable {
  /// Where its name begins in the section of names.
  public var name: UInt32
  /// What it holds, `sh_type`.
  public var type: UInt32
  /// What it is like, `sh_flags`.
  public var flags: UInt64
  /// Its address in memory; 0 for none.
  public var address: UInt64
  /// Where its bytes begin in the file.
  public var offset: UInt64
  /// How many bytes it has.
  public var byteCount: UInt64
  /// Another section, `sh_link`.
  public var link: UInt32
  /// What the type says, `sh_info`; in the first section the true number of program headers.
  public var info: UInt32
  /// What its address is a multiple of.
  public var alignment: UInt64
  /// The size of one entry, for sections that are tables.
  public var entrySize: UInt64

  /// An empty header, as the first of a file is but for what it says of the file.
  public init() {
    name = 0
    type = 0
    flags = 0
    address = 0
    offset = 0
    byteCount = 0
    link = 0
    info = 0
    alignment = 0
    entrySize = 0
  }

  /// The size of a header in bytes: 64, or 40 with addresses of 4 bytes.
  public static func byteCount(_ format: ELFFormat) -> Int { format.is64Bit ? 64 : 40 }

  /// Reads the header that begins `start` bytes into `bytes`; nil when it does not lie in them.
  public init?(parsing bytes: [UInt8], at start: Int = 0, format: ELFFormat) {
    let size = Self.byteCount(format)
    guard start >= 0, start <= bytes.count, size <= bytes.count &- start else { return nil }
    let width = format.pointerWidth.bytes
    self.init()
    name = format.word(bytes, start) ?? 0
    type = format.word(bytes, start + 4) ?? 0
    flags = format.pointer(bytes, start + 8) ?? 0
    address = format.pointer(bytes, start + 8 + width) ?? 0
    offset = format.pointer(bytes, start + 8 + 2 * width) ?? 0
    byteCount = format.pointer(bytes, start + 8 + 3 * width) ?? 0
    link = format.word(bytes, start + 8 + 4 * width) ?? 0
    info = format.word(bytes, start + 12 + 4 * width) ?? 0
    alignment = format.pointer(bytes, start + 16 + 4 * width) ?? 0
    entrySize = format.pointer(bytes, start + 16 + 5 * width) ?? 0
  }

  /// Adds the bytes of the header.
  public func append(to bytes: inout [UInt8], format: ELFFormat) {
    format.append(word: name, to: &bytes)
    format.append(word: type, to: &bytes)
    for number in [flags, address, offset, byteCount] {
      format.append(pointer: number, to: &bytes)
    }
    format.append(word: link, to: &bytes)
    format.append(word: info, to: &bytes)
    format.append(pointer: alignment, to: &bytes)
    format.append(pointer: entrySize, to: &bytes)
  }
}
