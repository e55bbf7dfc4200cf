/// What a PE file (`.exe`, `.dll`) says of how it is loaded, as Windows and Wine do it.
///
/// Nothing in the file is believed: every offset is checked, and tables are cut at the end of the
/// file.
public struct PEImage: Sendable {
  /// One section.
  public struct Section: Hashable, Sendable {
    /// Its name, printable, at most 8 bytes.
    public let name: String
    /// Where it begins, counted from the start of the image.
    public let address: UInt32
    /// How many bytes it has in memory.
    public let byteCount: UInt32
    /// Where its bytes begin in the file.
    public let offset: UInt32
    /// How many bytes the file has of it.
    public let fileByteCount: UInt32
    /// What may be done with it, and what it holds.
    public let flags: UInt32

    /// Whether the program may write it.
    public var isWritable: Bool { flags & 0x8000_0000 != 0 }
    /// Whether the loader may throw it away once it has read it.
    public var isDiscardable: Bool { flags & 0x0200_0000 != 0 }
    /// Whether it can be run.
    public var isExecutable: Bool { flags & 0x2000_0000 != 0 }
  }

  /// The number of its machine: 0x14c i386, 0x8664 x86_64.
  public let machine: UInt16
  /// How wide its pointers are.
  public let pointerWidth: PointerWidth
  /// Where it would like to lie.
  public let preferredAddress: UInt64
  /// How many bytes it takes in memory.
  public let imageByteCount: UInt32
  /// What the start of each section is a multiple of.
  public let sectionAlignment: UInt32
  /// Its sections, in the order of the file.
  public let sections: [Section]
  /// Where tables lie, from the start of the image: imports are 1, base relocations 5, import
  /// addresses 12.
  public let directories: [(address: UInt32, byteCount: UInt32)]

  static let format = ELFFormat(pointerWidth: .eight, byteOrder: .little)

  /// Reads the headers of a file.
  /// - Throws: when it is no PE file.
  public init(_ read: FileReader) throws(ImageError) {
    let format = Self.format
    let dos = read(0, 64)
    guard dos.starts(with: [0x4D, 0x5A]), let start = format.word(dos, 60) else {
      throw ImageError("does not begin as a PE file does")
    }
    let coff = read(UInt64(start), 24)
    guard coff.starts(with: [0x50, 0x45, 0, 0]), let machine = format.half(coff, 4),
      let count = format.half(coff, 6), let size = format.half(coff, 20)
    else { throw ImageError("has no PE header") }
    let optional = read(UInt64(start) + 24, Int(size))
    guard let magic = format.half(optional, 0), magic == 0x10B || magic == 0x20B,
      let alignment = format.word(optional, 32), let imageSize = format.word(optional, 56)
    else { throw ImageError("has no optional header of a program") }
    let isWide = magic == 0x20B
    self.machine = machine
    pointerWidth = isWide ? .eight : .four
    preferredAddress =
      (isWide ? format.long(optional, 24) : format.word(optional, 28).map(UInt64.init)) ?? 0
    imageByteCount = imageSize
    sectionAlignment = alignment
    directories = Self.directories(optional, at: isWide ? 108 : 92)
    sections = Self.sections(read(UInt64(start) + 24 + UInt64(size), 40 * Int(count)))
  }

  private static func directories(_ optional: [UInt8], at start: Int) -> [(UInt32, UInt32)] {
    let count = Int(min(format.word(optional, start) ?? 0, 16))
    return (0..<count).compactMap { index in
      guard let address = format.word(optional, start + 4 + 8 * index),
        let byteCount = format.word(optional, start + 8 + 8 * index)
      else { return nil }
      return (address, byteCount)
    }
  }

  private static func sections(_ bytes: [UInt8]) -> [Section] {
    (0..<(bytes.count / 40)).compactMap { index in
      let start = 40 * index
      guard let virtualSize = format.word(bytes, start + 8),
        let address = format.word(bytes, start + 12), let raw = format.word(bytes, start + 16),
        let offset = format.word(bytes, start + 20), let flags = format.word(bytes, start + 36)
      else { return nil }
      return Section(
        name: printable(Array(bytes[start..<(start + 8)].prefix { $0 != 0 })), address: address,
        // Loaders take the offset in units of 512 bytes.
        byteCount: virtualSize == 0 ? raw : virtualSize, offset: offset & ~511,
        fileByteCount: raw, flags: flags)
    }
  }

  /// Where in the file the byte at an address lies, counted from the start of the image; nil when
  /// the file does not hold it.
  public func fileOffset(of address: UInt32) -> UInt64? {
    for section in sections {
      guard address >= section.address, address - section.address < section.fileByteCount else {
        continue
      }
      return UInt64(section.offset) + UInt64(address - section.address)
    }
    return nil
  }
}
