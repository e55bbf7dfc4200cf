import Glibc

/// The programs under test and those they are compared with.
enum Program {
  /// The built command: PVMLUA says where, else it stands beside the tests.
  static let pvmlua = getenv("PVMLUA").map { String(cString: $0) } ?? beside("pvmlua")
  /// The bundled target.
  static let target = beside("pvm-target")
  /// Lua's own interpreter; nil where it is not installed.
  static let lua: String? = inPath("lua5.4")

  static let isRoot = getuid() == 0
  static let withoutLua: String = "lua5.4 is not installed"

  private static func beside(_ name: String) -> String {
    var path = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let text = String(
      decoding: path.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/" + name
  }

  /// Where a program of that name is in PATH.
  static func inPath(_ name: String) -> String? {
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "") + ":/usr/sbin:/sbin"
    return folders.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Whether Lua can load a C module of that name.
  static func hasModule(_ name: String) -> Bool {
    guard let lua else { return false }
    return (try? Run(lua, ["-e", "require '\(name)'"]))?.status == .exited(0)
  }
}
