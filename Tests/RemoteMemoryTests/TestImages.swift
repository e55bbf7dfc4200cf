import MemoryModel

@testable import RemoteMemory

/// Bytes to which numbers are written at offsets, with the low byte first.
struct FileBytes {
  var bytes: [UInt8]

  init(_ count: Int) { bytes = [UInt8](repeating: 0, count: count) }

  mutating func put(_ value: UInt64, _ width: Int, at offset: Int) {
    for index in 0..<width {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  mutating func put(_ text: String, at offset: Int) {
    bytes.replaceSubrange(offset..<(offset + text.utf8.count), with: Array(text.utf8))
  }

  func number(_ width: Int, at offset: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }
}

/// A library made by hand: headers and tables of relocations, a page of code, a page that is
/// read-only after relocation.
///
/// Offsets 0, 0x1000 and 0x2000 lie at the addresses 0, 0x1000 and 0x3000. In the last page the word
/// at 0 is moved by a relocation, that at 0x10 is another module's, and those at 0x100, 0x110 and
/// 0x200 are moved by packed relocations.
struct TestELF {
  let width: Int
  var file = FileBytes(0x4000)

  /// - Parameters:
  ///   - width: bytes of a pointer, 4 or 8.
  ///   - needsOthers: whether it names a library that it needs.
  init(width: Int, needsOthers: Bool = true) {
    self.width = width
    writeHeaders()
    writeRelocations(needsOthers)
    writeSections()
    for index in 0..<0x1000 {
      file.bytes[0x1000 + index] = UInt8(truncatingIfNeeded: index &* 7 &+ 1)
    }
  }

  private mutating func writeHeaders() {
    let format = ELFFormat(pointerWidth: width == 8 ? .eight : .four, byteOrder: .little)
    var header = ELFHeader(format: format, fileType: 3, machine: width == 8 ? 62 : 3)
    header.programHeaderOffset = UInt64(ELFHeader.byteCount(format))
    header.programHeaderCount = 5
    header.sectionHeaderOffset = 0x3100
    header.sectionHeaderCount = 4
    header.nameSectionIndex = 3
    var bytes = header.serialized()
    let segments: [(UInt32, UInt32, UInt64, UInt64, UInt64)] = [
      (1, 4, 0, 0, 0x1000), (1, 5, 0x1000, 0x1000, 0x1000), (1, 6, 0x2000, 0x3000, 0x1000),
      (2, 6, 0x2800, 0x3800, 0x200), (0x6474_E552, 4, 0x2000, 0x3000, 0x1000),
    ]
    for (type, flags, offset, address, count) in segments {
      ELFProgramHeader(
        type: type, flags: flags, offset: offset, address: address, fileByteCount: count,
        memoryByteCount: count, alignment: 0x1000
      ).append(to: &bytes, format: format)
    }
    file.bytes.replaceSubrange(0..<bytes.count, with: bytes)
  }

  private mutating func writeRelocations(_ needsOthers: Bool) {
    let hasAddends = width == 8
    let size = width * (hasAddends ? 3 : 2)
    // R_*_RELATIVE is 8, R_*_GLOB_DAT 6; the latter names symbol 1.
    let other: UInt64 = hasAddends ? 1 << 32 | 6 : 1 << 8 | 6
    let entries: [(address: UInt64, info: UInt64)] = [(0x3000, 8), (0x3010, other)]
    for (index, entry) in entries.enumerated() {
      file.put(entry.address, width, at: 0x400 + index * size)
      file.put(entry.info, width, at: 0x400 + index * size + width)
    }
    if hasAddends { file.put(0x1234, 8, at: 0x410) } else { file.put(0x1234, 4, at: 0x2000) }
    // An address, then a map of the words behind it: the second is moved too.
    let step = UInt64(width)
    file.put(0x3100, width, at: 0x600)
    file.put(1 | 1 << (1 + (0x10 / step - 1)), width, at: 0x600 + width)
    file.put(0x3200, width, at: 0x600 + 2 * width)
    for offset in [0x100, 0x110, 0x200] {
      file.put(UInt64(0x1000 + offset), width, at: 0x2000 + offset)
    }
    let table: [(UInt64, UInt64)] = [
      (needsOthers ? 1 : 14, 0), (hasAddends ? 7 : 17, 0x400),
      (hasAddends ? 8 : 18, UInt64(2 * size)), (36, 0x600), (35, UInt64(3 * width)), (21, 0),
      (0, 0),
    ]
    for (index, entry) in table.enumerated() {
      file.put(entry.0, width, at: 0x2800 + 2 * width * index)
      file.put(entry.1, width, at: 0x2800 + 2 * width * index + width)
    }
  }

  private mutating func writeSections() {
    let format = ELFFormat(pointerWidth: width == 8 ? .eight : .four, byteOrder: .little)
    file.put("\0.text\0.relro\0.names\0", at: 0x3000)
    var bytes: [UInt8] = []
    ELFSectionHeader().append(to: &bytes, format: format)
    for (name, flags, address, offset) in [
      (1, 6, 0x1000, 0x1000), (7, 3, 0x3000, 0x2000), (14, 0, 0, 0x3000),
    ] {
      var header = ELFSectionHeader()
      header.name = UInt32(name)
      header.type = 1
      header.flags = UInt64(flags)
      header.address = UInt64(address)
      header.offset = UInt64(offset)
      header.byteCount = name == 14 ? 21 : 0x1000
      header.append(to: &bytes, format: format)
    }
    file.bytes.replaceSubrange(0x3100..<(0x3100 + bytes.count), with: bytes)
  }

  /// What lies in memory when it is loaded at an address: from there, its four pages.
  func loaded(at base: UInt64) -> FileBytes {
    var memory = FileBytes(0x4000)
    memory.bytes.replaceSubrange(0..<0x2000, with: file.bytes[0..<0x2000])
    memory.bytes.replaceSubrange(0x3000..<0x4000, with: file.bytes[0x2000..<0x3000])
    memory.put(base &+ 0x1234, width, at: 0x3000)
    memory.put(0x1357_9BDF, width, at: 0x3010)
    for offset in [0x100, 0x110, 0x200] {
      memory.put(base &+ UInt64(0x1000 + offset), width, at: 0x3000 + offset)
    }
    // DT_DEBUG.
    memory.put(0x2468_ACE0, width, at: 0x3800 + 2 * width * 5 + width)
    return memory
  }

  /// The memory of a process that has loaded it from a file.
  static func source(_ memory: FileBytes, at base: UInt64, path: String) -> BufferSource {
    let bytes = memory.bytes
    let source = BufferSource([
      (base, Array(bytes[0..<0x2000])), (base + 0x3000, Array(bytes[0x3000..<0x4000])),
    ])
    source.regions = [
      (0, 0x1000, Permissions.read, 0), (0x1000, 0x1000, [.read, .execute], 0x1000),
      (0x3000, 0x1000, .read, 0x2000),
    ].map { start, count, permissions, offset in
      Region(
        range: AddressRange(start: Address(base + start), count: count), permissions: permissions,
        offset: offset, nameBytes: Array(path.utf8))
    }
    return source
  }
}

/// A small library for Windows made by hand: code, constants with a table of imports and one moved
/// word, data, and relocations.
struct TestPE {
  static let preferred: UInt64 = 0x1_4000_0000
  var file = FileBytes(0x1200)

  init() {
    file.put("MZ", at: 0)
    file.put(0x80, 4, at: 60)
    file.put("PE\0\0", at: 0x80)
    file.put(0x8664, 2, at: 0x84)
    file.put(4, 2, at: 0x86)
    file.put(240, 2, at: 0x94)
    let optional = 0x98
    file.put(0x20B, 2, at: optional)
    file.put(Self.preferred, 8, at: optional + 24)
    file.put(0x1000, 4, at: optional + 32)
    file.put(0x200, 4, at: optional + 36)
    file.put(0x5000, 4, at: optional + 56)
    file.put(16, 4, at: optional + 108)
    for (number, address, count) in [(5, 0x4000, 12), (12, 0x2000, 16)] as [(Int, UInt64, UInt64)] {
      file.put(address, 4, at: optional + 112 + 8 * number)
      file.put(count, 4, at: optional + 116 + 8 * number)
    }
    let sections: [(String, UInt64, UInt64, UInt64, UInt64)] = [
      (".text", 0x1000, 0x600, 0x400, 0x6000_0020), (".rdata", 0x2000, 0x400, 0xA00, 0x4000_0040),
      (".data", 0x3000, 0x200, 0xE00, 0xC000_0040), (".reloc", 0x4000, 0x200, 0x1000, 0x4200_0040),
    ]
    for (index, section) in sections.enumerated() {
      let start = optional + 240 + 40 * index
      file.put(section.0, at: start)
      file.put(section.2, 4, at: start + 8)
      file.put(section.1, 4, at: start + 12)
      file.put(section.2, 4, at: start + 16)
      file.put(section.3, 4, at: start + 20)
      file.put(section.4, 4, at: start + 36)
    }
    for index in 0..<0x600 {
      file.bytes[0x400 + index] = UInt8(truncatingIfNeeded: index &* 5 &+ 3)
    }
    file.put(Self.preferred + 0x1010, 8, at: 0xA00 + 0x100)
    file.put(0x2000, 4, at: 0x1000)
    file.put(12, 4, at: 0x1004)
    file.put(10 << 12 | 0x100, 2, at: 0x1008)
  }

  /// The memory of a process in which it lies at an address: its first page mapped from the file,
  /// its sections copied, as Wine does it.
  func source(at base: UInt64, path: String, _ change: (inout FileBytes) -> Void = { _ in })
    -> BufferSource
  {
    var memory = FileBytes(0x5000)
    memory.bytes.replaceSubrange(0..<0x1000, with: file.bytes[0..<0x1000])
    for (address, count, offset) in [(0x1000, 0x600, 0x400), (0x2000, 0x400, 0xA00)] {
      memory.bytes.replaceSubrange(
        address..<(address + count), with: file.bytes[offset..<(offset + count)])
    }
    memory.put(0x7FFF_1234, 8, at: 0x2000)
    memory.put(base + 0x1010, 8, at: 0x2100)
    change(&memory)
    let source = BufferSource([(base, memory.bytes)])
    let parts: [(UInt64, Permissions, String)] = [
      (0, .read, path), (0x1000, [.read, .execute], ""), (0x2000, .read, ""),
      (0x3000, [.read, .write], ""), (0x4000, .read, ""),
    ]
    source.regions = parts.map { start, permissions, name in
      Region(
        range: AddressRange(start: Address(base + start), count: 0x1000), permissions: permissions,
        nameBytes: Array(name.utf8))
    }
    return source
  }
}
