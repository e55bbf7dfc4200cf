import MemoryModel
import Synchronization

/// Whether a file may be given to libdw: what it is made for, and no larger than it says. Whoever
/// reads the memory of strangers also meets files that were made to break their readers.
struct DebugFileCheck {
  /// Why the file is not read; nil when it may be.
  let problem: String?
  /// How wide its pointers are.
  let pointerWidth: PointerWidth

  private static let mostSectionBytes: UInt64 = 4 << 30
  private static let mostCompressedRatio: UInt64 = 64

  init(_ file: ProgramFile) {
    let read: FileReader = { file.bytes($0, $1) }
    guard let header = try? ELFHeader(parsing: read(0, 64)), header.fileType != ELFHeader.core,
      header.programHeaderSize == UInt16(ELFProgramHeader.byteCount(header.format))
        || header.programHeaderCount == 0,
      header.sectionHeaderSize == UInt16(ELFSectionHeader.byteCount(header.format))
    else {
      problem = "its file is no ELF file that libdw could read"
      pointerWidth = .eight
      return
    }
    pointerWidth = header.format.pointerWidth
    let sections = ELFImage.allSections(header, read)
    guard sections.contains(where: { $0.name == ".debug_info" || $0.name == ".zdebug_info" }) else {
      problem = "its file has no debug information"
      return
    }
    problem = sections.compactMap { Self.problem($0, header.format, file) }.first
  }

  private static func problem(
    _ section: ELFSection, _ format: ELFFormat, _ file: ProgramFile
  ) -> String? {
    let header = section.header
    // SHT_NOBITS and SHT_NULL.
    guard header.type != 8, header.type != 0 else { return nil }
    guard header.offset <= file.byteCount, header.byteCount <= file.byteCount - header.offset,
      header.byteCount <= mostSectionBytes
    else { return "its section \(section.name) lies outside of its file" }
    // SHF_COMPRESSED: the size it unfolds to stands at its beginning.
    guard header.flags & 0x800 != 0 else { return nil }
    let start = file.bytes(header.offset, 24)
    let size = format.pointer(start, format.is64Bit ? 8 : 4) ?? .max
    guard size <= mostSectionBytes, size / mostCompressedRatio <= header.byteCount else {
      return "its section \(section.name) would unfold to \(size) bytes"
    }
    return nil
  }
}

extension ModuleImage {
  /// Its debug information: that of its file, or of the file that holds it.
  func debugInformation(_ source: any MemorySource) -> DebugInformation.State {
    if case .unknown = debugInformation.withLock({ $0 }) {
      let found = findDebugInformation(source)
      return debugInformation.withLock { kept in
        if case .unknown = kept { kept = found }
        return kept
      }
    }
    return debugInformation.withLock { $0 }
  }

  private func findDebugInformation(_ source: any MemorySource) -> DebugInformation.State {
    guard elf != nil else { return .absent("it is no ELF file") }
    let file = ProgramFile.open(self, in: source)
    let own = file.map { DebugInformation.open($0) }
    if case .present? = own { return own ?? .unknown }
    if let debug = DebugFile.find(for: self, file, in: source) {
      return DebugInformation.open(debug)
    }
    return own ?? .absent("its file is gone, was replaced, or may not be opened")
  }
}
