/// How a transfer is cut into system calls.
///
/// The defaults are the fastest safe ones; smaller ones change no result.
public struct TransferLimits: Hashable, Sendable {
  /// The most elements a side of one process_vm_readv(2) call; 1024, the kernel's IOV_MAX.
  public var elements: Int
  /// The most bytes one call moves; 8 MiB. A call in progress cannot be interrupted, so it is kept
  /// short.
  public var bytes: Int
  /// The longest range, in bytes, that is read through the descriptor of /proc/PID/mem; 4096.
  public var smallRead: Int
  /// The widest gap, in bytes, between two ranges that are read as one; 2048.
  public var mergeGap: Int

  /// Limits of your own; each is raised to at least 1, the gap to at least 0.
  /// - Parameters:
  ///   - elements: elements a call, 1 to 1024; default 1024.
  ///   - bytes: bytes a call; default 8 MiB, at most 1 GiB.
  ///   - smallRead: bytes of the longest small read; default 4096.
  ///   - mergeGap: bytes between ranges that are merged; default 2048.
  public init(
    elements: Int = 1024, bytes: Int = 8 << 20, smallRead: Int = 4096, mergeGap: Int = 2048
  ) {
    self.elements = min(max(elements, 1), 1024)
    self.bytes = min(max(bytes, 1), 1 << 30)
    self.smallRead = min(max(smallRead, 0), 1 << 20)
    self.mergeGap = max(mergeGap, 0)
  }

  /// The fastest safe limits.
  public static let standard = TransferLimits()

  /// The longest single request for a result held in memory, in bytes: 1 GiB.
  public static let longestResult = 1 << 30
  /// The longest string, struct or format read at once, in bytes: 1 MiB.
  public static let longestValue = 1 << 20
}
