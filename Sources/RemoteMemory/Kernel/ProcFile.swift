import CProcessVM

/// Reading the small files of proc(5).
enum ProcFile {
  /// A whole file, in bytes.
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes taken; default 256 MiB, so that no file can exhaust our memory.
  static func bytes(_ path: String, limit: Int = 256 << 20) -> Result<[UInt8], Errno> {
    let descriptor = System.open(path)
    if let errno = Errno(result: Int(descriptor)) { return .failure(errno) }
    defer { System.close(descriptor) }
    return contents(of: descriptor, limit: limit)
  }

  /// What is left to read behind a descriptor.
  static func contents(of descriptor: Int32, limit: Int) -> Result<[UInt8], Errno> {
    var content: [UInt8] = []
    return unsafe withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { block in
      while content.count < limit {
        let count = unsafe System.read(descriptor, block.baseAddress, block.count)
        if count == 0 { break }
        if let errno = Errno(result: count) {
          if errno == .interrupted { continue }
          return .failure(errno)
        }
        unsafe content.append(contentsOf: block[..<count])
      }
      return .success(content)
    }
  }

  /// What a symbolic link points to, in bytes.
  static func link(_ path: String) -> Result<[UInt8], Errno> {
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { room in
      let count = unsafe path.withCString {
        unsafe pvm_readlink($0, room.baseAddress?.assumingMemoryBound(to: CChar.self), room.count)
      }
      if let errno = Errno(result: count) { return .failure(errno) }
      return unsafe .success(Array(room[..<count]))
    }
  }

  /// The names in a folder that are whole numbers, such as the pids in `/proc`, in rising order.
  static func numbers(in folder: String) -> Result<[Int32], Errno> {
    names(in: folder).map { $0.compactMap(decimal).sorted() }
  }

  /// The names in a folder, in no order.
  static func names(in folder: String) -> Result<[[UInt8]], Errno> {
    let descriptor = System.open(folder, Int32(PVM_DIRECTORY))
    if let errno = Errno(result: Int(descriptor)) { return .failure(errno) }
    defer { System.close(descriptor) }
    var names: [[UInt8]] = []
    return unsafe withUnsafeTemporaryAllocation(byteCount: 32_768, alignment: 16) { room in
      while true {
        let count = unsafe pvm_directory_entries(descriptor, room.baseAddress, room.count)
        if let errno = Errno(result: count) { return .failure(errno) }
        if count == 0 { return .success(names) }
        unsafe appendNames(UnsafeRawBufferPointer(rebasing: room[..<count]), to: &names)
      }
    }
  }

  /// Takes the names out of the entries of getdents64(2): length at 16, name at 19.
  private static func appendNames(_ entries: UnsafeRawBufferPointer, to names: inout [[UInt8]]) {
    var start = 0
    while start + 19 < entries.count {
      let length = unsafe Int(entries.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
      guard length > 19, start + length <= entries.count else { return }
      unsafe names.append(Array(entries[(start + 19)..<(start + length)].prefix { $0 != 0 }))
      start += length
    }
  }

  /// A number from 0 written in decimal digits and nothing else.
  private static func decimal(_ text: [UInt8]) -> Int32? {
    guard text.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int32(String(decoding: text, as: UTF8.self))
  }
}
