/// The strings of `/proc/PID/cmdline` or `/proc/PID/environ`, each as the bytes it is.
///
/// Strings end with a zero byte; a last one that does not, as when a program has written over its
/// arguments, counts too. Empty arguments are kept. An empty file, as of a kernel thread or a
/// zombie, gives no string.
public func zeroTerminatedStrings(_ bytes: [UInt8]) -> [[UInt8]] {
  var strings: [[UInt8]] = []
  var start = 0
  while start < bytes.count {
    let end = bytes[start...].firstIndex(of: 0) ?? bytes.count
    strings.append(Array(bytes[start..<end]))
    start = end &+ 1
  }
  return strings
}
