/// The code of an object file, as an assembler makes it: bytes, and places in them that wait for an
/// address.
public struct ELFObject: Sendable {
  /// What a symbol stands for.
  public enum Place: Hashable, Sendable {
    /// A number, the same wherever the code lies.
    case absolute(UInt64)
    /// So many bytes behind the start of the code.
    case inCode(UInt64)
    /// Somewhere that the file does not know.
    case undefined(name: String)
  }

  /// A place in the code that wants an address.
  public struct Relocation: Hashable, Sendable {
    /// Where it lies, in bytes from the start of the code.
    public let offset: UInt64
    /// What is to be put there, by the machine's own numbers.
    public let type: UInt32
    /// Whose address.
    public let place: Place
    /// A number to add; nil when it stands in the code.
    public let addend: Int64?
  }

  /// The number of the machine, `e_machine`.
  public let machine: UInt16
  /// How numbers are written.
  public let format: ELFFormat
  /// The instructions, with gaps for the addresses.
  public private(set) var code: [UInt8] = []
  /// What the address of the code must be a multiple of, in bytes.
  public private(set) var alignment: UInt64 = 1
  /// The gaps.
  public private(set) var relocations: [Relocation] = []

  /// The most bytes of code.
  public static let maximumCodeBytes = 1 << 20

  /// Reads an object file with one section of code.
  /// - Throws: when it is none, or has anything else that would lie in memory.
  public init(parsing file: [UInt8]) throws(ELFSyntaxError) {
    let header = try ELFHeader(parsing: file)
    machine = header.machine
    format = header.format
    let sections = try Self.sections(header, file)
    let loaded = sections.indices.filter {
      sections[$0].flags & 2 != 0 && sections[$0].byteCount > 0
    }
    guard let index = loaded.first else { return }
    guard loaded.count == 1, sections[index].flags & 4 != 0, sections[index].type == 1 else {
      throw ELFSyntaxError("has more than code", at: sections[index].offset)
    }
    code = try Self.bytes(sections[index], file, atMost: Self.maximumCodeBytes)
    alignment = max(sections[index].alignment, 1)
    for section in sections where Int(section.info) == index {
      // SHT_RELA and SHT_REL.
      guard section.type == 4 || section.type == 9 else { continue }
      relocations += try Self.relocations(section, of: index, sections, file, format)
    }
  }

  private static func sections(_ header: ELFHeader, _ file: [UInt8])
    throws(ELFSyntaxError) -> [ELFSectionHeader]
  {
    let size = ELFSectionHeader.byteCount(header.format)
    guard Int(header.sectionHeaderSize) == size,
      let start = Int(exactly: header.sectionHeaderOffset), start <= file.count
    else { throw ELFSyntaxError("has no table of sections", at: header.sectionHeaderOffset) }
    let sections = (0..<Int(header.sectionHeaderCount)).compactMap {
      ELFSectionHeader(parsing: file, at: start + $0 * size, format: header.format)
    }
    guard sections.count == Int(header.sectionHeaderCount) else {
      throw ELFSyntaxError("ends within its table of sections", at: header.sectionHeaderOffset)
    }
    return sections
  }

  private static func bytes(
    _ section: ELFSectionHeader, _ file: [UInt8], atMost limit: Int
  ) throws(ELFSyntaxError) -> [UInt8] {
    guard section.byteCount <= UInt64(limit) else {
      throw ELFSyntaxError("has a section of \(section.byteCount) bytes", at: section.offset)
    }
    guard section.offset <= UInt64(file.count),
      section.byteCount <= UInt64(file.count) - section.offset
    else { throw ELFSyntaxError("ends within a section", at: section.offset) }
    return Array(file[Int(section.offset)...].prefix(Int(section.byteCount)))
  }

  private static func relocations(
    _ section: ELFSectionHeader, of code: Int, _ sections: [ELFSectionHeader], _ file: [UInt8],
    _ format: ELFFormat
  ) throws(ELFSyntaxError) -> [Relocation] {
    let hasAddends = section.type == 4
    let width = format.pointerWidth.bytes
    let size = width * (hasAddends ? 3 : 2)
    let symbols = try Self.symbols(Int(section.link), code: code, sections, file, format)
    let table = try bytes(section, file, atMost: 64 << 20)
    return try stride(from: 0, to: table.count - size + 1, by: size).map {
      start throws(ELFSyntaxError) in
      let info = format.pointer(table, start + width) ?? 0
      let index = Int(truncatingIfNeeded: format.is64Bit ? info >> 32 : info >> 8)
      guard symbols.indices.contains(index) else {
        throw ELFSyntaxError("names a symbol that it does not have", at: section.offset)
      }
      let addend = hasAddends ? format.pointer(table, start + 2 * width) : nil
      return Relocation(
        offset: format.pointer(table, start) ?? 0,
        type: UInt32(truncatingIfNeeded: format.is64Bit ? info & 0xFFFF_FFFF : info & 0xFF),
        place: symbols[index], addend: addend.map { Int64(bitPattern: $0) })
    }
  }

  private static func symbols(
    _ index: Int, code: Int, _ sections: [ELFSectionHeader], _ file: [UInt8], _ format: ELFFormat
  ) throws(ELFSyntaxError) -> [Place] {
    guard sections.indices.contains(index), sections.indices.contains(Int(sections[index].link))
    else { throw ELFSyntaxError("has relocations without symbols", at: 0) }
    let table = try bytes(sections[index], file, atMost: 64 << 20)
    let names = try bytes(sections[Int(sections[index].link)], file, atMost: 64 << 20)
    let size = format.is64Bit ? 24 : 16
    return stride(from: 0, to: table.count - size + 1, by: size).map { start in
      let section = format.half(table, start + (format.is64Bit ? 6 : 14)) ?? 0
      let value = format.pointer(table, start + (format.is64Bit ? 8 : 4)) ?? 0
      if Int(section) == code { return .inCode(value) }
      // SHN_ABS; the first symbol of all, which has no name, stands for 0.
      if section == 0xFFF1 || start == 0 { return .absolute(value) }
      let name = names.dropFirst(Int(format.word(table, start) ?? 0)).prefix { $0 != 0 }
      return .undefined(name: String(decoding: name, as: UTF8.self))
    }
  }
}
