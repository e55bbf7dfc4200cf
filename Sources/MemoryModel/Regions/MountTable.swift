/// Which file system lies on which device, as proc_pid_mountinfo(5) lists it.
public struct MountTable: Hashable, Sendable {
  private struct Device: Hashable {
    let major: UInt32
    let minor: UInt32
  }

  private var types: [Device: String] = [:]

  /// A table without entries.
  public init() {}

  /// Reads the text of the file. Lines that are not as described are passed over.
  public init(mountInfo text: [UInt8]) { add(mountInfo: text) }

  /// Adds the entries of another file; devices that are known already stay as they are.
  public mutating func add(mountInfo text: [UInt8]) {
    for line in text.split(separator: 0x0A) { add(line: line) }
  }

  /// The type of the file system on a device, such as `ext4` or `fuse.sshfs`; nil when no mount
  /// tells.
  public func type(major: UInt32, minor: UInt32) -> String? {
    types[Device(major: major, minor: minor)]
  }

  /// `36 35 98:0 /root /mount options optional... - type source options`.
  private mutating func add(line: ArraySlice<UInt8>) {
    let fields = line.split(separator: 0x20)
    guard fields.count > 2, let dash = fields.dropFirst(6).firstIndex(of: [UInt8(ascii: "-")]),
      dash + 1 < fields.count
    else { return }
    let device = fields[2].split(separator: UInt8(ascii: ":"))
    guard device.count == 2, let major = UInt32(decimal: device[0]),
      let minor = UInt32(decimal: device[1])
    else { return }
    let key = Device(major: major, minor: minor)
    if types[key] == nil { types[key] = String(decoding: fields[dash + 1], as: UTF8.self) }
  }
}

extension MountTable {
  /// Whether reading a file of this type waits for another machine or program, perhaps for ever.
  public static func isRemote(_ type: String) -> Bool {
    type.hasPrefix("fuse") || remoteTypes.contains(type)
  }

  private static let remoteTypes: Set<String> = [
    "9p", "afs", "autofs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "gpfs",
    "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "pvfs2", "smb3", "smbfs",
    "vboxsf", "virtiofs", "vmhgfs",
  ]

  /// Whether the files of this type are doors to the kernel and to devices.
  public static func isKernels(_ type: String) -> Bool { kernelTypes.contains(type) }

  private static let kernelTypes: Set<String> = [
    "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts",
    "devtmpfs", "efivarfs", "fusectl", "mqueue", "proc", "pstore", "resctrl", "securityfs",
    "selinuxfs", "sysfs", "tracefs",
  ]
}
