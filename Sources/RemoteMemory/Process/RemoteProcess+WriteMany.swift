import MemoryModel

/// A mapping that was found writable a moment ago, for many writes at once.
struct WritableMapping {
  fileprivate let range: AddressRange
  fileprivate let options: WriteOptions

  fileprivate func covers(_ address: Address, _ count: Int, _ options: WriteOptions) -> Bool {
    options == self.options && range.contains(address)
      && UInt64(count) <= range.end.rawValue - address.rawValue
  }
}

extension RemoteProcess {
  /// Writes as `write` does, and looks a mapping up once for all places in it.
  /// - Parameter mapping: what earlier writes of the same moment came to know.
  func write(
    _ bytes: [UInt8], to address: Address, options: WriteOptions,
    knowing mapping: inout WritableMapping?
  ) throws(RemoteMemoryError) {
    let isSimple =
      mode == .readWrite && !bytes.isEmpty
      && UInt64(bytes.count) <= address.bytesToBoundary(of: System.pageSize)
    guard isSimple else { return try writeBytes(bytes, at: address, options: options) }
    try checkMayWrite(at: address, count: bytes.count)
    if !(mapping?.covers(address, bytes.count, options) ?? false) {
      try checkWritable(address, bytes.count, options)
      mapping = try region(at: address).map { WritableMapping(range: $0.range, options: options) }
    }
    let outcome: Result<Void, RemoteMemoryError> = unsafe bytes.withUnsafeBytes { bytes in
      do throws(RemoteMemoryError) {
        return try unsafe .success(writeWithinPage(bytes, address))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }
}
