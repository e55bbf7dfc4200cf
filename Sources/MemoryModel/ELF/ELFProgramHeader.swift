/// One program header of an ELF file: a stretch of the file and where it lies in memory.
public struct ELFProgramHeader: Hashable, Sendable {
  /// What it is for, `p_type`.
  public var type: UInt32
  /// What may be done with the memory, `p_flags`: 1 run, 2 write, 4 read.
  public var flags: UInt32
  /// Where the bytes begin in the file.
  public var offset: UInt64
  /// The address of the first byte.
  public var address: UInt64
  /// The physical address, which Linux does not use.
  public var physicalAddress: UInt64
  /// How many bytes the file holds, `p_filesz`.
  public var fileByteCount: UInt64
  /// How many bytes it has in memory, `p_memsz`; those beyond `fileByteCount` are zeroes in a
  /// program and unknown in a core.
  public var memoryByteCount: UInt64
  /// What offset and address are equal modulo, `p_align`.
  public var alignment: UInt64

  /// `PT_LOAD`, memory.
  public static let load: UInt32 = 1
  /// `PT_DYNAMIC`, what the dynamic linker reads.
  public static let dynamic: UInt32 = 2
  /// `PT_NOTE`, notes.
  public static let note: UInt32 = 4
  /// `PT_TLS`, the beginning of each thread's own memory.
  public static let threadLocal: UInt32 = 7
  /// `PT_GNU_RELRO`, what becomes read-only once it is relocated.
  public static let readOnlyAfterRelocation: UInt32 = 0x6474_E552

  /// A header; what is left out is 0.
  public init(
    type: UInt32, flags: UInt32 = 0, offset: UInt64 = 0, address: UInt64 = 0,
    fileByteCount: UInt64 = 0, memoryByteCount: UInt64 = 0, alignment: UInt64 = 0
  ) {
    self.type = type
    self.flags = flags
    self.offset = offset
    self.address = address
    physicalAddress = 0
    self.fileByteCount = fileByteCount
    self.memoryByteCount = memoryByteCount
    self.alignment = alignment
  }

  /// The size of a header in bytes: 56, or 32 with addresses of 4 bytes.
  public static func byteCount(_ format: ELFFormat) -> Int { format.is64Bit ? 56 : 32 }

  /// Reads the header that begins `start` bytes into `bytes`; nil when it does not lie in them.
  public init?(parsing bytes: [UInt8], at start: Int = 0, format: ELFFormat) {
    let size = Self.byteCount(format)
    guard start >= 0, start <= bytes.count, size <= bytes.count &- start else { return nil }
    let width = format.pointerWidth.bytes
    // The flags stand second in wide headers, and last but one in narrow ones.
    let fields = start + (width == 8 ? 8 : 4)
    func field(_ index: Int) -> UInt64 { format.pointer(bytes, fields + index * width) ?? 0 }
    self.init(
      type: format.word(bytes, start) ?? 0,
      flags: format.word(bytes, start + (width == 8 ? 4 : 24)) ?? 0, offset: field(0),
      address: field(1), fileByteCount: field(3), memoryByteCount: field(4),
      alignment: width == 8 ? field(5) : UInt64(format.word(bytes, start + 28) ?? 0))
    physicalAddress = field(2)
  }

  /// Adds the bytes of the header.
  public func append(to bytes: inout [UInt8], format: ELFFormat) {
    format.append(word: type, to: &bytes)
    if format.is64Bit { format.append(word: flags, to: &bytes) }
    for number in [offset, address, physicalAddress, fileByteCount, memoryByteCount] {
      format.append(pointer: number, to: &bytes)
    }
    if !format.is64Bit { format.append(word: flags, to: &bytes) }
    format.append(pointer: alignment, to: &bytes)
  }

  /// The addresses it takes in memory, cut at the end of the 64-bit range.
  public var range: AddressRange {
    AddressRange(start: Address(address), count: memoryByteCount)
  }

  /// The flags as permissions of a private mapping.
  public var permissions: Permissions {
    var permissions: Permissions = []
    if flags & 4 != 0 { permissions.insert(.read) }
    if flags & 2 != 0 { permissions.insert(.write) }
    if flags & 1 != 0 { permissions.insert(.execute) }
    return permissions
  }
}
