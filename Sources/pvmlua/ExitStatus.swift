/// What the program ends with.
enum ExitStatus {
  static let success: Int32 = 0
  /// Any error, as Lua's own interpreter does.
  static let failure: Int32 = 1
  /// Ctrl-C: what a shell says of a program that SIGINT ended.
  static let interrupted: Int32 = 130
}
