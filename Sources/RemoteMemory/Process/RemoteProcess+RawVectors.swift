public import MemoryModel

extension RemoteProcess {
  /// process_vm_readv(2) as it is: remote ranges and local buffers in the order given, split
  /// without regard to each other, stopping at the first page that cannot be read.
  ///
  /// - Parameters:
  ///   - remote: the ranges to read; at most 1024.
  ///   - localCounts: the sizes of the buffers in bytes; at most 1024.
  /// - Returns: the buffers, and how many bytes the kernel copied into them; the bytes beyond are
  ///   0. A sum of lengths of 0 on one side copies nothing.
  /// - Throws: `EINVAL` for more than 1024 elements (IOV_MAX) or a negative size, `EFAULT` when not
  ///   even the first byte could be read, and what `read` throws.
  public func readVector(_ remote: [AddressRange], localCounts: [Int]) throws(RemoteMemoryError)
    -> (buffers: [[UInt8]], transfer: Transfer)
  {
    try checkVector(remote, localCounts, .read)
    let total = localCounts.reduce(0, +)
    let room = try Allocation(byteCount: total, for: .read)
    unsafe room.bytes.clear()
    let asked = Int(clamping: min(UInt64(total), Self.sum(remote)))
    let copied = try unsafe readVector(remote, localCounts, into: room.bytes, asked: asked)
    var buffers: [[UInt8]] = []
    var start = 0
    for count in localCounts {
      unsafe buffers.append(Array(room.bytes[start..<(start + count)]))
      start += count
    }
    return (buffers, Transfer(requestedBytes: asked, completedBytes: copied))
  }

  /// process_vm_writev(2) as it is: local bytes and remote ranges in the order given, split without
  /// regard to each other, stopping at the first page that the target itself could not write. What
  /// was written stays written.
  ///
  /// It is carried out through /proc/PID/mem, which cannot reach another process that was given the
  /// number.
  /// - Returns: how many bytes were written.
  /// - Throws: as `readVector` and `write` do; `ESHARED` before anything is written.
  public func writeVector(
    _ local: [[UInt8]], to remote: [AddressRange], options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> Transfer {
    try checkMayWrite(at: remote.first?.start ?? .zero, count: 0)
    try checkVector(remote, local.map(\.count), .write)
    let bytes = Array(local.joined())
    let asked = Int(clamping: min(UInt64(bytes.count), Self.sum(remote)))
    var left = asked
    var done = 0
    for range in remote where left > 0 {
      let count = min(left, Int(clamping: range.count))
      let written = try writeUpToFault(bytes[done..<(done + count)], at: range.start, options)
      done += written
      left -= count
      if written < count {
        if done == 0 {
          throw fault(.write, at: range.start, requestedBytes: asked, completedBytes: 0)
        }
        break
      }
    }
    if asked == 0, checkIdentity() == .lost { throw lost(.write) }
    return Transfer(requestedBytes: asked, completedBytes: done)
  }

  private static func sum(_ remote: [AddressRange]) -> UInt64 {
    remote.reduce(0) { sum, range in
      let (total, overflow) = sum.addingReportingOverflow(range.count)
      return overflow ? .max : total
    }
  }

  private func checkVector(
    _ remote: [AddressRange], _ localCounts: [Int], _ operation: RemoteMemoryError.Operation
  ) throws(RemoteMemoryError) {
    try checkOpen(operation)
    if remote.count > 1024 || localCounts.count > 1024 {
      let (side, count) =
        remote.count > 1024 ? ("remote", remote.count) : ("local", localCounts.count)
      throw RemoteMemoryError(
        operation, .invalid, process: id, errno: .invalidArgument,
        detail: "\(count) \(side) elements, and one call takes at most 1024 (IOV_MAX)")
    }
    var total = 0
    for count in localCounts {
      try checkCount(count, operation)
      total += count
      try checkCount(total, operation)
    }
  }

  private func readVector(
    _ remote: [AddressRange], _ localCounts: [Int], into room: UnsafeMutableRawBufferPointer,
    asked: Int
  ) throws(RemoteMemoryError) -> Int {
    var local: [AddressRange] = []
    var place = UInt64(UInt(bitPattern: room.baseAddress))
    for count in localCounts {
      local.append(AddressRange(start: Address(place), count: UInt64(count)))
      place += UInt64(count)
    }
    for _ in 0..<8 {
      let result = unsafe local.withUnsafeBytes { local in
        unsafe remote.withUnsafeBytes { remote in
          unsafe System.readv(
            route.thread, local: local.baseAddress, localCounts.count, remote: remote.baseAddress,
            remote.count / MemoryLayout<AddressRange>.stride)
        }
      }
      counters.countRead(result)
      let identity = checkIdentity()
      if identity == .lost { throw lost(.read, at: remote.first?.start, requestedBytes: asked) }
      let errno = Errno(result: result)
      if identity == .threadEnded || errno == .noSuchProcess {
        guard route.changeOver() else { throw lost(.read, at: remote.first?.start) }
        continue
      }
      guard let errno else {
        unsafe showPretended(in: room, remote, count: result)
        return result
      }
      if errno == .badAddress {
        throw fault(
          .read, at: remote.first { $0.count > 0 }?.start ?? .zero, requestedBytes: asked,
          completedBytes: 0)
      }
      throw refusal(.read, errno, at: remote.first?.start, requestedBytes: asked)
    }
    throw lost(.read)
  }

  /// Puts pretended bytes over `count` bytes that were read from ranges, one behind the other.
  private func showPretended(
    in room: UnsafeMutableRawBufferPointer, _ remote: [AddressRange], count: Int
  ) {
    guard let pretence else { return }
    let read = unsafe UnsafeMutableRawBufferPointer(rebasing: room[..<min(count, room.count)])
    unsafe remote.withUnsafeBufferPointer {
      unsafe pretence.show(in: read, gathered: $0, holes: [])
    }
  }

  /// Writes from the first byte on, page by page as the system call does, and stops before what
  /// cannot be written.
  private func writeUpToFault(
    _ bytes: ArraySlice<UInt8>, at address: Address, _ options: WriteOptions
  )
    throws(RemoteMemoryError) -> Int
  {
    var done = 0
    while done < bytes.count {
      let place = address.offset(by: Int64(done))
      let room = Int(clamping: place.bytesToBoundary(of: System.pageSize))
      let count = min(bytes.count - done, room)
      do throws(RemoteMemoryError) {
        let page = Array(bytes[(bytes.startIndex + done)..<(bytes.startIndex + done + count)])
        try writeBytes(page, at: place, options: options)
      } catch {
        guard error.cause == .fault || error.cause == .notWritable else { throw error }
        return done
      }
      done += count
    }
    return done
  }
}
