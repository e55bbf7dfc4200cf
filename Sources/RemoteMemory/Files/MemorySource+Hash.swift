public import MemoryModel

/// The hash of some memory, and of how much.
public struct MemoryHash: Hashable, Sendable {
  /// Hexadecimal digits in lower case.
  public let text: String
  /// How many bytes went in.
  public let byteCount: UInt64
  /// What was wanted and could not be read, in rising order.
  public let unread: [AddressRange]
}

extension MemorySource {
  /// The hash of a range of memory. Pages that nobody ever wrote count as the zeroes they are, and
  /// are not read.
  /// - Parameters:
  ///   - range: any number of bytes.
  ///   - algorithm: how; default SHA-256.
  /// - Throws: `EFAULT` for a byte that cannot be read.
  public func hash(_ range: AddressRange, _ algorithm: HashAlgorithm = .sha256)
    throws(RemoteMemoryError) -> MemoryHash
  {
    let walk = ByteWalk(source: self, operation: .hash, takesAll: true)
    var hash = ByteHash(algorithm)
    var done: UInt64 = 0
    unsafe try walk.walk([range], in: try mapOf(.hash)) {
      (part, content, bytes) throws(RemoteMemoryError) in
      switch content {
      case .bytes: unsafe hash.update(bytes)
      case .zeroes: hash.update(zeroes: part.count)
      case .unreadable:
        var error = fault(
          .hash, at: part.start, requestedBytes: Int(clamping: range.count),
          completedBytes: Int(clamping: done))
        error.start = range.start
        throw error
      }
      done &+= part.count
    }
    return MemoryHash(text: hash.finish(), byteCount: done, unread: [])
  }

  /// The hash of all memory that a filter lets through, one region after the other. What cannot be
  /// read, or not without harm, is left out and listed.
  /// - Parameters:
  ///   - filter: which regions; a range in it is kept to the byte.
  ///   - algorithm: how; default SHA-256.
  public func hash(_ filter: RegionFilter, _ algorithm: HashAlgorithm = .sha256)
    throws(RemoteMemoryError) -> MemoryHash
  {
    let map = try mapOf(.hash)
    let scope = ScanScope(filter: filter)
    var ranges = scope.regions(of: map).regions.map(\.range)
    scope.clip(&ranges)
    var hash = ByteHash(algorithm)
    var done: UInt64 = 0
    var unread: [AddressRange] = []
    let walk = ByteWalk(source: self, operation: .hash, takesAll: false)
    unsafe try walk.walk(ranges, in: map) { (part, content, bytes) throws(RemoteMemoryError) in
      switch content {
      case .bytes: unsafe hash.update(bytes)
      case .zeroes: hash.update(zeroes: part.count)
      case .unreadable:
        unread.join(part)
        return
      }
      done &+= part.count
    }
    return MemoryHash(text: hash.finish(), byteCount: done, unread: unread)
  }

  /// What is mapped, for another operation.
  func mapOf(_ operation: RemoteMemoryError.Operation) throws(RemoteMemoryError) -> RegionMap {
    do throws(RemoteMemoryError) { return try regionMap() } catch { throw error.during(operation) }
  }
}

extension [AddressRange] {
  /// Appends a range behind all others, as one with the last where the two touch.
  mutating func join(_ range: AddressRange) {
    if let last, last.end == range.start {
      self[count - 1] = AddressRange(start: last.start, end: range.end)
    } else {
      append(range)
    }
  }
}
