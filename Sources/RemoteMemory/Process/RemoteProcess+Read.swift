public import MemoryModel

extension RemoteProcess {
  /// Copies one range into `buffer`, up to the first byte that cannot be read; corresponds to
  /// process_vm_readv(2).
  ///
  /// A short range in a mapping that was found readable a moment ago costs one pread(2) of
  /// /proc/PID/mem, which cannot reach another process or another program. Anything else is read by
  /// process number and checked afterwards.
  public func read(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    let transfer = try unsafe readTruly(buffer, from: address)
    if let pretence {
      unsafe pretence.show(
        in: UnsafeMutableRawBufferPointer(rebasing: buffer[..<transfer.completedBytes]), at: address
      )
    }
    return transfer
  }

  /// What is there, whatever was pretended.
  @inline(__always)
  private func readTruly(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    let count = buffer.count
    if count <= limits.smallRead, windows.covers(address.rawValue, count, now: System.coarseClock) {
      let result = unsafe System.pread(memory.value, buffer.baseAddress, count, address.rawValue)
      counters.countRead(result)
      if result == count { return Transfer(requestedBytes: count, completedBytes: count) }
      return try unsafe finishSmallRead(result, buffer, address)
    }
    return try unsafe readOutsideWindows(buffer, address)
  }

  /// What a small read that was not complete means.
  private func finishSmallRead(
    _ result: Int, _ buffer: UnsafeMutableRawBufferPointer, _ address: Address
  ) throws(RemoteMemoryError) -> Transfer {
    try checkOpen(.read)
    if result == 0 { throw lost(.read, at: address, requestedBytes: buffer.count) }
    switch Errno(result: result) {
    case nil: return Transfer(requestedBytes: buffer.count, completedBytes: result)
    case .inputOutput?: return Transfer(requestedBytes: buffer.count, completedBytes: 0)
    default: return try unsafe readByNumber(buffer, address)
    }
  }

  /// A range in no window: opens one for short ranges, or reads by process number.
  private func readOutsideWindows(_ buffer: UnsafeMutableRawBufferPointer, _ address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    try checkOpen(.read)
    guard buffer.count > 0 else {
      if checkIdentity() == .lost { throw lost(.read, at: address) }
      return Transfer(requestedBytes: 0, completedBytes: 0)
    }
    if buffer.count <= limits.smallRead, openWindow(around: address, count: buffer.count) {
      let result = unsafe System.pread(
        memory.value, buffer.baseAddress, buffer.count, address.rawValue)
      counters.countRead(result)
      if result == buffer.count {
        return Transfer(requestedBytes: result, completedBytes: result)
      }
      return try unsafe finishSmallRead(result, buffer, address)
    }
    return try unsafe readByNumber(buffer, address)
  }

  /// Looks the mapping up and trusts it for a while, if the target itself may read it and it holds
  /// the whole range.
  private func openWindow(around address: Address, count: Int) -> Bool {
    guard memory.isOpen, let mappings else { return false }
    counters.countCall()
    let now = System.coarseClock
    guard case .mapping(let mapping) = mappings.mapping(at: address.rawValue),
      mapping.permissions.contains(.read),
      UInt64(count) <= mapping.range.end.rawValue &- address.rawValue
    else { return false }
    windows.trust(
      start: mapping.range.start.rawValue, end: mapping.range.end.rawValue, now: now)
    return true
  }

  /// process_vm_readv(2) in blocks, then a check that the data are this process's own; what fails
  /// it is thrown away.
  private func readByNumber(_ buffer: UnsafeMutableRawBufferPointer, _ address: Address)
    throws(RemoteMemoryError) -> Transfer
  {
    for _ in 0..<8 {
      let done = try unsafe readBlocks(buffer, address)
      switch checkIdentity() {
      case .same where done != nil:
        return Transfer(requestedBytes: buffer.count, completedBytes: done ?? 0)
      case .lost: throw lost(.read, at: address, requestedBytes: buffer.count)
      case .same, .threadEnded:
        guard route.changeOver() else {
          throw lost(.read, at: address, requestedBytes: buffer.count)
        }
      }
    }
    throw RemoteMemoryError(
      .read, .system, process: id, address: address, requestedBytes: buffer.count,
      errno: .noSuchProcess)
  }

  /// How many bytes were copied before an unreadable one; nil when the number in use names no
  /// process with memory.
  private func readBlocks(_ buffer: UnsafeMutableRawBufferPointer, _ address: Address)
    throws(RemoteMemoryError) -> Int?
  {
    var done = 0
    while done < buffer.count {
      let (place, overflow) = address.rawValue.addingReportingOverflow(UInt64(done))
      if overflow { break }
      let asked = min(buffer.count - done, limits.bytes)
      let result = unsafe System.readRange(
        route.thread, buffer.baseAddress?.advanced(by: done), asked, place)
      counters.countRead(result)
      if let errno = Errno(result: result) {
        if errno == .badAddress { break }
        if errno == .noSuchProcess { return nil }
        throw refusal(
          .read, errno, at: Address(place), requestedBytes: buffer.count, completedBytes: done)
      }
      done += result
      if result < asked { break }
      if done < buffer.count, interrupt.isInterrupted {
        throw RemoteMemoryError(
          .read, .interrupted, process: id, address: address.offset(by: Int64(done)),
          requestedBytes: buffer.count, completedBytes: done)
      }
    }
    return done
  }

  /// Any answer of the kernel but success, EFAULT and ESRCH.
  func refusal(
    _ operation: RemoteMemoryError.Operation, _ errno: Errno, at address: Address? = nil,
    requestedBytes: Int = 0, completedBytes: Int = 0
  ) -> RemoteMemoryError {
    var error: RemoteMemoryError
    switch errno {
    case .notPermitted, .accessDenied, .noSuchCall:
      error = .denied(operation, id, errno, evidence)
    default:
      error = RemoteMemoryError(operation, .system, process: id, errno: errno)
    }
    error.address = address
    error.requestedBytes = requestedBytes
    error.completedBytes = completedBytes
    return error
  }
}
