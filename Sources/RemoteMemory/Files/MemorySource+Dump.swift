public import MemoryModel

/// What was written to a file of raw memory.
public struct MemoryDump: Hashable, Sendable {
  /// The length of the file, in bytes.
  public let byteCount: UInt64
  /// What could not be read and is zeroes in the file, in rising order.
  public let unread: [AddressRange]
}

extension MemorySource {
  /// Writes memory to a file byte by byte, without a header. Zeroes take no room on disk, and pages
  /// that nobody ever wrote are not read.
  ///
  /// The file is written beside the one named and takes its place when it is whole, so that an
  /// error leaves what was there before.
  /// - Parameters:
  ///   - range: any number of bytes.
  ///   - path: a regular file, or nothing.
  ///   - allowsHoles: whether what cannot be read is written as zeroes and listed. Default: it is an
  ///     error.
  /// - Throws: `EFAULT` for a byte that cannot be read, `EINVAL` where the path is no regular file,
  ///   what open(2) and write(2) say.
  public func dump(_ range: AddressRange, to path: String, allowsHoles: Bool = false)
    throws(RemoteMemoryError) -> MemoryDump
  {
    let file = try ReplacementFile(path, for: .dump)
    var unread: [AddressRange] = []
    let walk = ByteWalk(source: self, operation: .dump, takesAll: true)
    unsafe try walk.walk([range], in: try mapOf(.dump)) {
      (part, content, bytes) throws(RemoteMemoryError) in
      let offset = part.start.rawValue &- range.start.rawValue
      switch content {
      case .bytes: try unsafe file.write(bytes, at: offset, leavingOutZeroesFrom: 1)
      case .zeroes: break
      case .unreadable:
        guard allowsHoles else {
          var error = fault(
            .dump, at: part.start, requestedBytes: Int(clamping: range.count),
            completedBytes: Int(clamping: offset))
          error.start = range.start
          throw error
        }
        unread.join(part)
      }
    }
    try file.setLength(range.count)
    try file.commit()
    return MemoryDump(byteCount: range.count, unread: unread)
  }
}
