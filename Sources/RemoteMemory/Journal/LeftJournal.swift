import CProcessVM
public import MemoryModel

/// A journal on disk: one that was left behind, or that another pvmlua writes.
public final class LeftJournal {
  /// Its path.
  public let path: String
  /// What it says.
  public let contents: JournalContents
  /// Whether the program that writes it still runs; otherwise it is locked as long as this lives.
  public let isInUse: Bool
  private let descriptor: Descriptor
  private let length: UInt64

  /// Reads a journal.
  /// - Throws: what open(2) says, `EPERM` for one that others can write to, `EINVAL` for what is no
  ///   journal.
  public init(reading path: String) throws(RemoteMemoryError) {
    self.path = path
    let number = unsafe path.withCString { unsafe pvm_open_journal($0, false) }
    descriptor = Descriptor(number)
    if let errno = Errno(result: Int(number)) { throw JournalFile.failure(errno, path) }
    isInUse = pvm_lock(number, false) < 0
    guard case .success(let text) = ProcFile.contents(of: number, limit: 256 << 20),
      let contents = JournalContents(text)
    else { throw RemoteMemoryError(.journal, .invalid, detail: "\(path) is no journal") }
    self.contents = contents
    length = UInt64(text.count)
  }

  deinit { if !isInUse { _ = pvm_unlock(descriptor.value) } }

  /// The journals in some folders; what is none, or not ours, is left out.
  public static func all(in folders: [String]) -> [LeftJournal] {
    JournalFolder.journals(in: folders).compactMap { path in
      try? Result { () throws(RemoteMemoryError) in try LeftJournal(reading: path) }.get()
    }
  }

  /// Whether it was written on this run of the machine, with the same numbers of processes.
  public var isOfThisBoot: Bool {
    contents.run.boot == JournalRun.ours.boot
      && contents.run.namespace == JournalRun.ours.namespace
  }

  /// Notes that places need no undoing any more; without one left the file goes.
  func close(_ numbers: Set<Int>) {
    if contents.open.allSatisfy({ numbers.contains($0.number) }) {
      _ = unsafe path.withCString { unsafe pvm_unlink($0) }
      return
    }
    // A line that a crash cut off has no end, and would take the first of ours with it.
    var text = [UInt8(ascii: "\n")]
    for number in numbers.sorted() { JournalEntry.back(number: number).append(to: &text) }
    unsafe text.withUnsafeBytes { text in
      _ = unsafe pvm_pwrite_quietly(descriptor.value, text.baseAddress, text.count, length)
    }
  }
}
