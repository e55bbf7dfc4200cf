import MemoryModel
import Synchronization

extension Patch {
  /// Makes all changes, or none.
  ///
  /// The journal is on disk first; then, with the threads stopped where that was asked for, the
  /// bytes are looked at once more, written, and read back. A fault in between puts back what was
  /// written. Nothing happens when it is enabled already.
  /// - Throws: `EREFUSED` where somebody is asked and does not agree to a place; `EMISMATCH` where
  ///   something else than expected is there, also when the process changed
  ///   the bytes while they were written; `EBUSY` when another pvmlua has patched a place or a thread
  ///   is inside; what the journal's file system says; what `write` throws.
  public func enable() throws(RemoteMemoryError) {
    try askAboutAll()
    let result: Result<Void, RemoteMemoryError> = written.withLock { written in
      guard written == nil else { return .success(()) }
      do throws(RemoteMemoryError) {
        written = try make()
        ActivePatches.add(self)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Asks about every place before the first is written, and before anything is held that whoever is
  /// asked may want.
  private func askAboutAll() throws(RemoteMemoryError) {
    guard process.asksAboutWrites, !isEnabled else { return }
    let current = try process.bytes(at: edits.map(\.lookRange))
    try checkExpected(current)
    for place in places(over: current) {
      var options = place.options
      options.isApproved = false
      options.purpose = "patch \"\(name)\""
      try process.approve(place.new, at: place.address, options: options)
    }
  }

  private func make() throws(RemoteMemoryError) -> Written {
    let current = try process.bytes(at: edits.map(\.lookRange))
    try checkExpected(current)
    let places = places(over: current)
    let isPretended = process.isPretending
    if !isPretended { StandingChanges.willBegin() }
    let numbers =
      isPretended
      ? []
      : try journal.note(places.map(\.journalPlace), of: process, isKept: options.isKept)
    do throws(RemoteMemoryError) {
      let pause =
        options.stops && !isPretended ? try process.pause(outside: edits.map(\.range)) : nil
      defer { pause?.resume() }
      try checkUnchanged(places)
      try write(places)
      try pause?.checkHeld()
    } catch {
      journal.noteBack(numbers)
      throw error
    }
    return Written(places: places, numbers: numbers)
  }

  private func places(over current: [[UInt8]]) -> [PatchedPlace] {
    zip(edits, current).map { edit, current in
      PatchedPlace(
        address: edit.address, old: Array(current[..<edit.byteCount]), new: edit.new(over: current),
        options: options.writeOptions)
    }
  }

  /// Throws unless every edit finds what it expects.
  func checkExpected(_ current: [[UInt8]]) throws(RemoteMemoryError) {
    for (index, edit) in edits.enumerated() {
      if let expected = edit.expected {
        guard !expected.matches(current[index]) else { continue }
        throw mismatch(edit, found: current[index], expected: "\(expected)")
      }
      guard let original, original[index] != current[index] else { continue }
      throw mismatch(edit, found: current[index], expected: BytePattern.text(original[index]))
    }
  }

  private func mismatch(_ edit: PatchEdit, found: [UInt8], expected: String) -> RemoteMemoryError {
    RemoteMemoryError(
      .patch, .mismatch, process: process.id, address: edit.address, requestedBytes: found.count,
      detail: "expected \(expected), found \(BytePattern.text(found))")
  }

  /// Throws when the process has changed a place since its old bytes were noted.
  private func checkUnchanged(_ places: [PatchedPlace]) throws(RemoteMemoryError) {
    let current = try process.bytes(at: places.map(\.range))
    for (place, current) in zip(places, current) where current != place.old {
      throw RemoteMemoryError(
        .patch, .mismatch, process: process.id, address: place.address,
        requestedBytes: place.old.count,
        detail: "the process changed the bytes in this moment; stop it meanwhile with stop=true")
    }
  }

  /// Writes all places and reads them back; puts back what was written when one fails.
  private func write(_ places: [PatchedPlace]) throws(RemoteMemoryError) {
    var count = 0
    do throws(RemoteMemoryError) {
      try process.write(
        places.map { ($0.address, $0.new) }, options: options.writeOptions, done: &count)
      let current = try process.bytes(at: places.map(\.range))
      for (place, current) in zip(places, current) where current != place.new {
        throw RemoteMemoryError(
          .patch, .mismatch, process: process.id, address: place.address,
          requestedBytes: place.new.count,
          detail: "written, and changed again by the process; hold it with a freeze instead")
      }
    } catch {
      throw takenBack(places[..<count], after: error)
    }
  }

  /// The error, with what became of the places that were written before it.
  private func takenBack(_ places: ArraySlice<PatchedPlace>, after error: RemoteMemoryError)
    -> RemoteMemoryError
  {
    guard process.isAlive else { return error }
    var left = 0
    for place in places.reversed() {
      let outcome = Result { () throws(RemoteMemoryError) in try place.putBack(in: process) }
      switch outcome {
      case .success(.restored), .success(.unchanged): continue
      case .success(.changed), .failure: left += 1
      }
    }
    var error = error.during(.patch)
    let words =
      left == 0 ? "nothing of the patch stays" : "\(left) places could not be put back"
    error.detail += error.detail.isEmpty ? words : "; \(words)"
    return error
  }
}

extension PatchEdit {
  /// The bytes that have to be looked at.
  var lookRange: AddressRange {
    AddressRange(start: address, count: UInt64(lookCount))
  }
}

extension PatchedPlace {
  /// As the journal takes it, without the number of the process.
  fileprivate var journalPlace: JournalPlace {
    JournalPlace(process: 0, address: address, isForced: options.forced, old: old, new: new)
  }
}

extension BytePattern {
  /// Bytes as patterns are written.
  fileprivate static func text(_ bytes: [UInt8]) -> String {
    (try? BytePattern(bytes))?.description ?? "nothing"
  }
}
