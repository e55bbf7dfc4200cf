import Glibc
import LuaHost

/// Keeps root from loading what others have put into the current folder.
///
/// Lua looks for modules in the current folder too. For root that is right only in a folder where
/// nobody else can have put them; elsewhere the relative places are taken out of package.path and
/// package.cpath, but for those that LUA_PATH or LUA_CPATH names.
struct ModulePath {
  let ignoresEnvironment: Bool

  /// Takes the places out where they are not to be trusted.
  func protect(_ state: LuaState) throws(Ending) {
    guard getuid() == 0, !Self.currentFolderIsOurs else { return }
    let environment = ignoresEnvironment ? "function() end" : "os.getenv"
    let chunk = "local getenv = \(environment)\n" + Self.script
    guard case .completed = state.run(.text(chunk, name: "=pvmlua")) else { throw .failed }
  }

  /// Whether the folder and all above it belong to root and nobody else may write there. In a folder
  /// with the sticky bit others cannot replace what is not theirs, so one below it may be trusted.
  private static var currentFolderIsOurs: Bool {
    guard let path = getcwd(nil, 0) else { return false }
    defer { free(path) }
    var isLast = true
    var end = strlen(path)
    while true {
      guard isOurs(path, mayBeSticky: !isLast) else { return false }
      if end <= 1 { return true }
      while end > 1, path[end - 1] != CChar(UInt8(ascii: "/")) { end -= 1 }
      if end > 1 { end -= 1 }
      path[end] = 0
      isLast = false
    }
  }

  private static func isOurs(_ path: UnsafePointer<CChar>, mayBeSticky: Bool) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_uid == 0 else { return false }
    let othersWrite = status.st_mode & (S_IWGRP | S_IWOTH) != 0
    return !othersWrite || (mayBeSticky && status.st_mode & S_ISVTX != 0)
  }

  private static let script = """
    local function trusted(path, ...)
      local asked = ";"
      for _, name in ipairs{...} do
        local value = getenv(name)
        if value then asked = ";" .. value .. ";" break end
      end
      local kept = {}
      for place in path:gmatch("[^;]+") do
        if place:sub(1, 1) == "/" or asked:find(";" .. place .. ";", 1, true) then
          kept[#kept + 1] = place
        end
      end
      return table.concat(kept, ";")
    end
    package.path = trusted(package.path, "LUA_PATH_5_4", "LUA_PATH")
    package.cpath = trusted(package.cpath, "LUA_CPATH_5_4", "LUA_CPATH")
    table.insert(package.searchers, function()
      return "not looked for in the current folder: we are root, and others may write there"
    end)
    """
}
