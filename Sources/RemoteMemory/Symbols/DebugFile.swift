import MemoryModel

/// Finds the file that holds the symbols and the debug information a module was stripped of.
enum DebugFile {
  /// The file with the module's build-id, or the one that the module names (`.gnu_debuglink`); in the
  /// process's own root first.
  /// - Parameter folder: where such files are kept.
  static func find(
    for image: ModuleImage, _ file: ProgramFile?, in source: any MemorySource,
    folder: String = "/usr/lib/debug"
  ) -> ProgramFile? {
    let roots = source.processID.map { ["/proc/\($0)/root", ""] } ?? [""]
    if let id = image.buildIDText, id.utf8.count > 2 {
      for root in roots {
        let path = "\(root)\(folder)/.build-id/\(id.prefix(2))/\(id.dropFirst(2)).debug"
        if let found = ProgramFile.open(path), buildID(of: found) == image.buildID {
          return found
        }
      }
    }
    guard let file, let link = DebugLink(of: file) else { return nil }
    let path = String(decoding: image.module.pathBytes, as: UTF8.self)
    let home = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    for root in roots {
      for place in [home, home + "/.debug", folder + home] {
        guard let found = ProgramFile.open("\(root)\(place)/\(link.name)") else { continue }
        if link.isMet(by: found) { return found }
      }
    }
    return nil
  }

  private static func buildID(of file: ProgramFile) -> [UInt8]? {
    let read: FileReader = { file.bytes($0, $1) }
    guard let header = try? ELFHeader(parsing: read(0, 64)) else { return nil }
    // The segments of such a file lead nowhere: what it holds is told by its sections.
    let format = header.format
    for section in ELFImage.allSections(header, read) where section.header.type == 7 {
      let bytes = read(section.header.offset, Int(min(section.header.byteCount, 64 << 10)))
      let notes = ELFNoteReader(bytes, format: format, alignment: section.header.alignment)
      for note in notes.prefix(256) where note.isA("GNU", ELFNote.buildID) { return note.content }
    }
    return nil
  }
}

/// The section `.gnu_debuglink`: the name of a file, and the checksum of what it holds.
struct DebugLink {
  let name: String
  let checksum: UInt32

  /// Larger files are not summed up: they have a build-id.
  private static let mostBytes: UInt64 = 512 << 20

  init?(of file: ProgramFile) {
    let read: FileReader = { file.bytes($0, $1) }
    guard let header = try? ELFHeader(parsing: read(0, 64)),
      let section = ELFImage.allSections(header, read).first(where: { $0.name == ".gnu_debuglink" })
    else { return nil }
    let bytes = read(section.header.offset, Int(min(section.header.byteCount, 4096)))
    let name = Array(bytes.prefix { $0 != 0 })
    // The checksum follows at the next multiple of 4.
    guard !name.isEmpty, !name.contains(UInt8(ascii: "/")), name.count < 256,
      let checksum = header.format.word(bytes, (name.count + 4) & ~3),
      let text = String(validating: name, as: UTF8.self)
    else { return nil }
    self.name = text
    self.checksum = checksum
  }

  /// Whether a file is the one that was meant.
  func isMet(by file: ProgramFile) -> Bool {
    guard file.byteCount <= Self.mostBytes else { return false }
    var sum = CRC32()
    var offset: UInt64 = 0
    while offset < file.byteCount {
      let bytes = file.bytes(offset, 1 << 20)
      guard !bytes.isEmpty else { return false }
      sum.add(bytes)
      offset += UInt64(bytes.count)
    }
    return sum.value == checksum
  }
}

/// The checksum of `.gnu_debuglink`, and of much else: CRC-32 as in ISO 3309.
struct CRC32 {
  private var state: UInt32 = ~0

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { sum, _ in
      sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1
    }
  }

  var value: UInt32 { ~state }

  mutating func add(_ bytes: [UInt8]) {
    var sum = state
    unsafe Self.table.withUnsafeBufferPointer { table in
      for byte in bytes { unsafe sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }
    state = sum
  }
}
