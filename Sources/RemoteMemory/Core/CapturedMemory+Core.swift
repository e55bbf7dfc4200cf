import CScanKernels
import MemoryModel

extension CapturedMemory {
  /// Writes what was captured to a core file, which gdb(1), readelf(1) and `CoreFile` read; see
  /// core(5).
  ///
  /// It has a segment for each region, as cores of the kernel do. Rows of zero pages are holes of
  /// the file and take no room on disk; long stretches of them are not even that. A file of that
  /// name is replaced, at once and only when all is written; it can be read by its owner alone.
  /// Where registers are not known, because the process was not paused, they are zeroes.
  /// - Parameters:
  ///   - path: where to.
  ///   - progress: called about every 50 ms; false ends the writing.
  /// - Returns: what was written.
  /// - Throws: what the kernel says: `ENOSPC`, `EACCES`, ...; `EINVAL` when what lies there is no
  ///   ordinary file; `EINTERRUPTED`; `ENOTSUP` when the core of a 32-bit process would pass 4 GiB.
  @discardableResult
  public func saveCore(
    to path: String, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> CoreCost {
    let start = Clock.now
    let file = try ReplacementFile(path)
    var writer = try CoreWriter(self, file, progress)
    try writer.write()
    var cost = writer.cost
    cost.seconds = Clock.now - start
    return cost
  }
}

/// What writing a core did.
public struct CoreCost: Hashable, Sendable {
  /// How long the file is, in bytes; holes count.
  public var fileByteCount: UInt64 = 0
  /// How many bytes of memory were written to it.
  public var bytesWritten: UInt64 = 0
  /// How long it took.
  public var seconds: Double = 0
}

/// Writes one core.
@safe struct CoreWriter {
  private static let blockBytes = 1 << 20

  private let source: any CapturedMemory
  private let file: ReplacementFile
  private let progress: ((ScanProgress) -> Bool)?
  private let room: Allocation
  private let regions: [Region]
  private let bytesTotal: UInt64
  private let holes: [AddressRange]
  private var plan: CorePlan
  private let start = Clock.now
  private var lastLook = Clock.now
  private var bytesDone: UInt64 = 0
  private(set) var cost = CoreCost()

  init(
    _ source: any CapturedMemory, _ file: ReplacementFile,
    _ progress: ((ScanProgress) -> Bool)?
  ) throws(RemoteMemoryError) {
    self.source = source
    self.file = file
    self.progress = progress
    room = try Allocation(byteCount: Self.blockBytes, for: .save)
    regions = try source.regionMap().regions
    // The rest of what was captured is zeroes.
    let runs = try source.survey(regions, .harmless).runs
    bytesTotal = runs.reduce(0) { $0 &+ $1.count }
    holes = (source as? Snapshot)?.holes ?? []
    plan = CorePlan(
      regions: regions, captured: RunList(source.captured).union(RunList(runs)).runs, runs: runs,
      holes: holes, pageSize: System.pageSize)
  }

  private var format: ELFFormat {
    ELFFormat(pointerWidth: source.pointerWidth, byteOrder: source.byteOrder)
  }

  /// Writes all and gives the file its name.
  mutating func write() throws(RemoteMemoryError) {
    let notes = CoreNoteWriter(
      source.notes, format, pageSize: System.pageSize,
      CoreSupplement(
        regions: regions, zeroes: plan.zeroes, holes: holes, captureTime: source.captureTime)
    ).bytes
    let head = plan.headByteCount(format)
    let isPossible = plan.place(from: UInt64(head + notes.count))
    guard isPossible, format.is64Bit || plan.fileByteCount <= UInt64(UInt32.max) else {
      throw RemoteMemoryError(
        .save, .unsupported, detail: "the file would be longer than a core of this kind can be")
    }
    let machine =
      ELFIdentity.machine(
        named: source.notes.machine, pointerWidth: source.pointerWidth,
        byteOrder: source.byteOrder) ?? 0
    try file.setLength(plan.fileByteCount)
    try file.write(plan.head(notes: notes.count, format: format, machine: machine), at: 0)
    try file.write(notes, at: UInt64(head))
    for block in plan.blocks { try write(block) }
    try file.commit(durably: false)
    cost.fileByteCount = plan.fileByteCount
  }

  private mutating func write(_ block: CorePlan.Block) throws(RemoteMemoryError) {
    for run in plan.runs(in: block) {
      var place = run.start
      while place < run.end {
        let count = min(
          UInt64(Self.blockBytes), run.end.rawValue &- place.rawValue,
          place.bytesToBoundary(of: UInt64(Self.blockBytes)))
        let range = AddressRange(start: place, count: count)
        try read(range)
        try write(
          Int(count),
          at: block.offset &+ (place.rawValue &- block.range.start.rawValue))
        place = range.end
        bytesDone &+= count
        try look()
      }
    }
  }

  /// Reads a range into the room.
  private func read(_ range: AddressRange) throws(RemoteMemoryError) {
    let buffer = unsafe UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<Int(range.count)])
    let missing = try unsafe withUnsafePointer(to: range) { span in
      do throws(RemoteMemoryError) {
        return try unsafe Result<[Hole], RemoteMemoryError>.success(
          source.gather(UnsafeBufferPointer(start: span, count: 1), into: buffer))
      } catch {
        return .failure(error)
      }
    }.get()
    for hole in missing where !holes.contains(where: { $0.contains(hole.address) }) {
      throw source.fault(
        .save, at: hole.address, requestedBytes: buffer.count, completedBytes: hole.offset)
    }
    for hole in missing {
      let part = unsafe buffer[hole.offset..<(hole.offset + hole.count)]
      unsafe UnsafeMutableRawBufferPointer(rebasing: part).clear()
    }
  }

  /// So few bytes of zeroes are written like others: leaving them out would take a call more.
  private static let shortestGap = 64 << 10

  /// Writes what is in the room, but for long rows of zeroes.
  private mutating func write(_ count: Int, at offset: UInt64) throws(RemoteMemoryError) {
    let written = try unsafe file.write(
      UnsafeRawBufferPointer(rebasing: room.bytes[..<count]), at: offset,
      leavingOutZeroesFrom: Self.shortestGap)
    cost.bytesWritten &+= UInt64(written)
  }

  private mutating func look() throws(RemoteMemoryError) {
    var goesOn = !source.interrupt.isInterrupted
    let now = Clock.now
    if let progress, now - lastLook > 0.05 {
      lastLook = now
      goesOn =
        progress(
          ScanProgress(bytesDone: bytesDone, bytesTotal: bytesTotal, hits: 0, seconds: now - start))
        && goesOn
    }
    if !goesOn { throw RemoteMemoryError(.save, .interrupted) }
  }
}
