import MemoryModel
import Synchronization

/// What proc_pid_pagemap(5) says of one page.
struct PageMapEntry {
  let rawValue: UInt64

  /// Whether the page holds something: it is in memory or in swap, and no guard page.
  @inline(__always) var isPopulated: Bool { rawValue >> 62 != 0 && rawValue & (1 << 58) == 0 }

  /// Whether it belongs to a file or to shared memory.
  @inline(__always) var isFile: Bool { rawValue & (1 << 61) != 0 }

  /// Whether a pinned read, as that of process_vm_readv(2), may make the kernel copy the page
  /// first: private memory that is not known to be mapped here alone. A page in swap may be.
  @inline(__always) var mayBeShared: Bool {
    rawValue & (1 << 61 | 1 << 58 | 1 << 56) == 0 && rawValue >> 62 != 0
  }
}

extension RemoteProcess {
  /// A descriptor of /proc/PID/pagemap, which belongs to one address space for ever; -1 where it
  /// may not be opened. What is read from it counts only after a check of identity.
  func openPageMap() -> Int32 {
    if pageMap.isOpen { return pageMap.value }
    if without.contains(.pageMap) || isClosed.load(ordering: .acquiring) { return -1 }
    return pageMap.fill(with: System.open("/proc/\(id)/task/\(route.thread)/pagemap"))
  }

  /// Entries from that of the page at `address` on: how many were read, 0 when the address space is
  /// gone or has no such address, negative when there is no page map.
  func pageMapEntries(at address: UInt64, into room: UnsafeMutableBufferPointer<UInt64>) -> Int {
    let descriptor = openPageMap()
    guard descriptor >= 0 else { return -1 }
    counters.countCall()
    let bytes = UnsafeMutableRawBufferPointer(room)
    let count = unsafe System.pread(
      descriptor, bytes.baseAddress, bytes.count, address / System.pageSize &* 8)
    return count < 0 ? -1 : count / 8
  }

  /// Throws when the host asks to stop.
  func checkInterrupt(_ operation: RemoteMemoryError.Operation) throws(RemoteMemoryError) {
    if interrupt.isInterrupted { throw RemoteMemoryError(operation, .interrupted, process: id) }
  }
}
