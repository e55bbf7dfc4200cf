import CProcessVM
public import MemoryModel

extension MemorySource {
  /// Writes the bytes of a file into memory: all of them, or none.
  /// - Parameters:
  ///   - path: a regular file of at most 1 GiB.
  ///   - address: where its first byte goes. Everything up to its last must be writable by the
  ///     target itself, or nothing is written.
  ///   - options: what the write may do.
  /// - Returns: how many bytes were written.
  /// - Throws: what open(2) and read(2) say, `EINVAL` for no regular file, `E2BIG`, and what a write
  ///   throws.
  public func load(_ path: String, to address: Address, options: WriteOptions = .ordinary)
    throws(RemoteMemoryError) -> Int
  {
    let bytes = try Self.content(of: path)
    do throws(RemoteMemoryError) {
      try unsafe write(UnsafeRawBufferPointer(bytes.bytes), to: address, options: options)
    } catch {
      throw error.during(.load)
    }
    return unsafe bytes.bytes.count
  }

  /// A whole file.
  private static func content(of path: String) throws(RemoteMemoryError) -> Allocation {
    try Sandbox.checkFile(.load, path)
    var length: UInt64 = 0
    let opened = unsafe path.withCString { unsafe pvm_open_file($0, &length) }
    let descriptor = Descriptor(opened)
    if let errno = Errno(result: Int(opened)) {
      if errno == .invalidArgument {
        throw RemoteMemoryError(.load, .invalid, detail: "\(path) is no ordinary file")
      }
      throw RemoteMemoryError(.load, .system, errno: errno, detail: path)
    }
    guard length <= UInt64(TransferLimits.longestResult) else {
      throw RemoteMemoryError(
        .load, .tooLarge, requestedBytes: Int(clamping: length),
        detail: "\(path) has \(length) bytes, of which at most \(TransferLimits.longestResult) go")
    }
    let bytes = try Allocation(byteCount: Int(length), for: .load)
    var done = 0
    while unsafe done < bytes.bytes.count {
      let count = unsafe System.pread(
        descriptor.value, bytes.bytes.baseAddress! + done, bytes.bytes.count - done, UInt64(done))
      if let errno = Errno(result: count) {
        if errno == .interrupted { continue }
        throw RemoteMemoryError(.load, .system, errno: errno, detail: path)
      }
      guard count > 0 else {
        throw RemoteMemoryError(
          .load, .invalid, detail: "\(path) became shorter while it was read")
      }
      done += count
    }
    return bytes
  }
}
