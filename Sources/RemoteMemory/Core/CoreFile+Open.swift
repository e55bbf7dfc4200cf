import CProcessVM
import MemoryModel

extension CoreFile {
  /// Opens a core file.
  /// - Parameters:
  ///   - path: the file.
  ///   - options: where else to look, and how to read.
  /// - Throws: `EINVAL` with the place in the file when it is no core or says what cannot be, and
  ///   for what is no ordinary file; what open(2) says.
  public static func open(
    path: String, options: CoreOptions = CoreOptions()
  ) throws(RemoteMemoryError) -> CoreFile {
    try Sandbox.checkFile(.open, path)
    return CoreFile(try CoreParts(path, options), options: options)
  }
}

/// What was found in a core file while it is opened.
final class CoreParts {
  /// More segments than that are not read: a process has at most some ten thousand mappings.
  static let mostSegments = 1 << 20
  /// More bytes of notes than that are not read; a thread takes some thousand.
  static let mostNoteBytes: UInt64 = 256 << 20

  let path: String
  let fileByteCount: UInt64
  let header: ELFHeader
  private(set) var notes: ProcessNotes
  let captureTime: Double?
  let layout: CoreLayout
  let memory: CoreMemory
  let regions: [Region]
  let mappedFiles: [MappedFile]
  let mappedDescriptors: [Int32]
  private var descriptor: Int32

  init(_ path: String, _ options: CoreOptions) throws(RemoteMemoryError) {
    self.path = path
    var count: UInt64 = 0
    let number = unsafe path.withCString { unsafe pvm_open_file($0, &count) }
    switch Errno(result: Int(number)) {
    case nil: break
    case .invalidArgument?:
      throw RemoteMemoryError(.open, .invalid, detail: "\(path) is no ordinary file")
    case let errno?: throw RemoteMemoryError(.open, .system, errno: errno, detail: path)
    }
    let file = CoreBytes(descriptor: number, byteCount: count)
    var isKept = false
    defer { if !isKept { System.close(number) } }
    do throws(ELFSyntaxError) {
      header = try file.header()
      var source = CoreLayout.Source(
        format: header.format, machine: header.machine, fileByteCount: count)
      source.segments = try file.segments(of: header)
      var reader = CoreNoteReader(header)
      try reader.read(source.segments, in: file)
      reader.complete(&source)
      notes = reader.notes
      captureTime = source.supplement?.captureTime
      layout = CoreLayout(source)
    } catch {
      throw RemoteMemoryError(.open, .invalid, detail: "\(path) \(error)")
    }
    var checks = MappedFileChecks(layout, file, options)
    checks.run()
    memory = checks.memory
    regions = checks.regions
    mappedFiles = checks.found
    mappedDescriptors = checks.descriptors
    fileByteCount = count
    descriptor = number
    isKept = true
    notes.executableBytes = layout.programPath(source: notes.auxiliaryVector, header.format)
  }

  /// Hands the descriptor over.
  func takeDescriptor() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  deinit { if descriptor >= 0 { System.close(descriptor) } }
}

extension CoreLayout {
  /// The path of the program: the file that its entry lies in.
  fileprivate func programPath(source auxiliaryVector: [UInt8], _ format: ELFFormat) -> [UInt8]? {
    let told = AuxiliaryVector(parsing: auxiliaryVector, format: format)
    guard let place = told[AuxiliaryVector.programHeaders] ?? told[AuxiliaryVector.entry],
      let region = RegionMap(regions).region(containing: Address(place)), region.kind == .file
    else { return nil }
    return region.nameBytes
  }
}

/// The bytes of a file that is being opened.
struct CoreBytes {
  let descriptor: Int32
  let byteCount: UInt64

  /// Up to `count` bytes from `offset` on: fewer at the end of the file.
  func bytes(at offset: UInt64, _ count: Int) -> [UInt8] {
    guard count > 0, offset < byteCount else { return [] }
    let wanted = Int(min(UInt64(count), byteCount - offset))
    return unsafe [UInt8](unsafeUninitializedCapacity: wanted) { room, filled in
      filled = unsafe System.preadAll(
        descriptor, UnsafeMutableRawBufferPointer(room)[0..<wanted], offset)
    }
  }

  func header() throws(ELFSyntaxError) -> ELFHeader {
    let header = try ELFHeader(parsing: bytes(at: 0, 64))
    guard header.fileType == ELFHeader.core else {
      let kind =
        [1: "an object file", 2: "a program", 3: "a program or library"][header.fileType]
        ?? "a file of type \(header.fileType)"
      throw ELFSyntaxError("is \(kind) and no core", at: 16)
    }
    return header
  }

  /// All program headers.
  func segments(of header: ELFHeader) throws(ELFSyntaxError) -> [ELFProgramHeader] {
    let size = ELFProgramHeader.byteCount(header.format)
    let count = try segmentCount(header)
    let start = header.programHeaderOffset
    guard count > 0 else { throw ELFSyntaxError("has no program headers", at: 0) }
    guard Int(header.programHeaderSize) == size else {
      throw ELFSyntaxError(
        "has program headers of \(header.programHeaderSize) bytes where \(size) are right",
        at: header.format.is64Bit ? 54 : 42)
    }
    guard count <= CoreParts.mostSegments else {
      throw ELFSyntaxError(
        "has \(count) program headers; at most \(CoreParts.mostSegments) are read", at: start)
    }
    guard start <= byteCount, UInt64(count &* size) <= byteCount &- start else {
      throw ELFSyntaxError(
        "ends after \(byteCount) bytes, within its table of \(count) program headers", at: start)
    }
    let table = bytes(at: start, count &* size)
    return (0..<count).compactMap {
      ELFProgramHeader(parsing: table, at: $0 &* size, format: header.format)
    }
  }

  private func segmentCount(_ header: ELFHeader) throws(ELFSyntaxError) -> Int {
    guard header.programHeaderCount == ELFHeader.extendedCount else {
      return Int(header.programHeaderCount)
    }
    let place = header.sectionHeaderOffset
    let first = bytes(at: place, ELFSectionHeader.byteCount(header.format))
    guard place > 0, let section = ELFSectionHeader(parsing: first, format: header.format) else {
      throw ELFSyntaxError("has no section header, which counts its program headers", at: place)
    }
    return Int(section.info)
  }
}

extension System {
  /// pread(2) again and again: how many bytes there were until an end or an error.
  static func preadAll(
    _ descriptor: Int32, _ room: Slice<UnsafeMutableRawBufferPointer>, _ offset: UInt64
  ) -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: room)
    var done = 0
    while done < room.count {
      let count = unsafe pread(
        descriptor, room.baseAddress.map { unsafe $0 + done }, room.count - done,
        offset &+ UInt64(done))
      if Errno(result: count) == .interrupted { continue }
      if count <= 0 { break }
      done += count
    }
    return done
  }
}
