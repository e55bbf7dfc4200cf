import CProcessVM
import MemoryModel

/// A file a process had mapped, and of which its core does not hold all.
public struct MappedFile: Hashable, Sendable {
  /// Whether the rest is read from disk.
  public enum Outcome: Hashable, Sendable {
    /// It is: the file there is the same build.
    case same
    /// It is not: the file there is another build.
    case different
    /// It is not: there is no file to be opened.
    case absent
    /// It is not: nothing says which file it was. Only programs and libraries have a build-id, and
    /// only where the core holds the page with it.
    case unknown
    /// It is not: files are not to be looked for, or there are too many.
    case notLooked
  }

  /// The path in the core, raw bytes.
  public let pathBytes: [UInt8]
  /// Whether it is read.
  public let outcome: Outcome

  /// The path, printable.
  public var path: String { printable(pathBytes) }
}

extension MappedFile: CustomStringConvertible {
  /// `/usr/lib/libc.so.6: another build lies there now`.
  public var description: String {
    switch outcome {
    case .same: "\(path): the same build is there"
    case .different: "\(path): another build is there now"
    case .absent: "\(path): cannot be opened"
    case .unknown: "\(path): nothing says which file it was"
    case .notLooked: "\(path): was not looked for"
    }
  }
}

/// Decides for each mapped file whether the one on disk is the one that was mapped, and opens it.
///
/// A file counts as the same only when the core holds the first page of its mapping and the
/// build-id found by it equals that of the file.
struct MappedFileChecks {
  /// So many files are opened, and so many looked for.
  private static let mostOpen = 256
  private static let mostTried = 4096

  private let layout: CoreLayout
  private let core: CoreBytes
  private let options: CoreOptions
  /// The first region of each file that begins at its first byte.
  private var bases: [[UInt8]: AddressRange] = [:]
  /// One for each file, -1 where it is not read; open until somebody closes them.
  private(set) var descriptors: [Int32] = []
  private(set) var found: [MappedFile] = []
  /// Those that are read, by name.
  private var images: [[UInt8]: MappedSegments] = [:]
  private var openCount = 0

  init(_ layout: CoreLayout, _ core: CoreBytes, _ options: CoreOptions) {
    self.layout = layout
    self.core = core
    self.options = options
  }

  /// Looks at every file.
  mutating func run() {
    for region in layout.regions where region.offset == 0 && region.kind == .file {
      if bases[region.nameBytes] == nil { bases[region.nameBytes] = region.range }
    }
    let stored = stored
    for name in layout.fileNames {
      let (descriptor, outcome) = check(name, stored)
      if descriptor >= 0, let base = bases[name] {
        images[name] = MappedSegments(
          CoreBytes(descriptor: descriptor, byteCount: .max), base: base.start)
      }
      descriptors.append(descriptor)
      found.append(MappedFile(pathBytes: name, outcome: outcome))
      if descriptor >= 0 { openCount += 1 }
    }
  }

  /// The regions, with the permissions that only their files tell.
  var regions: [Region] {
    layout.regions.map { region in
      guard layout.unknownPermissions.contains(region.start),
        let image = images[region.nameBytes]
      else { return region }
      return Region(
        range: region.range, permissions: image.permissions(at: region.start),
        offset: region.offset, nameBytes: region.nameBytes)
    }
  }

  /// The memory that was found.
  var memory: CoreMemory {
    let map = RegionMap(regions)
    return CoreMemory(
      pieces: layout.stretches.map { stretch in
        let region = map.region(containing: stretch.range.start)
        return CoreMemory.Piece(
          range: stretch.range,
          place: place(of: stretch.content, isReadable: region?.permissions.contains(.read) == true)
        )
      })
  }

  private func place(of content: CoreLayout.Content, isReadable: Bool) -> CoreMemory.Place {
    switch content {
    // A file is mapped without any permission to keep its place only.
    case .mapped where !isReadable: .nowhere(.missing)
    case .stored(let offset): .core(offset: offset)
    case .zeroes: .zeroes
    case .missing: .nowhere(.missing)
    case .truncated: .nowhere(.truncated)
    case .mapped(let file, let offset):
      descriptors[file] >= 0
        ? .file(descriptors[file], offset: offset) : .nowhere(.file(found[file]))
    }
  }

  /// The memory without any mapped file.
  private var stored: CoreMemory {
    CoreMemory(
      pieces: layout.stretches.compactMap { stretch in
        guard case .stored(let offset) = stretch.content else { return nil }
        return CoreMemory.Piece(range: stretch.range, place: .core(offset: offset))
      })
  }

  private func check(_ name: [UInt8], _ stored: CoreMemory) -> (Int32, MappedFile.Outcome) {
    guard options.readsMappedFiles, found.count < Self.mostTried, openCount < Self.mostOpen else {
      return (-1, .notLooked)
    }
    guard let base = bases[name], let wanted = buildID(in: stored, at: base) else {
      return (-1, .unknown)
    }
    guard let file = Self.open(name) else { return (-1, .absent) }
    if BuildID.read({ file.bytes(at: $0, $1) }) == wanted { return (file.descriptor, .same) }
    System.close(file.descriptor)
    return (-1, .different)
  }

  private func buildID(in stored: CoreMemory, at base: AddressRange) -> [UInt8]? {
    BuildID.read { offset, count in
      guard let place = base.start.adding(offset), offset < base.count,
        let piece = stored.piece(at: place), case .core(let start) = piece.place
      else { return [] }
      let skip = place.rawValue &- piece.range.start.rawValue
      let left = min(piece.range.count &- skip, base.count &- offset)
      return core.bytes(at: start &+ skip, Int(min(UInt64(count), left)))
    }
  }

  /// Opens an ordinary file; nothing else is touched, since opening a device can do things.
  private static func open(_ name: [UInt8]) -> CoreBytes? {
    let isDeleted = name.suffix(10).elementsEqual(" (deleted)".utf8)
    let path = isDeleted ? Array(name.dropLast(10)) : name
    guard path.first == UInt8(ascii: "/"), !path.contains(0) else { return nil }
    let handle = unsafe path.map { CChar(bitPattern: $0) }.withTerminator {
      unsafe pvm_open($0, Int32(PVM_PATH_ONLY))
    }
    guard handle >= 0 else { return nil }
    defer { System.close(handle) }
    guard System.identity(of: handle)?.is_regular == true else { return nil }
    var count: UInt64 = 0
    let descriptor = unsafe "/proc/self/fd/\(handle)".withCString {
      unsafe pvm_open_file($0, &count)
    }
    return descriptor >= 0 ? CoreBytes(descriptor: descriptor, byteCount: count) : nil
  }
}

extension [CChar] {
  /// Gives the bytes, ended by a zero, to C.
  fileprivate func withTerminator(_ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
    unsafe (self + [0]).withUnsafeBufferPointer { bytes in
      unsafe bytes.baseAddress.map { unsafe body($0) } ?? -1
    }
  }
}

/// What names one build of a program: the note NT_GNU_BUILD_ID.
enum BuildID {
  private static let mostHeaders = 256
  private static let mostNoteBytes: UInt64 = 64 << 10

  /// Finds the build-id of an ELF file.
  /// - Parameter read: up to so many bytes from an offset on.
  /// - Returns: nil when there is none, or not where it can be read.
  static func read(_ read: (_ offset: UInt64, _ count: Int) -> [UInt8]) -> [UInt8]? {
    guard let header = try? ELFHeader(parsing: read(0, 64)) else { return nil }
    let size = ELFProgramHeader.byteCount(header.format)
    let count = min(Int(header.programHeaderCount), mostHeaders)
    guard Int(header.programHeaderSize) == size else { return nil }
    let table = read(header.programHeaderOffset, count * size)
    for index in 0..<count {
      guard
        let segment = ELFProgramHeader(parsing: table, at: index * size, format: header.format)
      else { return nil }
      guard segment.type == ELFProgramHeader.note else { continue }
      let bytes = read(segment.offset, Int(min(segment.fileByteCount, mostNoteBytes)))
      let notes = ELFNoteReader(bytes, format: header.format, alignment: segment.alignment)
      for note in notes where note.isA("GNU", ELFNote.buildID) && !note.content.isEmpty {
        return note.content
      }
    }
    return nil
  }
}
