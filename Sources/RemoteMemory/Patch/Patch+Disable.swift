import MemoryModel
import Synchronization

extension Patch {
  /// Puts the old bytes back wherever the patch's own are there; nothing happens when it is not
  /// enabled. Afterwards it is not enabled, whatever is thrown, unless a place could not be written.
  /// - Throws: `EMISMATCH` when something else was written at a place since, which is left alone;
  ///   `ESRCH` or `EXEC` when the process is gone; what `write` throws.
  public func disable() throws(RemoteMemoryError) {
    let result: Result<Void, RemoteMemoryError> = written.withLock { written in
      guard let made = written else { return .success(()) }
      do throws(RemoteMemoryError) {
        let changed = try takeBack(made.places)
        forget(made)
        written = nil
        guard let changed else { return .success(()) }
        return .failure(
          RemoteMemoryError(
            .patch, .mismatch, process: process.id, address: changed.address,
            requestedBytes: changed.new.count,
            detail: "something else was written there since, and was left as it is"))
      } catch {
        if !process.isAlive || !error.concernsOnePlace && error.isLoss {
          forget(made)
          written = nil
        }
        return .failure(error)
      }
    }
    try result.get()
  }

  private func forget(_ made: Written) {
    journal.noteBack(made.numbers)
    ActivePatches.remove(self)
  }

  /// The first place that was left alone.
  private func takeBack(_ places: [PatchedPlace]) throws(RemoteMemoryError) -> PatchedPlace? {
    let pause =
      options.stops && !process.isPretending ? try process.pause(outside: edits.map(\.range)) : nil
    defer { pause?.resume() }
    let current = Result { () throws(RemoteMemoryError) in
      try process.bytes(at: places.map(\.range))
    }
    // A place that is not mapped any more is no reason to leave the others.
    guard case .success(let current) = current else { return try takeBackOneByOne(places) }
    let ours = places.indices.reversed().filter { places[$0].isOurs(current[$0]) }
    var count = 0
    try process.write(
      ours.map { (places[$0].address, places[$0].old) }, options: options.writeOptions, done: &count
    )
    let after = try process.bytes(at: places.map(\.range))
    return places.indices.first { after[$0] != places[$0].old }.map { places[$0] }
  }

  private func takeBackOneByOne(_ places: [PatchedPlace]) throws(RemoteMemoryError)
    -> PatchedPlace?
  {
    var changed: PatchedPlace?
    for place in places.reversed() where try place.putBack(in: process) == .changed {
      changed = place
    }
    return changed
  }
}
