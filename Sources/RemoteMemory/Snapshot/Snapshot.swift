public import MemoryModel
import Synchronization

/// Memory as it was at one moment: a source that reads like the process it was taken from and never
/// changes.
///
/// Equal pages are stored once, pages of zeroes not at all, and a snapshot with a base shares what
/// did not change with it; the one that a diff makes of a live process keeps no more than the words
/// that had changed. What memory does not hold lies in a file without a name. All operations may be
/// called from any thread.
public final class Snapshot: CapturedMemory, @unchecked Sendable {
  public let pointerWidth: PointerWidth
  public let byteOrder: ByteOrder
  public let label: String
  /// Nil: a snapshot is not alive.
  public let processID: ProcessID? = nil
  public let limits = TransferLimits.standard
  public let interrupt: InterruptCheck
  /// What is told of the process beside its memory.
  public let notes: ProcessNotes
  /// When it was taken, in seconds since 1970.
  public let captureTime: Double?
  /// What taking it did and cost.
  public let cost: SnapshotStatistics
  /// What could not be read, rising; whole pages.
  public let holes: [AddressRange]
  /// What was left out, and why.
  public let leftOut: [Survey.LeftOut]
  /// What can be read: the regions that were wanted; what nobody ever wrote in them reads as zero.
  public let captured: [AddressRange]

  let table: PageTable
  /// The stores that the pages lie in: its own first, then those of its base.
  let stores: [MemoryStore]
  /// The snapshot that has all but what the table says has changed since; nil where the table has
  /// the pages themselves. Has none itself.
  let earlier: Snapshot?
  /// How that is kept which has changed.
  private let changes: PageChanges
  private let map: RegionMap
  private let counters = TransferCounters()
  /// What is known of its modules.
  public let moduleCache = ModuleCache()

  init(_ parts: SnapshotParts) {
    pointerWidth = parts.source.pointerWidth
    byteOrder = parts.source.byteOrder
    label = parts.source.processID == nil ? parts.source.label : "snapshot of \(parts.source.label)"
    interrupt = parts.source.interrupt
    notes = parts.notes
    captureTime = parts.time
    cost = parts.cost
    holes = parts.holes
    leftOut = parts.extent.survey.leftOut
    captured = parts.captured
    table = parts.table
    stores = parts.stores
    earlier = parts.earlier
    changes = parts.changes ?? PageChanges(pageSize: parts.table.pageSize, unit: 8)
    map = parts.extent.map
  }

  /// Whether it keeps only what is not as in an earlier snapshot, as that of a diff does.
  public var keepsChangesOnly: Bool { earlier != nil }

  /// The pages that were read, as runs, rising.
  public var runs: [AddressRange] { table.runs }

  /// The memory it takes, in bytes, that of its base included; some of it may never have been
  /// touched.
  public var memoryByteCount: Int {
    stores.reduce(table.count * 8) { $0 &+ $1.memoryByteCount }
  }

  /// What of it lies on disk, in bytes.
  public var diskByteCount: Int { stores.reduce(0) { $0 &+ $1.diskByteCount } }

  public var statistics: TransferStatistics { counters.current }

  /// What was mapped at that moment, what was not captured too.
  public func regionMap() throws(RemoteMemoryError) -> RegionMap { map }

  /// What lies at an address, as far as it lies together in our memory. Of a snapshot that has an
  /// earlier one, where it has what: zeroes are what that has, bytes are what `PageChanges` keeps.
  /// - Parameter limit: how many bytes are wanted at most; at least 1.
  func stretch(at address: Address, limit: UInt64) -> Stretch {
    let place = address.rawValue
    let run = table.run(at: place)
    var limit = max(limit, 1)
    if run < table.runs.count {
      let start = table.runs[run].start.rawValue
      if place >= start { return table.stretch(at: place, inRun: run, limit: limit) }
      limit = min(limit, start &- place)
    }
    // Behind the last address there is nothing.
    if place != 0 { limit = min(limit, 0 &- place) }
    let next = captured.firstIndex(reaching: place)
    guard next < captured.count else { return .hole(limit) }
    let range = captured[next]
    if range.contains(address) {
      return .zeroes(min(limit, range.count &- (place &- range.start.rawValue)))
    }
    return .hole(min(limit, range.start.rawValue &- place))
  }

  public func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    var done = 0
    while done < buffer.count {
      let place = address.offset(by: Int64(done))
      if done > 0, place < address { break }
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let (count, isHole) = unsafe copy(from: place, limit: UInt64(room.count), to: room)
      if isHole { break }
      done += count
    }
    counters.countRead(done)
    return Transfer(requestedBytes: buffer.count, completedBytes: done)
  }

  public func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    var holes: [Hole] = []
    var position = 0
    for index in 0..<spans.count {
      let span = unsafe spans[index]
      var inside: UInt64 = 0
      while inside < span.count, position < buffer.count {
        let place = span.start.offset(by: Int64(bitPattern: inside))
        let limit = min(span.count - inside, UInt64(buffer.count - position))
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position...])
        let (count, isHole) = unsafe copy(from: place, limit: limit, to: room)
        if isHole { holes.append(Hole(offset: position, count: count, address: place)) }
        inside += UInt64(count)
        position += count
      }
    }
    counters.countRead(position)
    return holes
  }

  /// Takes what was captured of the regions: nothing else can be read.
  public func survey(_ regions: [Region], _ options: SurveyOptions) throws(RemoteMemoryError)
    -> Survey
  {
    var survey = Survey()
    var list = RunList()
    for region in RegionMap(regions).regions {
      survey.mappedBytes &+= region.range.count
      let isCaptured = isCaptured(region.range)
      var taken: UInt64 = 0
      var run = table.run(at: region.start.rawValue)
      while run < runs.count, let part = runs[run].intersection(region.range) {
        list.append(part)
        taken &+= part.count
        run += 1
      }
      let rest = region.range.count &- taken
      if isCaptured {
        survey.unpopulatedBytes &+= rest
      } else if rest > 0 {
        survey.leftOut.append(
          Survey.LeftOut(region: region, byteCount: rest, reason: .notCaptured))
      }
    }
    survey.runs = list.runs
    return survey
  }

  /// Refuses: a snapshot does not change.
  public func write(_ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions)
    throws(RemoteMemoryError)
  {
    throw RemoteMemoryError(
      .write, .readOnly, address: address, requestedBytes: bytes.count,
      detail: "\(label) does not change")
  }

  public func fault(
    _ operation: RemoteMemoryError.Operation, at address: Address, requestedBytes: Int,
    completedBytes: Int
  ) -> RemoteMemoryError {
    RemoteMemoryError(
      operation, .fault, address: address, requestedBytes: requestedBytes,
      completedBytes: completedBytes, errno: .badAddress, detail: surroundings(of: address))
  }

  /// Whether something of a range was captured.
  private func isCaptured(_ range: AddressRange) -> Bool {
    let next = captured.firstIndex(reaching: range.start.rawValue)
    return next < captured.count && captured[next].overlaps(range)
  }

  /// Where an address that cannot be read lies, in words.
  private func surroundings(of address: Address) -> String {
    guard let region = map.region(containing: address) else {
      return "not mapped when the snapshot was taken"
    }
    let reason =
      isCaptured(AddressRange(start: address, count: 1))
      ? "which could not be read" : "which the snapshot does not hold"
    return "in \(region.messageName) \(region.permissions), \(reason)"
  }
}

extension Snapshot {
  /// Copies what lies at an address to the front of a room, as far as it goes in one piece.
  /// - Parameter limit: how many bytes are wanted at most, from 1 to the size of the room.
  /// - Returns: how many bytes, and whether they are a hole, for which the room is left as it was.
  private func copy(from place: Address, limit: UInt64, to room: UnsafeMutableRawBufferPointer)
    -> (count: Int, isHole: Bool)
  {
    let stretch = stretch(at: place, limit: limit)
    guard let earlier else { return unsafe stretch.copy(to: room) }
    switch stretch {
    case .hole: return unsafe stretch.copy(to: room)
    case .zeroes(let count): return unsafe earlier.copy(from: place, limit: count, to: room)
    case .bytes(let change, let count):
      let inside = Int(place.rawValue % UInt64(table.pageSize))
      let part = inside..<min(inside + Int(count), table.pageSize)
      // What the earlier one does not have has changed in all its words.
      _ = unsafe earlier.copy(from: place, limit: UInt64(part.count), to: room)
      if let start = room.baseAddress {
        unsafe changes.apply(change - inside, to: part, in: start)
      }
      return (part.count, false)
    }
  }
}

extension Stretch {
  /// Copies it to the front of a room that is long enough.
  fileprivate func copy(to room: UnsafeMutableRawBufferPointer) -> (count: Int, isHole: Bool) {
    let count = Int(self.count)
    let part = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<count])
    switch self {
    case .hole: return (count, true)
    case .zeroes: unsafe part.clear()
    case .bytes(let bytes, _):
      unsafe part.copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
    }
    return (count, false)
  }
}
