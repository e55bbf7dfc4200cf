import MemoryModel
import Synchronization

/// Which processes are held by us: a process can have one tracer only, so that all pauses of it,
/// through whatever handles, share one freezer.
enum PauseTable {
  private static let freezers = Mutex<[ProcessID: Freezer]>([:])

  /// Claims a process until a moment on the monotonic clock, and starts a freezer if there is none.
  static func claim(
    _ process: ProcessID, until end: UInt64, evidence: any AccessEvidenceSource
  ) throws(RemoteMemoryError) -> (freezer: Freezer, claim: Freezer.Claim) {
    let result: Result<(Freezer, Freezer.Claim), RemoteMemoryError> = freezers.withLock { table in
      if let freezer = table[process], let claim = freezer.claim(until: end) {
        return .success((freezer, claim))
      }
      do throws(RemoteMemoryError) {
        let freezer = try Freezer(process, evidence: evidence)
        guard let claim = freezer.claim(until: end) else {
          throw RemoteMemoryError(.pause, .timedOut, process: process)
        }
        try freezer.start()
        table[process] = freezer
        return .success((freezer, claim))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Gives a claim up.
  static func drop(_ claim: Freezer.Claim, of freezer: Freezer) {
    freezer.drop(claim)
    freezers.withLock { table in
      guard table[freezer.process] === freezer, freezer.isClosing else { return }
      table[freezer.process] = nil
    }
  }
}
