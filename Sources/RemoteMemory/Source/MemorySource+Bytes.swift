public import MemoryModel

/// Bytes that were read, and the error that ended the reading if not all were.
public struct PartialRead: Sendable {
  /// What could be read, from the first byte on.
  public let bytes: [UInt8]
  /// Why it is not all; nil when it is.
  public let error: RemoteMemoryError?
}

extension MemorySource {
  /// Fills all of `buffer` from `address` on.
  /// - Throws: `EFAULT` with the number of bytes completed when it stops early, and what
  ///   `read(_:from:)` throws.
  @inlinable
  public func readExactly(_ buffer: UnsafeMutableRawBufferPointer, from address: Address)
    throws(RemoteMemoryError)
  {
    let transfer = try unsafe read(buffer, from: address)
    if transfer.isComplete { return }
    throw shortRead(transfer, from: address)
  }

  /// The error for a read that stopped early.
  public func shortRead(_ transfer: Transfer, from address: Address) -> RemoteMemoryError {
    fault(
      .read, at: address.offset(by: Int64(transfer.completedBytes)),
      requestedBytes: transfer.requestedBytes, completedBytes: transfer.completedBytes)
  }

  /// All of `count` bytes at `address`.
  /// - Parameters:
  ///   - address: the first byte.
  ///   - count: how many, 0 to 1 GiB.
  /// - Throws: `EFAULT` when a byte cannot be read, `EINVAL` or `E2BIG` for an impossible count,
  ///   `ENOMEM`.
  public func readBytes(at address: Address, count: Int) throws(RemoteMemoryError) -> [UInt8] {
    let part = try readPartial(at: address, count: count)
    if let error = part.error { throw error }
    return part.bytes
  }

  /// The bytes from `address` on up to the first that cannot be read, at most `count`.
  /// - Throws: only when nothing can be read any more; an unreadable start is a result without
  ///   bytes.
  public func readPartial(at address: Address, count: Int) throws(RemoteMemoryError) -> PartialRead
  {
    try checkCount(count, .read, at: address)
    try Allocation.check(count, for: .read)
    var transfer = Transfer(requestedBytes: count, completedBytes: 0)
    var failure: RemoteMemoryError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      do throws(RemoteMemoryError) {
        let all = unsafe UnsafeMutableRawBufferPointer(start: room.baseAddress, count: count)
        transfer = try unsafe read(all, from: address)
        filled = transfer.completedBytes
      } catch {
        failure = error
        filled = 0
      }
    }
    if let failure { throw failure }
    return PartialRead(
      bytes: bytes, error: transfer.isComplete ? nil : shortRead(transfer, from: address))
  }

  /// Writes bytes, all or none.
  public func writeBytes(_ bytes: [UInt8], at address: Address, options: WriteOptions = .ordinary)
    throws(RemoteMemoryError)
  {
    let result: Result<Void, RemoteMemoryError> = unsafe bytes.withUnsafeBytes { bytes in
      do throws(RemoteMemoryError) {
        return try unsafe .success(write(bytes, to: address, options: options))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Refuses lengths that are negative or more than a result may hold.
  func checkCount(
    _ count: Int, _ operation: RemoteMemoryError.Operation, at address: Address? = nil,
    limit: Int = TransferLimits.longestResult
  ) throws(RemoteMemoryError) {
    if count < 0 {
      throw RemoteMemoryError(
        operation, .invalid, process: processID, detail: "a byte count is at least 0, got \(count)")
    }
    if count > limit {
      throw RemoteMemoryError(
        operation, .tooLarge, process: processID, address: address, requestedBytes: count,
        detail: "at most \(limit) bytes at once")
    }
  }
}
