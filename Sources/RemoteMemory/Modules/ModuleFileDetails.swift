import MemoryModel

/// What the file of a module says beyond what is in memory.
struct ModuleFileDetails: Sendable {
  let state: ModuleFileState
  let sections: [ModuleImage.Section]

  init(of image: ModuleImage, in source: any MemorySource) {
    let file = ProgramFile.open(image, in: source)
    state = Self.state(of: image.module, file, source)
    sections = Self.sections(of: image, file)
  }

  private static func sections(of image: ModuleImage, _ file: ProgramFile?)
    -> [ModuleImage.Section]
  {
    if let pe = image.pe {
      return pe.sections.map { section in
        ModuleImage.Section(
          name: section.name,
          range: AddressRange(
            start: Address(image.distance &+ UInt64(section.address)),
            count: UInt64(section.byteCount)))
      }
    }
    guard let elf = image.elf, let file else { return [] }
    let all = ELFImage.allSections(elf.header, { file.bytes($0, $1) })
    return all.compactMap { section in
      // Those that lie in memory; what is for each thread lies elsewhere.
      guard section.header.flags & 2 != 0, section.header.flags & 0x400 == 0,
        section.header.byteCount > 0
      else { return nil }
      return ModuleImage.Section(
        name: section.name,
        range: AddressRange(
          start: Address(section.header.address &+ image.distance),
          count: section.header.byteCount))
    }
  }

  private static func state(
    of module: Module, _ file: ProgramFile?, _ source: any MemorySource
  ) -> ModuleFileState {
    guard let first = module.regions.first, first.kind == .file else { return .none }
    let root = source.processID.map { "/proc/\($0)/root" } ?? ""
    let path = String(decoding: module.pathBytes, as: UTF8.self)
    let isThere = System.isFile(root + path)
    if module.isDeleted { return isThere ? .replaced : .deleted }
    if file != nil { return .same }
    return isThere ? .replaced : .missing
  }
}

extension ProgramFile {
  /// The file of a module, where it is certain to be the one that was loaded: the same file, the
  /// same build, or the same headers.
  static func open(_ image: ModuleImage, in source: any MemorySource) -> ProgramFile? {
    guard let first = image.module.regions.first, first.kind == .file || first.kind == .memfd,
      let file = open(first, of: source)
    else { return nil }
    if file.isCertain { return file }
    guard let elf = image.elf else { return image.pe == nil ? nil : file }
    guard let other = try? ELFImage({ file.bytes($0, $1) }) else { return nil }
    if let one = image.buildID, let two = other.buildID({ file.bytes($0, $1) }) {
      return one == two ? file : nil
    }
    return other.header == elf.header && other.programHeaders == elf.programHeaders ? file : nil
  }
}
