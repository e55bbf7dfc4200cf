import Glibc

/// When messages are colored: `--color`.
enum ColorChoice: String, CaseIterable {
  case auto, always, never

  /// Whether what is written to a descriptor is colored. The variable NO_COLOR, if set to anything,
  /// speaks against (no-color.org), CLICOLOR_FORCE for it where it is no terminal, too; a terminal
  /// that is called dumb gets no escape sequence.
  func applies(to descriptor: Int32) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if Self.variable("NO_COLOR") != nil { return false }
    if let force = Self.variable("CLICOLOR_FORCE"), force != "0" { return true }
    return isatty(descriptor) == 1 && Self.variable("TERM") != "dumb"
  }

  /// A variable that is set and not empty.
  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
}
