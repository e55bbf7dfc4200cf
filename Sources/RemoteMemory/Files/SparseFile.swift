import CProcessVM

/// A file written beside the one that is wanted, and put in its place when it is whole. Blocks of
/// zeroes take no room on disk.
@safe final class SparseFile {
  /// Blocks of so many bytes that hold nothing but zeroes are not written.
  private static let block = 4096

  private let path: String
  private let temporary: String
  private let descriptor: Descriptor
  private let operation: RemoteMemoryError.Operation
  private var isCommitted = false
  /// How many bytes were written, those that were left out as zeroes not counted.
  private(set) var storedBytes: UInt64 = 0

  /// - Throws: what open(2) says about the folder; `EINVAL` where something else than a regular file
  ///   has the name.
  init(_ path: String, for operation: RemoteMemoryError.Operation) throws(RemoteMemoryError) {
    self.path = path
    self.operation = operation
    var name = [CChar](repeating: 0, count: path.utf8.count + 16)
    let number = unsafe path.withCString { path in
      unsafe name.withUnsafeMutableBufferPointer {
        unsafe pvm_create_beside(path, $0.baseAddress, $0.count)
      }
    }
    temporary = String(
      decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    descriptor = Descriptor(number)
    let errno = Errno(result: Int(number))
    if errno == .invalidArgument {
      throw RemoteMemoryError(
        operation, .invalid, detail: "\(path) is no ordinary file and would be replaced by one")
    }
    if let errno { throw failure(errno) }
  }

  deinit {
    if !isCommitted, descriptor.isOpen {
      _ = unsafe temporary.withCString { unsafe pvm_unlink($0) }
    }
  }

  private func failure(_ errno: Errno) -> RemoteMemoryError {
    RemoteMemoryError(operation, .system, errno: errno, detail: path)
  }

  /// Writes bytes at an offset, blocks of zeroes excepted.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(RemoteMemoryError) {
    var start = 0
    while start < bytes.count {
      while start < bytes.count, unsafe isZero(bytes, start) { start += Self.block }
      guard start < bytes.count else { return }
      var end = start + Self.block
      while end < bytes.count, unsafe !isZero(bytes, end) { end += Self.block }
      end = min(end, bytes.count)
      try unsafe put(
        UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: offset &+ UInt64(start))
      start = end
    }
  }

  private func isZero(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    let end = min(start + Self.block, bytes.count)
    var index = start
    while index + 8 <= end {
      if unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) != 0 { return false }
      index += 8
    }
    while index < end {
      if unsafe bytes[index] != 0 { return false }
      index += 1
    }
    return true
  }

  private func put(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(RemoteMemoryError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe System.pwrite(
        descriptor.value, bytes.baseAddress! + done, bytes.count - done, offset &+ UInt64(done))
      if let errno = Errno(result: count) {
        if errno == .interrupted { continue }
        throw failure(errno)
      }
      done += count
    }
    storedBytes &+= UInt64(bytes.count)
  }

  /// Gives the file its length and its name.
  func commit(byteCount: UInt64) throws(RemoteMemoryError) {
    if byteCount > 0 {
      // The last byte makes the length, whether or not it was written before.
      var last: UInt8 = 0
      _ = unsafe System.pread(descriptor.value, &last, 1, byteCount - 1)
      try unsafe withUnsafeBytes(of: last) { bytes throws(RemoteMemoryError) in
        try unsafe put(bytes, at: byteCount - 1)
      }
    }
    if let errno = Errno(result: Int(pvm_sync(descriptor.value))) { throw failure(errno) }
    let result = unsafe temporary.withCString { from in
      unsafe path.withCString { unsafe pvm_rename(from, $0) }
    }
    if let errno = Errno(result: Int(result)) { throw failure(errno) }
    isCommitted = true
  }
}
