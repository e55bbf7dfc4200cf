import Glibc

/// Files that `.load` has run, which run again when they are saved.
struct LoadedFiles {
  private var times: [(path: String, time: Moment)] = []

  /// When a file was changed; saving it twice within a tick of the clock changes its size or number.
  private struct Moment: Equatable {
    var seconds = 0
    var nanoseconds = 0
    var size: Int64 = 0
    var inode: UInt64 = 0
  }

  /// From now on a file is looked at; again: from how it is now.
  mutating func watch(_ path: String) {
    times.removeAll { $0.path == path }
    times.append((path, Self.moment(of: path) ?? Moment()))
  }

  var isEmpty: Bool { times.isEmpty }
  var latest: String? { times.last?.path }

  /// Those that were saved since they were asked for last.
  mutating func changed() -> [String] {
    var found: [String] = []
    for index in times.indices {
      guard let now = Self.moment(of: times[index].path), now != times[index].time else { continue }
      times[index].time = now
      found.append(times[index].path)
    }
    return found
  }

  private static func moment(of path: String) -> Moment? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return nil }
    return Moment(
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
      size: Int64(status.st_size), inode: UInt64(status.st_ino))
  }
}
