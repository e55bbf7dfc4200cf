import CProcessVM
public import MemoryModel

extension MemorySource {
  /// Copies memory within the source; the ranges may overlap.
  /// - Parameters:
  ///   - start: the first byte to read.
  ///   - destination: where its copy goes.
  ///   - count: how many bytes, 0 to 1 GiB.
  /// - Throws: `EFAULT` with nothing written when a byte cannot be read or written.
  public func copy(
    from start: Address, to destination: Address, count: Int, options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) {
    do throws(RemoteMemoryError) {
      let bytes = try readBytes(at: start, count: count)
      try writeBytes(bytes, at: destination, options: options)
    } catch {
      throw error.during(.copy)
    }
  }

  /// Fills memory with a pattern, again and again from its first byte; the last time perhaps not
  /// whole.
  /// - Parameters:
  ///   - address: the first byte.
  ///   - count: how many bytes, 0 to 1 GiB.
  ///   - pattern: what to fill with; at least one byte.
  /// - Throws: `EINVAL` for an empty pattern; `EFAULT` with nothing written when a byte cannot be
  ///   written.
  public func fill(
    at address: Address, count: Int, with pattern: [UInt8], options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) {
    guard !pattern.isEmpty else {
      throw RemoteMemoryError(.fill, .invalid, process: processID, detail: "the pattern is empty")
    }
    try checkCount(count, .fill, at: address)
    try Allocation.check(count, for: .fill)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      for index in 0..<count { unsafe room[index] = pattern[index % pattern.count] }
      filled = count
    }
    do throws(RemoteMemoryError) {
      try writeBytes(bytes, at: address, options: options)
    } catch {
      throw error.during(.fill)
    }
  }

  /// The first byte in which two ranges differ, counted from 0; nil when they are equal.
  /// - Parameters:
  ///   - first: the start of one range, in this source.
  ///   - second: the start of the other.
  ///   - count: how many bytes, at least 0; any number, since they are compared in blocks.
  ///   - other: where the other range lies; nil for this source too.
  /// - Throws: `EFAULT` when a byte before the first difference cannot be read.
  public func compare(
    _ first: Address, with second: Address, count: Int, in other: (any MemorySource)? = nil
  ) throws(RemoteMemoryError) -> Int? {
    try checkCount(count, .compare, limit: .max)
    let there: any MemorySource = other ?? self
    return try compareBlocks(first, count) { (offset, length) throws(RemoteMemoryError) in
      try there.readPartial(at: second.offset(by: Int64(offset)), count: length)
    }
  }

  /// The first byte in which memory differs from `bytes`, counted from 0; nil when it is equal.
  /// - Throws: `EFAULT` when a byte before the first difference cannot be read.
  public func compare(_ address: Address, with bytes: [UInt8]) throws(RemoteMemoryError) -> Int? {
    try compareBlocks(address, bytes.count) { (offset, length) throws(RemoteMemoryError) in
      PartialRead(bytes: Array(bytes[offset..<(offset + length)]), error: nil)
    }
  }

  private func compareBlocks(
    _ address: Address, _ count: Int,
    _ second: (_ offset: Int, _ count: Int) throws(RemoteMemoryError) -> PartialRead
  ) throws(RemoteMemoryError) -> Int? {
    var offset = 0
    while offset < count {
      let length = min(count - offset, min(limits.bytes, 256 << 10))
      let one = try readPartial(at: address.offset(by: Int64(offset)), count: length)
      let two = try second(offset, length)
      let common = min(one.bytes.count, two.bytes.count)
      let difference = unsafe pvm_first_difference(one.bytes, two.bytes, common)
      if difference < common { return offset + difference }
      if let error = one.error ?? two.error { throw error.during(.compare) }
      offset += length
      if interrupt.isInterrupted {
        throw RemoteMemoryError(.compare, .interrupted, process: processID)
      }
    }
    return nil
  }

  /// Memory laid out for the eye; bytes that cannot be read show as such.
  /// - Parameters:
  ///   - address: the first byte.
  ///   - count: how many bytes, 0 to 1 MiB.
  /// - Throws: only when nothing can be read any more, and for an impossible count.
  public func hexdump(at address: Address, count: Int) throws(RemoteMemoryError) -> Hexdump {
    let (bytes, holes) = try readSparse(at: address, count: count)
    return Hexdump(
      start: address, bytes: bytes, unreadable: holes.map { $0.offset..<($0.offset + $0.count) })
  }

  /// Bytes with the holes among them: what cannot be read is 0 and listed.
  /// - Parameters:
  ///   - address: the first byte.
  ///   - count: how many bytes, 0 to 1 MiB.
  public func readSparse(at address: Address, count: Int) throws(RemoteMemoryError) -> (
    bytes: [UInt8], holes: [Hole]
  ) {
    try checkCount(count, .read, at: address, limit: TransferLimits.longestValue)
    var bytes = [UInt8](repeating: 0, count: count)
    let range = AddressRange(start: address, count: UInt64(count))
    let outcome: Result<[Hole], RemoteMemoryError> = unsafe bytes.withUnsafeMutableBytes { room in
      unsafe withUnsafePointer(to: range) { range in
        do throws(RemoteMemoryError) {
          return try unsafe .success(
            gather(UnsafeBufferPointer(start: range, count: 1), into: room))
        } catch {
          return .failure(error)
        }
      }
    }
    // A range that would pass the end of all addresses is cut there; the rest of the buffer is a
    // hole.
    var holes = try outcome.get()
    let missing = count - Int(clamping: range.count)
    if missing > 0 {
      holes.append(Hole(offset: count - missing, count: missing, address: range.end))
    }
    return (bytes, holes)
  }
}

extension RemoteMemoryError {
  /// The same error, met while something larger was being done.
  func during(_ operation: Operation) -> RemoteMemoryError {
    var error = self
    error.operation = operation
    return error
  }
}
