public import MemoryModel

/// What of some regions is worth reading: the pages that hold something and can be read without
/// harm to the target or the reader.
public struct Survey: Hashable, Sendable {
  /// Why something was left out.
  public enum Reason: Hashable, Sendable {
    /// The target itself may not read it: `---p`, `-w-p`, `--xp`.
    case notReadable
    /// Pages that the kernel keeps to itself: `[vvar]`, `[vsyscall]`.
    case kernelPages
    /// A file on this file system, whose server a reader would wait for: `nfs`, `fuse`.
    case remoteFileSystem(String)
    /// The memory of a device, where reading may have an effect.
    case device
    /// Registered with userfaultfd(2): a reader of a missing page waits for the program that
    /// supplies it.
    case userFault
    /// Shared memory that may not be asked which of its pages exist: only those this process has
    /// used were taken.
    case sharedPagesUnknown
    /// Not in the snapshot or core file that is read.
    case notCaptured
  }

  /// Bytes of one region that were left out.
  public struct LeftOut: Hashable, Sendable {
    /// The region.
    public let region: Region
    /// How many of its bytes.
    public let byteCount: UInt64
    /// Why.
    public let reason: Reason

    /// `byteCount` bytes of `region`, left out for `reason`.
    public init(region: Region, byteCount: UInt64, reason: Reason) {
      self.region = region
      self.byteCount = byteCount
      self.reason = reason
    }
  }

  /// What to read: whole pages in rising order; ranges that touch are one, also over the border of
  /// two regions, since a value may straddle it.
  public var runs: [AddressRange]
  /// The size of all regions that were asked for, in bytes.
  public var mappedBytes: UInt64
  /// How many of these bytes nobody ever wrote, so that they read as zeroes and are not in `runs`.
  public var unpopulatedBytes: UInt64
  /// What else is not in `runs`, in the order of the regions.
  public var leftOut: [LeftOut]

  /// A survey; by default of nothing.
  public init(
    runs: [AddressRange] = [], mappedBytes: UInt64 = 0, unpopulatedBytes: UInt64 = 0,
    leftOut: [LeftOut] = []
  ) {
    self.runs = runs
    self.mappedBytes = mappedBytes
    self.unpopulatedBytes = unpopulatedBytes
    self.leftOut = leftOut
  }

  /// How many bytes there are to read.
  public var readableBytes: UInt64 { runs.reduce(0) { $0 &+ $1.count } }

  /// How many bytes were left out, those that nobody wrote not counted.
  public var leftOutBytes: UInt64 { leftOut.reduce(0) { $0 &+ $1.byteCount } }
}

/// What a survey is to take in beside what is safe and populated.
public struct SurveyOptions: Hashable, Sendable {
  /// Whether mappings are taken that can make a reader wait for ever: files of network file systems
  /// and FUSE, devices, memory registered with userfaultfd(2). Default false.
  public var readsHanging: Bool
  /// Whether pages are taken that nobody ever wrote. Reading them makes the target grow: by page
  /// tables in private memory, by whole pages in shared memory. Default false.
  public var readsUnpopulated: Bool

  /// Options; by default only what is safe and populated.
  public init(readsHanging: Bool = false, readsUnpopulated: Bool = false) {
    self.readsHanging = readsHanging
    self.readsUnpopulated = readsUnpopulated
  }

  /// Only what is safe and populated.
  public static let harmless = SurveyOptions()
}

extension Survey.Reason: CustomStringConvertible {
  /// In words, to follow "left out": `on nfs, which can make a reader wait for ever`.
  public var description: String {
    switch self {
    case .notReadable: "not readable by the target itself"
    case .kernelPages: "pages the kernel keeps to itself"
    case .remoteFileSystem(let name): "a file on \(name), which can make a reader wait for ever"
    case .device: "the memory of a device"
    case .userFault: "registered with userfaultfd, which can make a reader wait for ever"
    case .sharedPagesUnknown:
      "shared memory whose other pages may not be asked for, and reading would allocate them"
    case .notCaptured: "not captured"
    }
  }
}

extension Survey.LeftOut: CustomStringConvertible {
  /// `65536 bytes of 0x1000-0x11000 rw-p [heap]: the reason`.
  public var description: String { "\(byteCount) bytes of \(region): \(reason)" }
}
