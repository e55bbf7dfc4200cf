/// Writes a file next to the one that is wanted, and puts it in its place when it is whole.
@safe final class HitFileWriter {
  private static let roomByteCount = 1 << 20

  private let file: ReplacementFile
  private let room: Allocation
  private var used = 0
  private var written: UInt64 = 0
  private var sum = HitFileSum()

  /// - Throws: what open(2) says about the folder.
  init(_ path: String) throws(RemoteMemoryError) {
    room = try Allocation(byteCount: Self.roomByteCount, for: .save)
    file = try ReplacementFile(path)
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
    try unsafe file.write(UnsafeRawBufferPointer(rebasing: room.bytes[..<used]), at: written)
    written += UInt64(used)
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
    try file.commit()
  }
}
