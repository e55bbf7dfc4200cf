import MemoryModel

extension RemoteProcess {
  /// Writes what the process holds to a core file, as `CapturedMemory.saveCore` writes what was
  /// captured, straight from its memory: it takes hardly any of ours.
  ///
  /// The process goes on meanwhile, so its pages are of different moments and registers are not
  /// known; for a core of one moment save a snapshot that paused it. What cannot be read is noted as
  /// a hole.
  /// - Parameters:
  ///   - path: where to.
  ///   - scope: which memory; by default all that can be read without harm.
  ///   - threads: how many read and write; nil for as many as there are processors.
  ///   - progress: called on the calling thread about every 50 ms; false ends the writing.
  /// - Returns: what was written.
  /// - Throws: as `CapturedMemory.saveCore` does, and what reading throws.
  @discardableResult
  public func saveCore(
    to path: String, _ scope: ScanScope = .readable, threads: Int? = nil,
    progress: ((ScanProgress) -> Bool)? = nil
  ) throws(RemoteMemoryError) -> CoreCost {
    let extent = try scope.extent(of: self)
    let runs = Snapshot.wholePages(extent.survey.runs)
    let contents = CoreContents(
      source: self, notes: notes, time: Clock.date, regions: extent.map.regions,
      captured: RunList(extent.whole).union(RunList(runs)).runs, runs: runs, holes: [],
      isLive: true)
    if let cost = try CoreWriter.write(contents, to: path, threads: threads, progress: progress) {
      return cost
    }
    // There are so many holes that the file has to be laid out with them.
    let options = SnapshotOptions(scope: scope, threads: threads, progress: progress)
    return try Snapshot.capture(self, options).saveCore(to: path, progress: progress)
  }
}
