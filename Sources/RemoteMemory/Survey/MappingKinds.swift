import MemoryModel

/// How a mapping is to be surveyed.
enum MappingKind: Equatable {
  /// Never read.
  case leftOut(Survey.Reason)
  /// Read only on request.
  case hanging(Survey.Reason)
  /// Private memory, whose untouched pages are zeroes.
  case privateMemory
  /// Shared memory, whose missing pages a read would allocate.
  case sharedMemory
  /// Something that is there without being touched.
  case wholeFile
}

/// Tells how mappings are to be surveyed. What that takes (which file system lies on which device,
/// what is registered with userfaultfd) is looked up when the first mapping asks for it.
struct MappingKinds {
  private let process: RemoteProcess
  private let looksForUserFaults: Bool
  private var mounts: MountTable?
  private var userFaults: [AddressRange]?

  init(_ process: RemoteProcess, looksForUserFaults: Bool) {
    self.process = process
    self.looksForUserFaults = looksForUserFaults
  }

  mutating func kind(of region: Region, _ files: SharedFiles) -> MappingKind {
    if region.kind == .vvar || region.kind == .vsyscall { return .leftOut(.kernelPages) }
    guard region.permissions.contains(.read) else { return .leftOut(.notReadable) }
    let kind = kindWithoutUserFaults(region, files)
    switch kind {
    case .privateMemory, .sharedMemory, .wholeFile:
      return isUserFault(region) ? .hanging(.userFault) : kind
    case .leftOut, .hanging: return kind
    }
  }

  private mutating func kindWithoutUserFaults(_ region: Region, _ files: SharedFiles) -> MappingKind
  {
    switch region.kind {
    case .heap, .stack, .anonymous: return .privateMemory
    case .memfd, .shared: return .sharedMemory
    case .vdso, .vvar, .vsyscall: return .wholeFile
    // Without a file it is a page that the kernel lends, such as [uprobes].
    case .other: return region.inode == 0 ? .wholeFile : .hanging(.device)
    case .file: return fileKind(region, files)
    }
  }

  private mutating func fileKind(_ region: Region, _ files: SharedFiles) -> MappingKind {
    let isPrivate = !region.permissions.contains(.shared)
    if isPrivate, region.nameBytes.elementsEqual("/dev/zero".utf8) { return .privateMemory }
    if region.deviceMajor == 0, region.nameBytes.elementsEqual("/secretmem (deleted)".utf8) {
      return .leftOut(.kernelPages)
    }
    guard let type = fileSystem(of: region) else {
      // A disk has a number of its own; network file systems and those of the kernel share 0.
      return region.deviceMajor == 0
        ? .hanging(.remoteFileSystem("an unknown file system")) : .wholeFile
    }
    if MountTable.isRemote(type) { return .hanging(.remoteFileSystem(type)) }
    if MountTable.isKernels(type) { return .hanging(.device) }
    if type == "hugetlbfs" { return .sharedMemory }
    guard type == "tmpfs" || type == "ramfs" || type == "rootfs" else { return .wholeFile }
    // The /dev of a container is such a file system.
    return files.isDevice(region) ? .hanging(.device) : .sharedMemory
  }

  /// The type of the file system that holds a mapped file, as the process's mounts tell, or ours.
  private mutating func fileSystem(of region: Region) -> String? {
    let table = mounts ?? readMounts()
    mounts = table
    return table.type(major: region.deviceMajor, minor: region.deviceMinor)
  }

  private func readMounts() -> MountTable {
    var table = MountTable()
    for owner in ["\(process.id)", "self"] {
      table.add(mountInfo: (try? ProcFile.bytes("/proc/\(owner)/mountinfo").get()) ?? [])
    }
    return table
  }

  private mutating func isUserFault(_ region: Region) -> Bool {
    guard looksForUserFaults else { return false }
    let ranges = userFaults ?? readUserFaults()
    userFaults = ranges
    return ranges.contains { $0.overlaps(region.range) }
  }

  /// The long list of flags is read only when the process holds a descriptor of userfaultfd(2), or
  /// when that cannot be told.
  private func readUserFaults() -> [AddressRange] {
    let folder = "/proc/\(process.id)/fd"
    let wanted = Array("anon_inode:[userfaultfd]".utf8)
    if case .success(let numbers) = ProcFile.numbers(in: folder),
      !numbers.contains(where: { (try? ProcFile.link("\(folder)/\($0)").get()) == wanted })
    {
      return []
    }
    let path = "/proc/\(process.id)/task/\(process.route.thread)/smaps"
    return MappingFlags.userFaultRanges(smapsText: (try? ProcFile.bytes(path).get()) ?? [])
  }
}
