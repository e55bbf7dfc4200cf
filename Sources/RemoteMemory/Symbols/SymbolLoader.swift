import MemoryModel

/// Gathers the symbols of a module from wherever they are: its file, the file with its debug
/// information, and its memory.
struct SymbolLoader {
  let image: ModuleImage
  let source: any MemorySource

  func load() -> SymbolTable {
    var builder = SymbolTableBuilder()
    if let elf = image.elf { addELF(elf, to: &builder) }
    if let pe = image.pe {
      pe.addExports(to: &builder, LoadedBytes(image.module, in: source).image)
    }
    return builder.table()
  }

  private func addELF(_ elf: ELFImage, to builder: inout SymbolTableBuilder) {
    builder.stretches = elf.programHeaders.filter { $0.type == ELFProgramHeader.load }.map(\.range)
    let file = ProgramFile.open(image, in: source)
    var isWhole = false
    if let file {
      let read: FileReader = { file.bytes($0, $1) }
      isWhole = ELFSymbolReader(elf.header(of: file), read).addSections(to: &builder)
    }
    if !isWhole, let debug = DebugFile.find(for: image, file, in: source) {
      let read: FileReader = { debug.bytes($0, $1) }
      if let header = try? ELFHeader(parsing: read(0, 64)) {
        _ = ELFSymbolReader(header, read).addSections(to: &builder)
      }
    }
    guard builder.isEmpty else { return }
    let memory = LoadedBytes(image.module, in: source)
    let read = memory.file(elf.programHeaders, distance: image.distance)
    ELFSymbolReader(elf.header, read).addDynamic(
      of: elf, distance: image.distance, to: &builder)
  }
}

extension ELFImage {
  /// The header of its file: that in memory may have been cleared.
  func header(of file: ProgramFile) -> ELFHeader {
    (try? ELFHeader(parsing: file.bytes(0, 64))) ?? header
  }
}
