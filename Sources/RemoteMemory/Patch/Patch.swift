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

  let journal: Journal
  /// What was there when a patch of code was made.
  let original: [[UInt8]]?
  let written = Mutex<Written?>(nil)

  /// What an enabled patch has done.
  struct Written {
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
}
