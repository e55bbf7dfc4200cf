import CProcessVM

/// Writes a file next to the one that is wanted, and puts it in its place when it is whole.
@safe final class HitFileWriter {
  private static let roomByteCount = 1 << 20

  private let path: String
  private let temporary: String
  private let descriptor: Descriptor
  private let room: Allocation
  private var used = 0
  private var written: UInt64 = 0
  private var sum = HitFileSum()
  private var isCommitted = false

  /// - Throws: what open(2) says about the folder.
  init(_ path: String) throws(RemoteMemoryError) {
    self.path = path
    room = try Allocation(byteCount: Self.roomByteCount, for: .save)
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
        .save, .invalid, detail: "\(path) is no ordinary file and would be replaced by one")
    }
    if let errno { throw Self.failure(path, errno) }
  }

  deinit {
    if !isCommitted, descriptor.isOpen {
      _ = unsafe temporary.withCString { unsafe pvm_unlink($0) }
    }
  }

  private static func failure(_ path: String, _ errno: Errno) -> RemoteMemoryError {
    RemoteMemoryError(.save, .system, errno: errno, detail: path)
  }

  /// Adds bytes.
  func add(_ bytes: UnsafeRawBufferPointer) throws(RemoteMemoryError) {
    var offset = 0
    while offset < bytes.count {
      if unsafe used == room.bytes.count { try flush() }
      let count = unsafe min(bytes.count - offset, room.bytes.count - used)
      unsafe (room.bytes.baseAddress! + used).copyMemory(
        from: bytes.baseAddress! + offset, byteCount: count)
      used += count
      offset += count
    }
  }

  /// Adds bytes of an array.
  func add(_ bytes: [UInt8]) throws(RemoteMemoryError) {
    let result: Result<Void, RemoteMemoryError> = unsafe bytes.withUnsafeBytes { bytes in
      do throws(RemoteMemoryError) {
        return try unsafe .success(add(bytes))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Adds a number.
  func add(_ number: some FixedWidthInteger) throws(RemoteMemoryError) {
    var bytes: [UInt8] = []
    var rest = number
    for _ in 0..<(number.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest = rest >> 8
    }
    try add(bytes)
  }

  /// Adds a text with its length.
  func addText(_ bytes: [UInt8]) throws(RemoteMemoryError) {
    let text = bytes.prefix(HitFile.longestText)
    try add(UInt32(text.count))
    try add(Array(text))
  }

  private func flush() throws(RemoteMemoryError) {
    unsafe sum.add(UnsafeRawBufferPointer(rebasing: room.bytes[..<used]))
    try write()
  }

  private func write() throws(RemoteMemoryError) {
    var done = 0
    while done < used {
      let count = unsafe System.pwrite(
        descriptor.value, room.bytes.baseAddress! + done, used - done, written)
      if let errno = Errno(result: count) {
        if errno == .interrupted { continue }
        throw Self.failure(path, errno)
      }
      done += count
      written += UInt64(count)
    }
    used = 0
  }

  /// Ends the file and gives it its name.
  func commit() throws(RemoteMemoryError) {
    try flush()
    try add(sum.value)
    try write()
    let length = written
    written = UInt64(HitFile.lengthOffset)
    try add(length)
    try write()
    if let errno = Errno(result: Int(pvm_sync(descriptor.value))) {
      throw Self.failure(path, errno)
    }
    let result = unsafe temporary.withCString { from in
      unsafe path.withCString { unsafe pvm_rename(from, $0) }
    }
    if let errno = Errno(result: Int(result)) { throw Self.failure(path, errno) }
    isCommitted = true
  }
}
