import CScanKernels
import MemoryModel

extension CapturedMemory {
  /// Writes what was captured to a core file, which gdb(1), readelf(1) and `CoreFile` read; see
  /// core(5).
  ///
  /// It has a segment for each region, as cores of the kernel do. Rows of zero pages are holes of
  /// the file and take no room on disk; long stretches of them are not even that. A file of that
  /// name is replaced, at once and only when all is written; it can be read by its owner alone.
  /// Where registers are not known, because the process was not paused, they are zeroes.
  /// - Parameters:
  ///   - path: where to.
  ///   - progress: called about every 50 ms; false ends the writing.
  /// - Returns: what was written.
  /// - Throws: what the kernel says: `ENOSPC`, `EACCES`, ...; `EINVAL` when what lies there is no
  ///   ordinary file; `EINTERRUPTED`; `ENOTSUP` when the core of a 32-bit process would pass 4 GiB.
  @discardableResult
  public func saveCore(
    to path: String, progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> CoreCost {
    let regions = try regionMap().regions
    // The rest of what was captured is zeroes.
    let runs = try survey(regions, .harmless).runs
    let contents = CoreContents(
      source: self, notes: notes, time: captureTime, regions: regions,
      captured: RunList(captured).union(RunList(runs)).runs, runs: runs,
      holes: (self as? Snapshot)?.holes ?? [], isLive: false)
    guard let cost = try CoreWriter.write(contents, to: path, progress: progress) else {
      throw RemoteMemoryError(.save, .invalid, detail: "\(label) could not be laid out")
    }
    return cost
  }
}

/// What writing a core did.
public struct CoreCost: Hashable, Sendable {
  /// How long the file is, in bytes; holes count.
  public var fileByteCount: UInt64 = 0
  /// How many bytes of memory were written to it.
  public var bytesWritten: UInt64 = 0
  /// How long it took.
  public var seconds: Double = 0
}
