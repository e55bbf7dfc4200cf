public import MemoryModel
import Synchronization

extension RemoteProcess {
  /// Gathers as `gather` does, and lets the target keep sharing memory with its relatives.
  ///
  /// process_vm_readv(2) pins what it reads, and the kernel copies a private page for that which is
  /// shared after a fork(2): a target of 1 GiB would grow by 1 GiB. So such pages are read through
  /// /proc/PID/mem, which pins nothing and is bound to one address space. Which they are is asked of
  /// proc_pid_pagemap(5), but only when some process may share memory with this one at all; where
  /// it may not be asked, everything is read through /proc/PID/mem, which is slower.
  ///
  /// A fork in the middle of a scan is noticed half a millisecond later at the latest. Where /proc/PID/mem
  /// may not be opened this is `gather`.
  public func gatherGently(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    let holes = try unsafe gatherTrulyGently(spans, into: buffer)
    unsafe pretence?.show(in: buffer, gathered: spans, holes: holes)
    return holes
  }

  /// Finds out whether care is needed before so much is read by several threads, each of which would
  /// take care while that is not known.
  func expectGentleReads(byteCount: UInt64) {
    guard memory.isOpen else { return }
    _ = relatives.mayExist(of: self, beforeReading: Int(min(byteCount, 1 << 40)))
  }

  /// What is there, whatever was pretended.
  private func gatherTrulyGently(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    guard memory.isOpen, relatives.mayExist(of: self, beforeReading: buffer.count, in: spans.count)
    else {
      return try unsafe gather(spans, into: buffer, confirming: isConfirmationDue)
    }
    try checkOpen(.read)
    var pass = unsafe GentlePass(self, buffer)
    for index in 0..<spans.count { try unsafe pass.add(spans[index]) }
    return try unsafe pass.finish()
  }
}

extension RemoteProcess {
  /// How many gathers go unconfirmed: in the few milliseconds they take, the numbers of processes,
  /// which are given out in turn, do not come round again.
  private static let unconfirmedGathers = 16

  fileprivate var isConfirmationDue: Bool {
    gentleGathers.wrappingAdd(1, ordering: .relaxed).newValue % Self.unconfirmedGathers == 0
  }

  /// Throws when the process has ended or runs another program.
  public func confirm() throws(RemoteMemoryError) {
    try checkOpen(.read)
    switch checkIdentity() {
    case .same: return
    case .threadEnded: if route.changeOver() { return }
    case .lost: break
    }
    throw lost(.read)
  }
}

/// One gentle gather: rows of stretches that are read in the same way.
@unsafe private struct GentlePass {
  private let process: RemoteProcess
  private let buffer: UnsafeMutableRawBufferPointer
  /// The stretches not read yet, all to be read in one way, and where in the buffer they begin.
  private var stretches: [AddressRange] = []
  private var areShared = false
  private var position = 0
  /// Reading so few bytes through the file costs less than asking whether that is needed.
  private static var smallStretch: UInt64 { 16 << 10 }
  /// The size of the stretches.
  private var waiting = 0
  private var holes: [Hole] = []
  private var readable = ReadableMappings()

  init(_ process: RemoteProcess, _ buffer: UnsafeMutableRawBufferPointer) {
    unsafe self.process = process
    unsafe self.buffer = buffer
  }

  /// Adds a range, cut where one stretch of 2 MiB ends and another begins.
  mutating func add(_ span: AddressRange) throws(RemoteMemoryError) {
    var place = span.start
    var left = span.count
    while left > 0 {
      let window = place.alignedDown(to: SharedWindows.windowSize).rawValue
      let count = min(left, place.bytesToBoundary(of: SharedWindows.windowSize))
      let isSmall = unsafe count <= Self.smallStretch
      let isShared = unsafe isSmall || process.sharedWindows.isShared(window, of: process)
      try unsafe addStretch(AddressRange(start: place, count: count), isShared: isShared)
      place = place.offset(by: Int64(bitPattern: count))
      left &-= count
    }
  }

  private mutating func addStretch(_ stretch: AddressRange, isShared: Bool)
    throws(RemoteMemoryError)
  {
    if unsafe isShared != areShared {
      try unsafe readWaiting()
      unsafe areShared = isShared
    }
    if let last = unsafe stretches.last, last.end == stretch.start, last.end.rawValue < .max {
      unsafe stretches[stretches.count - 1] = AddressRange(
        start: last.start, count: last.count &+ stretch.count)
    } else {
      unsafe stretches.append(stretch)
    }
    unsafe waiting += Int(stretch.count)
  }

  mutating func finish() throws(RemoteMemoryError) -> [Hole] {
    try unsafe readWaiting()
    return unsafe holes
  }

  /// Reads what waits.
  private mutating func readWaiting() throws(RemoteMemoryError) {
    guard unsafe waiting > 0 else { return }
    if unsafe position > 0, unsafe process.interrupt.isInterrupted {
      throw unsafe RemoteMemoryError(
        .read, .interrupted, process: process.id, address: stretches.first?.start,
        requestedBytes: buffer.count, completedBytes: 0)
    }
    let end = unsafe min(position + waiting, buffer.count)
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[position..<end])
    let found =
      unsafe areShared ? try readThroughFile(room) : try readPinned(room)
    for hole in found {
      unsafe holes.append(
        Hole(offset: hole.offset + position, count: hole.count, address: hole.address))
    }
    unsafe position = end
    unsafe waiting = 0
    unsafe stretches.removeAll(keepingCapacity: true)
  }

  private func readPinned(_ room: UnsafeMutableRawBufferPointer) throws(RemoteMemoryError)
    -> [Hole]
  {
    let process = unsafe process
    let result = unsafe stretches.withUnsafeBufferPointer { spans in
      Result { () throws(RemoteMemoryError) in
        try unsafe process.gather(
          spans, into: room, confirming: process.isConfirmationDue)
      }
    }
    return try result.get()
  }

  private mutating func readThroughFile(_ room: UnsafeMutableRawBufferPointer)
    throws(RemoteMemoryError) -> [Hole]
  {
    var found: [Hole] = []
    var offset = 0
    for stretch in unsafe stretches {
      var done = 0
      while done < Int(stretch.count) {
        let place = stretch.start.offset(by: Int64(done))
        let left = Int(stretch.count) - done
        let count = try unsafe readPiece(
          place,
          UnsafeMutableRawBufferPointer(rebasing: room[(offset + done)..<(offset + done + left)]))
        if count > 0 {
          done += count
        } else {
          let missing = unsafe Int(min(process.unreadableBytes(from: place), UInt64(left)))
          found.append(Hole(offset: offset + done, count: missing, address: place))
          done += missing
        }
      }
      offset += Int(stretch.count)
    }
    return found
  }

  /// One pread(2) of /proc/PID/mem, within one mapping that the target itself may read: the file
  /// would give more than that. 0 when the first byte cannot be read.
  private mutating func readPiece(_ place: Address, _ room: UnsafeMutableRawBufferPointer)
    throws(RemoteMemoryError) -> Int
  {
    let process = unsafe process
    let allowed = try unsafe readable.count(at: place, of: process)
    let count = Int(min(allowed, UInt64(room.count), UInt64(process.limits.bytes)))
    guard count > 0 else { return 0 }
    let result = unsafe System.pread(
      process.memory.value, room.baseAddress, count, place.rawValue)
    process.counters.countRead(result)
    if result > 0 { return result }
    switch Errno(result: result) {
    case nil: throw process.lost(.read, at: place, requestedBytes: unsafe buffer.count)
    case .inputOutput?, .badAddress?: return 0
    case .interrupted?: return try unsafe readPiece(place, room)
    case let errno?:
      throw process.refusal(.read, errno, at: place, requestedBytes: unsafe buffer.count)
    }
  }
}

/// The mapping that was last found readable.
private struct ReadableMappings {
  private var map: RegionMap?
  private var last = AddressRange(start: .zero, count: 0)

  /// How many bytes from `place` on the target itself may read, to the end of the mapping; 0 for
  /// none.
  mutating func count(at place: Address, of process: RemoteProcess) throws(RemoteMemoryError)
    -> UInt64
  {
    if !last.contains(place) {
      guard let region = try region(at: place, of: process), region.permissions.contains(.read)
      else { return 0 }
      last = region.range
    }
    return last.end.rawValue &- place.rawValue
  }

  private mutating func region(at place: Address, of process: RemoteProcess)
    throws(RemoteMemoryError) -> Region?
  {
    if let mappings = process.mappings {
      process.counters.countCall()
      switch mappings.mapping(at: place.rawValue) {
      case .mapping(let region): return region
      case .nothing: return nil
      case .lost: throw process.lost(.read, at: place)
      case .unsupported: break
      }
    }
    if let map { return map.region(containing: place) }
    let map = try process.regionMap()
    self.map = map
    return map.region(containing: place)
  }
}
