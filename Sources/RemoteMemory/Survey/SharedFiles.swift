import CProcessVM
import MemoryModel

/// Opening the file behind a shared mapping, to be asked which of its pages exist. Nothing is read
/// from it.
struct SharedFiles {
  private let process: RemoteProcess
  private var mayUseMapFiles: Bool
  /// The descriptors of the process that are of shared memory, by what they are called.
  private var descriptors: [[UInt8]: [Int32]]?

  init(_ process: RemoteProcess) {
    self.process = process
    mayUseMapFiles = !process.without.contains(.mappedFiles)
  }

  /// A descriptor, to be closed by the caller; -1 when the file may not be opened.
  mutating func open(_ region: Region) -> Int32 {
    let mapped = openMapped(region)
    if mapped >= 0 { return mapped }
    let named = openNamed(region)
    return named >= 0 ? named : openDescribed(region)
  }

  /// By /proc/PID/map_files, which takes CAP_CHECKPOINT_RESTORE.
  private mutating func openMapped(_ region: Region) -> Int32 {
    guard mayUseMapFiles else { return -1 }
    let ends =
      String(region.start.rawValue, radix: 16) + "-" + String(region.end.rawValue, radix: 16)
    let descriptor = open("/proc/\(process.id)/map_files/\(ends)", region)
    if descriptor == -1 { mayUseMapFiles = false }
    return descriptor
  }

  /// By its path as the process sees it.
  private func openNamed(_ region: Region) -> Int32 {
    guard region.kind == .file, !region.isNamedDeleted, region.nameBytes.first == 0x2F,
      let name = String(validating: region.nameBytes, as: UTF8.self)
    else { return -1 }
    return open("/proc/\(process.id)/root\(name)", region)
  }

  /// By a descriptor that the process holds of it.
  private mutating func openDescribed(_ region: Region) -> Int32 {
    let listed = descriptors ?? listDescriptors()
    descriptors = listed
    for number in listed[region.nameBytes] ?? [] {
      let descriptor = open("/proc/\(process.id)/fd/\(number)", region)
      if descriptor >= 0 { return descriptor }
    }
    return -1
  }

  private func listDescriptors() -> [[UInt8]: [Int32]] {
    let folder = "/proc/\(process.id)/fd"
    var found: [[UInt8]: [Int32]] = [:]
    for number in (try? ProcFile.numbers(in: folder).get()) ?? [] {
      guard let name = try? ProcFile.link("\(folder)/\(number)").get(), name.first == 0x2F else {
        continue
      }
      found[name, default: []].append(number)
    }
    return found
  }

  /// Opens a regular file, and only the one that is mapped: what is another, or a device or a pipe,
  /// whose opening might have an effect, is not opened. -1 when refused, -2 when it is another.
  private func open(_ path: String, _ region: Region) -> Int32 {
    let place = System.open(path, Int32(PVM_PATH_ONLY))
    guard place >= 0 else { return Errno(result: Int(place)) == .noSuchFile ? -2 : -1 }
    defer { System.close(place) }
    guard let identity = System.identity(of: place), identity.is_regular,
      identity.inode == region.inode, identity.device_major == region.deviceMajor,
      identity.device_minor == region.deviceMinor
    else { return -2 }
    let descriptor = System.open("/proc/self/fd/\(place)", Int32(PVM_NONBLOCKING))
    return descriptor >= 0 ? descriptor : -1
  }

  /// Whether the path, as the process sees it, is that of a device.
  func isDevice(_ region: Region) -> Bool {
    guard let name = String(validating: region.nameBytes, as: UTF8.self) else { return false }
    let place = System.open("/proc/\(process.id)/root\(name)", Int32(PVM_PATH_ONLY))
    guard place >= 0 else { return false }
    defer { System.close(place) }
    guard let identity = System.identity(of: place) else { return false }
    return identity.is_device
  }

  /// Calls `body` with the ends of each stretch of addresses whose pages exist in the file.
  func findData(
    _ descriptor: Int32, _ region: Region, _ body: (UInt64, UInt64) -> Void
  ) throws(RemoteMemoryError) -> Bool {
    let (fileEnd, overflow) = region.offset.addingReportingOverflow(region.range.count)
    if overflow { return false }
    var offset = region.offset
    while offset < fileEnd {
      try process.checkInterrupt(.survey)
      let data = System.seekData(descriptor, from: offset)
      // ENXIO: no more data. Whatever else: such a file cannot be asked.
      if data < 0 { return data == -6 }
      let start = max(UInt64(data), offset)
      guard start < fileEnd else { return true }
      let hole = System.seekHole(descriptor, from: start)
      // The file may have become shorter meanwhile.
      if hole < 0 { return hole == -6 }
      let end = min(max(UInt64(hole), start &+ 1), fileEnd)
      let base = region.start.rawValue &- region.offset
      let mask = System.pageSize &- 1
      body((base &+ start) & ~mask, min((base &+ end &+ mask) & ~mask, region.end.rawValue))
      offset = end
    }
    return true
  }
}
