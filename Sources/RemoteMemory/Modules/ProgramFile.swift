import CProcessVM
import MemoryModel

/// The file a module was mapped from, opened for reading: that very file where the kernel can tell,
/// and not another that has its name now.
final class ProgramFile: Sendable {
  private let descriptor: Descriptor
  /// Its length in bytes.
  let byteCount: UInt64
  /// Whether device and inode say that it is the mapped one; otherwise its content has to.
  let isCertain: Bool

  private init(_ number: Int32, byteCount: UInt64, isCertain: Bool) {
    descriptor = Descriptor(number)
    self.byteCount = byteCount
    self.isCertain = isCertain
  }

  /// Opens the file of a mapping.
  /// - Returns: nil where it is gone, has been replaced by another, or may not be opened.
  static func open(_ region: Region, of source: any MemorySource) -> ProgramFile? {
    let name = Array(region.isNamedDeleted ? region.nameBytes.dropLast(10) : region.nameBytes[...])
    let path = String(validating: name, as: UTF8.self)
    guard let id = source.processID else {
      return region.isNamedDeleted ? nil : path.flatMap { open($0, region) }
    }
    let ends =
      String(region.start.rawValue, radix: 16) + "-" + String(region.end.rawValue, radix: 16)
    // The kernel's own link to what is mapped takes CAP_CHECKPOINT_RESTORE; that of the program
    // itself does not.
    if let file = open("/proc/\(id)/map_files/\(ends)", region) { return file }
    if (try? ProcFile.link("/proc/\(id)/exe").get()) == region.nameBytes,
      let file = open("/proc/\(id)/exe", region)
    {
      return file
    }
    guard !region.isNamedDeleted, let path else { return nil }
    return open("/proc/\(id)/root\(path)", region) ?? open(path, region)
  }

  /// Opens a regular file by its path, whatever it is.
  static func open(_ path: String) -> ProgramFile? { open(path, nil) }

  /// A descriptor of its own for somebody else, who closes it; negative where there is none.
  func duplicate() -> Int32 {
    System.open("/proc/self/fd/\(descriptor.value)")
  }

  /// Opens a regular file, and nothing whose opening might have an effect.
  private static func open(_ path: String, _ region: Region?) -> ProgramFile? {
    let place = System.open(path, Int32(PVM_PATH_ONLY))
    guard place >= 0 else { return nil }
    defer { System.close(place) }
    guard let identity = System.identity(of: place), identity.is_regular else { return nil }
    // Some file systems show another device by stat(2) than in maps: then the content decides.
    if let region, region.inode != 0, identity.inode != region.inode { return nil }
    let isCertain =
      region.map {
        $0.inode != 0 && identity.device_major == $0.deviceMajor
          && identity.device_minor == $0.deviceMinor
      } ?? false
    var length: UInt64 = 0
    let number = unsafe "/proc/self/fd/\(place)".withCString { unsafe pvm_open_file($0, &length) }
    guard number >= 0 else { return nil }
    return ProgramFile(number, byteCount: length, isCertain: isCertain)
  }

  /// So many bytes from an offset; fewer at its end and where it cannot be read.
  func bytes(_ offset: UInt64, _ count: Int) -> [UInt8] {
    guard count > 0, offset < byteCount else { return [] }
    let wanted = Int(min(UInt64(count), byteCount - offset))
    return unsafe [UInt8](unsafeUninitializedCapacity: wanted) { room, filled in
      filled = unsafe read(UnsafeMutableRawBufferPointer(room)[..<wanted], from: offset)
    }
  }

  /// Fills a buffer from an offset; how many bytes there were.
  func read(_ room: Slice<UnsafeMutableRawBufferPointer>, from offset: UInt64) -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(rebasing: room)
    var done = 0
    while done < room.count {
      let (place, overflows) = offset.addingReportingOverflow(UInt64(done))
      guard !overflows, place < UInt64(Int64.max) else { break }
      let count = unsafe System.pread(
        descriptor.value, room.baseAddress! + done, room.count - done, place)
      if count == -Int(Errno.interrupted.rawValue) { continue }
      if count <= 0 { break }
      done += count
    }
    return done
  }
}
