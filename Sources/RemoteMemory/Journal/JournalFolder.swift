import CProcessVM
import MemoryModel

/// The folder in which every pvmlua of one user keeps its journal, locked as long as this lives.
final class JournalFolder {
  let path: String
  private let lock: Descriptor

  /// Takes the first folder that is ours alone, or can be made so.
  /// - Throws: what the file system said about the last one.
  init(firstOf paths: [String]) throws(RemoteMemoryError) {
    var errno = Errno.noSuchFile
    for path in paths {
      if let failure = Self.prepare(path) {
        errno = failure
        continue
      }
      self.path = path
      let number = unsafe (path + "/lock").withCString { unsafe pvm_open_journal($0, true) }
      lock = Descriptor(number)
      let result = number < 0 ? number : pvm_lock(number, true)
      if let errno = Errno(result: Int(result)) { throw JournalFile.failure(errno, path) }
      return
    }
    throw RemoteMemoryError(
      .journal, .system, errno: errno,
      detail: paths.last ?? "no folder for it is known")
  }

  deinit { unlock() }

  /// Lets others have the folder for a while.
  func unlock() { _ = pvm_unlock(lock.value) }

  /// Takes it again.
  func lockAgain() throws(RemoteMemoryError) {
    if let errno = Errno(result: Int(pvm_lock(lock.value, true))) {
      throw JournalFile.failure(errno, path)
    }
  }

  /// Makes the folder with its parents.
  private static func prepare(_ path: String) -> Errno? {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let result = unsafe String(path[..<end]).withCString { unsafe pvm_make_folder($0) }
      if let errno = Errno(result: Int(result)) { return errno }
    }
    return Errno(result: Int(unsafe path.withCString { unsafe pvm_check_private_folder($0) }))
  }

  /// A path that no journal has: ours, or ours with a number where an earlier program of our number
  /// left one behind.
  func newPath() -> String {
    let name = "\(path)/\(System.ownPID)"
    var candidate = name + ".journal"
    var number = 2
    while System.isFile(candidate) {
      candidate = "\(name)-\(number).journal"
      number += 1
    }
    return candidate
  }

  /// The journals in some folders, in the order of their names.
  static func journals(in folders: [String]) -> [String] {
    folders.flatMap { folder -> [String] in
      guard case .success(let names) = ProcFile.names(in: folder) else { return [] }
      return names.map { String(decoding: $0, as: UTF8.self) }
        .filter { $0.hasSuffix(".journal") }.sorted().map { "\(folder)/\($0)" }
    }
  }

  /// Throws when a pvmlua that runs has changed any of the bytes.
  func checkUnclaimed(
    _ places: [JournalPlace], of mark: ProcessMark, apartFrom own: String?
  ) throws(RemoteMemoryError) {
    for path in Self.journals(in: [path]) where path != own {
      let left = Result { () throws(RemoteMemoryError) in try LeftJournal(reading: path) }
      guard case .success(let journal) = left, journal.isInUse else { continue }
      let contents = journal.contents
      let claimed = contents.open.filter {
        contents.processes[$0.place.process]?.isSameRun(as: mark) ?? false
      }.map { AddressRange(start: $0.place.address, count: UInt64($0.place.old.count)) }
      for place in places {
        let wanted = AddressRange(start: place.address, count: UInt64(place.old.count))
        guard claimed.contains(where: { $0.intersection(wanted) != nil }) else { continue }
        throw RemoteMemoryError(
          .patch, .busy, process: mark.id, address: place.address,
          requestedBytes: place.old.count,
          detail: "another pvmlua, process \(contents.run.id), has patched this place")
      }
    }
  }
}
