public import MemoryModel

extension RemoteProcess {
  /// Writes all of `bytes` at `address`, or nothing.
  ///
  /// The bytes go through the descriptor of /proc/PID/mem, which is bound to this address space and
  /// cannot reach another process or another program. Because that file also writes where the
  /// target may not, every page is looked up first: nothing is written unless the target itself
  /// could write all of it.
  /// - Throws: `EREADONLY` for a session that only reads, `EFAULT` where nothing is mapped or the
  ///   pages cannot be written, `ESHARED` where a file on disk would change and `options` do not
  ///   allow it, `EREFUSED` where somebody is asked and does not agree, `EPERM`, `ESRCH`, `EXEC`.
  public func write(
    _ bytes: UnsafeRawBufferPointer, to address: Address, options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) {
    try checkMayWrite(at: address, count: bytes.count)
    guard bytes.count > 0 else {
      if checkIdentity() == .lost { throw lost(.write, at: address) }
      return
    }
    try checkWritable(address, bytes.count, options)
    try unsafe writeChecked(bytes, to: address, options)
  }

  /// Writes bytes where that was found to be allowed, all or nothing, or pretends to; asks and tells
  /// first whom it concerns.
  func writeChecked(
    _ bytes: UnsafeRawBufferPointer, to address: Address, _ options: WriteOptions
  ) throws(RemoteMemoryError) {
    try unsafe askWhetherToWrite(bytes, address, options)
    if mode == .pretend { return try unsafe pretend(bytes, address, options) }
    tellOfFirstWrite()
    let page = System.pageSize
    if UInt64(bytes.count) <= address.bytesToBoundary(of: page) {
      try unsafe writeWithinPage(bytes, address)
    } else {
      try unsafe writeAcrossPages(bytes, address)
    }
  }

  /// Writes many places, one after the other; looks mappings up once for neighbours.
  /// - Parameters:
  ///   - places: the bytes and where they go; none is empty.
  ///   - done: how many were begun, the one that failed included.
  func write(
    _ places: [(address: Address, bytes: [UInt8])], options: WriteOptions, done: inout Int
  ) throws(RemoteMemoryError) {
    var known: AddressRange?
    for (address, bytes) in places {
      done += 1
      try checkMayWrite(at: address, count: bytes.count)
      try checkWritable(address, bytes.count, options, known: &known)
      let result: Result<Void, RemoteMemoryError> = unsafe bytes.withUnsafeBytes { bytes in
        do throws(RemoteMemoryError) {
          return try unsafe .success(writeChecked(bytes, to: address, options))
        } catch {
          return .failure(error)
        }
      }
      try result.get()
    }
  }

  /// Refuses what needs no look at the memory.
  func checkMayWrite(at address: Address, count: Int) throws(RemoteMemoryError) {
    try checkOpen(.write)
    if mode == .readOnly {
      throw RemoteMemoryError(
        .write, .readOnly, process: id, address: address, requestedBytes: count)
    }
    guard mode == .pretend ? memory.isOpen : memoryIsWritable else {
      throw refusal(
        .write, memoryErrno ?? .accessDenied, at: address, requestedBytes: count)
    }
  }

  /// The kernel writes all of a page or nothing of it.
  func writeWithinPage(_ bytes: UnsafeRawBufferPointer, _ address: Address)
    throws(RemoteMemoryError)
  {
    let result = unsafe put(bytes, address)
    if result == bytes.count { return }
    throw writeFailure(result, at: address, requestedBytes: bytes.count)
  }

  /// Keeps the old bytes, so that a write that stops at a page in the middle can be taken back.
  private func writeAcrossPages(_ bytes: UnsafeRawBufferPointer, _ address: Address)
    throws(RemoteMemoryError)
  {
    let old = try Allocation(byteCount: bytes.count, for: .write)
    let kept = unsafe System.pread(
      memory.value, old.bytes.baseAddress, bytes.count, address.rawValue)
    counters.countRead(kept)
    guard kept == bytes.count else {
      throw writeFailure(kept, at: address, requestedBytes: bytes.count)
    }
    var done = 0
    while done < bytes.count {
      let asked = min(bytes.count - done, limits.bytes)
      let block = unsafe UnsafeRawBufferPointer(rebasing: bytes[done..<(done + asked)])
      let result = unsafe put(block, address.offset(by: Int64(done)))
      done += max(result, 0)
      if result < asked {
        throw unsafe rollBack(done, of: UnsafeRawBufferPointer(old.bytes), at: address, result)
      }
    }
  }

  /// Puts back the first `count` old bytes and says how that went.
  private func rollBack(
    _ count: Int, of old: UnsafeRawBufferPointer, at address: Address, _ result: Int
  ) -> RemoteMemoryError {
    var error = writeFailure(
      result, at: address.offset(by: Int64(count)), requestedBytes: old.count)
    error.start = address
    guard count > 0 else { return error }
    let restored = unsafe put(UnsafeRawBufferPointer(rebasing: old[..<count]), address)
    if restored == count {
      error.detail += "; the \(count) bytes already written were put back"
    } else {
      error.completedBytes = count - max(restored, 0)
      error.detail +=
        "; of \(count) bytes already written only \(max(restored, 0)) were put back"
    }
    return error
  }

  /// One pwrite(2) of /proc/PID/mem: how many bytes got through, or the negative of errno.
  private func put(_ bytes: UnsafeRawBufferPointer, _ address: Address) -> Int {
    let count = writeStop?(address.rawValue, bytes.count) ?? bytes.count
    guard count > 0 else { return -Int(Errno.inputOutput.rawValue) }
    let result = unsafe System.pwrite(memory.value, bytes.baseAddress, count, address.rawValue)
    counters.countWrite(result)
    return result
  }

  /// What an incomplete answer of pwrite(2) means.
  func writeFailure(_ result: Int, at address: Address, requestedBytes: Int)
    -> RemoteMemoryError
  {
    if result == 0 { return lost(.write, at: address, requestedBytes: requestedBytes) }
    if let errno = Errno(result: result), errno != .inputOutput {
      return refusal(.write, errno, at: address, requestedBytes: requestedBytes)
    }
    return fault(.write, at: address, requestedBytes: requestedBytes, completedBytes: 0)
  }
}
