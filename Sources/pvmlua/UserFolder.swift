import Glibc

/// The user's own folders for this program, by the XDG base directories.
enum UserFolder {
  /// What one run leaves for the next: the history, journals.
  static var state: String? { folder("XDG_STATE_HOME", "/.local/state") }
  /// What the user has set up: init.lua.
  static var config: String? { folder("XDG_CONFIG_HOME", "/.config") }

  private static func folder(_ name: String, _ usual: String) -> String? {
    if let path = variable(name) { return path + "/pvmlua" }
    return variable("HOME").map { $0 + usual + "/pvmlua" }
  }

  /// An absolute path out of the environment.
  static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let path = String(cString: value)
    return path.hasPrefix("/") && path != "/" ? path : nil
  }

  /// Makes a folder with its parents.
  static func make(_ path: String) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      mkdir(String(path[..<end]), 0o700)
    }
  }

  /// Whether root may trust what lies at a path: it and all folders above are root's, no link, and
  /// nobody else may write there, but for folders with the sticky bit above others. For other users
  /// that is their own affair.
  static func mayBeTrusted(_ path: String) -> Bool {
    guard geteuid() == 0 else { return true }
    var end = path.endIndex
    var isLast = true
    while true {
      var status = stat()
      let part = end == path.startIndex ? "/" : String(path[..<end])
      guard lstat(part, &status) == 0, status.st_uid == 0, status.st_mode & S_IFMT != S_IFLNK else {
        return false
      }
      let othersWrite = status.st_mode & (S_IWGRP | S_IWOTH) != 0
      guard !othersWrite || (!isLast && status.st_mode & S_ISVTX != 0) else { return false }
      guard let slash = path[..<end].lastIndex(of: "/") else { return true }
      end = slash
      isLast = false
    }
  }
}
