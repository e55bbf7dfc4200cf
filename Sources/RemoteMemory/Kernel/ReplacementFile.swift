import CProcessVM
import CScanKernels

/// A file that is written next to the one that is wanted, and put in its place when it is whole.
///
/// Until then, and after any error, what lay there before is untouched and nothing new lies beside
/// it. It can be read by its owner alone. Several threads may write to it at once; one commits.
@safe final class ReplacementFile: @unchecked Sendable {
  private let path: String
  private let temporary: String
  private let descriptor: Descriptor
  private let operation: RemoteMemoryError.Operation
  private var isCommitted = false

  /// Creates the file, empty.
  /// - Throws: what open(2) says about the folder; `EINVAL` when what lies at `path` is no ordinary
  ///   file.
  init(_ path: String, for operation: RemoteMemoryError.Operation = .save)
    throws(RemoteMemoryError)
  {
    try Sandbox.checkFile(operation, path)
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

  /// Writes all of some bytes, so many bytes from the beginning of the file; what is never written
  /// reads as zeroes and takes no room on disk.
  /// - Throws: what pwrite(2) says: `ENOSPC`, `EFBIG`, ...
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(RemoteMemoryError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe pvm_pwrite_quietly(
        descriptor.value, bytes.baseAddress! + done, bytes.count - done,
        offset &+ UInt64(done))
      if let errno = Errno(result: count) {
        if errno == .interrupted { continue }
        throw failure(errno)
      }
      done += count
    }
  }

  private static let block = 4096

  /// Writes bytes but for rows of blocks of 4096 that hold nothing but zeroes.
  /// - Parameter row: how many bytes a row must have at least to be left out: each takes a call more.
  /// - Returns: how many bytes were written.
  @discardableResult
  func write(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, leavingOutZeroesFrom row: Int
  ) throws(RemoteMemoryError) -> Int {
    var written = 0
    var first = 0
    // Where the zeroes before `place` begin.
    var zeroes = 0
    var place = 0
    while place < bytes.count {
      let next = min(place + Self.block, bytes.count)
      let isLast = next == bytes.count
      let isZero = unsafe pvk_is_zero(bytes.baseAddress! + place, next - place)
      let end = isZero ? next : place
      if end - zeroes >= row, !isZero || isLast {
        try unsafe write(
          UnsafeRawBufferPointer(rebasing: bytes[first..<zeroes]), at: offset &+ UInt64(first))
        written += zeroes - first
        first = end
      }
      if !isZero { zeroes = next }
      place = next
    }
    try unsafe write(
      UnsafeRawBufferPointer(rebasing: bytes[first...]), at: offset &+ UInt64(first))
    return written + bytes.count - first
  }

  /// Writes all bytes of an array.
  func write(_ bytes: [UInt8], at offset: UInt64) throws(RemoteMemoryError) {
    let result: Result<Void, RemoteMemoryError> = unsafe bytes.withUnsafeBytes { bytes in
      do throws(RemoteMemoryError) {
        return try unsafe .success(write(bytes, at: offset))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Makes the file so long; what is added reads as zeroes.
  func setLength(_ byteCount: UInt64) throws(RemoteMemoryError) {
    if let errno = Errno(result: Int(pvm_set_length(descriptor.value, byteCount))) {
      throw failure(errno)
    }
  }

  /// Gives the file its name.
  /// - Parameter durably: whether it is on disk before that, so that a crash of the machine leaves
  ///   the old file or the new; takes as long as the disk takes.
  func commit(durably: Bool = true) throws(RemoteMemoryError) {
    if durably, let errno = Errno(result: Int(pvm_sync(descriptor.value))) { throw failure(errno) }
    let result = unsafe temporary.withCString { from in
      unsafe path.withCString { unsafe pvm_rename(from, $0) }
    }
    if let errno = Errno(result: Int(result)) { throw failure(errno) }
    isCommitted = true
  }
}
