import MemoryModel
import Synchronization

/// A change of some places of a process that can be made and taken back, as a whole.
///
/// It is made only where what has to be there is there: what an edit expects, or else what was there
/// when the patch was made for a patch of code, and anything for one of data. While it is enabled
/// it is held by `ActivePatches`, and its old bytes are in the journal.
public final class Patch: Sendable {
  /// The process.
  public let process: RemoteProcess
  /// What a person calls it.
  public let name: String
  /// The places, in the order given.
  public let edits: [PatchEdit]
  /// How it is written.
  public let options: PatchOptions

  private let journal: Journal
  /// What was there when a patch of code was made.
  private let original: [[UInt8]]?
  private let written = Mutex<Written?>(nil)

  /// What an enabled patch has done.
  private struct Written {
    let places: [PatchedPlace]
    let numbers: [Int]
  }

  /// Looks whether every edit can be made, and makes none.
  /// - Parameters:
  ///   - name: what a person calls it.
  ///   - edits: at least one; no two may share a byte.
  ///   - process: whose memory it is.
  ///   - options: how it is written.
  ///   - journal: where its old bytes are kept on disk.
  /// - Throws: `EINVAL` for edits that overlap, `EMISMATCH` where something else than expected is
  ///   there, and what `write` throws for places that cannot be written.
  public init(
    _ name: String, _ edits: [PatchEdit], of process: RemoteProcess,
    options: PatchOptions = PatchOptions(), journal: Journal = .ours
  ) throws(RemoteMemoryError) {
    self.name = name
    self.journal = journal
    self.edits = edits
    self.process = process
    self.options = options
    try Self.checkApart(edits, process.id)
    let current = try process.bytes(at: edits.map(\.lookRange))
    original = options.isForced ? current : nil
    try checkExpected(current)
    try checkWritable()
  }

  private func checkWritable() throws(RemoteMemoryError) {
    do throws(RemoteMemoryError) {
      var known: AddressRange?
      for edit in edits {
        try process.checkMayWrite(at: edit.address, count: edit.byteCount)
        try process.checkWritable(
          edit.address, edit.byteCount, options.writeOptions, known: &known)
      }
    } catch {
      throw error.during(.patch)
    }
  }

  private static func checkApart(_ edits: [PatchEdit], _ process: ProcessID)
    throws(RemoteMemoryError)
  {
    guard !edits.isEmpty else {
      throw RemoteMemoryError(
        .patch, .invalid, process: process, detail: "a patch needs at least one place")
    }
    let ranges = edits.map(\.range).sorted { $0.start < $1.start }
    for (one, next) in zip(ranges, ranges.dropFirst()) where one.intersection(next) != nil {
      throw RemoteMemoryError(
        .patch, .invalid, process: process, address: next.start, requestedBytes: Int(next.count),
        detail: "two places of the patch share bytes")
    }
  }

  // MARK: State

  /// Whether it was enabled and not disabled since.
  public var isEnabled: Bool { written.withLock { $0 != nil } }

  /// How it stands at this moment.
  public var status: PatchStatus {
    guard let places = written.withLock({ $0?.places }) else {
      return process.isAlive ? .off : .gone
    }
    let current = Result { () throws(RemoteMemoryError) in
      try process.bytes(at: places.map(\.range))
    }
    switch current {
    case .failure(let error):
      return error.concernsOnePlace ? .changed(error.address ?? places[0].address) : .gone
    case .success(let current):
      guard let index = places.indices.first(where: { current[$0] != places[$0].new }) else {
        return .on
      }
      return .changed(places[index].address)
    }
  }

  // MARK: Enabling

  /// Makes all changes, or none.
  ///
  /// The journal is on disk first; then, with the threads stopped where that was asked for, the
  /// bytes are looked at once more, written, and read back. A fault in between puts back what was
  /// written. Nothing happens when it is enabled already.
  /// - Throws: `EMISMATCH` where something else than expected is there, also when the process changed
  ///   the bytes while they were written; `EBUSY` when another pvmlua has patched a place or a thread
  ///   is inside; what the journal's file system says; what `write` throws.
  public func enable() throws(RemoteMemoryError) {
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

  private func make() throws(RemoteMemoryError) -> Written {
    let current = try process.bytes(at: edits.map(\.lookRange))
    try checkExpected(current)
    let places = places(over: current)
    StandingChanges.willBegin()
    let numbers = try journal.note(
      places.map(\.journalPlace), of: process, isKept: options.isKept)
    do throws(RemoteMemoryError) {
      let pause = options.stops ? try process.pause(outside: edits.map(\.range)) : nil
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
  private func checkExpected(_ current: [[UInt8]]) throws(RemoteMemoryError) {
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

  // MARK: Disabling

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
    let pause = options.stops ? try process.pause(outside: edits.map(\.range)) : nil
    defer { pause?.resume() }
    let current = Result { () throws(RemoteMemoryError) in
      try process.bytes(at: places.map(\.range))
    }
    // A place that is not mapped any more is no reason to leave the others.
    guard case .success(let current) = current else { return try takeBackOneByOne(places) }
    let ours = places.indices.reversed().filter { places[$0].isOurs(current[$0]) }
    var count = 0
    try process.write(
      ours.map { (places[$0].address, places[$0].old) }, options: options.writeOptions, done: &count)
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

extension PatchEdit {
  /// The bytes that have to be looked at.
  fileprivate var lookRange: AddressRange {
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
