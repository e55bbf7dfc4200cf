/// What an ELF program or library says of how it is loaded: headers, sections and the table of the
/// dynamic linker, as elf(5) lays them out.
///
/// Nothing in the file is believed: tables are cut at sensible sizes and at the end of the file.
public struct ELFImage: Sendable {
  /// The header of the file.
  public let header: ELFHeader
  /// Its program headers.
  public let programHeaders: [ELFProgramHeader]
  /// Its sections that lie in memory, with their names.
  public let sections: [ELFSection]
  /// What the dynamic linker reads, without the mark at its end; empty for a static program.
  public let dynamic: [ELFDynamicEntry]

  private static let mostSections = 1 << 16
  private static let longestNames = 8 << 20
  private static let mostDynamic = 1 << 14

  /// Reads the tables of a file.
  /// - Throws: when it is no ELF file, or one without program headers.
  public init(_ read: FileReader) throws(ELFSyntaxError) {
    let header = try ELFHeader(parsing: read(0, 64))
    let programHeaders = try Self.allProgramHeaders(header, read)
    self.header = header
    self.programHeaders = programHeaders
    sections = Self.allSections(header, read).filter { $0.header.flags & 2 != 0 }
    dynamic = Self.dynamic(header.format, programHeaders, read)
  }

  /// All program headers of a file.
  /// - Throws: where they do not lie in it.
  public static func allProgramHeaders(_ header: ELFHeader, _ read: FileReader)
    throws(ELFSyntaxError) -> [ELFProgramHeader]
  {
    let size = Int(header.programHeaderSize)
    guard header.programHeaderCount > 0 else {
      throw ELFSyntaxError("has no program headers", at: 0)
    }
    guard size >= ELFProgramHeader.byteCount(header.format), size <= 1024 else {
      throw ELFSyntaxError("has program headers of \(size) bytes", at: 0)
    }
    let bytes = read(header.programHeaderOffset, size * Int(header.programHeaderCount))
    let headers = (0..<Int(header.programHeaderCount)).compactMap {
      ELFProgramHeader(parsing: bytes, at: $0 * size, format: header.format)
    }
    guard headers.count == Int(header.programHeaderCount) else {
      throw ELFSyntaxError("ends within its program headers", at: header.programHeaderOffset)
    }
    return headers
  }

  /// All sections of a file, those that lie nowhere in memory too.
  public static func allSections(_ header: ELFHeader, _ read: FileReader) -> [ELFSection] {
    let size = Int(header.sectionHeaderSize)
    guard header.sectionHeaderOffset > 0, size >= ELFSectionHeader.byteCount(header.format),
      size <= 1024,
      let first = ELFSectionHeader(
        parsing: read(header.sectionHeaderOffset, size), format: header.format)
    else { return [] }
    let said =
      header.sectionHeaderCount > 0 ? UInt64(header.sectionHeaderCount) : first.byteCount
    let bytes = read(
      header.sectionHeaderOffset, size * Int(min(said, UInt64(Self.mostSections))))
    let headers = (0..<(bytes.count / size)).compactMap {
      ELFSectionHeader(parsing: bytes, at: $0 * size, format: header.format)
    }
    // SHN_XINDEX: the first section says which one holds the names.
    let names =
      header.nameSectionIndex == 0xFFFF ? Int(first.link) : Int(header.nameSectionIndex)
    guard headers.indices.contains(names) else { return [] }
    let text = read(
      headers[names].offset, Int(min(headers[names].byteCount, UInt64(Self.longestNames))))
    return headers.map { ELFSection(header: $0, names: text) }
  }

  private static func dynamic(
    _ format: ELFFormat, _ headers: [ELFProgramHeader], _ read: FileReader
  ) -> [ELFDynamicEntry] {
    guard let table = headers.first(where: { $0.type == ELFProgramHeader.dynamic }) else {
      return []
    }
    let width = format.pointerWidth.bytes
    let count = Int(min(table.fileByteCount / UInt64(2 * width), UInt64(Self.mostDynamic)))
    let bytes = read(table.offset, count * 2 * width)
    var entries: [ELFDynamicEntry] = []
    for index in 0..<(bytes.count / (2 * width)) {
      let start = index * 2 * width
      guard let tag = format.pointer(bytes, start), tag != 0,
        let value = format.pointer(bytes, start + width)
      else { break }
      entries.append(
        ELFDynamicEntry(
          tag: tag, value: value, valueAddress: table.address &+ UInt64(start + width)))
    }
    return entries
  }

  /// The value under a tag of the dynamic linker's table.
  public func dynamicValue(_ tag: UInt64) -> UInt64? { dynamic.first { $0.tag == tag }?.value }

  /// Where in the file the byte at an address lies; nil when the file does not hold it.
  public func fileOffset(of address: UInt64) -> UInt64? {
    for header in programHeaders where header.type == ELFProgramHeader.load {
      guard address >= header.address, address - header.address < header.fileByteCount else {
        continue
      }
      let (offset, overflows) = header.offset.addingReportingOverflow(address - header.address)
      return overflows ? nil : offset
    }
    return nil
  }
}

/// One entry of the dynamic linker's table.
public struct ELFDynamicEntry: Hashable, Sendable {
  /// What it is, `d_tag`.
  public let tag: UInt64
  /// A number or an address, `d_un`.
  public let value: UInt64
  /// Where the value lies, by the file's addresses.
  public let valueAddress: UInt64

  /// `DT_NEEDED`: a library that is loaded too.
  public static let needed: UInt64 = 1
  /// `DT_DEBUG`: filled in at run time for debuggers.
  public static let debug: UInt64 = 21
}

/// A section of an ELF file that lies in memory.
public struct ELFSection: Hashable, Sendable {
  /// Its name, printable.
  public let name: String
  /// Its header.
  public let header: ELFSectionHeader

  /// A section, whose name lies in the section of names.
  init(header: ELFSectionHeader, names: [UInt8]) {
    self.header = header
    let start = min(Int(header.name), names.count)
    name = printable(Array(names[start...].prefix(256).prefix { $0 != 0 }))
  }
}
