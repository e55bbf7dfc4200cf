public import MemoryModel

/// What pointer paths are looked for.
public struct PointerScanOptions {
  /// Where paths begin.
  public enum Start: Hashable, Sendable {
    /// In the data of any module.
    case statics
    /// In the module or region with this name.
    case base(String)
    /// In a range of addresses.
    case range(AddressRange)
  }

  /// The most pointers that are followed one after the other, 1 to 32.
  public var depth: Int
  /// The greatest number that is added to a pointer, in bytes.
  public var maxOffset: UInt64
  /// The greatest number that is subtracted from one, in bytes.
  public var negativeOffset: UInt64
  /// What must be added at the end of each path, the last one last; paths with fewer pointers are
  /// none.
  public var endOffsets: [Int64]
  /// Where they begin.
  public var start: Start
  /// Whether a path may lead through statics. By default it begins at the static that is nearest to
  /// the target.
  public var passesStatics: Bool
  /// The most paths; what is beyond is told by `PointerPaths.isLimited`.
  public var limit: Int
  /// How; of a map that was made before, only the threads and the progress count.
  public var scan: ScanOptions

  /// Options; everything may be left out.
  public init(
    depth: Int = 5, maxOffset: UInt64 = 4096, negativeOffset: UInt64 = 0,
    endOffsets: [Int64] = [], start: Start = .statics, passesStatics: Bool = false,
    limit: Int = 1_000_000, scan: ScanOptions = ScanOptions()
  ) {
    self.depth = depth
    self.maxOffset = maxOffset
    self.negativeOffset = negativeOffset
    self.endOffsets = endOffsets
    self.start = start
    self.passesStatics = passesStatics
    self.limit = limit
    self.scan = scan
  }

  /// The most pointers of a path.
  public static let greatestDepth = 32

  /// The greatest offset up or down that is asked for.
  var reach: UInt64 {
    endOffsets.reduce(max(maxOffset, negativeOffset)) { max($0, $1.magnitude) }
  }

  /// What may be added to the pointer of a level; level 1 is the last pointer of a path.
  func offsets(of level: Int) -> ClosedRange<Int64> {
    if level <= endOffsets.count {
      let offset = endOffsets[endOffsets.count - level]
      return offset...offset
    }
    return -Int64(clamping: negativeOffset)...Int64(clamping: maxOffset)
  }
}
