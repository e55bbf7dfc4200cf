@preconcurrency import Glibc
import LuaHost

/// Names of files, for completion.
enum FileNames {
  /// Names in a folder are read up to this many.
  private static let most = 20_000

  /// Files and folders whose path begins with a text; hidden ones where a point was typed.
  static func candidates(startingWith typed: String) -> [Candidate] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let name = slash.map { String(typed[typed.index(after: $0)...]) } ?? typed
    return entries(of: expanded(folder)).filter { entry in
      entry.name.hasPrefix(name) && (name.hasPrefix(".") || !entry.name.hasPrefix("."))
    }.map { entry in
      let path = folder + entry.name
      return entry.isFolder ? Candidate(path + "/", .folder) : Candidate(path, .file)
    }.sorted { $0.text < $1.text }
  }

  /// Lua knows no `~`, so that is a name like any other.
  private static func expanded(_ folder: String) -> String { folder.isEmpty ? "." : folder }

  static func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var entries: [(name: String, isFolder: Bool)] = []
    while entries.count < most, let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name, name != ".", name != ".." else { continue }
      entries.append((name, isFolder(folder + "/" + name, Int32(entry.pointee.d_type))))
    }
    return entries
  }

  private static func isFolder(_ path: String, _ type: Int32) -> Bool {
    if type == Int32(DT_DIR) { return true }
    guard type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN) else { return false }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

/// What `require` would find: libraries that are loaded, and files in the folders of package.path and
/// package.cpath.
struct LuaLibraries {
  private let state: LuaState

  init(_ state: LuaState) { self.state = state }

  func candidates(startingWith typed: String) -> [Candidate] {
    let point = typed.lastIndex(of: ".")
    let parent = point.map { String(typed[...$0]) } ?? ""
    let inner = parent.replacing(".", with: "/")
    var found: [String: Candidate] = [:]
    for name in state.loadedLibraries where name.hasPrefix(typed) {
      found[name] = Candidate(name, .library, summary: "loaded")
    }
    for template in state.libraryTemplates {
      guard let mark = template.firstIndex(of: "?") else { continue }
      let folder = String(template[..<mark]) + inner
      let ending = String(template[template.index(after: mark)...])
      for name in names(in: folder, ending) where found[parent + name] == nil {
        found[parent + name] = Candidate(parent + name, .library, summary: folder)
      }
    }
    return found.values.sorted { $0.text < $1.text }
  }

  /// `?.lua` finds files, `?/init.lua` folders.
  private func names(in folder: String, _ ending: String) -> [String] {
    let entries = FileNames.entries(of: folder.isEmpty ? "." : folder)
    if ending.hasPrefix("/") {
      return entries.filter { $0.isFolder && access(folder + $0.name + ending, R_OK) == 0 }.map(\.name)
    }
    return entries.filter { !$0.isFolder && $0.name.hasSuffix(ending) }.map {
      String($0.name.dropLast(ending.count))
    }.filter { !$0.isEmpty }
  }
}

/// Lines of source files, for messages.
enum SourceFile {
  /// The line with a number from 1; nil where the file has none.
  static func line(_ path: String, _ number: Int) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(buffer) }
    for current in 1...max(1, number) {
      let count = getline(&buffer, &capacity, file)
      guard count > 0, let buffer else { return nil }
      guard current == number else { continue }
      let line = UnsafeRawBufferPointer(start: buffer, count: min(count, 4096))
      return Array(line.prefix { $0 != 0x0A })
    }
    return nil
  }
}
