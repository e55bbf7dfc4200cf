/// Reads the symbols of an ELF file, or of one that is loaded, into a table.
///
/// Nothing in the file is believed: what lies outside of it or has no sense is left out.
public struct ELFSymbolReader {
  private let header: ELFHeader
  private let read: FileReader

  private static let mostTableBytes = SymbolTable.mostSymbols * 24
  private static let mostNameBytes = 1 << 30

  /// A reader of a file with this header.
  public init(_ header: ELFHeader, _ read: @escaping FileReader) {
    self.header = header
    self.read = read
  }

  /// Adds what the section headers lead to: all symbols of the file, and those for the dynamic
  /// linker.
  /// - Returns: whether the file has all of its symbols, and was not stripped of them.
  public func addSections(to builder: inout SymbolTableBuilder) -> Bool {
    let sections = ELFImage.allSections(header, read)
    var found = false
    for (index, section) in sections.enumerated() {
      guard section.header.type == Section.symbols || section.header.type == Section.dynamicSymbols,
        sections.indices.contains(Int(section.header.link))
      else { continue }
      let names = sections[Int(section.header.link)].header
      var table = ELFSymbolEntries(format: header.format)
      if section.header.byteCount > UInt64(Self.mostTableBytes) { builder.noteCut() }
      table.symbols = bytes(section.header, atMost: Self.mostTableBytes)
      table.names = bytes(names, atMost: Self.mostNameBytes)
      if section.header.type == Section.dynamicSymbols {
        table.versions = versions(of: index, sections, table.names)
      }
      found = found || (section.header.type == Section.symbols && !table.symbols.isEmpty)
      table.add(to: &builder)
    }
    return found
  }

  /// Adds the symbols for the dynamic linker, which it finds by its own table.
  /// - Parameters:
  ///   - image: the program or library.
  ///   - distance: how far it was moved, where its table was read from memory: the linker writes
  ///     true addresses into it.
  public func addDynamic(
    of image: ELFImage, distance: UInt64, to builder: inout SymbolTableBuilder
  ) {
    let dynamic = DynamicTable(image: image, distance: distance, read: read)
    var table = ELFSymbolEntries(format: header.format)
    let count = dynamic.symbolCount
    guard count > 0 else { return }
    table.symbols = dynamic.bytes(DynamicTag.symbols, count * table.entryByteCount)
    table.names = dynamic.bytes(
      DynamicTag.names,
      Int(min(image.dynamicValue(DynamicTag.nameByteCount) ?? 0, UInt64(Self.mostNameBytes))))
    var versions = ELFSymbolVersions()
    versions.numbers = dynamic.bytes(DynamicTag.versions, count * 2)
    versions.read(
      dynamic.bytes(DynamicTag.definedVersions, 1 << 20), names: table.names, header.format)
    table.versions = versions
    table.add(to: &builder)
  }

  private func bytes(_ section: ELFSectionHeader, atMost limit: Int) -> [UInt8] {
    // SHT_NOBITS: nothing in the file, as in files of debug information alone.
    guard section.type != 8 else { return [] }
    return read(section.offset, Int(min(section.byteCount, UInt64(limit))))
  }

  private func versions(of index: Int, _ sections: [ELFSection], _ names: [UInt8])
    -> ELFSymbolVersions
  {
    var versions = ELFSymbolVersions()
    for section in sections {
      if section.header.type == Section.versions, Int(section.header.link) == index {
        versions.numbers = bytes(section.header, atMost: 2 * SymbolTable.mostSymbols)
      } else if section.header.type == Section.definedVersions {
        versions.read(bytes(section.header, atMost: 1 << 20), names: names, header.format)
      }
    }
    return versions
  }
}

private enum Section {
  static let symbols: UInt32 = 2
  static let dynamicSymbols: UInt32 = 11
  static let versions: UInt32 = 0x6FFF_FFFF
  static let definedVersions: UInt32 = 0x6FFF_FFFD
}

private enum DynamicTag {
  static let hash: UInt64 = 4
  static let names: UInt64 = 5
  static let symbols: UInt64 = 6
  static let nameByteCount: UInt64 = 10
  static let versions: UInt64 = 0x6FFF_FFF0
  static let definedVersions: UInt64 = 0x6FFF_FFFC
  static let gnuHash: UInt64 = 0x6FFF_FEF5
}

/// What the dynamic linker's table leads to.
private struct DynamicTable {
  let image: ELFImage
  let distance: UInt64
  let read: FileReader

  /// So many bytes of what a tag names.
  func bytes(_ tag: UInt64, _ count: Int) -> [UInt8] {
    guard count > 0, let offset = offset(of: tag) else { return [] }
    return read(offset, count)
  }

  private func offset(of tag: UInt64) -> UInt64? {
    guard let value = image.dynamicValue(tag) else { return nil }
    return image.fileOffset(of: value &- distance) ?? image.fileOffset(of: value)
  }

  /// The table does not say how many symbols there are; the ones for hashing do.
  var symbolCount: Int {
    let format = image.header.format
    let table = bytes(DynamicTag.hash, 8)
    if let count = format.word(table, 4), count > 0 {
      return Int(min(count, UInt32(SymbolTable.mostSymbols)))
    }
    if let count = gnuSymbolCount { return count }
    guard let symbols = image.dynamicValue(DynamicTag.symbols),
      let names = image.dynamicValue(DynamicTag.names), names > symbols
    else { return 0 }
    let count = (names - symbols) / (format.is64Bit ? 24 : 16)
    return Int(min(count, UInt64(SymbolTable.mostSymbols)))
  }

  /// The end of the last chain of `DT_GNU_HASH`; nil where there is none.
  private var gnuSymbolCount: Int? {
    let format = image.header.format
    guard let start = offset(of: DynamicTag.gnuHash) else { return nil }
    let header = read(start, 16)
    guard let buckets = format.word(header, 0), let first = format.word(header, 4),
      let filters = format.word(header, 8), buckets < 1 << 24, filters < 1 << 24
    else { return nil }
    let chains = 16 + UInt64(filters) * UInt64(format.pointerWidth.bytes)
    let table = read(start &+ chains, Int(buckets) * 4)
    var last: UInt32 = 0
    for index in 0..<(table.count / 4) { last = max(last, format.word(table, 4 * index) ?? 0) }
    guard last >= first else { return Int(min(first, 1 << 20)) }
    let values = start &+ chains &+ 4 * UInt64(buckets)
    while Int(last) < SymbolTable.mostSymbols {
      let chain = read(values &+ 4 * UInt64(last - first), 4096)
      guard chain.count >= 4 else { break }
      for index in 0..<(chain.count / 4) {
        last += 1
        if let hash = format.word(chain, 4 * index), hash & 1 == 1 { return Int(last) }
      }
    }
    return Int(last)
  }
}
