/// The Lua scripts inside the program that `-m` runs. They use what every script can use.
enum BundledTool: String, CaseIterable {
  case doctor, ps, maps, manual, undo, lint

  /// As the help shows it.
  var usage: String {
    switch self {
    case .doctor: "doctor PID"
    case .ps: "ps [PATTERN]"
    case .maps: "maps PID"
    case .manual: "manual DIR"
    case .undo: "undo [JOURNAL]"
    case .lint: "lint FILE [PROCESS|PROGRAM|CORE]"
    }
  }

  /// The script.
  var source: [UInt8] {
    switch self {
    case .doctor: PackageResources.doctor_lua
    case .ps: PackageResources.ps_lua
    case .maps: PackageResources.maps_lua
    case .manual: PackageResources.manual_lua
    case .undo: PackageResources.undo_lua
    case .lint: PackageResources.lint_lua
    }
  }
}
