import MemoryModel

extension Diff {
  /// Compares a snapshot with a process that goes on.
  ///
  /// Where both lie at the same addresses it is read and compared block by block, and of it no more
  /// is kept than what has changed; else it is captured first. Either way `after` of the diff is a
  /// snapshot, of the moment of the diff.
  /// - Parameters:
  ///   - before: the earlier memory.
  ///   - process: the later one.
  ///   - options: what of them, as which type, and how.
  ///   - taking: what to capture, for how long it may be paused, and what to share pages with.
  /// - Throws: as `compare` of what does not change, and as capturing and pausing do.
  public static func compare(
    _ before: any CapturedMemory, live process: any MemorySource,
    _ options: DiffOptions = DiffOptions(), taking: SnapshotOptions = SnapshotOptions()
  ) throws(RemoteMemoryError) -> Diff {
    try checkMachines(before, process)
    if let snapshot = before as? Snapshot, options.alignment == .address,
      let diff = try fused(snapshot, process, options, taking)
    {
      return diff
    }
    return try compare(before, try Snapshot.capture(process, taking), options)
  }

  /// Nil where it cannot be done block by block.
  private static func fused(
    _ before: Snapshot, _ process: any MemorySource, _ options: DiffOptions,
    _ taking: SnapshotOptions
  ) throws(RemoteMemoryError) -> Diff? {
    var notes = Snapshot.notes(of: process)
    let pause = taking.pausing ? try Snapshot.pause(process, taking) : nil
    if let pause { notes.threads = pause.threads }
    let scan = try taking.scope.extent(of: process)
    let extent = DiffExtent(
      try HeldMemory(before), HeldMemory(scan), options.filter, options.alignment)
    let cells = DiffCells(options, extent.alignment, in: process)
    guard
      let later = try LaterPages(before, scan, extent.pairs, cells, notes, pause, options.scan)
    else { return nil }
    return try DiffRun.run(before, process, extent, options, later: later)
  }
}
