import Glibc

/// The prompt on a terminal that can edit lines, with folders of its own.
final class Editing {
  let terminal: Terminal
  let home: Scratch

  init(
    _ arguments: [String] = ["-q"], environment: [String: String] = [:],
    size: (Int, Int) = (80, 24), home: Scratch? = nil
  ) throws {
    let home = try home ?? Scratch()
    self.home = home
    let variables = [
      "TERM": "xterm-256color", "HOME": home.path, "XDG_STATE_HOME": home.path + "/state",
      "XDG_CONFIG_HOME": home.path + "/config", "NO_COLOR": "1", "INPUTRC": "/dev/null",
    ]
    terminal = try Terminal(
      arguments, environment: variables.merging(environment) { $1 }, size: size)
    try awaitSign()
  }

  /// Waits for a sign, behind which a line can be edited.
  func awaitSign() throws {
    try terminal.awaitLine()
    try terminal.expect("> ")
  }

  /// Types an entry and waits for what it shows, and for the next line.
  func enter(_ entry: String, shows answer: String? = nil) throws {
    terminal.type(entry + "\r")
    if let answer { try terminal.expect(answer) }
    try awaitSign()
  }

  /// Leaves, which has to work.
  func leave() throws -> Status {
    terminal.pressControlD()
    return try terminal.end()
  }

  /// The history as it is on disk.
  var history: String {
    procText(home.path + "/state/pvmlua/history")
  }
}
