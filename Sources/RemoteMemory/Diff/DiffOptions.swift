public import MemoryModel

/// What a diff compares, and how.
public struct DiffOptions {
  /// Which memory of the two goes together.
  public enum Alignment: String, Hashable, Sendable, CaseIterable {
    /// What has the same address: two moments of one process.
    case address
    /// What lies equally far in the same module, heap or stack: two processes, or two runs.
    case modules
  }

  /// The type of the cells that are compared; nil for single bytes.
  public var format: ScalarFormat?
  /// Bytes from one cell to the next, whose addresses in the later memory are multiples of it; nil
  /// for the size of the type.
  public var step: Int?
  /// Where: mappings of either of the two; a range in it is one of the later memory's addresses. By
  /// default everything that both hold.
  public var filter: RegionFilter
  /// Which memory goes together; default what has the same address.
  public var alignment: Alignment
  /// Whether pointers are equal that point at memory which goes together, such as the same place in
  /// a module that was loaded elsewhere. Default false.
  public var equalPointers: Bool
  /// Whether the cells are wanted that have stayed the same. Default false.
  public var unchanged: Bool
  /// How it is carried out.
  public var scan: ScanOptions

  /// Options; by default all bytes that both hold, at the same addresses.
  public init(
    format: ScalarFormat? = nil, step: Int? = nil, filter: RegionFilter = RegionFilter(),
    alignment: Alignment = .address, equalPointers: Bool = false, unchanged: Bool = false,
    scan: ScanOptions = ScanOptions()
  ) {
    self.format = format
    self.step = step
    self.filter = filter
    self.alignment = alignment
    self.equalPointers = equalPointers
    self.unchanged = unchanged
    self.scan = scan
  }
}

/// What a diff looked at, in bytes.
public struct DiffStatistics: Hashable, Sendable {
  /// What was compared, byte by byte or because both share the same page.
  public var bytesCompared: UInt64 = 0
  /// The part of it that both share, so that it was not looked at.
  public var bytesShared: UInt64 = 0
  /// What goes together and was wanted, but one of the two could not give.
  public var bytesUnreadable: UInt64 = 0
  /// What only the earlier memory holds, or what goes with nothing in the later.
  public var bytesOnlyBefore: UInt64 = 0
  /// What only the later memory holds, or what goes with nothing in the earlier.
  public var bytesOnlyAfter: UInt64 = 0
  /// How long it took.
  public var seconds: Double = 0
  /// How many threads worked.
  public var threads = 0

  init() {}
}
