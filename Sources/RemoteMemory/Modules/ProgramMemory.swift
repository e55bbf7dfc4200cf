import CProcessVM
public import MemoryModel

/// A program or library on disk, read like memory although no process has it: its segments lie at the
/// addresses the file gives, filled as the file fills them. What the dynamic linker would fill in is
/// as the file has it.
public final class ProgramMemory: CapturedMemory, @unchecked Sendable {
  /// How wide its pointers are.
  public let pointerWidth: PointerWidth
  /// Its byte order.
  public let byteOrder: ByteOrder
  /// `program /usr/games/2048`.
  public let label: String
  /// nil: no process is behind it.
  public let processID: ProcessID? = nil
  /// How transfers are cut.
  public let limits: TransferLimits
  /// How long operations learn that they are to stop.
  public let interrupt: InterruptCheck
  /// The path and the machine; there is no process to tell more of.
  public let notes: ProcessNotes
  /// What is known of its modules.
  public let moduleCache = ModuleCache()
  /// nil: it was not captured from anything.
  public let captureTime: Double? = nil

  private let descriptor: Descriptor
  private let map: RegionMap
  private let memory: CoreMemory
  private let counters = TransferCounters()

  /// Opens a file.
  /// - Returns: nil for a file that is no program and no library, such as a core.
  /// - Throws: what open(2) says; `EINVAL` for a program whose headers cannot be.
  public static func open(
    path: String, limits: TransferLimits = .standard, interrupt: InterruptCheck = .never
  ) throws(RemoteMemoryError) -> ProgramMemory? {
    var count: UInt64 = 0
    let number = unsafe path.withCString { unsafe pvm_open_file($0, &count) }
    if let errno = Errno(result: Int(number)) {
      guard errno != .invalidArgument else { return nil }  // no ordinary file
      throw RemoteMemoryError(.open, .system, errno: errno, detail: path)
    }
    let file = CoreBytes(descriptor: number, byteCount: count)
    guard let identity = ELFIdentity(header: file.bytes(at: 0, 64)),
      identity.fileType == 2 || identity.fileType == 3
    else {
      System.close(number)
      return nil
    }
    do throws(ELFSyntaxError) {
      let image = try ELFImage { file.bytes(at: $0, $1) }
      return ProgramMemory(file, path, image, identity, limits, interrupt)
    } catch {
      System.close(number)
      throw RemoteMemoryError(.open, .invalid, detail: "\(path) \(error)")
    }
  }

  private init(
    _ file: CoreBytes, _ path: String, _ image: ELFImage, _ identity: ELFIdentity,
    _ limits: TransferLimits, _ interrupt: InterruptCheck
  ) {
    let number = file.descriptor
    descriptor = Descriptor(number)
    self.limits = limits
    self.interrupt = interrupt
    pointerWidth = identity.pointerWidth
    byteOrder = identity.byteOrder
    let whole = (try? ProcFile.link("/proc/self/fd/\(number)").get()) ?? Array(path.utf8)
    label = "program \(printable(whole))"
    notes = ProcessNotes(
      id: ProcessID(0), nameBytes: Array(path.utf8.split(separator: UInt8(ascii: "/")).last ?? []),
      executableBytes: whole, machine: identity.machineName)
    let layout = ProgramLayout(
      image, byteCount: file.byteCount, name: whole, identity: System.identity(of: number))
    map = RegionMap(layout.regions)
    memory = CoreMemory(pieces: layout.pieces)
  }

  /// Its segments, whole pages each.
  public func regionMap() throws(RemoteMemoryError) -> RegionMap { map }

  /// What can be read, rising.
  public var captured: [AddressRange] { map.regions.map(\.range) }

  /// System calls made and bytes copied so far.
  public var statistics: TransferStatistics { counters.current }

  /// Copies one range, up to the first byte that no segment holds; corresponds to pread(2).
  public func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    var done = 0
    while done < buffer.count, let place = address.adding(UInt64(done)) {
      let count = unsafe copy(
        UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), from: place)
      if count == 0 { break }
      done += count
    }
    return Transfer(requestedBytes: buffer.count, completedBytes: done)
  }

  /// Copies many ranges into `buffer`, one behind the other, and goes on after what no segment holds.
  public func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    var holes: [Hole] = []
    var position = 0
    for index in spans.indices {
      let span = unsafe spans[index]
      let (start, end) = (position, min(buffer.count, position + Int(clamping: span.count)))
      while position < end {
        let address = span.start.offset(by: Int64(position - start))
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position..<end])
        let count = unsafe copy(room, from: address)
        if count == 0 {
          let gap = gap(from: address, atMost: end - position)
          holes.append(Hole(offset: position, count: gap, address: address))
          position += gap
        }
        position += count
      }
    }
    return holes
  }

  /// Copies what one piece holds from an address on; 0 where there is none.
  private func copy(_ room: UnsafeMutableRawBufferPointer, from address: Address) -> Int {
    guard let piece = memory.piece(at: address) else { return 0 }
    let skip = address.rawValue &- piece.range.start.rawValue
    let count = min(room.count, Int(clamping: piece.range.count &- skip), limits.bytes)
    guard case .core(let offset) = piece.place else {
      unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<count]).clear()
      return count
    }
    let copied = unsafe System.preadAll(descriptor.value, room[..<count], offset &+ skip)
    counters.countRead(copied)
    return copied
  }

  /// How many bytes cannot be read from an address on.
  private func gap(from address: Address, atMost count: Int) -> Int {
    let index = memory.firstIndex(endingAbove: address)
    guard index < memory.pieces.count, memory.pieces[index].range.start > address else {
      return count  // behind the last piece, or cut off the file
    }
    return min(count, Int(clamping: memory.pieces[index].range.start.rawValue &- address.rawValue))
  }

  /// Always throws: a program on disk is not written.
  /// - Throws: `EREADONLY`.
  public func write(
    _ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions
  ) throws(RemoteMemoryError) {
    var error = RemoteMemoryError(
      .write, .readOnly, address: address, requestedBytes: bytes.count,
      detail: "\(label) cannot be written")
    error.start = address
    throw error
  }

  /// An error for bytes that no segment holds.
  public func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    RemoteMemoryError(
      operation, .fault, address: address, requestedBytes: requestedBytes,
      completedBytes: completedBytes, errno: .badAddress, detail: "in no segment of the \(label)")
  }
}

/// Where the segments of a program lie in its file and in memory.
private struct ProgramLayout {
  private static let page: UInt64 = 4096
  /// More zeroes of one segment are not believed: nobody should search for ever in a file that lies.
  private static let mostZeroes: UInt64 = 4 << 30

  private(set) var regions: [Region] = []
  private(set) var pieces: [CoreMemory.Piece] = []
  private let name: [UInt8]
  private let identity: pvm_file_identity?
  private let byteCount: UInt64

  init(_ image: ELFImage, byteCount: UInt64, name: [UInt8], identity: pvm_file_identity?) {
    self.name = name
    self.identity = identity
    self.byteCount = byteCount
    let loaded = image.programHeaders.filter { $0.type == ELFProgramHeader.load }
    for segment in loaded.sorted(by: { $0.address < $1.address }) { add(segment) }
  }

  /// The bytes of the file, then zeroes, both to the end of their page; nothing of what came before.
  private mutating func add(_ segment: ELFProgramHeader) {
    let skipped = segment.address % Self.page
    let start = segment.address &- skipped
    guard segment.offset >= skipped, segment.offset <= byteCount else { return }
    let inFile = min(segment.fileByteCount, byteCount - segment.offset)
    let zeroes = segment.memoryByteCount.subtractingReportingOverflow(segment.fileByteCount)
    let hasZeroes = !zeroes.overflow && zeroes.partialValue > 0
    let inMemory = inFile &+ (hasZeroes ? min(zeroes.partialValue, Self.mostZeroes) : 0)
    guard let fileEnd = end(segment.address, inFile),
      let memoryEnd = end(segment.address, inMemory)
    else { return }
    let filled = hasZeroes ? segment.address &+ inFile : fileEnd
    add(start, filled, .core(offset: segment.offset &- skipped))
    add(filled, memoryEnd, .zeroes)
    let base = segment.offset &- skipped
    addRegion(start, fileEnd, segment.permissions, offset: base, isFile: true)
    addRegion(max(start, fileEnd), memoryEnd, segment.permissions, offset: 0, isFile: false)
  }

  /// The end of the page that a stretch ends in; nil where addresses end before.
  private func end(_ start: UInt64, _ count: UInt64) -> UInt64? {
    let (end, overflows) = start.addingReportingOverflow(count)
    guard !overflows, end <= UInt64(Int64.max) else { return nil }
    return (end &+ Self.page &- 1) & ~(Self.page &- 1)
  }

  private mutating func add(_ start: UInt64, _ end: UInt64, _ place: CoreMemory.Place) {
    let first = max(start, pieces.last?.range.end.rawValue ?? 0)
    guard first < end else { return }
    pieces.append(
      CoreMemory.Piece(
        range: AddressRange(start: Address(first), count: end &- first),
        place: place.advanced(by: first &- start)))
  }

  private mutating func addRegion(
    _ start: UInt64, _ end: UInt64, _ permissions: Permissions, offset: UInt64, isFile: Bool
  ) {
    guard start < end else { return }
    regions.append(
      Region(
        range: AddressRange(start: Address(start), count: end &- start), permissions: permissions,
        offset: offset, deviceMajor: isFile ? identity?.device_major ?? 0 : 0,
        deviceMinor: isFile ? identity?.device_minor ?? 0 : 0,
        inode: isFile ? identity?.inode ?? 0 : 0,
        nameBytes: isFile ? name : []))
  }
}
