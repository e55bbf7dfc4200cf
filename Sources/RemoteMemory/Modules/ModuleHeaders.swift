import MemoryModel

/// The headers of one module, read from memory, or from its file where memory has none.
struct ModuleHeaders {
  private(set) var format = ModuleImage.Format.data
  private(set) var distance: UInt64 = 0
  private(set) var elf: ELFImage?
  private(set) var pe: PEImage?
  private(set) var buildID: [UInt8]?
  private(set) var segments: [ModuleImage.Segment] = []

  init(of module: Module, in source: any MemorySource) {
    guard let first = module.regions.first, first.offset == 0 || first.kind == .vdso else { return }
    // Data is not read: its pages may lie anywhere, also where reading takes for ever.
    guard module.hasCode else { return }
    let memory = LoadedBytes(module, in: source)
    let magic = memory.image(0, 4)
    if magic.starts(with: [0x4D, 0x5A]) {
      readPE(memory, module)
      return
    }
    if magic == [0x7F, 0x45, 0x4C, 0x46], readELF(memory.image, module, memory) { return }
    // A core may leave out what is in files.
    guard magic.isEmpty, let file = ProgramFile.open(first, of: source) else { return }
    let read: FileReader = { file.bytes($0, $1) }
    if read(0, 4) == [0x7F, 0x45, 0x4C, 0x46] { _ = readELF(read, module, nil) }
  }

  var machine: String? {
    if let elf {
      return ELFIdentity(header: elf.header.serialized())?.machineName
    }
    return pe?.machineName
  }

  /// - Parameters:
  ///   - read: gives the headers.
  ///   - memory: the image in memory, where what the headers lead to is read; nil: in the file.
  /// - Returns: whether it is one.
  private mutating func readELF(
    _ read: @escaping FileReader, _ module: Module, _ memory: LoadedBytes?
  ) -> Bool {
    guard let header = try? ELFHeader(parsing: read(0, 64)),
      let headers = try? ELFImage.allProgramHeaders(header, read)
    else { return false }
    let loaded = headers.filter { $0.type == ELFProgramHeader.load }
    guard let lowest = loaded.min(by: { $0.address < $1.address }) else { return false }
    let moved = module.base.rawValue &- (lowest.address &- lowest.offset)
    var contents = read
    if let memory { contents = memory.file(headers, distance: moved) }
    guard let image = try? ELFImage(contents) else { return false }
    format = .elf
    distance = moved
    elf = image
    buildID = image.buildID(contents)
    segments = loaded.map { Self.segment($0, moved) }
    segments.sort { $0.range.start < $1.range.start }
    return true
  }

  private static func segment(_ header: ELFProgramHeader, _ distance: UInt64)
    -> ModuleImage.Segment
  {
    ModuleImage.Segment(
      range: AddressRange(
        start: Address(header.address &+ distance), count: header.memoryByteCount),
      permissions: header.permissions, fileOffset: header.offset,
      fileByteCount: header.fileByteCount)
  }

  private mutating func readPE(_ memory: LoadedBytes, _ module: Module) {
    guard let image = try? PEImage(memory.image) else { return }
    format = .pe
    distance = module.base.rawValue
    pe = image
    buildID = image.buildID(memory.image)
    segments = image.sections.map { section in
      var permissions: Permissions = []
      if section.flags & 0x4000_0000 != 0 { permissions.insert(.read) }
      if section.isWritable { permissions.insert(.write) }
      if section.isExecutable { permissions.insert(.execute) }
      return ModuleImage.Segment(
        range: AddressRange(
          start: Address(module.base.rawValue &+ UInt64(section.address)),
          count: UInt64(section.byteCount)),
        permissions: permissions, fileOffset: UInt64(section.offset),
        fileByteCount: UInt64(section.fileByteCount))
    }
  }
}

extension ELFImage {
  /// The note that names one build; nil where there is none.
  func buildID(_ read: FileReader) -> [UInt8]? {
    for segment in programHeaders where segment.type == ELFProgramHeader.note {
      let bytes = read(segment.offset, Int(min(segment.fileByteCount, 64 << 10)))
      let notes = ELFNoteReader(bytes, format: header.format, alignment: segment.alignment)
      for note in notes.prefix(256) where note.isA("GNU", ELFNote.buildID) {
        return note.content.isEmpty || note.content.count > 64 ? nil : note.content
      }
    }
    return nil
  }
}
