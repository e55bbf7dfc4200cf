import MemoryModel
import Testing

@Suite("Mounts and mapping flags")
struct MountTests {
  private static let mounts = """
    22 27 0:21 / /proc rw,relatime - proc proc rw
    27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw
    30 27 0:51 / /home/a\\040b rw - fuse.sshfs me@there: rw
    31 27 0:51 / /again rw - tmpfs tmpfs rw
    32 27 0:52 / /- rw propagate_from:2 - nfs4 server:/ rw
    33 27 0:53 / /short rw -
    not a line
    34 27 x:y / / rw - ext4 a rw
    """

  @Test(
    "tells the file system of a device",
    arguments: [
      (0, 21, "proc"), (254, 0, "ext4"), (0, 51, "fuse.sshfs"), (0, 52, "nfs4"), (0, 53, nil),
      (1, 1, nil),
    ] as [(UInt32, UInt32, String?)])
  func types(_ major: UInt32, _ minor: UInt32, _ type: String?) {
    let table = MountTable(mountInfo: Array(Self.mounts.utf8))
    #expect(table.type(major: major, minor: minor) == type)
  }

  @Test("knows what can make a reader wait, and what is the kernel's")
  func kinds() {
    for type in ["nfs", "nfs4", "cifs", "9p", "fuse", "fuseblk", "fuse.sshfs", "virtiofs"] {
      #expect(MountTable.isRemote(type))
    }
    for type in ["ext4", "btrfs", "tmpfs", "overlay", "xfs", "hugetlbfs"] {
      #expect(!MountTable.isRemote(type))
      #expect(!MountTable.isKernels(type))
    }
    for type in ["proc", "sysfs", "devtmpfs"] { #expect(MountTable.isKernels(type)) }
  }

  @Test("finds what is registered with userfaultfd")
  func userFaults() {
    let text = """
      1000-3000 rw-p 00000000 00:00 0 [anon: VmFlags: um]
      Size:                  8 kB
      VmFlags: rd wr mr mw me ac sd
      abcdef000-abcdf0000 rw-p 00000000 00:00 0
      Rss:                   4 kB
      VmFlags: rd wr mr mw me um ac
      ffff0000-ffff1000 rw-s 00000000 00:01 7   /memfd:x (deleted)
      VmFlags: rd wr uw
      VmFlags: ui
      """
    let ranges = MappingFlags.userFaultRanges(smapsText: Array(text.utf8))
    #expect(ranges.map(\.start.rawValue) == [0xa_bcde_f000, 0xffff_0000, 0xffff_0000])
    #expect(ranges.first?.count == 0x1000)
    #expect(MappingFlags.userFaultRanges(smapsText: []).isEmpty)
  }
}
