import CProcessVM

/// A file in memory that a child reads or writes, where a pipe would fill up; no folder holds it.
/// See memfd_create(2).
struct ChildFile: ~Copyable {
  private let file: Descriptor

  /// The number of it, for a child.
  var descriptor: Int32 { file.value }

  /// A file of these bytes, with the place to read at its start.
  init(_ bytes: [UInt8] = []) throws(RemoteMemoryError) {
    let number = pvm_memory_file()
    file = Descriptor(number)
    if let errno = Errno(result: Int(number)) { throw Self.error(errno) }
    let count = unsafe bytes.withUnsafeBytes {
      unsafe System.pwrite(file.value, $0.baseAddress, $0.count, 0)
    }
    if let errno = Errno(result: count) { throw Self.error(errno) }
    if count < bytes.count { throw Self.error(.noMemory) }
  }

  private static func error(_ errno: Errno) -> RemoteMemoryError {
    RemoteMemoryError(.talk, .system, errno: errno, detail: "a file in memory")
  }

  /// What it holds by now, from its start.
  func bytes(atMost limit: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var count = 0
    while count < limit {
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: count) }
      let read = unsafe bytes.withUnsafeMutableBytes { room in
        unsafe System.pread(
          file.value, room.baseAddress.map { unsafe $0 + count }, room.count - count,
          UInt64(count))
      }
      if read <= 0 { break }
      count += read
    }
    return Array(bytes.prefix(min(count, limit)))
  }
}
