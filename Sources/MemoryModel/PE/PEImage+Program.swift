extension PEImage {
  /// What must be in memory once the file is loaded: its sections that are not writable, but for
  /// what the loader fills in.
  /// - Throws: when it has more relocations than any real file.
  public func program(_ read: @escaping FileReader) throws(ImageError) -> ProgramImage {
    var program = ProgramImage(
      format: ELFFormat(pointerWidth: pointerWidth, byteOrder: .little))
    for section in sections where section.byteCount > 0 {
      let address = preferredAddress &+ UInt64(section.address)
      program.sections.append(
        ProgramImage.Section(
          name: section.name,
          range: AddressRange(start: Address(address), count: UInt64(section.byteCount))))
      let count = min(section.byteCount, section.fileByteCount)
      guard !section.isWritable, !section.isDiscardable, count > 0 else { continue }
      program.parts.append(
        ProgramImage.Part(
          address: address, offset: UInt64(section.offset), byteCount: UInt64(count)))
    }
    program.fixups = try baseRelocations(read).sorted { $0.address < $1.address }
    program.filledIn = loaderTables(read).sorted { $0.start < $1.start }
    return program
  }

  /// So many bytes at an address, counted from the start of the image; fewer where the file has no
  /// more.
  private func bytes(_ address: UInt32, _ count: Int, _ read: FileReader) -> [UInt8] {
    fileOffset(of: address).map { read($0, count) } ?? []
  }

  private func baseRelocations(_ read: FileReader) throws(ImageError) -> [ImageFixup] {
    guard directories.count > 5 else { return [] }
    let table = directories[5]
    let bytes = bytes(table.address, Int(min(table.byteCount, 128 << 20)), read)
    var fixups: [ImageFixup] = []
    var start = 0
    while let page = Self.format.word(bytes, start), let size = Self.format.word(bytes, start + 4),
      size >= 8
    {
      let end = min(start + Int(size), bytes.count)
      for place in stride(from: start + 8, to: end - 1, by: 2) {
        guard let entry = Self.format.half(bytes, place),
          let byteCount = Self.byteCount(of: entry >> 12)
        else { continue }
        let address = preferredAddress &+ UInt64(page) &+ UInt64(entry & 0xFFF)
        fixups.append(
          ImageFixup(
            address: address, byteCount: byteCount,
            value: byteCount == 2 ? .unknown : .movedInPlace))
      }
      if fixups.count > ProgramImage.mostFixups { throw ImageError("has too many relocations") }
      start = end
    }
    return fixups
  }

  /// How many bytes a base relocation of a type changes; nil for none.
  private static func byteCount(of type: UInt16) -> Int? {
    switch type {
    case 1, 2, 4: 2
    case 3: 4
    case 10: 8
    default: nil
    }
  }

  /// Tables that the loader fills in: addresses of imported functions, and those of checks.
  private func loaderTables(_ read: FileReader) -> [AddressRange] {
    var ranges: [AddressRange] = []
    func add(_ address: UInt32, _ count: UInt64) {
      guard address > 0, count > 0 else { return }
      let start = Address(preferredAddress &+ UInt64(address))
      ranges.append(AddressRange(start: start, count: count))
    }
    if directories.count > 12 {
      add(directories[12].address, UInt64(directories[12].byteCount))
    }
    // The import directory and the one of delayed imports: entries of 20 and 32 bytes, which name
    // the table of addresses at 16 and 12.
    for (number, size, place) in [(1, 20, 16), (13, 32, 12)] where directories.count > number {
      let entries = bytes(directories[number].address, size * 4096, read)
      for start in stride(from: 0, to: entries.count - size + 1, by: size) {
        guard let table = Self.format.word(entries, start + place), table > 0 else { break }
        add(table, thunkByteCount(table, read))
      }
    }
    if directories.count > 10, directories[10].address > 0 {
      // The load configuration names two pointers to checks of control flow, which the loader sets.
      let isWide = pointerWidth == .eight
      let config = bytes(directories[10].address, 256, read)
      let format = ELFFormat(pointerWidth: pointerWidth, byteOrder: .little)
      for place in isWide ? [0x70, 0x78] : [0x48, 0x4C] {
        guard let pointer = format.pointer(config, place), pointer > preferredAddress,
          let address = UInt32(exactly: pointer - preferredAddress)
        else { continue }
        add(address, UInt64(pointerWidth.bytes))
      }
    }
    return ranges
  }

  /// The size of a table of addresses that ends with a zero.
  private func thunkByteCount(_ address: UInt32, _ read: FileReader) -> UInt64 {
    let format = ELFFormat(pointerWidth: pointerWidth, byteOrder: .little)
    let bytes = bytes(address, 8 << 13, read)
    var offset = 0
    while let entry = format.pointer(bytes, offset), entry != 0 { offset += pointerWidth.bytes }
    return UInt64(offset)
  }
}
