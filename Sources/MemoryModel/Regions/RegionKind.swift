/// What a mapping is for, told from its name as proc_pid_maps(5) gives it.
public enum RegionKind: String, Hashable, Sendable, CaseIterable {
  /// `[heap]`, the memory grown by brk(2).
  case heap
  /// `[stack]` of the first thread, or `[stack:TID]` on old kernels.
  case stack
  /// Private memory without a file, also when it was given a name (`[anon:NAME]`).
  case anonymous = "anon"
  /// A file, mapped private or shared.
  case file
  /// Memory made by memfd_create(2).
  case memfd
  /// Shared memory without a path: `MAP_SHARED | MAP_ANONYMOUS`, System V segments.
  case shared
  /// `[vdso]`, code the kernel lends to every process.
  case vdso
  /// `[vvar]` and its kin, data of the vdso; not readable from outside.
  case vvar
  /// `[vsyscall]`, at a fixed address; not readable from outside.
  case vsyscall
  /// Anything else: `[uprobes]`, `anon_inode:`, `socket:`, rings of the kernel.
  case other
}

extension RegionKind {
  /// The kind of a mapping with this name, permissions and device.
  ///
  /// A special name is one that starts with `[`; `/tmp/[heap]` is a file. The kernel's own shared
  /// memory lives on devices with major number 0, so that a file on a disk which is called
  /// `/memfd:x (deleted)` stays a file.
  static func of(
    name: [UInt8], permissions: Permissions, deviceMajor: UInt32
  ) -> RegionKind {
    guard let first = name.first else {
      return permissions.contains(.shared) ? .shared : .anonymous
    }
    if first == UInt8(ascii: "[") { return special(name) }
    guard first == UInt8(ascii: "/") else { return .other }
    guard deviceMajor == 0, name.hasSuffix(" (deleted)") else { return .file }
    if name.hasPrefix("/memfd:") { return .memfd }
    if name.hasPrefix("/SYSV") || name.equals("/dev/zero (deleted)") { return .shared }
    if name.equals("/anon_hugepage (deleted)") {
      return permissions.contains(.shared) ? .shared : .anonymous
    }
    if name.equals("/[aio] (deleted)") { return .other }
    return .file
  }

  /// The kind of a name in brackets.
  private static func special(_ name: [UInt8]) -> RegionKind {
    if name.equals("[heap]") { return .heap }
    if name.equals("[stack]") || name.hasPrefix("[stack:") { return .stack }
    if name.hasPrefix("[anon:") { return .anonymous }
    if name.hasPrefix("[anon_shmem:") { return .shared }
    if name.equals("[vdso]") { return .vdso }
    if name.hasPrefix("[vvar") { return .vvar }
    if name.equals("[vsyscall]") { return .vsyscall }
    return .other
  }
}
