/// The header at the beginning of every ELF file, as elf(5) lays it out.
public struct ELFHeader: Hashable, Sendable {
  /// How the numbers of the file are written.
  public var format: ELFFormat
  /// For which operating system, `EI_OSABI`; 0 for System V and Linux.
  public var osABI: UInt8
  /// What kind of file it is, `e_type`.
  public var fileType: UInt16
  /// The number of its machine, `e_machine`.
  public var machine: UInt16
  /// Where execution starts, `e_entry`.
  public var entry: UInt64
  /// Where the program headers begin, `e_phoff`, in bytes; 0 for none.
  public var programHeaderOffset: UInt64
  /// Where the section headers begin, `e_shoff`, in bytes; 0 for none.
  public var sectionHeaderOffset: UInt64
  /// Flags of the machine, `e_flags`.
  public var flags: UInt32
  /// The size of one program header as the file says, `e_phentsize`.
  public var programHeaderSize: UInt16
  /// How many program headers there are, `e_phnum`; `extendedCount` when the first section header
  /// has the number.
  public var programHeaderCount: UInt16
  /// The size of one section header as the file says, `e_shentsize`.
  public var sectionHeaderSize: UInt16
  /// How many section headers there are, `e_shnum`; 0 also when the first of them has the number.
  public var sectionHeaderCount: UInt16
  /// Which section holds the names of sections, `e_shstrndx`.
  public var nameSectionIndex: UInt16

  /// `ET_EXEC`, a program at fixed addresses.
  public static let program: UInt16 = 2
  /// `ET_DYN`, a library or a program that may lie anywhere.
  public static let sharedObject: UInt16 = 3
  /// `ET_CORE`, the memory of a process.
  public static let core: UInt16 = 4
  /// `PN_XNUM`: more program headers than fit the field.
  public static let extendedCount: UInt16 = 0xFFFF

  /// A header without program and section headers.
  public init(format: ELFFormat, fileType: UInt16, machine: UInt16) {
    self.format = format
    osABI = 0
    self.fileType = fileType
    self.machine = machine
    entry = 0
    programHeaderOffset = 0
    sectionHeaderOffset = 0
    flags = 0
    programHeaderSize = UInt16(ELFProgramHeader.byteCount(format))
    programHeaderCount = 0
    sectionHeaderSize = UInt16(ELFSectionHeader.byteCount(format))
    sectionHeaderCount = 0
    nameSectionIndex = 0
  }

  /// The size of a header in bytes: 64, or 52 with addresses of 4 bytes.
  public static func byteCount(_ format: ELFFormat) -> Int { format.is64Bit ? 64 : 52 }

  /// Reads the first bytes of a file; 64 are always enough.
  /// - Throws: when they are not the header of an ELF file.
  public init(parsing bytes: [UInt8]) throws(ELFSyntaxError) {
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      throw ELFSyntaxError("does not begin as an ELF file does", at: 0)
    }
    guard let identity = ELFIdentity(header: bytes) else {
      throw ELFSyntaxError("has an ELF class or byte order that does not exist", at: 4)
    }
    let format = ELFFormat(pointerWidth: identity.pointerWidth, byteOrder: identity.byteOrder)
    guard bytes.count >= Self.byteCount(format) else {
      throw ELFSyntaxError("ends within its ELF header", at: UInt64(bytes.count))
    }
    let width = format.pointerWidth.bytes
    let halves = 24 + 3 * width + 4
    self.init(format: format, fileType: identity.fileType, machine: identity.machine)
    osABI = bytes[7]
    entry = format.pointer(bytes, 24) ?? 0
    programHeaderOffset = format.pointer(bytes, 24 + width) ?? 0
    sectionHeaderOffset = format.pointer(bytes, 24 + 2 * width) ?? 0
    flags = format.word(bytes, 24 + 3 * width) ?? 0
    programHeaderSize = format.half(bytes, halves + 2) ?? 0
    programHeaderCount = format.half(bytes, halves + 4) ?? 0
    sectionHeaderSize = format.half(bytes, halves + 6) ?? 0
    sectionHeaderCount = format.half(bytes, halves + 8) ?? 0
    nameSectionIndex = format.half(bytes, halves + 10) ?? 0
  }

  /// The bytes of the header, `byteCount` of them.
  public func serialized() -> [UInt8] {
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    bytes += [format.is64Bit ? 2 : 1, format.byteOrder == .little ? 1 : 2, 1, osABI]
    bytes += [UInt8](repeating: 0, count: 8)
    format.append(half: fileType, to: &bytes)
    format.append(half: machine, to: &bytes)
    format.append(word: 1, to: &bytes)
    format.append(pointer: entry, to: &bytes)
    format.append(pointer: programHeaderOffset, to: &bytes)
    format.append(pointer: sectionHeaderOffset, to: &bytes)
    format.append(word: flags, to: &bytes)
    for number in [
      UInt16(Self.byteCount(format)), programHeaderSize, programHeaderCount, sectionHeaderSize,
      sectionHeaderCount, nameSectionIndex,
    ] {
      format.append(half: number, to: &bytes)
    }
    return bytes
  }
}
