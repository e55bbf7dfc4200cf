import Glibc
import RemoteMemory

/// Where the journal of changes goes, as the command line says it.
enum JournalChoice: Equatable {
  /// The state folder of the user.
  case usual
  case file(String)
  case none

  /// `none`, or a path.
  init(_ text: String) { self = text == "none" ? .none : .file(text) }

  var location: JournalLocation {
    switch self {
    case .usual: .folders(Self.folders)
    case .file(let path): .file(path)
    case .none: .none
    }
  }

  /// The folders in which journals are sought, the preferred one first: the state folder of the XDG
  /// base directories, and for accounts without a home one that goes with the machine's next start.
  static var folders: [String] {
    var folders: [String] = []
    if let state = variable("XDG_STATE_HOME") { folders.append(state + "/pvmlua") }
    if let home = variable("HOME") { folders.append(home + "/.local/state/pvmlua") }
    return folders + ["/tmp/pvmlua-\(geteuid())"]
  }

  /// An absolute path out of the environment.
  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let path = String(cString: value)
    return path.hasPrefix("/") && path != "/" ? path : nil
  }
}
