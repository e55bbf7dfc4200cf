import CProcessVM
import MemoryModel
import Synchronization

/// A journal that we write: locked, and removed when nothing is left to undo.
final class JournalFile: Sendable {
  let path: String
  private let descriptor: Descriptor
  private let length = Mutex<UInt64>(0)
  private let fixed = Mutex<FixedPath?>(nil)
  /// How long the file is with nothing in it but who we are.
  private var headerLength: UInt64 { UInt64(JournalEntry.run(.ours).line.utf8.count) }

  /// Makes the file and writes who we are.
  /// - Parameter folder: the folder of the location, locked; nil where a file is named.
  /// - Throws: what open(2) says; `EINVAL` for a file that is no journal; `EBUSY` for one in use, or
  ///   with something left to undo.
  init(_ location: JournalLocation, _ folder: JournalFolder?) throws(RemoteMemoryError) {
    switch (location, folder) {
    case (.file(let file), _): path = file
    case (_, let folder?): path = folder.newPath()
    default: throw RemoteMemoryError(.journal, .invalid, detail: "no journal is kept")
    }
    let number = unsafe path.withCString { unsafe pvm_open_journal($0, true) }
    descriptor = Descriptor(number)
    if let errno = Errno(result: Int(number)) { throw Self.failure(errno, path) }
    if pvm_lock(number, false) < 0 {
      throw RemoteMemoryError(
        .journal, .busy, detail: "\(path) is the journal of a pvmlua that runs")
    }
    try checkContents()
    if let errno = Errno(result: Int(pvm_set_length(descriptor.value, 0))) {
      throw Self.failure(errno, path)
    }
    try append(Array(JournalEntry.run(.ours).line.utf8), durably: false)
  }

  /// Throws unless nothing is lost when the file is emptied.
  private func checkContents() throws(RemoteMemoryError) {
    guard case .success(let text) = ProcFile.contents(of: descriptor.value, limit: 256 << 20),
      !text.isEmpty
    else { return }
    guard let contents = JournalContents(text) else {
      throw RemoteMemoryError(
        .journal, .invalid, detail: "\(path) is no journal, and would be overwritten")
    }
    guard contents.open.isEmpty else {
      throw RemoteMemoryError(
        .journal, .busy,
        detail: "\(path) holds \(contents.open.count) changes of an earlier run; "
          + "take them back first: pvmlua -m undo \(path)")
    }
  }

  /// Adds whole lines. After an error none of them is in the file.
  /// - Parameter durably: whether to return only when they are on disk.
  func append(_ bytes: [UInt8], durably: Bool) throws(RemoteMemoryError) {
    let result: Result<Void, RemoteMemoryError> = length.withLock { length in
      var errno = write(bytes, at: length)
      if errno == nil, durably {
        errno = Errno(result: Int(pvm_sync_data(descriptor.value)))
      }
      if let errno {
        _ = pvm_set_length(descriptor.value, length)
        return .failure(Self.failure(errno, path))
      }
      length += UInt64(bytes.count)
      return .success(())
    }
    try result.get()
  }

  private func write(_ bytes: [UInt8], at offset: UInt64) -> Errno? {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe pvm_pwrite_quietly(
          descriptor.value, bytes.baseAddress! + done, bytes.count - done, offset + UInt64(done))
      }
      if let errno = Errno(result: count) {
        if errno == .interrupted { continue }
        return errno
      }
      done += count
    }
    return nil
  }

  /// Forgets all places.
  func empty() {
    length.withLock { length in
      // Where this fails, whoever undoes finds the old bytes there and nothing to do.
      if pvm_set_length(descriptor.value, headerLength) == 0 { length = headerLength }
    }
  }

  /// Has the file removed by a copy of its path that nobody can change.
  func fixPath() { fixed.withLock { $0 = FixedPath(path) } }

  var fixedPath: FixedPath? { fixed.withLock { $0 } }

  /// Removes the file.
  func remove() {
    if let fixedPath {
      fixedPath.remove()
    } else {
      _ = unsafe path.withCString { unsafe pvm_unlink($0) }
    }
    _ = pvm_unlock(descriptor.value)
    descriptor.close()
  }

  static func failure(_ errno: Errno, _ path: String) -> RemoteMemoryError {
    RemoteMemoryError(.journal, .system, errno: errno, detail: path)
  }
}

/// A path in memory that cannot be written any more: a filter of system calls knows it by its address.
@safe struct FixedPath: @unchecked Sendable {
  let pointer: UnsafePointer<CChar>

  /// Nil: no memory.
  init?(_ path: String) {
    guard let pointer = unsafe path.withCString({ unsafe pvm_fix_path($0) }) else { return nil }
    unsafe self.pointer = pointer
  }

  /// Removes what has this path.
  func remove() { _ = unsafe pvm_remove_fixed(pointer) }
}

extension JournalRun {
  /// This program on this machine.
  static let ours = JournalRun(
    id: ProcessID(System.ownPID), boot: text("/proc/sys/kernel/random/boot_id"),
    namespace: (try? ProcFile.link("/proc/self/ns/pid").get())
      .map { String(decoding: $0, as: UTF8.self) } ?? "unknown")

  private static func text(_ path: String) -> String {
    guard case .success(let bytes) = ProcFile.bytes(path, limit: 64) else { return "unknown" }
    return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
  }
}

extension RemoteProcess {
  /// What tells this run of its program from every other.
  var mark: ProcessMark {
    let task = try? ProcessStat.current(id).get()
    return ProcessMark(
      id: id, startTime: startTime, stackStart: task?.stackStart ?? 0,
      codeStart: task?.codeStart ?? 0, nameBytes: nameBytes)
  }
}
