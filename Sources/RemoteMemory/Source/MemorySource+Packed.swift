public import MemoryModel

extension MemorySource {
  /// Values laid out by a format of Lua's string.pack.
  ///
  /// A format of fixed size is read at once; one with strings is read to the end of the page and
  /// further as it needs.
  /// - Parameters:
  ///   - format: the format. Padding is counted from `address`.
  ///   - address: the first byte.
  /// - Returns: the values, and how many bytes they took.
  /// - Throws: `EFAULT` when a byte of a value cannot be read, `EINVAL` for data the format cannot
  ///   hold, `E2BIG` beyond 1 MiB.
  public func unpack(_ format: PackFormat, at address: Address) throws(RemoteMemoryError) -> (
    values: [PackedValue], byteCount: Int
  ) {
    let fixed = format.fixedByteCount
    let page = Int(clamping: address.bytesToBoundary(of: System.pageSize))
    var wanted = fixed ?? page
    var isLeast = fixed != nil
    while true {
      try checkCount(wanted, .read, at: address, limit: TransferLimits.longestValue)
      let part = try readPartial(at: address, count: wanted)
      if isLeast, let error = part.error { throw error }
      switch try unpack(format, part.bytes) {
      case .complete(let values, let byteCount): return (values, byteCount)
      case .needs(let least):
        if let error = part.error {
          throw fault(
            .read, at: error.address ?? address, requestedBytes: least,
            completedBytes: part.bytes.count)
        }
        wanted = max(least, min(2 * part.bytes.count, TransferLimits.longestValue))
        isLeast = wanted == least
      }
    }
  }

  private func unpack(_ format: PackFormat, _ bytes: [UInt8]) throws(RemoteMemoryError)
    -> PackFormat.Unpacked
  {
    do throws(PackDataError) {
      return try format.unpack(bytes)
    } catch {
      throw RemoteMemoryError(.read, .invalid, process: processID, detail: "\(error)")
    }
  }

  /// Writes values by a format of Lua's string.pack: all, or none.
  /// - Returns: how many bytes were written.
  /// - Throws: `EINVAL` for values the format does not take; and what `write` throws.
  @discardableResult
  public func pack(
    _ values: [PackedValue], as format: PackFormat, at address: Address,
    options: WriteOptions = .ordinary
  ) throws(RemoteMemoryError) -> Int {
    let bytes: [UInt8]
    do throws(PackDataError) {
      bytes = try format.pack(values)
    } catch {
      throw RemoteMemoryError(.write, .invalid, process: processID, detail: "\(error)")
    }
    try writeBytes(bytes, at: address, options: options)
    return bytes.count
  }
}
