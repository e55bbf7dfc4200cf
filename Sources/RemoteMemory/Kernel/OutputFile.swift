import CProcessVM

/// A file that is written from its beginning, in pieces as large as they come.
public final class OutputFile {
  private let descriptor: Descriptor
  private let path: String

  /// Creates the file, or empties it.
  /// - Throws: what open(2) says.
  public init(path: String) throws(RemoteMemoryError) {
    self.path = path
    try Sandbox.checkFile(.save, path)
    let number = unsafe path.withCString { unsafe pvm_create($0) }
    descriptor = Descriptor(number)
    if let errno = Errno(result: Int(number)) { throw failure(errno) }
  }

  /// Writes all of some bytes.
  /// - Throws: what write(2) says, such as `ENOSPC`.
  public func write(_ bytes: [UInt8]) throws(RemoteMemoryError) {
    var done = 0
    while done < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { bytes in
        unsafe pvm_write_quietly(
          descriptor.value, bytes.baseAddress! + done, bytes.count - done)
      }
      if let errno = Errno(result: result) {
        if errno == .interrupted { continue }
        throw failure(errno)
      }
      done += result
    }
  }

  /// Ends it; called by the end of the object too.
  public func close() { descriptor.close() }

  private func failure(_ errno: Errno) -> RemoteMemoryError {
    RemoteMemoryError(.save, .system, errno: errno, detail: path)
  }
}
