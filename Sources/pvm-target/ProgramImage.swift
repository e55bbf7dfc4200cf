import Glibc

/// The program's own file as it lies in memory.
enum ProgramImage {
  /// The address of its first mapping, where its ELF header stands: the first number of
  /// proc_pid_maps(5). 0 if that cannot be read.
  static var base: UInt64 {
    var text = [UInt8](repeating: 0, count: 64)
    let descriptor = open("/proc/self/maps", O_RDONLY)
    let count = read(descriptor, &text, text.count)
    close(descriptor)
    let digits = text.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "-") }
    return UInt64(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
  }
}
