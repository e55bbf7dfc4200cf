import MemoryModel

/// What is to be written to a core file.
struct CoreContents {
  let source: any MemorySource
  let notes: ProcessNotes
  /// When it was captured, in seconds since 1970.
  let time: Double?
  /// All that was mapped.
  let regions: [Region]
  /// What is known, rising.
  let captured: [AddressRange]
  /// What of it is anything but zeroes, rising.
  let runs: [AddressRange]
  /// What of it could not be read, rising.
  let holes: [AddressRange]
  /// Whether more holes may come up: it is read for the first time.
  let isLive: Bool
}

/// Writes one core, on several threads: while one waits for the disk's cache another reads.
final class CoreWriter: Sendable {
  private static let blockBytes = 1 << 20
  /// Room for the numbers of 4096 holes that come up while a live process is read.
  private static let spareNoteBytes = 64 << 10

  private let contents: CoreContents
  private let file: ReplacementFile
  private let workers: [CoreWriterRoom]
  private let tasks: [CorePlan.Block]
  private let meter = ScanMeter()

  private init(
    _ contents: CoreContents, _ file: ReplacementFile, _ tasks: [CorePlan.Block], threads: Int
  ) throws(RemoteMemoryError) {
    self.contents = contents
    self.file = file
    self.tasks = tasks
    var workers: [CoreWriterRoom] = []
    for _ in 0..<threads {
      workers.append(try CoreWriterRoom(contents.source, byteCount: Self.blockBytes))
    }
    self.workers = workers
  }

  /// Writes all and gives the file its name.
  /// - Returns: what was written; nil, and nothing is left, when more holes came up than the file has
  ///   room to tell of.
  static func write(
    _ contents: CoreContents, to path: String, threads: Int? = nil,
    progress: ((ScanProgress) -> Bool)?
  ) throws(RemoteMemoryError) -> CoreCost? {
    let start = Clock.now
    let source = contents.source
    let format = ELFFormat(pointerWidth: source.pointerWidth, byteOrder: source.byteOrder)
    let file = try ReplacementFile(path)
    var plan = CorePlan(
      regions: contents.regions, captured: contents.captured, runs: contents.runs,
      holes: contents.holes, pageSize: System.pageSize)
    var notes = contents.noteBytes(format, zeroes: plan.zeroes, holes: contents.holes)
    let head = plan.headByteCount(format)
    let notesEnd = head + notes.count + (contents.isLive ? spareNoteBytes : 0)
    let isPossible = plan.place(from: UInt64(notesEnd))
    guard isPossible, format.is64Bit || plan.fileByteCount <= UInt64(UInt32.max) else {
      throw RemoteMemoryError(
        .save, .unsupported, detail: "the file would be longer than a core of this kind can be")
    }
    try file.setLength(plan.fileByteCount)
    let tasks = plan.blocks.flatMap { pieces(of: $0, plan) }
    let byteCount = tasks.reduce(UInt64(0)) { $0 &+ $1.range.count }
    let crew = ScanOptions(threads: threads).threads(forBytes: byteCount, tasks: tasks.count)
    let writer = try CoreWriter(contents, file, tasks, threads: crew)
    let isComplete = try ScanCrew.run(
      source, tasks: tasks.count, bytes: byteCount, threads: crew,
      look: { progress?(writer.meter.progress(of: byteCount, since: start)) ?? true },
      work: { (task, worker) throws(RemoteMemoryError) in try writer.write(task, worker) })
    guard isComplete else { throw RemoteMemoryError(.save, .interrupted) }
    let found = HoleList.joined(writer.workers.map(\.holes))
    if !found.isEmpty { notes = contents.noteBytes(format, zeroes: plan.zeroes, holes: found) }
    guard head + notes.count <= notesEnd else { return nil }
    let machine =
      ELFIdentity.machine(
        named: contents.notes.machine, pointerWidth: source.pointerWidth,
        byteOrder: source.byteOrder) ?? 0
    try file.write(plan.head(notes: notes.count, format: format, machine: machine), at: 0)
    try file.write(notes, at: UInt64(head))
    try file.commit(durably: false)
    return CoreCost(
      fileByteCount: plan.fileByteCount,
      bytesWritten: writer.workers.reduce(0) { $0 &+ $1.bytesWritten }, seconds: Clock.now - start)
  }

  /// What of a block is not zeroes, cut into parts that are read at once.
  private static func pieces(of block: CorePlan.Block, _ plan: CorePlan) -> [CorePlan.Block] {
    var pieces: [CorePlan.Block] = []
    for run in plan.runs(in: block) {
      var place = run.start
      while place < run.end {
        let count = min(
          run.end.rawValue &- place.rawValue, place.bytesToBoundary(of: UInt64(blockBytes)))
        let range = AddressRange(start: place, count: count)
        pieces.append(
          CorePlan.Block(
            range: range, offset: block.offset &+ (place.rawValue &- block.range.start.rawValue)))
        place = range.end
      }
    }
    return pieces
  }

  private func write(_ task: Int, _ worker: Int) throws(RemoteMemoryError) {
    let known = contents.isLive ? nil : contents.holes
    try workers[worker].copy(tasks[task], to: file, knownHoles: known)
    meter.add(bytes: tasks[task].range.count, hits: 0)
  }
}

/// One thread's room, and what it came across.
@safe private final class CoreWriterRoom: @unchecked Sendable {
  private let source: any MemorySource
  private let reader: BlockReader
  private(set) var holes = HoleList()
  private(set) var bytesWritten: UInt64 = 0

  init(_ source: any MemorySource, byteCount: Int) throws(RemoteMemoryError) {
    self.source = source
    reader = try BlockReader(source, byteCount: byteCount)
  }

  /// So few bytes of zeroes are written like others: leaving them out would take a call more.
  private static let shortestGap = 64 << 10

  /// Writes what lies in a range, but for long rows of zeroes.
  /// - Parameter knownHoles: where alone something may be missing; nil for anywhere.
  func copy(
    _ block: CorePlan.Block, to file: ReplacementFile, knownHoles: [AddressRange]?
  ) throws(RemoteMemoryError) {
    let count = Int(block.range.count)
    reader.begin()
    reader.add(block.range)
    let missing = unsafe try reader.read(count)
    let bytes = unsafe UnsafeMutableRawBufferPointer(start: reader.room, count: count)
    for hole in missing {
      if let knownHoles, !knownHoles.contains(where: { $0.contains(hole.address) }) {
        throw source.fault(
          .save, at: hole.address, requestedBytes: count, completedBytes: hole.offset)
      }
      holes.add(AddressRange(start: hole.address, count: UInt64(hole.count)))
      let part = unsafe bytes[hole.offset..<(hole.offset + hole.count)]
      unsafe UnsafeMutableRawBufferPointer(rebasing: part).clear()
    }
    let written = unsafe try file.write(
      UnsafeRawBufferPointer(bytes), at: block.offset, leavingOutZeroesFrom: Self.shortestGap)
    bytesWritten &+= UInt64(written)
  }
}

extension CoreContents {
  /// The notes of the file.
  fileprivate func noteBytes(_ format: ELFFormat, zeroes: [AddressRange], holes: [AddressRange])
    -> [UInt8]
  {
    CoreNoteWriter(
      notes, format, pageSize: System.pageSize,
      CoreSupplement(regions: regions, zeroes: zeroes, holes: holes, captureTime: time)
    ).bytes
  }
}
