public import MemoryModel

extension RemoteProcess {
  /// Copies many ranges into `buffer`, one behind the other, in calls of at most `limits.elements`
  /// ranges and `limits.bytes` bytes, and goes on after every page that cannot be read; corresponds
  /// to process_vm_readv(2).
  public func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(RemoteMemoryError) -> [Hole] {
    let holes = try unsafe gather(spans, into: buffer, confirming: true)
    unsafe pretence?.show(in: buffer, gathered: spans, holes: holes)
    return holes
  }

  /// Gathers what is there, whatever was pretended; without `confirming` it is the caller who must call `confirm` before what was read
  /// counts.
  func gather(
    _ spans: UnsafeBufferPointer<AddressRange>, into buffer: UnsafeMutableRawBufferPointer,
    confirming: Bool
  ) throws(RemoteMemoryError) -> [Hole] {
    try checkOpen(.read)
    for _ in 0..<8 {
      var pass = unsafe GatherPass(process: self, spans: spans, buffer: buffer)
      let reached = try unsafe pass.run()
      if reached, !confirming { return unsafe pass.holes }
      switch checkIdentity() {
      case .same where reached: return unsafe pass.holes
      case .lost: throw unsafe lost(.read, at: spans.first?.start, requestedBytes: buffer.count)
      case .same, .threadEnded:
        guard route.changeOver() else {
          throw unsafe lost(.read, at: spans.first?.start, requestedBytes: buffer.count)
        }
      }
    }
    throw RemoteMemoryError(.read, .system, process: id, errno: .noSuchProcess)
  }
}

/// One pass over the ranges of a gather.
@unsafe private struct GatherPass {
  let process: RemoteProcess
  let spans: UnsafeBufferPointer<AddressRange>
  let buffer: UnsafeMutableRawBufferPointer
  /// The range to go on with, how far into it, and where its next byte goes.
  var index = 0
  var inside: UInt64 = 0
  var position = 0
  var holes: [Hole] = []

  init(
    process: RemoteProcess, spans: UnsafeBufferPointer<AddressRange>,
    buffer: UnsafeMutableRawBufferPointer
  ) {
    unsafe self.process = process
    unsafe self.spans = spans
    unsafe self.buffer = buffer
  }

  /// False when the number in use names no process with memory.
  mutating func run() throws(RemoteMemoryError) -> Bool {
    while unsafe index < spans.count {
      if unsafe spans[index].count <= inside {
        unsafe index += 1
        unsafe inside = 0
        continue
      }
      guard let asked = try unsafe call() else { return false }
      if unsafe asked && index < spans.count && process.interrupt.isInterrupted {
        throw unsafe RemoteMemoryError(
          .read, .interrupted, process: process.id, address: spans[index].start,
          requestedBytes: buffer.count, completedBytes: 0)
      }
    }
    return true
  }

  /// One system call and what follows from its answer. Nil for ESRCH.
  private mutating func call() throws(RemoteMemoryError) -> Bool? {
    let (asked, result) = unsafe inside > 0 ? readRest() : readBatch()
    unsafe process.counters.countRead(result)
    if let errno = Errno(result: result), errno != .badAddress {
      if errno == .noSuchProcess { return nil }
      throw unsafe process.refusal(.read, errno, at: place, requestedBytes: buffer.count)
    }
    unsafe advance(max(result, 0))
    if max(result, 0) < asked { unsafe skipHole() }
    return true
  }

  private var place: Address { unsafe spans[index].start.offset(by: Int64(bitPattern: inside)) }

  /// Whole ranges, from `index` on: as many as fit one call. A range longer than a call is read in
  /// pieces.
  private func readBatch() -> (asked: Int, result: Int) {
    var bytes = 0
    var end = unsafe index
    let last = unsafe min(spans.count, index + process.limits.elements)
    while end < last {
      let count = unsafe Int(clamping: spans[end].count)
      if unsafe count > process.limits.bytes - bytes { break }
      bytes += count
      end += 1
    }
    if unsafe end == index { return unsafe readRest() }
    var local = unsafe (buffer.baseAddress?.advanced(by: position), bytes)
    let result = unsafe System.readv(
      process.route.thread, local: &local, 1, remote: spans.baseAddress?.advanced(by: index),
      end - index)
    return (bytes, result)
  }

  /// The rest of the range at `index`, or as much of it as one call takes.
  private func readRest() -> (asked: Int, result: Int) {
    let rest = unsafe spans[index].count - inside
    let asked = unsafe Int(min(rest, UInt64(process.limits.bytes)))
    let result = unsafe System.readRange(
      process.route.thread, buffer.baseAddress?.advanced(by: position), asked, place.rawValue)
    return (asked, result)
  }

  /// Moves on by bytes that were copied.
  private mutating func advance(_ bytes: Int) {
    var left = UInt64(bytes)
    unsafe position += bytes
    while left > 0 {
      let rest = unsafe spans[index].count - inside
      if left < rest {
        unsafe inside += left
        return
      }
      left -= rest
      unsafe index += 1
      unsafe inside = 0
    }
  }

  /// Notes the bytes that cannot be read, to the end of the page at least, and moves on behind
  /// them.
  private mutating func skipHole() {
    while unsafe index < spans.count, unsafe spans[index].count <= inside {
      unsafe index += 1
      unsafe inside = 0
    }
    guard unsafe index < spans.count else { return }
    let start = unsafe place
    let rest = unsafe spans[index].count - inside
    let count = unsafe Int(min(rest, process.unreadableBytes(from: start)))
    unsafe holes.append(Hole(offset: position, count: count, address: start))
    unsafe advance(count)
  }
}

extension RemoteProcess {
  /// How far the unreadable stretch that begins at `address` goes: to the end of the page, or
  /// further where nothing is mapped or the target itself may not read. At least 1.
  func unreadableBytes(from address: Address) -> UInt64 {
    let page = address.bytesToBoundary(of: System.pageSize)
    guard let mappings else { return page }
    counters.countCall()
    switch mappings.mapping(at: address.rawValue, orNext: true) {
    case .mapping(let next) where next.range.start > address:
      return next.range.start.rawValue - address.rawValue
    case .mapping(let here) where !here.permissions.contains(.read):
      return here.range.end.rawValue - address.rawValue
    case .nothing: return max(UInt64.max - address.rawValue, 1)
    default: return page
    }
  }
}
