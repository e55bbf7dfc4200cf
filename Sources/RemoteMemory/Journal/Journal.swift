import CProcessVM
import MemoryModel
import Synchronization

/// What this program has changed in other processes, on disk before it is done, so that it can be
/// undone when this program is killed.
///
/// The file exists only while something is changed. It is locked as long as we live; that tells a
/// journal in use from one that was left behind.
public final class Journal: Sendable {
  /// The journal of this program.
  public static let ours = Journal()

  /// A journal that is kept nowhere, until it has a location.
  public init() {}

  private struct State: ~Copyable {
    var location = JournalLocation.none
    var file: JournalFile?
    var nextNumber = 1
    var processes: [ProcessMark: Int] = [:]
    /// The places that are changed.
    var open: Set<Int> = []
    /// Whether the file is kept, empty, while nothing is changed; and its folder.
    var isStanding = false
    var standingFolder: JournalFolder?
  }

  private let state = Mutex(State())

  /// Where the next journal is made; nothing is written yet. By default nowhere.
  public var location: JournalLocation {
    get { state.withLock { $0.location } }
    set { state.withLock { $0.location = newValue } }
  }

  /// The path of the file, while there is one.
  public var path: String? { state.withLock { $0.file?.path } }

  /// Notes places that are about to be changed, and returns when that is on disk.
  /// - Parameters:
  ///   - places: what is there and what will be; their numbers of the process are set here.
  ///   - process: whose memory it is.
  ///   - isKept: whether they are to stay changed when the program ends.
  /// - Returns: a number for each, for `noteBack`; none where no journal is kept.
  /// - Throws: what the file system says, such as `ENOSPC`, and then nothing may be changed; `EBUSY`
  ///   when another pvmlua holds a place.
  func note(_ places: [JournalPlace], of process: RemoteProcess, isKept: Bool)
    throws(RemoteMemoryError) -> [Int]
  {
    let mark = process.mark
    let result: Result<[Int], RemoteMemoryError> = state.withLock { state in
      do throws(RemoteMemoryError) {
        guard state.location != .none else { return .success([]) }
        let folder: JournalFolder?
        if let standing = state.standingFolder {
          try standing.lockAgain()
          folder = standing
        } else {
          folder = state.isStanding ? nil : try Self.lockedFolder(state.location)
        }
        defer { state.standingFolder?.unlock() }
        if let folder { try folder.checkUnclaimed(places, of: mark, apartFrom: state.file?.path) }
        let file: JournalFile
        if let open = state.file {
          file = open
        } else {
          file = try JournalFile(state.location, folder)
        }
        state.file = file
        var text: [UInt8] = []
        let known = state.processes[mark]
        let owner = known ?? state.processes.count + 1
        if known == nil { JournalEntry.process(number: owner, mark).append(to: &text) }
        var numbers: [Int] = []
        for (offset, var place) in places.enumerated() {
          let number = state.nextNumber + offset
          place.process = owner
          JournalEntry.place(number: number, place).append(to: &text)
          if isKept { JournalEntry.kept(number: number).append(to: &text) }
          numbers.append(number)
        }
        try file.append(text, durably: true)
        state.processes[mark] = owner
        state.nextNumber += places.count
        state.open.formUnion(numbers)
        return .success(numbers)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Notes that places hold their old bytes again; without a place left the file goes.
  func noteBack(_ numbers: [Int]) {
    guard !numbers.isEmpty else { return }
    state.withLock { state in
      state.open.subtract(numbers)
      if state.open.isEmpty {
        state.processes = [:]
        if state.isStanding {
          state.file?.empty()
        } else {
          state.file?.remove()
          state.file = nil
        }
        return
      }
      // Where this fails, whoever undoes finds the old bytes there and nothing to do.
      var text: [UInt8] = []
      for number in numbers { JournalEntry.back(number: number).append(to: &text) }
      _ = Result { () throws(RemoteMemoryError) in try state.file?.append(text, durably: false) }
    }
  }

  // MARK: Keeping it

  /// Makes the file now, to be kept until `end`: for a program that can make and remove no file
  /// later, but this one.
  /// - Throws: what the file system says.
  func prepare() throws(RemoteMemoryError) {
    let result: Result<Void, RemoteMemoryError> = state.withLock { state in
      do throws(RemoteMemoryError) {
        guard state.location != .none, state.file == nil else { return .success(()) }
        let folder = try Self.lockedFolder(state.location)
        state.file = try JournalFile(state.location, folder)
        state.file?.fixPath()
        folder?.unlock()
        state.standingFolder = folder
        state.isStanding = true
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// The path of a file that is kept, where it can be removed by just this copy of it.
  var fixedPath: FixedPath? { state.withLock { $0.file?.fixedPath } }

  /// Removes a file that was kept, unless something is still changed.
  public func end() {
    state.withLock { state in
      guard state.isStanding, state.open.isEmpty else { return }
      state.file?.remove()
      state.file = nil
    }
  }

  private static func lockedFolder(_ location: JournalLocation) throws(RemoteMemoryError)
    -> JournalFolder?
  {
    guard case .folders(let paths) = location else { return nil }
    return try JournalFolder(firstOf: paths)
  }
}
