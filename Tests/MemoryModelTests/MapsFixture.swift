import MemoryModel

/// A listing of the mappings of a small program, as the kernel writes it.
enum MapsFixture {
  static let game = """
    00400000-00401000 r--p 00000000 fe:01 11                                 /opt/games/game
    00401000-00405000 r-xp 00001000 fe:01 11                                 /opt/games/game
    00405000-00406000 rw-p 00005000 fe:01 11                                 /opt/games/game
    00406000-00409000 rw-p 00000000 00:00 0 
    01000000-01021000 rw-p 00000000 00:00 0                                  [heap]
    7f0000000000-7f0000001000 r--p 00000000 fe:01 21                         /usr/lib/libc.so.6
    7f0000001000-7f0000002000 r-xp 00001000 fe:01 21                         /usr/lib/libc.so.6
    7f0000010000-7f0000011000 rw-p 00002000 fe:01 21                         /usr/lib/libc.so.6
    7f0000011000-7f0000015000 rw-p 00000000 00:00 0 
    7f0000020000-7f0000021000 r-xp 00000000 fe:01 22                         /usr/lib/libcrypt.so.1
    7f0000030000-7f0000031000 r-xp 00000000 fe:01 23                         /usr/lib/ld-2.36.so
    7f0000040000-7f0000041000 r-xp 00000000 fe:01 24                         /opt/a/libplug.so
    7f0000050000-7f0000051000 r-xp 00000000 fe:01 25                         /opt/b/libplug.so
    7f0000060000-7f0000061000 r--p 00000000 fe:01 26                         /usr/share/fonts/libplug
    7f0000070000-7f0000071000 r-xp 00000000 fe:01 27                         /opt/games/old.so (deleted)
    7f0000080000-7f0000081000 rw-s 00000000 00:01 28                         /memfd:pool (deleted)
    7f0000090000-7f0000091000 rw-s 00000000 00:01 29                         /dev/zero (deleted)
    7f00000a0000-7f00000a1000 r-xp 00000000 fe:01 30                         /opt/games/Engine.DLL
    7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                          [stack]
    7ffe00030000-7ffe00034000 r--p 00000000 00:00 0                          [vvar]
    7ffe00034000-7ffe00036000 r-xp 00000000 00:00 0                          [vdso]
    ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]

    """

  /// The listing as a map.
  static func map() throws -> RegionMap { try RegionMap(mapsText: bytes(game)) }
}
