import Glibc

/// Lines of standard input, taken as they come and without buffering by the C library.
struct InputLines {
  private var pending: [UInt8] = []
  private(set) var isAtEnd = false

  /// Waits at most `seconds` (nil: for ever) for input.
  /// Returns the complete lines that came; none on a timeout.
  mutating func wait(_ seconds: Double?) -> [String] {
    var descriptor = pollfd(fd: isAtEnd ? -1 : 0, events: Int16(POLLIN), revents: 0)
    let milliseconds = seconds.map { Int32(min($0 * 1000 + 0.5, 1e9)) } ?? -1
    guard poll(&descriptor, 1, milliseconds) > 0 else { return [] }
    return receive()
  }

  private mutating func receive() -> [String] {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(0, &chunk, chunk.count)
    if count <= 0 {
      isAtEnd = count == 0 || errno != EINTR
      return []
    }
    pending += chunk.prefix(count)
    return takeLines()
  }

  private mutating func takeLines() -> [String] {
    let parts = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    pending = Array(parts.last ?? [])
    return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
  }
}
