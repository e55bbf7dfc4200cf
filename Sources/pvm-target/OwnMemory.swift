import Glibc

/// The program's own memory, read through proc_pid_mem(5): pages without read permission are read
/// as well, and unmapped ones are an answer instead of a crash.
enum OwnMemory {
  /// FNV-1a, 64 bits, of a range; nil where a part of it cannot be read.
  static func checksum(_ address: UInt64, _ byteCount: Int) -> UInt64? {
    let descriptor = open("/proc/self/mem", O_RDONLY)
    defer { close(descriptor) }
    var chunk = [UInt8](repeating: 0, count: pageSize)
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    var done = 0
    while done < byteCount {
      let wanted = min(chunk.count, byteCount - done)
      let count = pread(descriptor, &chunk, wanted, off_t(bitPattern: address) &+ off_t(done))
      guard count > 0 else { return nil }
      sum = chunk.prefix(count).reduce(sum) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      done += count
    }
    return sum
  }
}

extension off_t {
  /// An offset with the bits of an address: proc_pid_mem(5) takes them unsigned.
  fileprivate init(bitPattern address: UInt64) {
    self = Int(Int64(truncatingIfNeeded: address))
  }
}

extension OwnMemory {
  /// Changes bytes, also where the program itself may not write, as a debugger would; nil where that
  /// does not succeed.
  static func patch(_ address: UInt64, _ bytes: [UInt8]) -> Int? {
    let descriptor = open("/proc/self/mem", O_RDWR)
    defer { close(descriptor) }
    if pwrite(descriptor, bytes, bytes.count, off_t(bitPattern: address)) == bytes.count {
      return bytes.count
    }
    // Kernels can be told not to write there: then code is made writable for a moment.
    let size = UInt64(pageSize)
    let first = address & ~(size &- 1)
    guard let base = UnsafeMutableRawPointer(bitPattern: UInt(first)),
      address &- first &+ UInt64(bytes.count) <= size,
      mprotect(base, pageSize, PROT_READ | PROT_WRITE | PROT_EXEC) == 0
    else { return nil }
    base.advanced(by: Int(address &- first)).copyMemory(from: bytes, byteCount: bytes.count)
    mprotect(base, pageSize, PROT_READ | PROT_EXEC)
    return bytes.count
  }
}
