public import MemoryModel

/// What became of one mapping when old bytes were put back.
public struct RestoreOutcome: Sendable {
  /// The mapping: as it is now, or, where nothing is mapped any more, as it was.
  public let region: Region
  /// From the first byte that was to be put back to the last.
  public let range: AddressRange
  /// How many bytes were not what they were.
  public internal(set) var differingBytes: UInt64 = 0
  /// How many of them were written, and read back as written.
  public internal(set) var writtenBytes: UInt64 = 0
  /// How many bytes could not be compared, because one of the two does not have them.
  public internal(set) var unreadableBytes: UInt64 = 0
  /// Why not all were written; nil when all were.
  public internal(set) var failure: RemoteMemoryError?

  init(region: Region, range: AddressRange) {
    self.region = region
    self.range = range
  }

  /// Whether everything that could be compared is now what it was.
  public var isComplete: Bool { failure == nil && differingBytes == writtenBytes }
}
