import CProcessVM
import MemoryModel

/// Every system call of this module, one line each: the result, or the negative of errno.
enum System {
  /// process_vm_readv(2).
  static func readv(
    _ pid: Int32, local: UnsafeRawPointer?, _ localCount: Int, remote: UnsafeRawPointer?,
    _ remoteCount: Int
  ) -> Int {
    unsafe pvm_readv(pid, local, UInt(localCount), remote, UInt(remoteCount), 0)
  }

  /// process_vm_writev(2).
  static func writev(
    _ pid: Int32, local: UnsafeRawPointer?, _ localCount: Int, remote: UnsafeRawPointer?,
    _ remoteCount: Int
  ) -> Int {
    unsafe pvm_writev(pid, local, UInt(localCount), remote, UInt(remoteCount), 0)
  }

  /// process_vm_readv(2), one element a side.
  static func readRange(
    _ pid: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ address: UInt64
  )
    -> Int
  {
    unsafe pvm_read_range(pid, buffer, count, address)
  }

  /// pread(2).
  @inline(__always)
  static func pread(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int, _ offset: UInt64
  )
    -> Int
  {
    unsafe pvm_pread(descriptor, buffer, count, offset)
  }

  /// pwrite(2).
  static func pwrite(
    _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ offset: UInt64
  )
    -> Int
  {
    unsafe pvm_pwrite(descriptor, bytes, count, offset)
  }

  /// open(2) with O_CLOEXEC.
  static func open(_ path: String, _ flags: Int32 = Int32(PVM_READ_ONLY)) -> Int32 {
    unsafe path.withCString { unsafe pvm_open($0, flags) }
  }

  /// Whether there is anything of that name.
  static func isFile(_ path: String) -> Bool {
    var owner: UInt32 = 0
    return unsafe path.withCString { unsafe pvm_owner($0, &owner) } == 0
  }

  /// close(2).
  static func close(_ descriptor: Int32) { _ = pvm_close(descriptor) }

  /// read(2).
  static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe pvm_read(descriptor, buffer, count)
  }

  /// write(2).
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe pvm_write(descriptor, bytes, count)
  }

  /// poll(2) for reading; a negative time waits for ever.
  static func poll(_ descriptor: Int32, milliseconds: Int32) -> Int32 {
    pvm_poll(descriptor, milliseconds)
  }

  /// ppoll(2) for reading until a moment on the monotonic clock: whether each is readable.
  static func poll(_ one: Int32, _ other: Int32, until moment: UInt64) -> (Bool, Bool) {
    let bits = max(pvm_wait_until(one, other, moment), 0)
    return (bits & 1 != 0, bits & 2 != 0)
  }

  /// PAGEMAP_SCAN: how many ranges of pages were found.
  static func scanPages(
    _ pageMap: Int32, _ start: UInt64, _ end: UInt64, _ query: pvm_page_query,
    into ranges: UnsafeMutableBufferPointer<pvm_page_range>
  ) -> Int {
    unsafe Int(pvm_scan_pages(pageMap, start, end, query, ranges.baseAddress, ranges.count))
  }

  /// SEEK_DATA of lseek(2).
  static func seekData(_ descriptor: Int32, from offset: UInt64) -> Int {
    Int(pvm_seek_data(descriptor, offset))
  }

  /// SEEK_HOLE of lseek(2).
  static func seekHole(_ descriptor: Int32, from offset: UInt64) -> Int {
    Int(pvm_seek_hole(descriptor, offset))
  }

  /// fstat(2); nil when it fails.
  static func identity(of descriptor: Int32) -> pvm_file_identity? {
    var identity = pvm_file_identity()
    return unsafe pvm_identify_file(descriptor, &identity) == 0 ? identity : nil
  }

  /// pidfd_open(2).
  static func pidfdOpen(_ pid: Int32, flags: UInt32 = 0) -> Int32 { pvm_pidfd_open(pid, flags) }

  /// pidfd_send_signal(2).
  static func signal(_ pidfd: Int32, _ signal: Int32) -> Int32 {
    pvm_pidfd_send_signal(pidfd, signal)
  }

  /// CLOCK_MONOTONIC_COARSE, in nanoseconds; a few milliseconds fine and a few nanoseconds to read.
  @inline(__always) static var coarseClock: UInt64 { pvm_coarse_clock() }

  /// CLOCK_MONOTONIC, in nanoseconds.
  static var clock: UInt64 { pvm_clock() }

  /// CLOCK_REALTIME, in nanoseconds.
  static var date: UInt64 { pvm_date() }

  /// nanosleep(2); returns early when a signal comes.
  static func sleep(nanoseconds: UInt64) { pvm_sleep(nanoseconds) }

  /// getpid(2).
  static var ownPID: Int32 { pvm_own_pid() }

  /// gettid(2).
  static var threadID: Int32 { pvm_own_tid() }

  /// geteuid(2).
  static var effectiveUID: UInt32 { pvm_effective_uid() }

  /// The number the kernel gave to the last new process or thread, by proc_sys_kernel(5); nil where
  /// it does not tell.
  static var lastProcessNumber: Int32? {
    unsafe withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { room in
      let count = unsafe pread(lastProcessFile, room.baseAddress, room.count, 0)
      guard count > 0 else { return nil }
      var number: Int32 = 0
      for index in 0..<count {
        let digit = unsafe room[index] &- 48
        guard digit < 10 else { break }
        number = number &* 10 &+ Int32(digit)
      }
      return number
    }
  }

  private static let lastProcessFile = open("/proc/sys/kernel/ns_last_pid")

  /// The size of a page, in bytes.
  static let pageSize = UInt64(pvm_page_size())

  /// Clock ticks a second, in which /proc/PID/stat counts time.
  static let clockTicks = UInt64(pvm_clock_ticks())
}
