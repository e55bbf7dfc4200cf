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
    let home = UserFolder.variable("HOME").map { $0 + "/.local/state/pvmlua" }
    let state = UserFolder.variable("XDG_STATE_HOME").map { $0 + "/pvmlua" }
    return [state, home].compactMap(\.self) + ["/tmp/pvmlua-\(geteuid())"]
  }
}
