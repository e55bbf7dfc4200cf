public import MemoryModel

extension RemoteProcess {
  /// What of some regions is worth reading; asks the kernel which pages exist, and touches none.
  ///
  /// - Private memory without a file, heap and stack: the pages that are present or swapped out, by
  ///   PAGEMAP_SCAN of ioctl(2), else by proc_pid_pagemap(5), else all. Pages of zeroes and guard
  ///   pages are not taken.
  /// - Shared memory (memfd, System V, `MAP_SHARED | MAP_ANONYMOUS`, files on tmpfs): the pages that
  ///   exist in its file, by SEEK_DATA of lseek(2). Where the file may not be opened, only the pages
  ///   this process has used; the rest is left out, because reading it would allocate it.
  /// - Files: whole, since what nobody read yet is their content all the same. On network file
  ///   systems and FUSE only the private pages the process has written, unless
  ///   `options.readsHanging`.
  /// - Left out unless `options.readsHanging`: devices, and what is registered with userfaultfd(2).
  ///   Looked for only when the process holds a descriptor of it; where another process does, pages
  ///   that are missing are not read in any case.
  /// - Always left out: what the target itself may not read, `[vvar]`, `[vsyscall]`.
  ///
  /// - Parameters:
  ///   - regions: from `regionMap`; in any order. What is mapped no more may be taken, and reads as
  ///     a hole.
  ///   - options: what else to take.
  /// - Throws: as reading does; `EINTERRUPTED` when the host asks to stop.
  public func survey(_ regions: [Region], _ options: SurveyOptions) throws(RemoteMemoryError)
    -> Survey
  {
    try checkOpen(.survey)
    let ordered = RegionMap(regions).regions
    for _ in 0..<8 {
      var pass = SurveyPass(self, ordered, options)
      let reached = try pass.run()
      switch checkIdentity() {
      case .same where reached: return pretence?.added(to: pass.result, of: ordered) ?? pass.result
      case .lost: throw lost(.survey)
      case .same, .threadEnded:
        guard route.changeOver() else { throw lost(.survey) }
      }
    }
    throw lost(.survey)
  }
}
