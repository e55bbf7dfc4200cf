@preconcurrency import Glibc

/// What could stand at the cursor of a command with a dot: its name, or a file.
struct CommandLineCompletion {
  let commands: [String]

  private static let takingFiles: Set<String> = [".load", ".save", ".edit"]

  /// nil where the entry is no command, or what a command takes is Lua.
  func completions(_ entry: [UInt8], _ cursor: Int) -> Completions? {
    let typed = String(decoding: entry.prefix(cursor), as: UTF8.self)
    guard typed.hasPrefix("."), !typed.contains("\n") else { return nil }
    let words = typed.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count > 1 else {
      let found = commands.filter { $0.hasPrefix(typed) }
      return Completions(start: 0, words: found, suffix: " ")
    }
    guard Self.takingFiles.contains(String(words[0])) else { return nil }
    let start = words[0].utf8.count + 1
    return Self.files(String(typed.dropFirst(words[0].count + 1)), start: start)
  }

  private static func files(_ path: String, start: Int) -> Completions {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    var completions = Completions(start: start, words: [])
    guard let handle = opendir(folder.isEmpty ? "." : folder) else { return completions }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let found = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isHidden = found.hasPrefix(".") && !name.hasPrefix(".")
      guard found.hasPrefix(name), !isHidden, found != ".", found != ".." else { continue }
      let isFolder = Int32(entry.pointee.d_type) == Int32(DT_DIR)
      let text = Array((folder + found + (isFolder ? "/" : "")).utf8)
      completions.candidates.append(.init(text: text))
    }
    completions.candidates.sort { $0.text.lexicographicallyPrecedes($1.text) }
    return completions
  }
}
