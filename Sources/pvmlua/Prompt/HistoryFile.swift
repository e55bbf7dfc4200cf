@preconcurrency import Glibc

/// The entries of earlier sessions, in a file of the state folder that only its owner can read.
///
/// An entry is a line, with further lines of it behind a tab each. Several programs append to the file
/// at once, under a lock; where it has become large, the one that notices writes it anew.
struct HistoryFile {
  /// Entries that are kept.
  static let limit = 5000
  /// Longer entries are not kept beyond the session.
  private static let longestEntry = 1 << 16
  private static let largestFile = 4 << 20

  private let path: String

  /// The usual place; nil where there is none that may be used.
  init?() {
    guard let folder = UserFolder.state else { return nil }
    UserFolder.make(folder)
    guard UserFolder.mayBeTrusted(folder) else { return nil }
    path = folder + "/history"
  }

  /// The entries, the newest last, each once.
  func entries() -> [[UInt8]] {
    guard let file = LockedFile(path) else { return [] }
    return Self.entries(of: file.content(atMost: Self.largestFile * 2))
  }

  /// Adds one at the end.
  func append(_ entry: [UInt8]) {
    guard entry.count <= Self.longestEntry, let file = LockedFile(path) else { return }
    file.append(Self.line(of: entry))
    guard file.size > Self.largestFile else { return }
    let kept = Self.entries(of: file.content(atMost: Self.largestFile))
    file.replace(with: kept.flatMap { Self.line(of: $0) })
  }

  private static func line(of entry: [UInt8]) -> [UInt8] {
    entry.flatMap { $0 == UInt8(ascii: "\n") ? [$0, UInt8(ascii: "\t")] : [$0] }
      + [UInt8(ascii: "\n")]
  }

  /// The newest entries, each once, in the order of the file. It is read from its end, so that a long one
  /// costs no more than a short one.
  private static func entries(of content: [UInt8]) -> [[UInt8]] {
    let (newline, tab) = (UInt8(ascii: "\n"), UInt8(ascii: "\t"))
    return content.withUnsafeBufferPointer { bytes in
      var seen: Set<Int> = []
      var kept: [[UInt8]] = []
      var entryEnd = bytes.last == newline ? bytes.count - 1 : bytes.count
      var lineEnd = entryEnd
      while lineEnd > 0, kept.count < limit {
        var start = lineEnd
        while start > 0, bytes[start - 1] != newline { start -= 1 }
        lineEnd = max(0, start - 1)
        // A further line belongs to the one before.
        if start > 0, start < bytes.count, bytes[start] == tab { continue }
        let entry = UnsafeBufferPointer(rebasing: bytes[start..<max(start, entryEnd)])
        entryEnd = lineEnd
        if !entry.isEmpty, !entry.contains(0), seen.insert(digest(of: entry)).inserted {
          kept.append(decoded(entry))
        }
      }
      return kept.reversed()
    }
  }

  private static func digest(of entry: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(entry))
    return hasher.finalize()
  }

  /// An entry without the tabs before its further lines.
  private static func decoded(_ entry: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entry.count)
    var isFirst = false
    for byte in entry {
      if !isFirst || byte != UInt8(ascii: "\t") { bytes.append(byte) }
      isFirst = byte == UInt8(ascii: "\n")
    }
    return bytes
  }
}

/// A file of ours that others of our programs use too, locked as long as this lives.
private final class LockedFile {
  private let path: String
  private let descriptor: Int32

  /// Opens or makes it. Root follows no link, and nobody takes what is no plain file of their own.
  init?(_ path: String) {
    self.path = path
    while true {
      let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK
      let number = open(path, geteuid() == 0 ? flags | O_NOFOLLOW : flags, 0o600)
      guard number >= 0 else { return nil }
      var (opened, named) = (stat(), stat())
      guard fstat(number, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG,
        opened.st_uid == geteuid(), flock(number, LOCK_EX) == 0
      else {
        close(number)
        return nil
      }
      if opened.st_mode & 0o177 != 0 { fchmod(number, 0o600) }
      // Another one may have written the file anew while we waited.
      let isCurrent = stat(path, &named) == 0 && named.st_ino == opened.st_ino
      if isCurrent {
        descriptor = number
        return
      }
      close(number)
    }
  }

  deinit { close(descriptor) }

  var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Its last bytes, from the start of a line.
  func content(atMost limit: Int) -> [UInt8] {
    let size = size
    let start = max(0, size - limit)
    var bytes = [UInt8](repeating: 0, count: size - start)
    let count = pread(descriptor, &bytes, bytes.count, off_t(start))
    let content = bytes.prefix(max(0, count))
    return Array(start == 0 ? content : content.drop { $0 != UInt8(ascii: "\n") })
  }

  func append(_ bytes: [UInt8]) { _ = write(descriptor, bytes, bytes.count) }

  func replace(with bytes: [UInt8]) {
    let new = path + ".new"
    unlink(new)
    let number = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard number >= 0 else { return }
    let isWhole = write(number, bytes, bytes.count) == bytes.count && fsync(number) == 0
    close(number)
    if isWhole { rename(new, path) } else { unlink(new) }
  }
}
