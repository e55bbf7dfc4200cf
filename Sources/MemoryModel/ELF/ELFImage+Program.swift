extension ELFImage {
  /// What must be in memory once the file is loaded: its segments that are not writable, and what
  /// becomes read-only after relocation.
  /// - Throws: when it has more relocations than any real file.
  public func program(_ read: @escaping FileReader) throws(ImageError) -> ProgramImage {
    var program = ProgramImage(format: header.format)
    program.parts = parts
    program.fixups = try ELFRelocations(self, read).fixups
    program.sections = sections.compactMap { section in
      // What is for each thread lies elsewhere.
      guard section.header.flags & 0x400 == 0, section.header.byteCount > 0 else { return nil }
      return ProgramImage.Section(
        name: section.name,
        range: AddressRange(
          start: Address(section.header.address), count: section.header.byteCount))
    }
    return program
  }

  /// Whether it loads itself: a dynamic linker or a static program, which writes its constants
  /// before they become read-only.
  public var loadsItself: Bool { !dynamic.contains { $0.tag == ELFDynamicEntry.needed } }

  private var parts: [ProgramImage.Part] {
    let loaded = programHeaders.filter { $0.type == ELFProgramHeader.load }
    var parts = loaded.filter { $0.flags & 2 == 0 && $0.fileByteCount > 0 }.map {
      ProgramImage.Part(
        address: $0.address, offset: $0.offset,
        byteCount: min($0.fileByteCount, $0.memoryByteCount))
    }
    for relocated in programHeaders where relocated.type == ELFProgramHeader.readOnlyAfterRelocation
    {
      for segment in loaded where segment.flags & 2 != 0 {
        let file = AddressRange(start: Address(segment.address), count: segment.fileByteCount)
        guard let range = file.intersection(relocated.range), !range.isEmpty else { continue }
        parts.append(
          ProgramImage.Part(
            address: range.start.rawValue,
            offset: segment.offset &+ (range.start.rawValue &- segment.address),
            byteCount: range.count, isWrittenByLoader: true, isWrittenByProgram: loadsItself))
      }
    }
    return parts
  }
}
